//! The worker's side of the browser: hearing, sending, the clock.

use js_sys::{Array, Uint8Array};
use protocol::{Message, RequestId, Response};
use wasm_bindgen::prelude::*;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// Calls `hear` with the bytes of each message from now on.
pub(crate) fn listen(hear: impl Fn(Vec<u8>) + 'static) {
    let listener = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        hear(Uint8Array::new(&event.data()).to_vec());
    });
    scope().set_onmessage(Some(listener.as_ref().unchecked_ref()));
    // It listens as long as the worker lives.
    listener.forget();
}

/// Sends the page a response. What cannot be sent becomes an exception, which the page hears of too.
pub(crate) fn send(id: RequestId, body: Response) {
    let bytes = match (Message { id, body }).encode() {
        Ok(bytes) => Uint8Array::from(bytes.as_slice()),
        Err(error) => wasm_bindgen::throw_str(&error.to_string()),
    };
    let moved = Array::of1(&bytes.buffer());
    if let Err(error) = scope().post_message_with_transfer(&bytes, &moved) {
        wasm_bindgen::throw_val(error);
    }
}

/// Milliseconds since the worker started.
pub(crate) fn now() -> f64 {
    scope()
        .performance()
        .map_or(0.0, |performance| performance.now())
}
