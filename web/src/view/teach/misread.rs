//! In the room to draw in: keeping a drawing that was misread as an example, in passing.

use crate::desk::Desk;
use crate::rooms::Room;
use crate::teach_desk::TeachDesk;
use leptos::html::Select;
use leptos::prelude::*;
use model::class::CLASS_NAMES;

/// "Misread? This is: …", and how many examples there are.
#[component]
pub(in crate::view) fn Misread() -> impl IntoView {
    let (page, desk) = (expect_context::<Desk>(), expect_context::<TeachDesk>());
    let needless =
        move || !page.is_in(Room::Draw) || page.session.with(|session| session.answer().is_none());
    let field = NodeRef::<Select>::new();
    // A button keeps it: with the arrow keys a closed list changes at each class that is passed.
    let keep = move |_| {
        let Some(field) = field.get_untracked() else {
            return;
        };
        match field.value().parse() {
            Ok(label) => {
                desk.label(label);
                field.set_selected_index(0);
            }
            Err(_) => desk
                .hint("Choose in the list what your drawing is, then press \u{201c}Keep\u{201d}."),
        }
    };
    let kept = move || desk.tray.with(|tray| tray.summary());
    let none = move || desk.tray.with(|tray| tray.is_empty());
    view! {
        <p class="misread" hidden=needless>
            <label>"Misread? This is: "
                <select node_ref=field>
                    <option value="">"choose …"</option>
                    {CLASS_NAMES.iter().enumerate().map(|(label, name)| view! {
                        <option value=label.to_string()>{*name}</option>
                    }).collect_view()}
                </select>
            </label>
            <button type="button" class="action small" on:click=keep>"Keep as an example"</button>
            <span role="status" data-testid="kept" hidden=none><span prop:textContent=kept></span> ", to " <a href="#/teach">"teach"</a></span>
        </p>
    }
}
