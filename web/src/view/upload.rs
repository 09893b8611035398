//! Pictures from elsewhere: opened, pasted or dropped.

use super::icons::{Icon, icon};
use crate::browser::picture::ink_from_file;
use crate::desk::Desk;
use crate::rooms::Room;
use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;
use model::drawing::Ink;
use wasm_bindgen::JsCast;
use web_sys::{DataTransfer, File, FileList, HtmlInputElement};

/// The button that opens a picture file; a file field, so that keyboards and tests reach it.
#[component]
pub(super) fn OpenPicture() -> impl IntoView {
    let desk = expect_context::<Desk>();
    let open = move |event: ev::Event| {
        let Some(field) = event
            .target()
            .and_then(|target| target.dyn_into::<HtmlInputElement>().ok())
        else {
            return;
        };
        put(desk, field.files());
        // So that the same file can be opened again.
        field.set_value("");
    };
    view! {
        <label class="action" title="Open a picture; pasting and dropping one works too">
            <input type="file" accept="image/*" class="unseen" aria-label="Open a picture" on:change=open/>
            {icon(Icon::Picture)} <span>"Picture"</span>
        </label>
    }
}

/// Listens for pasted and dropped pictures, wherever they land.
pub(super) fn listen(desk: Desk) {
    let paste = window_event_listener(ev::paste, move |event| {
        // A room may have uses of its own for pictures.
        if event.default_prevented() {
            return;
        }
        match event.clipboard_data().and_then(|data| files(&data)) {
            Some(files) => {
                event.prevent_default();
                put(desk, Some(files));
            }
            None if takes_text(event.target()) => {}
            None => desk.hint(
                "There is no picture on the clipboard. Copy a picture or a picture's file first, then paste it here.",
            ),
        }
    });
    // Without this the browser would open the file in place of the page.
    let dragover = window_event_listener(ev::dragover, |event| event.prevent_default());
    let drop = window_event_listener(ev::drop, move |event| {
        if event.default_prevented() {
            return;
        }
        event.prevent_default();
        match event.data_transfer().and_then(|data| files(&data)) {
            Some(files) => put(desk, Some(files)),
            None => desk.hint(
                "What was dropped is no file. Save the picture first, then drop its file here.",
            ),
        }
    });
    on_cleanup(move || {
        paste.remove();
        dragover.remove();
        drop.remove();
    });
}

fn files(data: &DataTransfer) -> Option<FileList> {
    data.files().filter(|files| files.length() > 0)
}

/// Whether text is typed there.
fn takes_text(target: Option<web_sys::EventTarget>) -> bool {
    let field = target.and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
    field.is_some_and(|field| ["text", "search", "number"].contains(&field.type_().as_str()))
}

fn put(desk: Desk, files: Option<FileList>) {
    let Some(files) = files else { return };
    let Some(file) = files.get(0) else { return };
    let others = files.length() - 1;
    let is_last = desk.pictures.next();
    spawn_local(async move {
        let ink = ink_from_file(&file).await;
        // A large picture may be ready after a small one that was opened later.
        if is_last() {
            put_ink(desk, ink, &file, others);
        }
    });
}

fn put_ink(desk: Desk, ink: Result<Ink, String>, file: &File, others: u32) {
    match ink {
        Ok(ink) => {
            desk.mark(|pad| pad.picture(ink));
            if !desk.rooms.with_untracked(|rooms| rooms.here().has_canvas()) {
                desk.enter(Room::Draw);
            }
            if others > 0 {
                let name = file.name();
                desk.hint(format!(
                    "Only the first of {} files, {name}, was opened: there is room for one picture at a time.",
                    others + 1
                ));
            }
        }
        Err(sentence) => desk.hint(sentence),
    }
}
