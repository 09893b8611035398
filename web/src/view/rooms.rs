//! The way from room to room.

use crate::desk::Desk;
use crate::rooms::Room;
use leptos::prelude::*;

/// A link to each room.
#[component]
pub(super) fn Navigation() -> impl IntoView {
    view! {
        <nav class="rooms" aria-label="Rooms">
            {Room::ALL.map(link).collect_view()}
        </nav>
    }
}

fn link(room: Room) -> impl IntoView {
    let desk = expect_context::<Desk>();
    let address = move || desk.rooms.with(|rooms| rooms.address(room));
    let current = move || desk.is_in(room).then_some("page");
    view! { <a href=address aria-current=current>{room.name()}</a> }
}
