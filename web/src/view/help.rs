//! The list of keys.

use super::icons::{Icon, icon};
use crate::browser::optional::has_popover;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

const BUTTON: &str = "help-button";

const KEYS: [(&str, &str); 9] = [
    ("B", "Brush"),
    ("E", "Eraser"),
    ("F", "Fill a closed outline"),
    ("[  ]", "Smaller, larger"),
    ("Ctrl Z", "Undo"),
    ("Ctrl Shift Z", "Redo"),
    (
        "Delete",
        "Clear (Undo brings it back), or delete the chosen example",
    ),
    ("Ctrl V", "Paste a picture"),
    ("?", "This list"),
];

/// The button that shows the list; `shown` is for browsers that show nothing over a page by themselves.
#[component]
pub(super) fn HelpButton(shown: RwSignal<bool>) -> impl IntoView {
    view! {
        <button type="button" id=BUTTON class="action bare" popovertarget="help" aria-label="Help and keys" title="Help and keys (?)"
            on:click=move |_| shown.update(|shown| *shown = !*shown)>
            {icon(Icon::Help)}
        </button>
    }
}

/// The list, hidden until it is asked for.
#[component]
pub(super) fn Help(shown: RwSignal<bool>) -> impl IntoView {
    let by_itself = has_popover();
    let keys = KEYS.map(|(key, meaning)| {
        let keys = key
            .split_whitespace()
            .map(|key| view! { <kbd>{key}</kbd> " " })
            .collect_view();
        view! { <dt>{keys}</dt> <dd>{meaning}</dd> }
    });
    view! {
        <div id="help" class="help" popover="auto" role="dialog" aria-labelledby="help-title"
            hidden=move || !by_itself && !shown.get()>
            <h2 id="help-title">"How to draw"</h2>
            <p>
                "Draw with a mouse, a finger or a pen: one garment, as large as you like. An outline is enough; "
                "filling it often helps. A picture can be opened, pasted, or dropped anywhere. Two fingers scroll and "
                "zoom the page."
            </p>
            <dl>{keys}</dl>
        </div>
    }
}

/// Shows or hides the list, as its button does.
pub fn toggle_help() {
    let button = document().get_element_by_id(BUTTON);
    if let Some(button) = button.and_then(|button| button.dyn_into::<HtmlElement>().ok()) {
        button.click();
    }
}
