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

    /// What the head sees: the hidden layer's units.
    ///
    /// # Shapes
    /// - x: `[batch, 28, 28, 1]`, normalised
    /// - output: `[batch, hidden]`
    pub fn features(&self, x: Tensor<4>) -> Tensor<2> {
        let batch = x.dims()[0];
        self.hidden.forward_relu(x.reshape([batch, PIXELS]))
    }

    /// The layer from the features to the logits.
    pub fn head(&self) -> &Dense {
        &self.head
    }
}
