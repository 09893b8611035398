//! The worker's side of the browser: hearing, sending, the clock.

use js_sys::{Array, Uint8Array};
use protocol::{Message, RequestId};
use serde::Serialize;
use wasm_bindgen::prelude::*;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

/// The worker as the browser sees it.
pub fn global() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// Calls `hear` with the bytes of each message from now on.
pub fn listen(hear: impl Fn(Vec<u8>) + 'static) {
    let listener = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        hear(Uint8Array::new(&event.data()).to_vec());
    });
    global().set_onmessage(Some(listener.as_ref().unchecked_ref()));
    // It listens as long as the worker lives.
    listener.forget();
}

/// Calls `tell` with a panic's last words.
pub(crate) fn on_panic(tell: impl Fn(String) + Send + Sync + 'static) {
    std::panic::set_hook(Box::new(move |panic| {
        console_error_panic_hook::hook(panic);
        // What went wrong stands in the console; the person cannot do anything with it.
        tell("An error in its program ended it.".to_owned());
    }));
}

/// Bytes of memory that this program has taken.
#[cfg(feature = "train")]
pub(crate) fn memory_bytes() -> u32 {
    #[cfg(target_arch = "wasm32")]
    {
        const PAGE: usize = 65_536;
        u32::try_from(PAGE.saturating_mul(core::arch::wasm32::memory_size::<0>()))
            .unwrap_or(u32::MAX)
    }
    #[cfg(not(target_arch = "wasm32"))]
    0
}

/// Lets the messages in that wait: an order may be among them.
#[cfg(feature = "train")]
pub(crate) async fn breathe() {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        // A scope without a clock has no messages that could wait.
        let _ = global().set_timeout_with_callback(&resolve);
    });
    // The promise is never rejected.
    let _ = wasm_bindgen_futures::JsFuture::from(promise).await;
}

/// Sends the page a response. What cannot be sent becomes an exception, which the page hears of too.
pub fn send<T: Serialize>(id: RequestId, body: T) {
    let bytes = match (Message { id, body }).encode() {
        Ok(bytes) => Uint8Array::from(bytes.as_slice()),
        Err(error) => wasm_bindgen::throw_str(&error.to_string()),
    };
    let moved = Array::of1(&bytes.buffer());
    if let Err(error) = global().post_message_with_transfer(&bytes, &moved) {
        wasm_bindgen::throw_val(error);
    }
}

/// Milliseconds since the worker started.
pub fn now() -> f64 {
    global()
        .performance()
        .map_or(0.0, |performance| performance.now())
}
