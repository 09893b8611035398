//! Saying what is on the paper, and the examples that came of it.

use crate::browser::download;
use crate::desk::Desk;
use crate::rooms::Room;
use crate::teach_desk::TeachDesk;
use crate::view::focus::focus;
use crate::view::paint::paint_image;
use leptos::ev;
use leptos::html::Canvas;
use leptos::prelude::*;
use leptos::task::spawn_local;
use model::class::{CLASS_COUNT, CLASS_NAMES};
use model::image::SIDE;
use model::teach::Example;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

/// The buttons that label, and the tray.
#[component]
pub(super) fn Examples() -> impl IntoView {
    let desk = expect_context::<TeachDesk>();
    let chosen = RwSignal::new(None::<u32>);
    listen(desk);
    let none = move || desk.tray.with(|tray| tray.is_empty());
    view! {
        <section class="examples" aria-labelledby="examples-title">
            <div class="section-head">
                <h2 id="examples-title" tabindex="-1">"Examples"</h2>
                <p class="facts" role="status" data-testid="tray-summary">{move || desk.tray.with(|tray| tray.summary())}</p>
            </div>
            <p class="lead">"Draw something above, then say what it is (or press its digit):"</p>
            <div class="labels">
                {(0..CLASS_COUNT as u8).map(|label| label_button(desk, label)).collect_view()}
            </div>
            <div class="trays">
                {(0..CLASS_COUNT as u8).map(|label| class_tray(desk, chosen, label)).collect_view()}
            </div>
            <Chosen chosen/>
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
        let plain =
            !(event.alt_key() || event.ctrl_key() || event.meta_key() || event.default_prevented());
        let typing = event.target().is_some_and(|target| {
            target.has_type::<HtmlInputElement>() || target.has_type::<web_sys::HtmlSelectElement>()
        });
        let here = page
            .rooms
            .with_untracked(|rooms| rooms.here() == Room::Teach);
        if let (true, false, true, Ok(label)) = (plain, typing, here, event.key().parse::<u8>())
            && usize::from(label) < CLASS_COUNT
        {
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

fn class_tray(desk: TeachDesk, chosen: RwSignal<Option<u32>>, label: u8) -> impl IntoView {
    let name = CLASS_NAMES[usize::from(label)];
    let ids = Memo::new(move |_| {
        desk.tray
            .with(|tray| tray.of_class(label).map(|kept| kept.id).collect::<Vec<_>>())
    });
    view! {
        <div class="tray" hidden=move || ids.with(Vec::is_empty) data-label=label>
            <h3>{name} " " <small>{move || ids.with(Vec::len)}</small></h3>
            <div class="thumbnails">
                <For each=move || ids.get() key=|id| *id let:id>
                    {thumbnail(desk, chosen, id, name)}
                </For>
            </div>
        </div>
    }
}

fn thumbnail(
    desk: TeachDesk,
    chosen: RwSignal<Option<u32>>,
    id: u32,
    name: &'static str,
) -> impl IntoView {
    let canvas = NodeRef::<Canvas>::new();
    Effect::new(move || {
        if let Some(canvas) = canvas.get() {
            desk.tray.with_untracked(|tray| {
                paint_image(&canvas, tray.get(id).map(|example| &example.image));
            });
        }
    });
    let is_chosen = move || chosen.get() == Some(id);
    let toggle = move |_| chosen.update(|chosen| *chosen = (*chosen != Some(id)).then_some(id));
    view! {
        <button type="button" class="thumbnail" aria-label=format!("Example {id}: {name}") aria-pressed=move || is_chosen().to_string()
            on:click=toggle>
            <canvas node_ref=canvas width=SIDE height=SIDE></canvas>
        </button>
    }
}

/// What can be done with the chosen example.
#[component]
fn Chosen(chosen: RwSignal<Option<u32>>) -> impl IntoView {
    let desk = expect_context::<TeachDesk>();
    let label = Memo::new(move |_| {
        let id = chosen.get()?;
        desk.tray
            .with(|tray| tray.get(id).map(|example: &Example| example.label))
    });
    let relabel = move |event| {
        if let (Some(id), Ok(label)) = (chosen.get_untracked(), event_target_value(&event).parse())
        {
            desk.change_tray(move |tray| tray.relabel(id, label));
        }
    };
    let remove = move |_| {
        if let Some(id) = chosen.get_untracked() {
            chosen.set(None);
            desk.change_tray(move |tray| tray.remove(id));
            // The button goes away with the example.
            focus("examples-title");
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
            <button type="button" class="action" on:click=remove>"Delete example"</button>
        </div>
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
