//! The hyper-parameters of a run: flags on the command line, `config.json` in the run's folder.

use serde::{Deserialize, Serialize};

/// Everything that decides what a run yields, besides the data and the device.
#[derive(Debug, Clone, clap::Args, Serialize, Deserialize)]
pub struct TrainConfig {
    /// Passes over the training images
    #[arg(long, default_value_t = 30)]
    pub epochs: usize,
}
