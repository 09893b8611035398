//! The whole page.

use super::answer::Answer;
use super::canvas::Easel;
use super::engine::{Engine, Notices};
use super::focus::focus;
use super::gallery::Gallery;
use super::help::{Help, HelpButton};
use super::icons::{Icon, icon};
use super::keys::{is_taken, is_within, press_of};
use super::rooms::Navigation;
use super::teach::{EXAMPLES, Misread, Teach};
use super::toolbar::{Actions, Tools};
use super::upload;
use crate::browser;
use crate::desk::Desk;
use crate::pad::{Command, command_for_key};
use crate::rooms::{Room, Rooms};
use crate::session::{Device, Phase, State};
use crate::teach_desk::TeachDesk;
use leptos::ev;
use leptos::prelude::*;

/// The whole page.
#[component]
pub fn App() -> impl IntoView {
    let desk = Desk::new(browser::paper_side());
    provide_context(desk);
    let teaching = TeachDesk::new(desk);
    provide_context(teaching);
    listen(desk, teaching);
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
    let help_is_shown = RwSignal::new(false);
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
                <HelpButton shown=help_is_shown/>
            </header>
            <Notices/>
            <main>
                // The canvas is there from the start, as the workers and the drawing hang on it.
                <Studio/>
                {room_when_entered(Room::Data, || view! { <Gallery/> }.into_any())}
                {room_when_entered(Room::Teach, || view! { <Teach/> }.into_any())}
            </main>
            <Help shown=help_is_shown/>
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
fn listen(desk: Desk, teaching: TeachDesk) {
    let keys = window_event_listener(ev::keydown, move |event| {
        let command = command_for_key(&press_of(&event)).filter(|_| !is_taken(&event));
        let room = desk.rooms.with_untracked(Rooms::here);
        let Some(command) = command.filter(|_| room.has_canvas()) else {
            return;
        };
        // The drawing is meant where nothing else is: the focus stays on a label once it was pressed.
        let elsewhere = is_within(&event, ".teach") && !is_within(&event, ".labels");
        match (command, room) {
            (Command::Clear, Room::Teach) if teaching.remove_chosen() => focus(EXAMPLES),
            (Command::Clear, _) if elsewhere => {}
            _ => desk.command(command),
        }
        event.prevent_default();
    });
    let ways = window_event_listener(ev::hashchange, move |_| desk.follow_address());
    on_cleanup(move || {
        keys.remove();
        ways.remove();
    });
    upload::listen(desk);
    browser::on_canvas_restored(move || desk.repaint());
}
