//! The worker that teaches, as the browser has it.

use super::line::Line;
use crate::session::Device;
use protocol::teach::{Order, Report};
use protocol::{Message, RequestId};

/// A worker that runs; it ends when this is dropped.
pub struct Teacher(Line);

impl Teacher {
    /// Makes this device's worker. `hear` gets its reports, `end` the reason when it ends by itself.
    ///
    /// # Errors
    /// When the browser makes no worker, in words.
    pub fn start(
        device: Device,
        hear: impl Fn(Report) + 'static,
        end: impl Fn(String) + Clone + 'static,
    ) -> Result<Self, String> {
        let hear = move |message: Message<Report>| hear(message.body);
        Line::open(script(device), hear, end).map(Self)
    }

    /// Sends an order.
    ///
    /// # Errors
    /// When the browser refuses, in words.
    pub fn post(&self, order: Order) -> Result<(), String> {
        self.0.post(&Message {
            id: RequestId(0),
            body: order,
        })
    }
}

fn script(device: Device) -> &'static str {
    match device {
        Device::Cpu => "worker.js?teach",
        Device::Gpu => "worker.js?teach-gpu",
    }
}
