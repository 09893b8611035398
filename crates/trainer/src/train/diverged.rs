//! A run whose loss is no number any more.

use std::fmt;

/// What a shell is told then; a search for settings goes on without such a run.
pub const STATUS: u8 = 3;

/// Training went wrong: what is learnt from here on would be nothing.
#[derive(Clone, Copy, Debug)]
pub struct Diverged {
    /// The step, counted from 1.
    pub step: usize,
}

impl Diverged {
    /// The loss of the step before which `steps` were taken.
    ///
    /// # Errors
    /// Where it is not finite.
    pub fn check(loss: f64, steps: usize) -> Result<f64, Diverged> {
        match loss.is_finite() {
            true => Ok(loss),
            false => Err(Diverged { step: steps + 1 }),
        }
    }
}

impl fmt::Display for Diverged {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "training went wrong at step {}: the loss is not finite; choose a lower --learning-rate, \
             and with muon --adamw-learning-rate",
            self.step
        )
    }
}

impl std::error::Error for Diverged {}
