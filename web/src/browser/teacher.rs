//! The worker that teaches, as the browser has it.

use super::{line::reason, words};
use crate::session::Device;
use js_sys::{Array, Uint8Array};
use leptos::prelude::set_timeout;
use protocol::teach::{Order, Report};
use protocol::{Message, RequestId};
use wasm_bindgen::prelude::*;
use web_sys::{ErrorEvent, MessageEvent, Worker};

/// A worker that runs; it ends when this is dropped.
pub struct Teacher {
    worker: Worker,
    // The browser calls these as long as the worker lives.
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(ErrorEvent)>,
}

impl Teacher {
    /// Makes this device's worker. `hear` gets its reports, `end` the reason when it ends by itself.
    ///
    /// # Errors
    /// When the browser makes no worker, in words.
    pub fn start(
        device: Device,
        hear: impl Fn(Report) + Clone + 'static,
        end: impl Fn(String) + Clone + 'static,
    ) -> Result<Self, String> {
        let worker = Worker::new(script(device)).map_err(|error| words(&error))?;
        let end = move |reason| later(&end, reason);
        let ended = end.clone();
        let on_message = Closure::new(move |event: MessageEvent| {
            match Message::<Report>::decode(&Uint8Array::new(&event.data()).to_vec()) {
                Ok(message) => later(&hear, message.body),
                Err(error) => ended(error.to_string()),
            }
        });
        let on_error = Closure::new(move |event: ErrorEvent| end(reason(&event)));
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        Ok(Self {
            worker,
            _on_message: on_message,
            _on_error: on_error,
        })
    }

    /// Sends an order.
    ///
    /// # Errors
    /// When the browser refuses, in words.
    pub fn post(&self, order: Order) -> Result<(), String> {
        let message = Message {
            id: RequestId(0),
            body: order,
        };
        let bytes = message.encode().map_err(|error| error.to_string())?;
        let bytes = Uint8Array::from(bytes.as_slice());
        let moved = Array::of1(&bytes.buffer());
        let posted = self.worker.post_message_with_transfer(&bytes, &moved);
        posted.map_err(|error| words(&error))
    }
}

fn script(device: Device) -> &'static str {
    match device {
        Device::Cpu => "worker.js?teach",
        Device::Gpu => "worker.js?teach-gpu",
    }
}

/// Calls `listener` once the present event has been dealt with: the worker may be replaced by what it does,
/// which must not happen within its own listener.
fn later<T: 'static>(listener: &(impl Fn(T) + Clone + 'static), heard: T) {
    let listener = listener.clone();
    set_timeout(move || listener(heard), std::time::Duration::ZERO);
}

impl Drop for Teacher {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}
