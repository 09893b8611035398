//! The training loop.

pub mod config;

use anyhow::{Result, bail};

use crate::training::Run;

/// Trains.
///
/// # Errors
/// Always, so far.
pub fn run(_run: Run) -> Result<()> {
    bail!("training is not there yet")
}
