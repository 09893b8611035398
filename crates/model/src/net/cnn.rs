//! `cnn`: three 3×3 convolutions with ReLU, max pooling after the first two, two dense layers.

use super::layers::{ConvLayer, Dense};
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
pub struct Cnn {
    first: ConvLayer,
    second: ConvLayer,
    third: ConvLayer,
    hidden: Dense,
    head: Dense,
}

impl Cnn {
    /// Random weights.
    pub fn init(filters: usize, hidden: usize, rng: &mut ChaCha8Rng, device: &Device) -> Self {
        Self {
            first: ConvLayer::init(1, filters, false, rng, device),
            second: ConvLayer::init(filters, filters, false, rng, device),
            third: ConvLayer::init(filters, filters, false, rng, device),
            hidden: Dense::init(POOLED * POOLED * filters, hidden, rng, device),
            head: Dense::init(hidden, CLASS_COUNT, rng, device),
        }
    }

    /// What the head sees: the hidden dense layer's units.
    ///
    /// # Shapes
    /// - x: `[batch, 28, 28, 1]`, normalised
    /// - output: `[batch, hidden]`
    pub fn features(&self, x: Tensor<4>) -> Tensor<2> {
        let none = &mut Vec::new();
        let x = max_pool(self.first.forward(x, None, none)); // [batch, 14, 14, filters]
        let x = max_pool(self.second.forward(x, None, none)); // [batch, 7, 7, filters]
        let x = self.third.forward(x, None, none);
        let [batch, height, width, filters] = x.dims();
        let x = x.reshape([batch, height * width * filters]);
        self.hidden.forward_relu(x)
    }

    /// The layer from the features to the logits.
    pub fn head(&self) -> &Dense {
        &self.head
    }

    /// The net for inference alone, its weights as the device wants them.
    pub fn prepared(&self) -> Self {
        Self {
            first: self.first.prepared(),
            second: self.second.prepared(),
            third: self.third.prepared(),
            ..self.clone()
        }
    }
}
