//! The whole page.

use super::answer::Answer;
use super::canvas::Easel;
use super::engine::{Engine, Notices};
use super::help::{Help, HelpButton};
use super::icons::{Icon, icon};
use super::toolbar::{Actions, Tools};
use super::upload;
use crate::browser;
use crate::desk::Desk;
use crate::pad::{Command, command_for_key};
use crate::session::{Device, Phase, State};
use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, KeyboardEvent};

/// The whole page.
#[component]
pub fn App() -> impl IntoView {
    let desk = Desk::new(browser::paper_side());
    provide_context(desk);
    listen(desk);
    // The canvas has to be there before anything can be painted on it.
    Effect::new(move || {
        if desk.canvas.get().is_some() {
            desk.begin();
        }
    });
    let state = move || match desk.session.with(|session| session.state()) {
        State::Loading => "loading",
        State::Ready => "ready",
        State::Error => "error",
    };
    let device = move || desk.session.with(|session| session.device().key());
    let self_test = |device| {
        move || match desk.session.with(|session| session.phase(device).clone()) {
            Phase::Ready(ready) => Some(ready.self_test_difference.to_string()),
            _ => None,
        }
    };
    view! {
        <div class="wardrobe" data-state=state data-device=device
            data-self-test-cpu=self_test(Device::Cpu) data-self-test-webgpu=self_test(Device::Gpu)>
            <header class="masthead">
                <h1>{icon(Icon::Hanger)} "Wardrobe"</h1>
                <p>"Draw a garment; a neural network in this tab says what it is. Nothing leaves your computer."</p>
                <HelpButton/>
            </header>
            <Notices/>
            <main>
                <section class="easel" aria-label="Drawing">
                    <Tools/>
                    <Easel/>
                    <Actions/>
                </section>
                <div class="side">
                    <Answer/>
                    <Engine/>
                </div>
            </main>
            <Help/>
        </div>
    }
}

/// Keys, pasted pictures and dropped ones reach the page wherever the focus is.
fn listen(desk: Desk) {
    let keys = window_event_listener(ev::keydown, move |event| {
        if let Some(command) = command_of(&event) {
            event.prevent_default();
            desk.command(command);
        }
    });
    on_cleanup(move || keys.remove());
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

/// Whether the key goes into a text field. The page has none; an extension may add one.
fn is_typing(event: &KeyboardEvent) -> bool {
    let field = event
        .target()
        .and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
    field.is_some_and(|field| {
        !matches!(
            field.type_().as_str(),
            "range" | "radio" | "file" | "button"
        )
    })
}
