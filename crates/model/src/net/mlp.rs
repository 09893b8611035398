//! `mlp`: flatten, one hidden dense layer with ReLU, dense.

use super::layers::Dense;
use crate::{class::CLASS_COUNT, image::PIXELS};
use burn::{
    module::Module,
    tensor::{Device, Tensor},
};
use rand_chacha::ChaCha8Rng;

/// See the [module](self).
#[derive(Module, Debug)]
pub struct Mlp {
    hidden: Dense,
    head: Dense,
}

impl Mlp {
    /// Random weights.
    pub fn init(hidden: usize, rng: &mut ChaCha8Rng, device: &Device) -> Self {
        Self {
            hidden: Dense::init(PIXELS, hidden, rng, device),
            head: Dense::init(hidden, CLASS_COUNT, rng, device),
        }
    }

    /// Logits.
    ///
    /// # Shapes
    /// - x: `[batch, 28, 28, 1]`, normalised
    /// - output: `[batch, 10]`
    pub fn forward(&self, x: Tensor<4>) -> Tensor<2> {
        let batch = x.dims()[0];
        self.head
            .forward(self.hidden.forward_relu(x.reshape([batch, PIXELS])))
    }
}
