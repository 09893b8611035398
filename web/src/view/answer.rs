//! The answer: the verdict in words, the picture that the net sees, and ten rows.

use super::keys::press_of;
use super::paint::{keep_painted, paint_image};
use super::why::Why;
use crate::desk::Desk;
use crate::session::State;
use crate::verdict::{Verdict, percent};
use leptos::html::Canvas;
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use leptos::web_sys::KeyboardEvent;
use model::class::{CLASS_COUNT, CLASS_NAMES};
use model::image::SIDE;
use std::time::Duration;

/// A screen reader is told of the top class once it has stood this long.
const SPOKEN_AFTER: Duration = Duration::from_millis(900);

/// What the net says, in words, picture and numbers.
#[component]
pub(super) fn Answer() -> impl IntoView {
    let desk = expect_context::<Desk>();
    let verdict = Memo::new(move |_| {
        desk.session.with(|session| {
            session
                .answer()
                .map(|answer| Verdict::new(&answer.prediction, &answer.judgement))
        })
    });
    // The class whose reasons are asked for, by pointing at its row or by the arrow keys.
    let asked = RwSignal::new(None::<usize>);
    let ask_by_key = move |event: KeyboardEvent| {
        if let Some(class) = neighbour(&press_of(&event).name(), asked.get_untracked()) {
            event.prevent_default();
            asked.set(class);
        }
    };
    view! {
        <section class="answer" aria-label="Answer">
            <div class="summary">
                <Headline verdict/>
                <div class="pictures">
                    <Seen/>
                    <Why verdict asked/>
                </div>
            </div>
            <ol class="rows" role="radiogroup" tabindex="0" aria-label="Probabilities of the ten classes"
                aria-description="The arrow keys choose a class, and the picture above shows what speaks for it."
                aria-activedescendant=move || asked.get().map(row_id)
                on:keydown=ask_by_key on:blur=move |_| asked.set(None)
                on:pointerleave=move |_| asked.set(None)>
                {(0..CLASS_COUNT).map(|class| row(class, verdict, asked)).collect_view()}
            </ol>
            <Spoken verdict/>
        </section>
    }
}

#[component]
fn Headline(verdict: Memo<Option<Verdict>>) -> impl IntoView {
    let desk = expect_context::<Desk>();
    let remark = move || match verdict.get() {
        Some(verdict) => verdict.remark(),
        None => desk
            .session
            .with(|session| invitation(session.state(), session.image().is_some()))
            .to_owned(),
    };
    view! {
        <div class="headline" data-sure=move || verdict.get().is_none_or(|verdict| verdict.is_plain()).to_string()>
            <p class="topline">
                <strong data-testid="top-class" prop:textContent=move || verdict.get().map(|verdict| verdict.name())></strong>
                " " <span class="share" prop:textContent=move || verdict.get().map(|verdict| percent(verdict.probability))></span>
            </p>
            <p class="remark" prop:textContent=remark></p>
        </div>
    }
}

/// What stands in the verdict's place while there is none.
fn invitation(state: State, drawn: bool) -> &'static str {
    match (state, drawn) {
        (State::Error, _) => "The network could not be loaded.",
        (_, false) => "Draw one of the ten kinds of garment, and its name appears here.",
        (State::Loading, true) => "The network is loading; the answer follows.",
        (State::Ready, true) => "Looking …",
    }
}

/// The 28 × 28 picture that the net gets.
#[component]
fn Seen() -> impl IntoView {
    let desk = expect_context::<Desk>();
    let canvas = NodeRef::<Canvas>::new();
    let image = Memo::new(move |_| desk.session.with(|session| session.image().cloned()));
    keep_painted(canvas, move |canvas| {
        image.with(|image| paint_image(canvas, image.as_ref()));
    });
    view! {
        <figure class="seen">
            <canvas node_ref=canvas width=SIDE height=SIDE role="img" data-testid="model-view"
                aria-label="The picture that the network sees, 28 by 28 pixels"></canvas>
            <figcaption>"What it sees"</figcaption>
        </figure>
    }
}

fn row_id(class: usize) -> String {
    format!("class-{class}")
}

/// Which class is asked about once this key is pressed: an arrow goes to the next, Escape to none.
/// `None` for keys that mean nothing here.
fn neighbour(key: &str, asked: Option<usize>) -> Option<Option<usize>> {
    let last = CLASS_COUNT - 1;
    match (key, asked) {
        ("ArrowDown", None) | ("Home", _) => Some(Some(0)),
        ("ArrowUp", None) | ("End", _) => Some(Some(last)),
        ("ArrowDown", Some(class)) => Some(Some((class + 1).min(last))),
        ("ArrowUp", Some(class)) => Some(Some(class.saturating_sub(1))),
        ("Escape", Some(_)) => Some(None),
        _ => None,
    }
}

fn row(
    class: usize,
    verdict: Memo<Option<Verdict>>,
    asked: RwSignal<Option<usize>>,
) -> impl IntoView {
    let desk = expect_context::<Desk>();
    let probability = Memo::new(move |_| {
        desk.session.with(|session| {
            session
                .answer()
                .map(|answer| answer.prediction.probabilities[class])
        })
    });
    let exact = move || {
        probability
            .get()
            .map_or(String::new(), |probability| format!("{probability:.4}"))
    };
    let is_top = move || verdict.get().is_some_and(|verdict| verdict.top == class);
    let is_named = move || verdict.get().is_some_and(|verdict| verdict.names(class));
    view! {
        <li id=row_id(class) class="row" role="radio" class:asked=move || asked.get() == Some(class)
            aria-checked=move || (asked.get() == Some(class)).to_string()
            on:pointerenter=move |_| asked.set(Some(class)) on:pointerdown=move |_| asked.set(Some(class))
            class:top=is_top class:named=is_named data-class=class data-probability=exact>
            <span class="name">{CLASS_NAMES[class]}</span>
            <span class="track" aria-hidden="true">
                <span class="fill" style:--share=move || probability.get().unwrap_or(0.0).to_string()></span>
            </span>
            <span class="share" prop:textContent=move || probability.get().map(percent)></span>
        </li>
    }
}

/// Tells a screen reader the verdict once it has settled: it changes many times a second.
#[component]
fn Spoken(verdict: Memo<Option<Verdict>>) -> impl IntoView {
    let spoken = RwSignal::new(String::new());
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    let words = Memo::new(move |_| {
        verdict
            .get()
            .map_or(String::new(), |verdict| verdict.spoken())
    });
    Effect::new(move || {
        let words = words.get();
        if let Some(waiting) = waiting.try_update_value(Option::take).flatten() {
            waiting.clear();
        }
        let timeout = set_timeout_with_handle(move || spoken.set(words), SPOKEN_AFTER);
        waiting.set_value(timeout.ok());
    });
    view! { <p class="unseen" aria-live="polite" prop:textContent=spoken></p> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrows_go_from_class_to_class_and_escape_ends() {
        assert_eq!(neighbour("ArrowDown", None), Some(Some(0)));
        assert_eq!(neighbour("ArrowDown", Some(9)), Some(Some(9)));
        assert_eq!(neighbour("ArrowUp", Some(4)), Some(Some(3)));
        assert_eq!(neighbour("ArrowUp", None), Some(Some(9)));
        assert_eq!(neighbour("Escape", Some(4)), Some(None));
        assert_eq!(neighbour("Escape", None), None);
        assert_eq!(neighbour("Tab", Some(4)), None);
    }
}
