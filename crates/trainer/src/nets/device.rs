//! Devices by name.

use std::fmt;

#[cfg(feature = "wgpu")]
use anyhow::Context;
use anyhow::Result;
use burn::tensor::Device;
use clap::ValueEnum;
use serde::{Deserialize, Serialize};

#[cfg(not(feature = "wgpu"))]
use crate::usage::UsageError;

/// What computes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DeviceName {
    /// The processor, on all its cores
    Cpu,
    /// The graphics card
    Wgpu,
}

impl DeviceName {
    /// The device itself. To be called once: a graphics card starts only once in a process.
    ///
    /// # Errors
    /// If this build has no support for it, or there is none.
    pub fn start(self) -> Result<Device> {
        match self {
            DeviceName::Cpu => Ok(model::net::cpu_device()),
            #[cfg(feature = "wgpu")]
            DeviceName::Wgpu => pollster::block_on(model::net::gpu_device())
                .context("there is no usable graphics card: use --device cpu"),
            #[cfg(not(feature = "wgpu"))]
            DeviceName::Wgpu => Err(UsageError::new(
                "this build cannot use the graphics card: \
                 start it as `cargo run -p trainer --features wgpu -- --device wgpu`",
            )
            .into()),
        }
    }
}

impl fmt::Display for DeviceName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            DeviceName::Cpu => "cpu",
            DeviceName::Wgpu => "wgpu",
        })
    }
}
