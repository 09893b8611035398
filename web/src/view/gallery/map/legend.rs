//! What the map's colours mean; each entry leaves only its images bright.

use crate::desk::Desk;
use crate::gallery::{Colour, Outcome, Query};
use leptos::prelude::*;
use model::class::CLASS_NAMES;

/// A colour with its name.
#[derive(Clone, Copy, PartialEq)]
enum Entry {
    Class(u8),
    Outcome(Outcome),
}

/// The colours of what is coloured by now.
#[component]
pub(super) fn Legend() -> impl IntoView {
    let desk = expect_context::<Desk>();
    let colour = Memo::new(move |_| desk.gallery.with(|gallery| gallery.query().colour));
    view! {
        <div class="legend" role="group" aria-label="Colours; each one leaves only its images bright">
            {move || entries(colour.get()).into_iter().map(|entry| button(colour.get(), entry)).collect_view()}
            <span class="quiet"><i class="swatch unknown" aria-hidden="true"></i> "not here, or not looked at"</span>
        </div>
    }
    .into_any()
}

fn entries(colour: Colour) -> Vec<Entry> {
    match colour {
        Colour::Label | Colour::Prediction => {
            (0..CLASS_NAMES.len() as u8).map(Entry::Class).collect()
        }
        Colour::Error => [Outcome::Right, Outcome::Wrong]
            .map(Entry::Outcome)
            .to_vec(),
    }
}

fn button(colour: Colour, entry: Entry) -> AnyView {
    let desk = expect_context::<Desk>();
    let is_chosen = Memo::new(move |_| {
        desk.gallery
            .with(|gallery| is_chosen(gallery.query(), colour, entry))
    });
    let (name, swatch) = match entry {
        Entry::Class(class) => (
            CLASS_NAMES[usize::from(class)],
            format!("swatch class-{class}"),
        ),
        Entry::Outcome(Outcome::Right) => ("right", "swatch right".to_owned()),
        Entry::Outcome(_) => ("wrong", "swatch wrong".to_owned()),
    };
    let toggle = move |_| {
        let chosen = is_chosen.get_untracked();
        desk.look(|query| choose(query, colour, (!chosen).then_some(entry)));
    };
    view! {
        <button type="button" class="entry" aria-pressed=move || is_chosen.get().to_string() on:click=toggle>
            <i class=swatch aria-hidden="true"></i> <span prop:textContent=name></span>
        </button>
    }
    .into_any()
}

fn is_chosen(query: &Query, colour: Colour, entry: Entry) -> bool {
    match entry {
        Entry::Class(class) if colour == Colour::Label => query.label == Some(class),
        Entry::Class(class) => query.predicted == Some(class),
        Entry::Outcome(outcome) => query.outcome == Some(outcome),
    }
}

fn choose(query: &mut Query, colour: Colour, entry: Option<Entry>) {
    let class = match entry {
        Some(Entry::Class(class)) => Some(class),
        _ => None,
    };
    match colour {
        Colour::Label => query.label = class,
        Colour::Prediction => query.predicted = class,
        Colour::Error => {
            query.outcome = match entry {
                Some(Entry::Outcome(outcome)) => Some(outcome),
                _ => None,
            };
        }
    }
}
