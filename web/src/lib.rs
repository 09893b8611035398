//! Wardrobe's page: a pad to draw on, and what the net says about the drawing.
//!
//! - [`pad`], [`pointers`], [`keys`], [`session`], [`verdict`], [`status`], [`rooms`], [`gallery`], [`mod@number`], [`mod@teach`]: the rules, on plain
//!   structs, tested natively.
//! - [`desk`]: holds those structs in signals, and carries out what the session asks for.
//! - [`teach_desk`]: the same for the room to teach in.
//! - [`browser`]: workers, files, storage and pictures, as the browser has them.
//! - [`mod@view`]: what is to be seen.
//!
//! Architecture invariants: no tensor library is linked here, the workers compute; and the rules
//! know nothing of the browser.

pub mod browser;
pub mod desk;
pub mod gallery;
pub mod keys;
pub mod number;
pub mod pad;
pub mod pointers;
pub mod rooms;
#[cfg(test)]
mod saved;
pub mod session;
pub mod status;
pub mod teach;
pub mod teach_desk;
pub mod verdict;
pub mod view;

use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// Puts the page into the document's `app` element.
pub fn start() {
    std::panic::set_hook(Box::new(|panic| {
        console_error_panic_hook::hook(panic);
        browser::show_crash();
    }));
    let Some(place) = document().get_element_by_id("app") else {
        return;
    };
    // What stood here while the page loaded.
    place.set_inner_html("");
    mount_to(place.unchecked_into(), view::App).forget();
}
