//! Keys as the browser reports them.

use crate::keys::Press;
use leptos::ev::KeyboardEvent;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement, HtmlSelectElement};

/// The key of an event.
pub(super) fn press_of(event: &KeyboardEvent) -> Press {
    // Windows has AltGr as Ctrl and Alt together; what it types counts, as "[" on many keyboards.
    let third_level = event.get_modifier_state("AltGraph");
    Press {
        key: event.key(),
        code: event.code(),
        control: !third_level && (event.ctrl_key() || event.meta_key()),
        alt: !third_level && event.alt_key(),
        shift: event.shift_key(),
    }
}

/// Whether a key is taken: by another part of the page, or by the field that has the focus, for text or
/// numbers, or which chooses in a list by its first letter.
pub(super) fn is_taken(event: &KeyboardEvent) -> bool {
    let target = event.target();
    let field = target
        .as_ref()
        .and_then(JsCast::dyn_ref::<HtmlInputElement>);
    let types = field.is_some_and(|field| {
        let kind = field.type_();
        !matches!(
            kind.as_str(),
            "range" | "radio" | "file" | "button" | "checkbox"
        )
    });
    let chooses = target
        .as_ref()
        .is_some_and(JsCast::has_type::<HtmlSelectElement>);
    event.default_prevented() || types || chooses
}

/// Whether the focus is within an element that the selector names.
pub(super) fn is_within(event: &KeyboardEvent, selector: &str) -> bool {
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|target| target.closest(selector).is_ok_and(|found| found.is_some()))
}
