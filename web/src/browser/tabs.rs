//! What only one tab at a time may do. A browser keeps named locks for all tabs of an origin, and frees
//! them when their tab is closed, is reloaded or has crashed.
//!
//! Declared by hand: web-sys counts the Web Locks among what may still change.

use js_sys::{Array, Function, Object, Promise, Reflect};
use leptos::prelude::window;
use leptos::task::spawn_local;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

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
/// `hear` is told again once that one is closed. Where the browser has no locks, refuses them or never
/// answers, each tab counts as the only one.
pub fn claim(name: &'static str, hear: impl Fn(bool) + Clone + 'static) {
    let Some(locks) = locks() else {
        return hear(true);
    };
    let at_once = Object::new();
    // A plain object takes any property.
    let _ = Reflect::set(&at_once, &"ifAvailable".into(), &true.into());
    spawn_local(async move {
        let granted = match request(&locks, name, &at_once) {
            Ok(answer) => keep::answered(&answer, keep::PATIENCE).await,
            Err(error) => Err(error),
        };
        if granted.is_ok_and(|granted| granted.is_falsy()) {
            hear(false);
            let Ok(turn) = request(&locks, name, &Object::new()) else {
                return;
            };
            if JsFuture::from(turn).await.is_err() {
                return;
            }
        }
        hear(true);
    });
}

/// Whether the lock is granted, which it is until the page is closed.
fn request(locks: &Locks, name: &str, options: &Object) -> Result<Promise, JsValue> {
    let mut held = Err(JsValue::NULL);
    let granted = Promise::new(&mut |answer, _| {
        let granted = Closure::once_into_js(move |lock: JsValue| {
            // An answer that comes too late is heard by nobody.
            let _ = answer.call1(&JsValue::NULL, &(!lock.is_null()).into());
            // The lock is held until this promise ends, which it does with the page.
            Promise::new(&mut |_, _| {})
        });
        held = locks.request(name, options, granted.unchecked_ref());
    });
    // The other promise ends only where the lock is refused.
    let held = held?;
    Ok(Promise::race(&Array::of2(&granted, &held)))
}

/// `None` where the page did not come over a secure connection, or the browser is old.
fn locks() -> Option<Locks> {
    let locks = Reflect::get(&window().navigator(), &"locks".into()).ok()?;
    (!locks.is_undefined()).then(|| locks.unchecked_into())
}
