//! What the page needs of the browser: address, workers, files, pictures, storage.

pub mod address;
pub mod archives;
pub mod download;
pub mod files;
pub mod gpu;
pub mod line;
pub mod model_files;
pub mod optional;
pub mod picture;
pub mod storage;
pub mod tabs;
pub mod teacher;
pub mod workers;

pub(crate) use keep::words;

use leptos::prelude::{document, window};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::Event;

/// From this many device pixels a CSS pixel on, the paper gets more pixels too.
const SHARP_FROM: f64 = 1.5;

/// The paper's side in pixels on screens with many pixels.
const SHARP_SIDE: usize = 1024;

/// The paper's side in pixels that looks sharp on this screen.
pub fn paper_side() -> usize {
    if window().device_pixel_ratio() > SHARP_FROM {
        SHARP_SIDE
    } else {
        model::drawing::PAPER_SIDE
    }
}

/// Calls `repaint` when what is on the page's canvases may be gone: the browser has given a lost context back,
/// or, as not every one tells, the page is seen again.
pub fn on_canvas_restored(repaint: impl Fn() + 'static) {
    let restored = Closure::<dyn Fn(Event)>::new(move |_| {
        if !document().hidden() {
            repaint();
        }
    });
    let listener = restored.as_ref().unchecked_ref();
    for event in ["contextrestored", "visibilitychange"] {
        // The event of a canvas passes the window on its way down alone. A window takes any listener.
        let _ = window().add_event_listener_with_callback_and_bool(event, listener, true);
    }
    // It listens as long as the page lives.
    restored.forget();
}

/// The page itself has crashed, which no input should cause: says so, and whether the drawing is saved.
pub fn show_crash() {
    let Some(body) = document().body() else {
        return;
    };
    let Ok(note) = document().create_element("p") else {
        return;
    };
    note.set_class_name("crash");
    note.set_text_content(Some(if storage::drawing_is_stored() {
        "The page has stopped because of an error in it. Reload it to go on; your drawing is saved."
    } else {
        "The page has stopped because of an error in it. Reload it to go on; your drawing could not be saved."
    }));
    // If even this fails there is nothing left to try.
    let _ = note
        .set_attribute("role", "alert")
        .and_then(|()| body.prepend_with_node_1(&note));
}
