//! A worker and the line to it: messages to and fro, and its end.

use super::words;
use js_sys::{Array, Reflect, Uint8Array};
use protocol::Message;
use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{ErrorEvent, MessageEvent, Worker};

/// A running worker; ended on drop, which may happen in `hear` and `end`.
pub struct Line {
    worker: Worker,
    /// The browser calls these as long as the worker lives.
    listeners: Option<Listeners>,
}

type Listeners = (
    Closure<dyn FnMut(MessageEvent)>,
    Closure<dyn FnMut(ErrorEvent)>,
);

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
        let worker = Worker::new(script).map_err(|error| {
            format!(
                "This browser lets the page start no worker ({}). Allow workers for this page, or use another browser.",
                words(&error)
            )
        })?;
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
            listeners: Some((on_message, on_error)),
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
        // One of them may be at work just now: they go once it is done.
        let listeners = self.listeners.take();
        spawn_local(async move { drop(listeners) });
    }
}

/// What an error event says. A worker that cannot be fetched gives an event without a message.
fn reason(event: &ErrorEvent) -> String {
    let message = Reflect::get(event, &"message".into()).ok();
    match message.and_then(|message| message.as_string()) {
        Some(message) if !message.is_empty() => said(&message),
        _ => "Its program could not be loaded, or this browser forbids workers.".to_owned(),
    }
}

/// Browsers put "Uncaught Error: " before what our scripts throw; any other error is the program's own.
fn said(message: &str) -> String {
    let message = message.strip_prefix("Uncaught ").unwrap_or(message);
    match message.strip_prefix("Error: ") {
        Some(ours) => ours.to_owned(),
        None => format!("an error in its program ended it ({message})"),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_browser_s_prefix_is_left_out() {
        let reason = super::said("Uncaught Error: worker-gpu.js could not be loaded");
        assert_eq!(reason, "worker-gpu.js could not be loaded");
        let reason = super::said("Uncaught RuntimeError: unreachable");
        assert_eq!(
            reason,
            "an error in its program ended it (RuntimeError: unreachable)"
        );
    }
}
