//! The Web Worker that holds the net: built once for the CPU, once (feature `gpu`) for WebGPU.
//!
//! It owns the net on its device and answers [`protocol::Request`]s, one message a request. It
//! fetches nothing: the page sends it the model's files. A panic ends it; the page starts another.

mod answer;
mod constructors;
mod scope;
#[cfg(feature = "train")]
pub mod teach;

use answer::Desk;
use protocol::{Message, Request, RequestId, Response};
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;

/// Listens for requests from now on, and tells the page so.
pub fn start() {
    constructors::run_once();
    scope::on_panic(|sentence| scope::send(RequestId(0), Response::Died { sentence }));
    let desk = Rc::new(Desk::default());
    scope::listen(move |bytes| {
        let desk = Rc::clone(&desk);
        spawn_local(async move { hear(&desk, &bytes).await });
    });
    scope::send(RequestId(0), Response::Started);
}

async fn hear(desk: &Desk, bytes: &[u8]) {
    match Message::<Request>::decode(bytes) {
        Ok(message) => scope::send(message.id, desk.answer(message.body).await),
        // Without its id no request can be answered: page and worker do not fit together.
        Err(error) => scope::send(
            RequestId(0),
            Response::Died {
                sentence: error.to_string(),
            },
        ),
    }
}
