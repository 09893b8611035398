//! The devices, and what the session asks of the browser.

use protocol::{Classified, Message, Request, RequestId};
use serde::{Deserialize, Serialize};

/// Where the net can be computed; each device is a worker of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Device {
    /// WebAssembly with SIMD.
    #[default]
    Cpu,
    /// WebGPU.
    Gpu,
}

impl Device {
    /// Both devices.
    pub const BOTH: [Self; 2] = [Self::Cpu, Self::Gpu];

    /// What the person reads.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cpu => "CPU",
            Self::Gpu => "WebGPU",
        }
    }

    /// What the page's `data-device` says.
    pub fn key(self) -> &'static str {
        match self {
            Self::Cpu => "cpu",
            Self::Gpu => "webgpu",
        }
    }
}

/// Which device the person wants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Choice {
    /// Whichever is faster here.
    #[default]
    Automatic,
    /// This one, whenever it works.
    Only(Device),
}

/// What the session asks of the browser.
#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    /// Make this device's worker.
    Start(Device),
    /// End this device's worker, if there is one.
    Stop(Device),
    /// Send the worker the model's files.
    Load(Device, RequestId),
    /// Send the worker a request.
    Post(Device, Message<Request>),
    /// Hand on what the photos of [`super::Session::classify`] show.
    Classified {
        /// One an image, in their order.
        images: Vec<Classified>,
        /// How long the net took for all, in milliseconds.
        milliseconds: f64,
        /// Where it was computed.
        device: Device,
    },
    /// Say that those photos cannot be classified, and why, in one sentence.
    NotClassified(String),
    /// Fetch the model's files once more, past the browser's cache: it may hold a damaged copy.
    FetchModel,
    /// The model that was to answer was refused; [`super::Session::answering`] says which one answers still.
    ModelRefused,
}
