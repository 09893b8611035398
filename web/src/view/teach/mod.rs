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

use crate::teach_desk::TeachDesk;
use leptos::prelude::*;

/// Examples, training, what it cost, and earlier trainings.
#[component]
pub(super) fn Teach() -> impl IntoView {
    expect_context::<TeachDesk>().open();
    view! {
        <div class="teach">
            <tray::Examples/>
            <training::Training/>
            <meter::Cost/>
            <runs::Trainings/>
            <compare::Compare/>
        </div>
    }
}
