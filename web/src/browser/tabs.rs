//! What only one tab at a time may do. A browser keeps named locks for all tabs of an origin, and frees
//! them when their tab is closed, is reloaded or has crashed.
//!
//! Declared by hand: web-sys counts the Web Locks among what may still change.

use js_sys::{Function, Object, Promise, Reflect};
use leptos::prelude::window;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[derive(Clone)]
    type Locks;

    #[wasm_bindgen(method, catch)]
    fn request(
        this: &Locks,
        name: &str,
        options: &Object,
        granted: &Function,
    ) -> Result<Promise, JsValue>;
}

/// Asks for the lock of this name. `hear` is told soon whether this tab has it; where another tab has it,
/// `hear` is told again once that one is closed. Where the browser has no locks, each tab counts as the
/// only one.
pub fn claim(name: &'static str, hear: impl Fn(bool) + Clone + 'static) {
    let Some(locks) = locks() else {
        return hear(true);
    };
    let at_once = Object::new();
    // A plain object takes any property.
    let _ = Reflect::set(&at_once, &"ifAvailable".into(), &true.into());
    let patient = locks.clone();
    request(&locks, name, &at_once, move |granted| {
        hear(granted);
        if !granted {
            request(&patient, name, &Object::new(), hear);
        }
    });
}

fn request(locks: &Locks, name: &str, options: &Object, hear: impl FnOnce(bool) + 'static) {
    let granted = Closure::once_into_js(move |lock: JsValue| {
        hear(!lock.is_null());
        // The lock is held until this promise ends, which it does with the page.
        Promise::new(&mut |_, _| {})
    });
    // Refused only by a document that is being unloaded.
    let _ = locks.request(name, options, granted.unchecked_ref());
}

/// `None` where the page did not come over a secure connection, or the browser is old.
fn locks() -> Option<Locks> {
    let locks = Reflect::get(&window().navigator(), &"locks".into()).ok()?;
    (!locks.is_undefined()).then(|| locks.unchecked_into())
}
