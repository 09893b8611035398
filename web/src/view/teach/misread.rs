//! In the room to draw in: keeping a drawing that was misread as an example, in passing.

use crate::desk::Desk;
use crate::rooms::Room;
use crate::teach_desk::TeachDesk;
use leptos::prelude::*;
use model::class::CLASS_NAMES;

/// "Misread? It is a …", and how many examples there are.
#[component]
pub(in crate::view) fn Misread() -> impl IntoView {
    let (page, desk) = (expect_context::<Desk>(), expect_context::<TeachDesk>());
    let needless =
        move || !page.is_in(Room::Draw) || page.session.with(|session| session.answer().is_none());
    let choose = move |event| {
        if let Ok(label) = event_target_value(&event).parse() {
            desk.label(label);
        }
    };
    let kept = move || desk.tray.with(|tray| tray.summary());
    let none = move || desk.tray.with(|tray| tray.is_empty());
    view! {
        <p class="misread" hidden=needless>
            <label>"Misread? Keep it as an example of "
                // It always says "choose": a choice is an act, not a state.
                <select on:change=move |event| { choose(event.clone()); reset(&event); }>
                    <option value="">"choose …"</option>
                    {CLASS_NAMES.iter().enumerate().map(|(label, name)| view! {
                        <option value=label.to_string()>{*name}</option>
                    }).collect_view()}
                </select>
            </label>
            <span role="status" data-testid="kept" hidden=none>{kept} ", to " <a href="#/teach">"teach"</a></span>
        </p>
    }
}

fn reset(event: &leptos::ev::Event) {
    event_target::<web_sys::HtmlSelectElement>(event).set_selected_index(0);
}
