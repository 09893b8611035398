//! `compact`, the net that the page ships: eight 3×3 convolutions in three stages, the last two of
//! which end with a residual block.
//!
//! | pixels | layers |
//! |---|---|
//! | 28×28 | convolution 1 → 32, convolution 32 → 32, max pooling |
//! | 14×14 | convolution 32 → 64, residual block of two convolutions 64 → 64, max pooling |
//! | 7×7 | convolution 64 → 128, residual block of two convolutions 128 → 128 |
//! | 1 | global average, dense 128 → 10 |
//!
//! Batch normalisation and ReLU follow each convolution. At export [`Model::fold`](super::Model::fold) turns the
//! normalisation into biases: what remains is eight convolutions, two poolings and one dense layer.

use super::layers::{ConvLayer, Dense, Statistics};
use crate::{
    class::CLASS_COUNT,
    ops::{global_average, max_pool},
};
use burn::{
    module::Module,
    tensor::{Device, Tensor},
};
use rand_chacha::ChaCha8Rng;

/// See the [module](self).
#[derive(Module, Debug)]
pub struct Compact {
    /// First layer, at 28×28 pixels.
    stem: ConvLayer,
    /// Second layer, at 28×28 pixels.
    early: ConvLayer,
    /// The stage at 14×14 pixels.
    middle: Stage,
    /// The stage at 7×7 pixels.
    late: Stage,
    /// From the averaged features to the classes.
    head: Dense,
}

/// A convolution that changes the number of channels, and a residual block.
#[derive(Module, Debug)]
struct Stage {
    widen: ConvLayer,
    first: ConvLayer,
    second: ConvLayer,
}

impl Stage {
    fn init(
        inputs: usize,
        outputs: usize,
        batch_norm: bool,
        rng: &mut ChaCha8Rng,
        device: &Device,
    ) -> Self {
        Self {
            widen: ConvLayer::init(inputs, outputs, batch_norm, rng, device),
            first: ConvLayer::init(outputs, outputs, batch_norm, rng, device),
            second: ConvLayer::init(outputs, outputs, batch_norm, rng, device),
        }
    }

    fn forward(&self, x: Tensor<4>, statistics: &mut Vec<Statistics>) -> Tensor<4> {
        let x = self.widen.forward(x, None, statistics);
        let y = self.first.forward(x.clone(), None, statistics);
        self.second.forward(y, Some(x), statistics)
    }
}

impl Compact {
    /// Random weights; `channels` at 28×28, 14×14 and 7×7 pixels.
    pub fn init(
        channels: [usize; 3],
        batch_norm: bool,
        rng: &mut ChaCha8Rng,
        device: &Device,
    ) -> Self {
        let [early, middle, late] = channels;
        Self {
            stem: ConvLayer::init(1, early, batch_norm, rng, device),
            early: ConvLayer::init(early, early, batch_norm, rng, device),
            middle: Stage::init(early, middle, batch_norm, rng, device),
            late: Stage::init(middle, late, batch_norm, rng, device),
            head: Dense::init(late, CLASS_COUNT, rng, device),
        }
    }

    /// What the head sees: the last stage, averaged over its places.
    ///
    /// # Shapes
    /// - x: `[batch, 28, 28, 1]`, normalised
    /// - output: `[batch, channels]`, and the statistics of each normalisation in order of the layers
    pub fn features(&self, x: Tensor<4>) -> (Tensor<2>, Vec<Statistics>) {
        let (x, statistics) = self.last_stage(x);
        (global_average(x), statistics)
    }

    /// The layer from the features to the logits.
    pub fn head(&self) -> &Dense {
        &self.head
    }

    /// The last stage's output before it is averaged, `[batch, 7, 7, channels]`, and the
    /// normalisations' statistics.
    pub fn last_stage(&self, x: Tensor<4>) -> (Tensor<4>, Vec<Statistics>) {
        let mut statistics = Vec::new();
        let x = self.stem.forward(x, None, &mut statistics);
        let x = max_pool(self.early.forward(x, None, &mut statistics)); // [batch, 14, 14, 32]
        let x = max_pool(self.middle.forward(x, &mut statistics)); // [batch, 7, 7, 64]
        let x = self.late.forward(x, &mut statistics); // [batch, 7, 7, 128]
        (x, statistics)
    }

    /// In order of the forward pass.
    pub(super) fn conv_layers_mut(&mut self) -> Vec<&mut ConvLayer> {
        let Self {
            stem,
            early,
            middle,
            late,
            ..
        } = self;
        vec![
            stem,
            early,
            &mut middle.widen,
            &mut middle.first,
            &mut middle.second,
            &mut late.widen,
            &mut late.first,
            &mut late.second,
        ]
    }
}
