//! The Web Workers as the browser has them: which device has one.

use super::line::Line;
use crate::session::Device;
use js_sys::{Reflect, global};
use protocol::{Message, Request, RequestId, Response};
use wasm_bindgen::JsCast;
use web_sys::Worker;

/// Where the start script leaves the CPU worker that it started ahead of the page.
const EARLY_WORKER: &str = "wardrobeWorker";

/// The workers that run now.
#[derive(Default)]
pub struct Workers([Option<Line>; 2]);

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
        let line = match early {
            Some(worker) => Line::to(worker, hear, end),
            None => Line::open(script(device), hear, end)?,
        };
        self.0[device as usize] = Some(line);
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
        self.0[device as usize] = None;
    }

    /// Sends a request; nothing happens if the worker has been stopped.
    ///
    /// # Errors
    /// When the browser refuses, in words.
    pub fn post(&self, device: Device, message: &Message<Request>) -> Result<(), String> {
        self.0[device as usize]
            .as_ref()
            .map_or(Ok(()), |line| line.post(message))
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
