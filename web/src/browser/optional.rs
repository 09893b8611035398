//! What the page and its workers use of a browser and may not find there: a page that came by plain http from
//! another machine has less, and so have older versions of Safari and Firefox, private windows, and people who
//! switch things off. All else is in every browser that runs the modules (WebAssembly with SIMD: Chrome 91,
//! Firefox 89, Safari 16.4).
//!
//! The browser tests take away each of these by its name in this table, one after the other, and use the page.
//!
//! | interface | who has none | what happens instead |
//! |---|---|---|
//! | `PointerEvent.prototype.getCoalescedEvents` | plain http; Safari before 18.2 | an event is one point of the stroke: [`coalesced`] |
//! | `Element.prototype.setPointerCapture` | none known | a stroke ends where the pointer leaves the paper without its button |
//! | `TouchEvent` | computers without a touch screen | there are no touches: [`touch_count`] |
//! | `HTMLElement.prototype.showPopover` | Safari before 17, Firefox before 125 | the help is shown and hidden by its button: [`has_popover`] |
//! | `ResizeObserver` | none known | the size is looked at four times a second: [`observe_size`] |
//! | `createImageBitmap` | none known; its options: older Safari and Firefox | decoded without options: [`decode`]; a sentence: [`can_decode`] |
//! | `Navigator.prototype.clipboard` | plain http | a sentence: [`write_clipboard`] |
//! | `Clipboard.prototype.write` | Firefox before 127 | a sentence: [`write_clipboard`] |
//! | `ClipboardItem` | Firefox before 127 | a sentence: [`write_clipboard`] |
//! | `Navigator.prototype.gpu` | plain http; many | the CPU computes: [`super::gpu`] |
//! | `Navigator.prototype.locks` | plain http; refused where site data are switched off | each tab counts as the only one: [`super::tabs`] |
//! | `localStorage` | site data switched off | drawing and settings last as long as the page, which says so: [`super::storage`] |
//! | `indexedDB` | site data switched off | examples and trainings last as long as the page, which says so: `keep` |
//! | `caches` | plain http; site data switched off | the data set is fetched anew at each visit: `archive` |
//! | `WebAssembly.instantiateStreaming` | servers that send wasm as another type | compiled once it is here, by wasm-bindgen's glue |
//! | `FinalizationRegistry` | none known | nothing is freed early, by wasm-bindgen's glue |

use js_sys::{Array, Function, Promise, Reflect};
use leptos::prelude::{
    StoredValue, WithValue, document, on_cleanup, set_interval_with_handle, window,
};
use std::time::Duration;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, ClipboardItem, Element, ImageBitmap, ImageBitmapOptions};
use web_sys::{PointerEvent, ResizeObserver};

/// How often an element's size is looked at where the browser does not tell.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// A property that may be absent or refused.
pub fn get(owner: &JsValue, name: &str) -> Option<JsValue> {
    let found = Reflect::get(owner, &name.into()).ok()?;
    (!found.is_undefined() && !found.is_null()).then_some(found)
}

/// A method that may be absent.
pub fn method(owner: &JsValue, name: &str) -> Option<Function> {
    get(owner, name)?.dyn_into().ok()
}

/// The events that were measured since the last one, `event` among them.
pub fn coalesced(event: &PointerEvent) -> Vec<PointerEvent> {
    let events = method(event, "getCoalescedEvents").and_then(|method| method.call0(event).ok());
    let events: Vec<PointerEvent> = events
        .map(|events| {
            Array::from(&events)
                .iter()
                .map(JsCast::unchecked_into)
                .collect()
        })
        .unwrap_or_default();
    if events.is_empty() {
        vec![event.clone()]
    } else {
        events
    }
}

/// How many fingers touch the screen.
pub fn touch_count(event: &JsValue) -> u32 {
    let count = get(event, "touches").and_then(|touches| get(&touches, "length"));
    count.and_then(|count| count.as_f64()).unwrap_or(0.0) as u32
}

/// Whether the browser shows elements over the page by itself.
pub fn has_popover() -> bool {
    let body = document().body();
    body.is_some_and(|body| method(&body, "showPopover").is_some())
}

/// Calls `tell` when the size of an element may have changed, until the present owner is cleaned up.
pub fn observe_size(element: &Element, tell: impl FnMut() + 'static) {
    let tell = Closure::<dyn FnMut()>::new(tell);
    match ResizeObserver::new(tell.as_ref().unchecked_ref()) {
        Ok(observer) => {
            observer.observe(element);
            let observer = StoredValue::new_local((observer, tell));
            on_cleanup(move || {
                observer.try_with_value(|(observer, _)| observer.disconnect());
            });
        }
        Err(_) => {
            let look = move || {
                let tell: &Function = tell.as_ref().unchecked_ref();
                // What looks at a size throws nothing.
                let _ = tell.call0(&JsValue::NULL);
            };
            if let Ok(interval) = set_interval_with_handle(look, LOOK_EVERY) {
                on_cleanup(move || interval.clear());
            }
        }
    }
}

/// Decodes a picture; without the options where the browser does not know them.
///
/// # Errors
/// What the browser says of a file that it cannot decode.
pub async fn decode(file: &Blob, options: &ImageBitmapOptions) -> Result<ImageBitmap, JsValue> {
    let window = window();
    if let Ok(promise) =
        window.create_image_bitmap_with_blob_and_image_bitmap_options(file, options)
        && let Ok(bitmap) = JsFuture::from(promise).await
    {
        return bitmap.dyn_into();
    }
    let promise = window.create_image_bitmap_with_blob(file)?;
    JsFuture::from(promise).await?.dyn_into()
}

/// Whether pages may decode pictures.
pub fn can_decode() -> bool {
    get(&window(), "createImageBitmap").is_some()
}

/// Puts an item into the clipboard, made of files by their types. `None` where pages cannot.
pub fn write_clipboard(files: &js_sys::Object) -> Option<Promise> {
    let clipboard = get(&window().navigator(), "clipboard")?;
    let write = method(&clipboard, "write")?;
    let item = ClipboardItem::new_with_record_from_str_to_blob_promise(files).ok()?;
    write
        .call1(&clipboard, &Array::of1(&item))
        .ok()?
        .dyn_into()
        .ok()
}
