//! `small-cnn`: two blocks of a 3×3 convolution with ReLU and a max pooling, then two dense layers.

use super::layers::{ConvLayer, Dense, Statistics};
use crate::{class::CLASS_COUNT, image::SIDE, ops::max_pool};
use burn::{
    module::Module,
    tensor::{Device, Tensor},
};
use rand_chacha::ChaCha8Rng;

/// Height and width after two poolings.
const POOLED: usize = SIDE / 4;

/// See the [module](self).
#[derive(Module, Debug)]
pub struct SmallCnn {
    first: ConvLayer,
    second: ConvLayer,
    hidden: Dense,
    head: Dense,
}

impl SmallCnn {
    /// Random weights; `filters` of the first and the second convolution.
    pub fn init(
        filters: [usize; 2],
        hidden: usize,
        batch_norm: bool,
        rng: &mut ChaCha8Rng,
        device: &Device,
    ) -> Self {
        let [first, second] = filters;
        Self {
            first: ConvLayer::init(1, first, batch_norm, rng, device),
            second: ConvLayer::init(first, second, batch_norm, rng, device),
            hidden: Dense::init(POOLED * POOLED * second, hidden, rng, device),
            head: Dense::init(hidden, CLASS_COUNT, rng, device),
        }
    }

    /// What the head sees: the hidden dense layer's units.
    ///
    /// # Shapes
    /// - x: `[batch, 28, 28, 1]`, normalised
    /// - output: `[batch, hidden]`, and the statistics of each normalisation in order of the layers
    pub fn features(&self, x: Tensor<4>) -> (Tensor<2>, Vec<Statistics>) {
        let mut statistics = Vec::new();
        let x = max_pool(self.first.forward(x, None, &mut statistics)); // [batch, 14, 14, filters]
        let x = max_pool(self.second.forward(x, None, &mut statistics)); // [batch, 7, 7, filters]
        (self.hidden.forward_relu(x.flatten(1, 3)), statistics)
    }

    /// The layer from the features to the logits.
    pub fn head(&self) -> &Dense {
        &self.head
    }

    /// In order of the forward pass.
    pub(super) fn conv_layers_mut(&mut self) -> Vec<&mut ConvLayer> {
        vec![&mut self.first, &mut self.second]
    }
}
