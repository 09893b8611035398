//! A field for a number, and beside it what is wrong with what stands in it.

use leptos::prelude::*;

/// The input, named `name` for assistive technology where no label surrounds it; `enter` gets what is typed.
/// It takes any text: an input of type `number` gives nothing of what it does not understand.
pub(super) fn number_input(
    id: String,
    name: Option<&'static str>,
    text: impl Fn() -> String + Send + Sync + 'static,
    wrong: impl Fn() -> bool + Copy + Send + Sync + 'static,
    enter: impl Fn(String) + 'static,
) -> impl IntoView {
    let describing = error_id(&id);
    view! {
        <input type="text" inputmode="decimal" autocomplete="off" id=id class="number" aria-label=name prop:value=text
            aria-invalid=move || wrong().then_some("true")
            aria-describedby=move || wrong().then(|| describing.clone())
            on:change=move |event| enter(event_target_value(&event))/>
    }
}

/// What is wrong, as a sentence, which the field of this id is described by.
#[expect(clippy::needless_pass_by_value, reason = "a view borrows nothing")]
pub(super) fn number_error(
    id: String,
    sentence: impl Fn() -> Option<String> + Copy + Send + Sync + 'static,
) -> impl IntoView {
    view! {
        <span class="field-error" role="alert" id=error_id(&id) hidden=move || sentence().is_none() prop:textContent=move || sentence().unwrap_or_default()></span>
    }
}

fn error_id(id: &str) -> String {
    format!("{id}-error")
}
