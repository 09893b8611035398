//! Saying what is on the paper, and the examples that came of it.

use crate::browser::download;
use crate::desk::Desk;
use crate::rooms::{Room, Rooms};
use crate::teach_desk::TeachDesk;
use crate::view::focus::focus;
use crate::view::keys::{is_taken, press_of};
use crate::view::paint::{keep_painted, paint_image};
use leptos::ev;
use leptos::html::Canvas;
use leptos::prelude::*;
use leptos::task::spawn_local;
use model::class::{CLASS_COUNT, CLASS_NAMES};
use model::image::SIDE;
use model::teach::Example;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

/// The id of the heading above the examples, which takes the focus from one that is deleted.
pub(in crate::view) const EXAMPLES: &str = "examples-title";

/// The buttons that label, and the tray.
#[component]
pub(super) fn Examples() -> impl IntoView {
    let desk = expect_context::<TeachDesk>();
    listen(desk);
    let none = move || desk.tray.with(|tray| tray.is_empty());
    view! {
        <section class="examples" aria-labelledby=EXAMPLES>
            <div class="section-head">
                <h2 id=EXAMPLES tabindex="-1">"Examples"</h2>
                <p class="facts" role="status" data-testid="tray-summary"
                    prop:textContent=move || desk.tray.with(|tray| tray.summary())></p>
            </div>
            <p class="lead">"Draw something above, then say what it is (or press its digit):"</p>
            <div class="labels">
                {(0..CLASS_COUNT as u8).map(|label| label_button(desk, label)).collect_view()}
            </div>
            <div class="trays">
                {(0..CLASS_COUNT as u8).map(|label| class_tray(desk, label)).collect_view()}
            </div>
            <Chosen/>
            <div class="bar">
                <button type="button" class="action" aria-disabled=move || none().to_string()
                    on:click=move |_| if !none() { desk.export_examples() }>"Export examples"</button>
                <label class="action">
                    <input type="file" accept=".ndjson,.jsonl" class="unseen" aria-label="Import examples"
                        on:change=move |event| import(desk, &event)/>
                    "Import examples"
                </label>
            </div>
        </section>
    }
}

/// The digits label while the room is shown.
fn listen(desk: TeachDesk) {
    let page = expect_context::<Desk>();
    let keys = window_event_listener(ev::keydown, move |event| {
        let press = press_of(&event);
        let is_here = page.rooms.with_untracked(Rooms::here) == Room::Teach;
        // A key that is held down labels once.
        let is_meant = is_here && press.is_plain() && !event.repeat() && !is_taken(&event);
        if let (true, Some(label)) = (is_meant, press.digit()) {
            event.prevent_default();
            desk.label(label);
        }
    });
    on_cleanup(move || keys.remove());
}

fn label_button(desk: TeachDesk, label: u8) -> impl IntoView {
    let name = CLASS_NAMES[usize::from(label)];
    view! {
        <button type="button" class="action" title=format!("This is: {name} ({label})") on:click=move |_| desk.label(label)>
            <kbd aria-hidden="true">{label}</kbd> {name}
        </button>
    }
}

fn class_tray(desk: TeachDesk, label: u8) -> impl IntoView {
    let name = CLASS_NAMES[usize::from(label)];
    let ids = Memo::new(move |_| {
        desk.tray
            .with(|tray| tray.of_class(label).map(|kept| kept.id).collect::<Vec<_>>())
    });
    view! {
        <div class="tray" hidden=move || ids.with(Vec::is_empty) data-label=label>
            <h3>{name} " " <small prop:textContent=move || ids.with(Vec::len)></small></h3>
            <div class="thumbnails">
                <For each=move || ids.get() key=|id| *id let:id>
                    {thumbnail(desk, id, name)}
                </For>
            </div>
        </div>
    }
}

fn thumbnail(desk: TeachDesk, id: u32, name: &'static str) -> impl IntoView {
    let canvas = NodeRef::<Canvas>::new();
    keep_painted(canvas, move |canvas| {
        desk.tray.with_untracked(|tray| {
            paint_image(canvas, tray.get(id).map(|example| &example.image));
        });
    });
    let is_chosen = move || desk.chosen.get() == Some(id);
    let toggle = move |_| {
        desk.chosen
            .update(|chosen| *chosen = (*chosen != Some(id)).then_some(id));
    };
    let delete = move |event: ev::KeyboardEvent| {
        if event.key() == "Delete" && press_of(&event).is_plain() {
            event.prevent_default();
            desk.chosen.set(Some(id));
            remove_chosen(desk);
        }
    };
    view! {
        <button type="button" class="thumbnail" aria-label=format!("Example {id}: {name}") aria-pressed=move || is_chosen().to_string()
            on:click=toggle on:keydown=delete>
            <canvas node_ref=canvas width=SIDE height=SIDE></canvas>
        </button>
    }
}

/// What can be done with the chosen example.
#[component]
fn Chosen() -> impl IntoView {
    let desk = expect_context::<TeachDesk>();
    let label = Memo::new(move |_| {
        let id = desk.chosen.get()?;
        desk.tray
            .with(|tray| tray.get(id).map(|example: &Example| example.label))
    });
    let relabel = move |event| {
        let chosen = desk.chosen.get_untracked();
        if let (Some(id), Ok(label)) = (chosen, event_target_value(&event).parse()) {
            desk.change_tray(move |tray| tray.relabel(id, label));
        }
    };
    view! {
        <div class="bar chosen" hidden=move || label.get().is_none()>
            <label>"The chosen example is: "
                <select on:change=relabel prop:value=move || label.get().map(|label| label.to_string())>
                    {CLASS_NAMES.iter().enumerate().map(|(label, name)| view! {
                        <option value=label.to_string()>{*name}</option>
                    }).collect_view()}
                </select>
            </label>
            <button type="button" class="action" on:click=move |_| remove_chosen(desk)>"Delete example"</button>
        </div>
    }
}

/// Deletes the chosen example, and moves the focus: what had it goes away too.
fn remove_chosen(desk: TeachDesk) {
    if desk.remove_chosen() {
        focus(EXAMPLES);
    }
}

fn import(desk: TeachDesk, event: &ev::Event) {
    let Some(field) = event
        .target()
        .and_then(|target| target.dyn_into::<HtmlInputElement>().ok())
    else {
        return;
    };
    let file = field.files().and_then(|files| files.get(0));
    if let Some(file) = file {
        spawn_local(async move {
            match download::read(&file).await {
                Ok(bytes) => desk.import_examples(&file.name(), &bytes),
                Err(sentence) => desk.hint(sentence),
            }
        });
    }
    // So that the same file can be chosen again.
    field.set_value("");
}
