//! A worker that holds the net.

use crate::answer::Desk;
use crate::{prepare, scope};
use protocol::{Message, Request, RequestId, Response};
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;

/// Listens for requests from now on, and tells the page so.
pub fn start() {
    prepare(|sentence| Response::Died { sentence });
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
