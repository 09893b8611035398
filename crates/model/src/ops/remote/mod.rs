//! The operations on a device that another process lends, which burn reaches by its remote backend. What
//! there are kernels for is asked of the lender as a whole (burn calls this a custom operation) and run
//! by [`host`] there; the rest is composed of burn's own operations, which each goes over by itself.

mod call;
mod host;

pub use host::operations;

use super::{Gradients, LayerOps, NormGradients, Optional, SavedNorm, Wanted, generic};
use burn::backend::{Remote, TensorMetadata, tensor::FloatTensor};
use burn::tensor::Shape;
use call::{ask, ask_for};

/// The operations that are asked of a lender, by name.
mod name {
    pub const CONV_BLOCK: &str = "wardrobe.conv_block";
    pub const CONV_GRADIENTS: &str = "wardrobe.conv_gradients";
    pub const BATCH_NORM_RELU: &str = "wardrobe.batch_norm_relu";
    pub const BATCH_NORM_RELU_GRADIENTS: &str = "wardrobe.batch_norm_relu_gradients";
    pub const MAX_POOL: &str = "wardrobe.max_pool";
    pub const MAX_POOL_GRADIENT: &str = "wardrobe.max_pool_gradient";
}

impl LayerOps for Remote {
    fn conv_block(
        x: FloatTensor<Self>,
        weights: FloatTensor<Self>,
        bias: Optional<Self>,
        residual: Optional<Self>,
        relu: bool,
    ) -> FloatTensor<Self> {
        let [batch, height, width, _] = x.shape().dims();
        let shape = Shape::new([batch, height, width, weights.shape()[1]]);
        let (bias, residual) = (bias.into_option(), residual.into_option());
        let flags = [bias.is_some(), residual.is_some(), relu];
        let inputs = [Some(x), Some(weights), bias, residual];
        let [y] = ask(name::CONV_BLOCK, inputs, &flags, [shape]);
        y
    }

    fn batch_norm_relu(
        x: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        residual: Optional<Self>,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        let (shape, channels) = (x.shape(), gamma.shape());
        let residual = residual.into_option();
        let flags = [residual.is_some()];
        let inputs = [Some(x), Some(gamma), Some(beta), residual];
        let shapes = [shape, channels.clone(), channels];
        let [y, mean, variance] = ask(name::BATCH_NORM_RELU, inputs, &flags, shapes);
        (y, mean, variance)
    }

    fn max_pool(x: FloatTensor<Self>) -> FloatTensor<Self> {
        let [batch, height, width, channels] = x.shape().dims();
        let shape = Shape::new([batch, height / 2, width / 2, channels]);
        let [y] = ask(name::MAX_POOL, [Some(x)], &[], [shape]);
        y
    }

    fn global_average(x: FloatTensor<Self>) -> FloatTensor<Self> {
        generic::global_average::<Self>(x)
    }

    fn dense(
        x: FloatTensor<Self>,
        weights: FloatTensor<Self>,
        bias: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        generic::dense::<Self>(x, weights, bias)
    }

    fn cross_entropy(logits: FloatTensor<Self>, targets: FloatTensor<Self>) -> FloatTensor<Self> {
        generic::cross_entropy::<Self>(logits, targets)
    }
}

impl Gradients for Remote {
    fn conv_gradients(
        x: FloatTensor<Self>,
        weights: FloatTensor<Self>,
        dy: FloatTensor<Self>,
        wanted: Wanted,
    ) -> (Option<FloatTensor<Self>>, Option<FloatTensor<Self>>) {
        let flags = [wanted.input, wanted.weights];
        let shapes = [
            wanted.input.then(|| x.shape()),
            wanted.weights.then(|| weights.shape()),
        ];
        let shapes = shapes.into_iter().flatten().collect();
        let inputs = [x, weights, dy].map(Some);
        let mut gradients = ask_for(name::CONV_GRADIENTS, inputs, &flags, shapes).into_iter();
        let mut next_if = |wanted: bool| if wanted { gradients.next() } else { None };
        (next_if(wanted.input), next_if(wanted.weights))
    }

    fn batch_norm_relu_gradients(
        saved: SavedNorm<Self>,
        dy: FloatTensor<Self>,
    ) -> NormGradients<Self> {
        let SavedNorm {
            x,
            y,
            gamma,
            mean,
            variance,
        } = saved;
        let (shape, channels) = (x.shape(), gamma.shape());
        let shapes = [shape.clone(), channels.clone(), channels, shape];
        let inputs = [x, y, gamma, mean, variance, dy].map(Some);
        let [x, gamma, beta, residual] = ask(name::BATCH_NORM_RELU_GRADIENTS, inputs, &[], shapes);
        NormGradients {
            x,
            gamma,
            beta,
            residual,
        }
    }

    fn max_pool_gradient(
        x: FloatTensor<Self>,
        y: FloatTensor<Self>,
        dy: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        let shape = x.shape();
        let inputs = [x, y, dy].map(Some);
        let [dx] = ask(name::MAX_POOL_GRADIENT, inputs, &[], [shape]);
        dx
    }
}
