//! The address bar: the part after `#`, which names the room and what is shown in it.

use leptos::prelude::window;
use wasm_bindgen::JsValue;

/// The part of the address from `#` on; empty where there is none.
pub fn hash() -> String {
    window().location().hash().unwrap_or_default()
}

/// Goes to another place of the page, as a link would: the way back leads here.
pub fn go(hash: &str) {
    // Refused only by a document that is being unloaded.
    let _ = window().location().set_hash(hash);
}

/// Writes down what is shown now without a step in the history.
pub fn replace(hash: &str) {
    if let Ok(history) = window().history() {
        // Refused when asked too often in a row; the next change writes it again.
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(hash));
    }
}
