//! Where the focus goes when what had it goes away: else a keyboard begins again at the page's top.

use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// Moves the focus to the element of this id, which must be able to have it.
pub(super) fn focus(id: &str) {
    let element = document().get_element_by_id(id);
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        // Only a document that is being unloaded refuses.
        let _ = element.focus();
    }
}
