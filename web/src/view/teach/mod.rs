//! The room to teach in, below the canvas that it shares with the room to draw in.

mod chart;
mod compare;
mod matrix;
mod meter;
mod misread;
mod runs;
mod settings;
mod training;
mod tray;

pub(super) use misread::Misread;
pub(super) use tray::EXAMPLES;

use crate::teach_desk::{LOOKING, Tab, TeachDesk};
use leptos::prelude::*;

/// Examples, training, what it cost, and earlier trainings.
#[component]
pub(super) fn Teach() -> impl IntoView {
    let desk = expect_context::<TeachDesk>();
    let looks_on = move || desk.tab.get() == Tab::Looking;
    view! {
        <div class="teach">
            <p class="trouble" role="status" data-testid="looking-on" hidden=move || !looks_on()>{LOOKING}</p>
            <p class="trouble" role="status" data-testid="not-kept" hidden=move || desk.not_kept.with(Option::is_none) prop:textContent=move || desk.not_kept.get().unwrap_or_default()></p>
            <tray::Examples/>
            <training::Training/>
            <meter::Cost/>
            <runs::Trainings/>
            <compare::Compare/>
        </div>
    }
}
