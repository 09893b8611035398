//! The whole page.

use super::answer::Answer;
use super::canvas::Easel;
use super::engine::{Engine, Notices};
use super::gallery::Gallery;
use super::help::{Help, HelpButton};
use super::icons::{Icon, icon};
use super::rooms::Navigation;
use super::teach::{Misread, Teach};
use super::toolbar::{Actions, Tools};
use super::upload;
use crate::browser;
use crate::desk::Desk;
use crate::pad::{Command, command_for_key};
use crate::rooms::Room;
use crate::session::{Device, Phase, State};
use crate::teach_desk::TeachDesk;
use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlSelectElement, KeyboardEvent};

/// The whole page.
#[component]
pub fn App() -> impl IntoView {
    let desk = Desk::new(browser::paper_side());
    provide_context(desk);
    let teaching = TeachDesk::new(desk);
    provide_context(teaching);
    listen(desk);
    // The canvas has to be there before anything can be painted on it.
    Effect::new(move || {
        if desk.canvas.get().is_some() {
            desk.begin();
            teaching.open();
        }
    });
    let state = move || match desk.session.with(|session| session.state()) {
        State::Loading => "loading",
        State::Ready => "ready",
        State::Error => "error",
    };
    let device = move || desk.session.with(|session| session.device().key());
    let room = move || desk.rooms.with(|rooms| rooms.here().key());
    let self_test = |device| {
        move || match desk.session.with(|session| session.phase(device).clone()) {
            Phase::Ready(ready) => Some(ready.self_test_difference.to_string()),
            _ => None,
        }
    };
    view! {
        <div class="wardrobe" data-state=state data-device=device data-room=room
            data-self-test-cpu=self_test(Device::Cpu) data-self-test-webgpu=self_test(Device::Gpu)>
            <header class="masthead">
                <h1>{icon(Icon::Hanger)} <span>"Wardrobe"</span></h1>
                <Navigation/>
                <p>"Draw a garment; a neural network in this tab says what it is. Nothing leaves your computer."</p>
                <HelpButton/>
            </header>
            <Notices/>
            <main>
                // The canvas is there from the start, as the workers and the drawing hang on it.
                <Studio/>
                {room_when_entered(Room::Data, || view! { <Gallery/> }.into_any())}
                {room_when_entered(Room::Teach, || view! { <Teach/> }.into_any())}
            </main>
            <Help/>
        </div>
    }
}

/// A room's view, made when the room is first entered and only hidden when it is left.
fn room_when_entered(room: Room, view: fn() -> AnyView) -> impl IntoView {
    let desk = expect_context::<Desk>();
    let entered = Memo::new(move |_| desk.has_been_in(room));
    move || {
        entered.get().then(|| {
            view! { <div hidden=move || !desk.is_in(room)>{view()}</div> }
        })
    }
}

/// The room to draw in.
#[component]
fn Studio() -> impl IntoView {
    let desk = expect_context::<Desk>();
    view! {
        <div class="studio" hidden=move || !desk.rooms.with(|rooms| rooms.here().has_canvas())>
            <section class="easel" aria-label="Drawing">
                <Tools/>
                <Easel/>
                <Actions/>
            </section>
            <div class="side">
                <Answer/>
                <Misread/>
                <Engine/>
            </div>
        </div>
    }
}

/// Keys, pasted pictures and dropped ones reach the page wherever the focus is.
fn listen(desk: Desk) {
    let keys = window_event_listener(ev::keydown, move |event| {
        let command = command_of(&event);
        if let Some(command) =
            command.filter(|_| desk.rooms.with_untracked(|rooms| rooms.here().has_canvas()))
        {
            event.prevent_default();
            desk.command(command);
        }
    });
    let ways = window_event_listener(ev::hashchange, move |_| desk.follow_address());
    on_cleanup(move || {
        keys.remove();
        ways.remove();
    });
    upload::listen(desk);
}

fn command_of(event: &KeyboardEvent) -> Option<Command> {
    if event.alt_key() || event.default_prevented() || is_typing(event) {
        return None;
    }
    command_for_key(
        &event.key(),
        event.ctrl_key() || event.meta_key(),
        event.shift_key(),
    )
}

/// Whether the key goes into a field for text or numbers, or chooses in a list by its first letter.
fn is_typing(event: &KeyboardEvent) -> bool {
    let Some(target) = event.target() else {
        return false;
    };
    let field = target.dyn_ref::<HtmlInputElement>();
    target.has_type::<HtmlSelectElement>()
        || field.is_some_and(|field| {
            !matches!(
                field.type_().as_str(),
                "range" | "radio" | "file" | "button"
            )
        })
}
