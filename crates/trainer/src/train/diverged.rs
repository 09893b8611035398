//! A run that has diverged: its loss or its weights are not finite.

use std::fmt;

use anyhow::{Result, anyhow};
use burn::tensor::read_sync;
use model::{net::Model, weights};

/// What a shell is told then; a search for settings goes on without such a run.
pub const STATUS: u8 = 3;

/// Training went wrong: what is learnt from here on would be nothing.
#[derive(Clone, Copy, Debug)]
pub struct Diverged {
    /// The step, counted from 1.
    pub step: usize,
    /// What is not finite, and "is" or "are".
    what: &'static str,
}

impl Diverged {
    /// The loss of the step before which `steps` were taken.
    ///
    /// # Errors
    /// Where it is not finite.
    pub fn check(loss: f64, steps: usize) -> Result<f64, Diverged> {
        match loss.is_finite() {
            true => Ok(loss),
            false => Err(Diverged {
                step: steps + 1,
                what: "the loss is",
            }),
        }
    }

    /// Checks the weights after `steps` steps. A folded net's hold the statistics of its normalisations.
    ///
    /// # Errors
    /// Where one is not finite in half precision, or the device fails.
    pub fn check_weights(net: &Model, steps: usize) -> Result<()> {
        let tensors = read_sync(net.to_tensors());
        let tensors = tensors.map_err(|e| anyhow!("the weights cannot be read back: {e}"))?;
        match weights::are_finite(&tensors) {
            true => Ok(()),
            false => Err(Diverged {
                step: steps,
                what: "the weights are",
            }
            .into()),
        }
    }
}

impl fmt::Display for Diverged {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "training went wrong at step {}: {} not finite; choose a lower --learning-rate, \
             and with muon --adamw-learning-rate",
            self.step, self.what
        )
    }
}

impl std::error::Error for Diverged {}

#[cfg(test)]
mod tests {
    use super::*;
    use model::net::{Config, cpu_device};

    #[test]
    fn weights_that_cannot_be_stored_are_found() -> Result<()> {
        let net = Config::Mlp { hidden: 2 }.init(1, &cpu_device());
        Diverged::check_weights(&net, 7)?;
        let mut tensors = read_sync(net.to_tensors()).map_err(anyhow::Error::msg)?;
        for odd in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 7e4] {
            tensors[0].values[5] = odd;
            let net = net.clone().with_tensors(tensors.clone())?;
            let error = Diverged::check_weights(&net, 7).expect_err("it is found");
            assert_eq!(error.downcast_ref::<Diverged>().map(|d| d.step), Some(7));
        }
        Ok(())
    }
}
