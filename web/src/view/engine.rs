//! What computes: device switch, times, status and trouble.

use super::icons::{Icon, icon};
use crate::desk::Desk;
use crate::session::{Choice, Device, Session};
use crate::status;
use leptos::prelude::*;

/// The device switch and the status line.
#[component]
pub(super) fn Engine() -> impl IntoView {
    let desk = expect_context::<Desk>();
    let say = move |what: fn(&Session) -> String| move || desk.session.with(what);
    view! {
        <section class="engine" aria-label="Device">
            <fieldset class="choices">
                <legend class="unseen">"Compute on"</legend>
                {device("Automatic", Choice::Automatic)}
                {device("CPU", Choice::Only(Device::Cpu))}
                {device("WebGPU", Choice::Only(Device::Gpu))}
            </fieldset>
            <p class="facts">
                <span role="status" data-testid="status" prop:textContent=say(status::status)></span>
                " " <span data-testid="latency" prop:textContent=say(status::computed_by)></span>
            </p>
            <p class="facts" prop:textContent=say(status::explanation)></p>
        </section>
    }
}

fn device(name: &'static str, choice: Choice) -> impl IntoView {
    let desk = expect_context::<Desk>();
    let chosen = move || desk.session.with(|session| session.choice() == choice);
    let refused = move || {
        choice == Choice::Only(Device::Gpu)
            && desk.session.with(|session| session.gpu_refusal().is_some())
    };
    let note = move || match choice {
        Choice::Automatic => String::new(),
        Choice::Only(device) => desk
            .session
            .with(|session| status::device_note(session, device)),
    };
    let key = match choice {
        Choice::Automatic => "automatic",
        Choice::Only(device) => device.key(),
    };
    view! {
        <label class="choice" data-switch-to=key>
            <input type="radio" name="device" class="unseen" aria-label=name prop:checked=chosen prop:disabled=refused
                on:change=move |_| desk.choose(choice)/>
            <span>{name}</span> <small prop:textContent=note></small>
        </label>
    }
}

/// Sentences about trouble: what cannot work at all, and what happened once.
#[component]
pub(super) fn Notices() -> impl IntoView {
    let desk = expect_context::<Desk>();
    let error = Memo::new(move |_| {
        desk.session.with(|session| {
            (session.state() == crate::session::State::Error)
                .then(|| session.error().unwrap_or_default().to_owned())
        })
    });
    let notice = Memo::new(move |_| desk.session.with(|session| session.notice().cloned()));
    view! {
        <div class="notices" role="alert">
            {move || error.get().map(|sentence| view! {
                <p class="notice severe" data-testid="error">
                    <span prop:textContent=sentence></span>
                    <button type="button" on:click=move |_| desk.tell(Session::retry)>"Try again"</button>
                </p>
            })}
            {move || notice.get().map(|notice| view! {
                <p class="notice" data-testid="notice">
                    <span prop:textContent=notice.sentence></span>
                    <button type="button" class="bare" aria-label="Dismiss"
                        on:click=move |_| desk.session.update(Session::dismiss_notice)>{icon(Icon::Close)}</button>
                </p>
            })}
        </div>
    }
}
