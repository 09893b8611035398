//! The Web Workers as the browser has them: making, posting, hearing, ending.

use super::words;
use crate::session::Device;
use js_sys::{Array, Reflect, Uint8Array, global};
use protocol::{Message, Request, RequestId, Response};
use wasm_bindgen::prelude::*;
use web_sys::{ErrorEvent, MessageEvent, Worker};

/// Where the start script leaves the CPU worker that it started ahead of the page.
const EARLY_WORKER: &str = "wardrobeWorker";

/// The workers that run now.
#[derive(Default)]
pub struct Workers([Option<Running>; 2]);

struct Running {
    worker: Worker,
    // The browser calls these as long as the worker lives.
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(ErrorEvent)>,
}

impl Workers {
    /// Makes this device's worker. `hear` gets its messages, `end` the reason when it ends by itself.
    ///
    /// # Errors
    /// When the browser makes no worker, in words.
    pub fn start(
        &mut self,
        device: Device,
        hear: impl Fn(Message<Response>) + 'static,
        end: impl Fn(String) + Clone + 'static,
    ) -> Result<(), String> {
        self.stop(device);
        let early = if device == Device::Cpu {
            take_early_worker()
        } else {
            None
        };
        let is_early = early.is_some();
        let worker = match early {
            Some(worker) => worker,
            None => Worker::new(script(device)).map_err(|error| words(&error))?,
        };
        let ended = end.clone();
        let on_message = Closure::new(move |event: MessageEvent| {
            match Message::decode(&Uint8Array::new(&event.data()).to_vec()) {
                Ok(message) => hear(message),
                Err(error) => ended(error.to_string()),
            }
        });
        let on_error = Closure::new(move |event: ErrorEvent| {
            end(reason(&event));
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        self.0[device as usize] = Some(Running {
            worker,
            _on_message: on_message,
            _on_error: on_error,
        });
        if is_early {
            // Its first word may have come before anybody listened; its answer tells as much.
            self.post(
                device,
                &Message {
                    id: RequestId(0),
                    body: Request::Ping,
                },
            )?;
        }
        Ok(())
    }

    /// Ends this device's worker, if there is one.
    pub fn stop(&mut self, device: Device) {
        if let Some(running) = self.0[device as usize].take() {
            running.worker.set_onmessage(None);
            running.worker.set_onerror(None);
            running.worker.terminate();
        }
    }

    /// Sends a request; nothing happens if the worker has been stopped.
    ///
    /// # Errors
    /// When the browser refuses, in words.
    pub fn post(&self, device: Device, message: &Message<Request>) -> Result<(), String> {
        let Some(running) = &self.0[device as usize] else {
            return Ok(());
        };
        let bytes = message.encode().map_err(|error| error.to_string())?;
        let bytes = Uint8Array::from(bytes.as_slice());
        let moved = Array::of1(&bytes.buffer());
        let posted = running.worker.post_message_with_transfer(&bytes, &moved);
        posted.map_err(|error| words(&error))
    }
}

fn script(device: Device) -> &'static str {
    match device {
        Device::Cpu => "worker.js?cpu",
        Device::Gpu => "worker.js?gpu",
    }
}

fn take_early_worker() -> Option<Worker> {
    let worker = Reflect::get(&global(), &EARLY_WORKER.into())
        .ok()?
        .dyn_into()
        .ok()?;
    Reflect::delete_property(&global(), &EARLY_WORKER.into()).ok()?;
    Some(worker)
}

/// What an error event says. A worker that cannot be fetched gives an event without a message.
pub(super) fn reason(event: &ErrorEvent) -> String {
    let message = Reflect::get(event, &"message".into()).ok();
    match message.and_then(|message| message.as_string()) {
        Some(message) if !message.is_empty() => without_prefix(&message).to_owned(),
        _ => "Its program could not be loaded.".to_owned(),
    }
}

/// Browsers put "Uncaught Error: " before what was thrown.
fn without_prefix(message: &str) -> &str {
    let message = message.strip_prefix("Uncaught ").unwrap_or(message);
    message.strip_prefix("Error: ").unwrap_or(message)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_browser_s_prefix_is_left_out() {
        let reason = super::without_prefix("Uncaught Error: worker-gpu.js could not be loaded");
        assert_eq!(reason, "worker-gpu.js could not be loaded");
        assert_eq!(super::without_prefix("unreachable"), "unreachable");
    }
}
