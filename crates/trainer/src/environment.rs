//! How and where a run was started.

use std::num::NonZero;

use serde::Serialize;

use crate::cli::Shared;
use crate::nets::DeviceName;

/// How and where a run was started, kept in its folder as `environment.json`.
#[derive(Debug, Serialize)]
pub struct Environment {
    command: Vec<String>,
    version: &'static str,
    device: DeviceName,
    cores: usize,
    system: &'static str,
    processor: &'static str,
}

impl Environment {
    /// This process.
    pub fn here(shared: &Shared) -> Environment {
        Environment {
            // For a person to read: what is no UTF-8 in a path has no place in JSON.
            command: std::env::args_os()
                .map(|word| word.to_string_lossy().into_owned())
                .collect(),
            version: env!("CARGO_PKG_VERSION"),
            device: shared.device,
            cores: std::thread::available_parallelism().map_or(1, NonZero::get),
            system: std::env::consts::OS,
            processor: std::env::consts::ARCH,
        }
    }
}
