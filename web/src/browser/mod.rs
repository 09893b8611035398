//! What the page needs of the browser: address, workers, files, pictures, storage.

pub mod address;
pub mod archives;
pub mod download;
pub mod files;
pub mod gpu;
pub mod line;
pub mod model_files;
pub mod picture;
pub mod storage;
pub mod tabs;
pub mod teacher;
pub mod workers;

pub(crate) use keep::words;

use leptos::prelude::{document, window};

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

/// The page itself has crashed, which no input should cause: says so, and that the drawing is saved.
pub fn show_crash() {
    let Some(body) = document().body() else {
        return;
    };
    let Ok(note) = document().create_element("p") else {
        return;
    };
    note.set_class_name("crash");
    note.set_text_content(Some(
        "The page has stopped because of an error in it. Reload it to go on; your drawing is saved.",
    ));
    // If even this fails there is nothing left to try.
    let _ = note
        .set_attribute("role", "alert")
        .and_then(|()| body.prepend_with_node_1(&note));
}
