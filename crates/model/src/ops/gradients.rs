//! What a device does for the operations' gradients, composed of burn's own operations unless it has
//! kernels of its own.

use super::{LayerOps, generic};
use burn::backend::{Backend, tensor::FloatTensor};
use burn::tensor::Shape;

/// The operations' gradients, on a device that records nothing.
pub trait Gradients: LayerOps {
    /// The gradients of a plain convolution with respect to its input and its weights, if wanted.
    fn conv_gradients(
        x: FloatTensor<Self>,
        weights: FloatTensor<Self>,
        dy: FloatTensor<Self>,
        wanted: Wanted,
    ) -> (Option<FloatTensor<Self>>, Option<FloatTensor<Self>>) {
        generic::conv_gradients::<Self>(x, weights, dy, wanted)
    }

    /// The gradients of [`LayerOps::conv_block`].
    fn conv_block_gradients(
        saved: SavedConv<Self>,
        dy: FloatTensor<Self>,
        wanted: Wanted,
    ) -> ConvGradients<Self> {
        let residual = match saved.cut {
            Some(y) => Self::relu_backward(y, dy),
            None => dy,
        };
        let (input, weights) =
            Self::conv_gradients(saved.x, saved.weights, residual.clone(), wanted);
        let sums = || generic::channel_sums::<Self>(residual.clone());
        ConvGradients {
            input,
            weights,
            bias: wanted.bias.then(sums),
            residual,
        }
    }

    /// The gradients of [`LayerOps::batch_norm_relu`].
    fn batch_norm_relu_gradients(
        saved: SavedNorm<Self>,
        dy: FloatTensor<Self>,
    ) -> NormGradients<Self> {
        generic::batch_norm_relu_gradients(saved, dy)
    }

    /// The gradient of [`LayerOps::max_pool`], from its input `x` and output `y`.
    fn max_pool_gradient(
        x: FloatTensor<Self>,
        y: FloatTensor<Self>,
        dy: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        let _ = y;
        generic::max_pool_gradient::<Self>(x, dy)
    }

    /// The gradient of [`LayerOps::global_average`] at an input of this `shape`.
    fn global_average_gradient(shape: Shape, dy: FloatTensor<Self>) -> FloatTensor<Self> {
        generic::global_average_gradient::<Self>(shape, dy)
    }

    /// The gradient of [`LayerOps::dense`] with respect to its input.
    fn dense_input_gradient(
        weights: FloatTensor<Self>,
        dy: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        generic::dense_input_gradient::<Self>(weights, dy)
    }

    /// The gradients of [`LayerOps::dense`] with respect to its weights and bias.
    fn dense_gradients(
        x: FloatTensor<Self>,
        dy: FloatTensor<Self>,
    ) -> (FloatTensor<Self>, FloatTensor<Self>) {
        generic::dense_gradients::<Self>(x, dy)
    }

    /// The gradient of [`LayerOps::cross_entropy`] with respect to the logits; `dy`: `[1]`.
    fn cross_entropy_gradient(
        logits: FloatTensor<Self>,
        targets: FloatTensor<Self>,
        dy: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        generic::cross_entropy_gradient::<Self>(logits, targets, dy)
    }
}

/// Which gradients of a convolution are wanted: what does not learn has none.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    /// That of the input: not the first layer's, nor the first's that learns.
    pub input: bool,
    /// That of the weights.
    pub weights: bool,
    /// That of the bias.
    pub bias: bool,
}

/// What the gradients of a convolution block are made from.
#[derive(Clone, Debug)]
pub struct SavedConv<B: Backend> {
    /// Input.
    pub x: FloatTensor<B>,
    /// Weights.
    pub weights: FloatTensor<B>,
    /// The output, where a ReLU cut it.
    pub cut: Option<FloatTensor<B>>,
}

/// The gradients of a convolution block.
#[derive(Clone, Debug)]
pub struct ConvGradients<B: Backend> {
    /// With respect to the input, if wanted.
    pub input: Option<FloatTensor<B>>,
    /// With respect to the weights, if wanted.
    pub weights: Option<FloatTensor<B>>,
    /// With respect to the bias, if wanted.
    pub bias: Option<FloatTensor<B>>,
    /// With respect to the residual.
    pub residual: FloatTensor<B>,
}

/// What the gradients of a batch normalisation are made from.
#[derive(Clone, Debug)]
pub struct SavedNorm<B: Backend> {
    /// Input.
    pub x: FloatTensor<B>,
    /// Output, after the ReLU.
    pub y: FloatTensor<B>,
    /// Scale.
    pub gamma: FloatTensor<B>,
    /// The batch's mean.
    pub mean: FloatTensor<B>,
    /// The batch's biased variance.
    pub variance: FloatTensor<B>,
}

/// The gradients of a batch normalisation.
#[derive(Clone, Debug)]
pub struct NormGradients<B: Backend> {
    /// With respect to the input.
    pub x: FloatTensor<B>,
    /// With respect to the scale.
    pub gamma: FloatTensor<B>,
    /// With respect to the shift.
    pub beta: FloatTensor<B>,
    /// With respect to the residual.
    pub residual: FloatTensor<B>,
}
