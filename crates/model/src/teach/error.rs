//! What can go wrong in training.

use thiserror::Error;

/// Why a net cannot be taught, or not on.
#[derive(Clone, Debug, Error)]
pub enum TeachError {
    /// There is nothing to learn.
    #[error("There is nothing to learn from: label some drawings first.")]
    NoExamples,
    /// A setting makes no sense.
    #[error("{sentence}")]
    Setting {
        /// What is wrong, as a sentence.
        sentence: String,
    },
    /// The loss or a weight is not finite.
    #[error(
        "Training went wrong at step {step}: the loss or the weights are not finite. Choose a smaller learning rate."
    )]
    Diverged {
        /// The step, counted from 1.
        step: usize,
    },
    /// The device gave nothing back.
    #[error("The device stopped in the middle of a step: {reason}")]
    Device {
        /// What the device's driver said.
        reason: String,
    },
    /// A checkpoint is of another version, another net, or damaged.
    #[error("The saved training cannot be taken up again ({reason}): start it anew.")]
    BadCheckpoint {
        /// What is wrong with it.
        reason: String,
    },
}
