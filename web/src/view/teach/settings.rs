//! The settings, folded away, for those who want them.

use crate::teach::Field;
use crate::teach_desk::TeachDesk;
use crate::view::number::{number_error, number_input};
use leptos::prelude::*;
use model::teach::{Layers, Optimiser, Settings};

/// The settings of the chosen task.
#[component]
pub(super) fn Advanced() -> impl IntoView {
    let desk = expect_context::<TeachDesk>();
    let scratch = Memo::new(move |_| desk.settings.with(|s| s.scratch().is_some()));
    view! {
        <details class="advanced">
            <summary>"Settings"</summary>
            <div class="fields">
                {move || (!scratch.get()).then(|| choice("Layers that learn", Layers::CHOICES.map(Layers::name).to_vec(), |s| s.layers.name(), |s, value| if let Ok(layers) = value.parse() { s.layers = layers }))}
                {choice("Optimiser", Optimiser::CHOICES.map(Optimiser::name).to_vec(), |s| s.optimiser.name(), |s, value| if let Ok(optimiser) = value.parse() { s.optimiser = optimiser })}
                {number(Field::LearningRate)}
                {number(Field::BatchSize)}
                {number(Field::Steps)}
                {move || if scratch.get() { of_scratch().into_any() } else { of_fine_tuning().into_any() }}
                {number(Field::Seed)}
                <Varied/>
            </div>
            <p class="facts" prop:textContent=move || epochs(desk)></p>
            <p class="facts" hidden=scratch>
                "Originals are photos and made-up drawings that are mixed in against forgetting; distillation keeps what the "
                "network said of them before. Strength: how far the result goes from the network as it was (0) to the one that "
                "learnt (1)."
            </p>
            <button type="button" class="action" on:click=move |_| desk.set_as_usual()>"As usual"</button>
        </details>
    }
}

fn of_fine_tuning() -> impl IntoView {
    [Field::ReplayShare, Field::Distillation, Field::Strength]
        .map(number)
        .collect_view()
}

fn of_scratch() -> impl IntoView {
    [Field::TrainImages, Field::ValidationImages]
        .map(number)
        .collect_view()
}

/// How often each image comes up, in words.
fn epochs(desk: TeachDesk) -> String {
    let examples = desk.tray.with(|tray| tray.len());
    desk.settings.with(|settings| {
        let (images, what) = match settings.scratch() {
            Some(scratch) => (scratch.images(), "training image"),
            None => (examples, "example"),
        };
        match images {
            0 => String::new(),
            images => format!(
                "Each {what} comes up {:.1} times (epochs).",
                settings.epochs(images)
            ),
        }
    })
}

#[component]
fn Varied() -> impl IntoView {
    let desk = expect_context::<TeachDesk>();
    view! {
        <label class="tick">
            <input type="checkbox" prop:checked=move || desk.settings.with(|s| s.augment)
                on:change=move |event| desk.settings.update(|s| s.augment = event_target_checked(&event))/>
            "Vary the images"
        </label>
    }
}

fn number(field: Field) -> impl IntoView {
    let desk = expect_context::<TeachDesk>();
    let sentence = move || desk.fields.with(|fields| fields.sentence(field));
    view! {
        <div class="field">
            <label><span>{field.name()}</span>
                {number_input(field.id(), None, move || desk.text(field), move || sentence().is_some(), move |text| desk.enter(field, text))}
            </label>
            {number_error(field.id(), sentence)}
        </div>
    }
}

fn choice(
    name: &'static str,
    values: Vec<&'static str>,
    get: fn(&Settings) -> &'static str,
    set: fn(&mut Settings, &str),
) -> impl IntoView {
    let desk = expect_context::<TeachDesk>();
    let options = values
        .into_iter()
        .map(|value| view! { <option value=value>{value}</option> })
        .collect_view();
    view! {
        <label><span>{name}</span>
            <select prop:value=move || desk.settings.with(get)
                on:change=move |event| desk.settings.update(|settings| set(settings, &event_target_value(&event)))>
                {options}
            </select>
        </label>
    }
}
