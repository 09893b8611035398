//! A worker and the line to it: messages to and fro, and its end.

use super::words;
use js_sys::{Array, Reflect, Uint8Array};
use protocol::Message;
use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen::prelude::*;
use web_sys::{ErrorEvent, MessageEvent, Worker};

/// A running worker; ended on drop.
pub struct Line {
    worker: Worker,
    // The browser calls these as long as the worker lives.
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(ErrorEvent)>,
}

impl Line {
    /// Starts the worker of a script. `hear` gets its messages, `end` the reason when it ends by itself.
    ///
    /// # Errors
    /// When the browser makes no worker, in words.
    pub fn open<T: DeserializeOwned>(
        script: &str,
        hear: impl Fn(Message<T>) + 'static,
        end: impl Fn(String) + Clone + 'static,
    ) -> Result<Self, String> {
        let worker = Worker::new(script).map_err(|error| words(&error))?;
        Ok(Self::to(worker, hear, end))
    }

    /// The line to a worker that runs already.
    pub fn to<T: DeserializeOwned>(
        worker: Worker,
        hear: impl Fn(Message<T>) + 'static,
        end: impl Fn(String) + Clone + 'static,
    ) -> Self {
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
        Self {
            worker,
            _on_message: on_message,
            _on_error: on_error,
        }
    }

    /// Sends a message.
    ///
    /// # Errors
    /// When the browser refuses, in words.
    pub fn post<T: Serialize>(&self, message: &Message<T>) -> Result<(), String> {
        let bytes = message.encode().map_err(|error| error.to_string())?;
        let bytes = Uint8Array::from(bytes.as_slice());
        let moved = Array::of1(&bytes.buffer());
        let posted = self.worker.post_message_with_transfer(&bytes, &moved);
        posted.map_err(|error| words(&error))
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

/// What an error event says. A worker that cannot be fetched gives an event without a message.
fn reason(event: &ErrorEvent) -> String {
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
