//! The layers' operations, as an extension of burn's backends.
//!
//! Each operation has up to five implementations: [`generic`], composed of burn's own operations, which
//! every device can run and which the tests take as the reference; [`flex`], by our kernels, on the
//! CPU; `webgpu`, by our kernels in WGSL, on the GPU; `remote`, by either on another machine; and
//! [`autodiff`], which records the gradients of any of them.
//!
//! Activations are channels last, `[batch, height, width, channels]`. Weights of a convolution are
//! one matrix, `[9 × inputs, outputs]`: the nine taps' matrices below each other, row by row.

#[cfg(feature = "train")]
mod autodiff;
mod flex;
pub mod generic;
mod gradients;
#[cfg(feature = "train")]
pub mod optimiser;
#[cfg(feature = "remote")]
pub mod remote;
#[cfg(feature = "wgpu")]
mod webgpu;

pub use gradients::{ConvGradients, Gradients, NormGradients, SavedConv, SavedNorm, Wanted};

use burn::backend::{Backend, Dispatch, ExtensionType, backend_extension, tensor::FloatTensor};
use burn::tensor::Tensor;

/// Added to a variance against division by zero.
pub const EPSILON: f64 = 1e-5;

/// A tensor that an operation can do without: burn's extensions know no `Option`.
#[derive(Clone, Debug, ExtensionType)]
pub enum Optional<B: Backend> {
    /// It is there.
    Given(FloatTensor<B>),
    /// It is not.
    Absent,
}

impl<B: Backend> From<Option<FloatTensor<B>>> for Optional<B> {
    fn from(tensor: Option<FloatTensor<B>>) -> Self {
        tensor.map_or(Self::Absent, Self::Given)
    }
}

impl<B: Backend> Optional<B> {
    /// The same as an `Option`.
    pub fn into_option(self) -> Option<FloatTensor<B>> {
        match self {
            Self::Given(tensor) => Some(tensor),
            Self::Absent => None,
        }
    }
}

/// What our layers need beyond burn's own operations.
#[backend_extension(
    Flex,
    Cube: cfg(feature = "wgpu"),
    Remote: cfg(feature = "remote"),
    Autodiff: cfg(feature = "train"),
)]
pub trait LayerOps: Backend {
    /// See [`prepare`].
    fn prepare(weights: FloatTensor<Self>) -> FloatTensor<Self> {
        weights
    }

    /// See [`conv_block`].
    fn conv_block(
        x: FloatTensor<Self>,
        weights: FloatTensor<Self>,
        #[extension_type] bias: Optional<Self>,
        #[extension_type] residual: Optional<Self>,
        relu: bool,
    ) -> FloatTensor<Self>;

    /// See [`batch_norm_relu`].
    fn batch_norm_relu(
        x: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        #[extension_type] residual: Optional<Self>,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>);

    /// See [`max_pool`].
    fn max_pool(x: FloatTensor<Self>) -> FloatTensor<Self>;

    /// See [`global_average`].
    fn global_average(x: FloatTensor<Self>) -> FloatTensor<Self>;

    /// See [`dense`].
    fn dense(
        x: FloatTensor<Self>,
        weights: FloatTensor<Self>,
        bias: FloatTensor<Self>,
    ) -> FloatTensor<Self>;

    /// See [`cross_entropy`].
    fn cross_entropy(logits: FloatTensor<Self>, targets: FloatTensor<Self>) -> FloatTensor<Self>;
}

/// Weights of a convolution, as this device wants them for many calls of [`conv_block`]: they can be
/// given to that and to nothing else. `weights`: `[9 × inputs, outputs]`.
pub fn prepare(weights: Tensor<2>) -> Tensor<2> {
    Tensor::from_dispatch(<Dispatch as LayerOps>::prepare(weights.into_dispatch()))
}

/// A 3×3 convolution of stride 1 and padding 1, and what follows it: `relu(conv(x) + bias +
/// residual)`, each part if asked for.
///
/// # Shapes
/// - x: `[batch, height, width, inputs]`
/// - weights: `[9 × inputs, outputs]` or what [`prepare`] made of them, bias: `[outputs]`
/// - residual and output: `[batch, height, width, outputs]`
pub fn conv_block(
    x: Tensor<4>,
    weights: Tensor<2>,
    bias: Option<Tensor<1>>,
    residual: Option<Tensor<4>>,
    relu: bool,
) -> Tensor<4> {
    Tensor::from_dispatch(<Dispatch as LayerOps>::conv_block(
        x.into_dispatch(),
        weights.into_dispatch(),
        bias.map(Tensor::into_dispatch).into(),
        residual.map(Tensor::into_dispatch).into(),
        relu,
    ))
}

/// Batch normalisation by the batch's own statistics, the residual added, and a ReLU. Yields the
/// output and the batch's mean and biased variance.
///
/// # Shapes
/// - x, residual and output: `[batch, height, width, channels]`
/// - gamma, beta, mean and variance: `[channels]`
pub fn batch_norm_relu(
    x: Tensor<4>,
    gamma: Tensor<1>,
    beta: Tensor<1>,
    residual: Option<Tensor<4>>,
) -> (Tensor<4>, Tensor<1>, Tensor<1>) {
    let (y, mean, variance) = <Dispatch as LayerOps>::batch_norm_relu(
        x.into_dispatch(),
        gamma.into_dispatch(),
        beta.into_dispatch(),
        residual.map(Tensor::into_dispatch).into(),
    );
    (
        Tensor::from_dispatch(y),
        Tensor::from_dispatch(mean),
        Tensor::from_dispatch(variance),
    )
}

/// 2×2 max pooling of stride 2; an odd last row or column is left out.
///
/// # Shapes
/// - x: `[batch, height, width, channels]`
/// - output: `[batch, height / 2, width / 2, channels]`
pub fn max_pool(x: Tensor<4>) -> Tensor<4> {
    Tensor::from_dispatch(<Dispatch as LayerOps>::max_pool(x.into_dispatch()))
}

/// The mean over an image's pixels.
///
/// # Shapes
/// - x: `[batch, height, width, channels]`
/// - output: `[batch, channels]`
pub fn global_average(x: Tensor<4>) -> Tensor<2> {
    Tensor::from_dispatch(<Dispatch as LayerOps>::global_average(x.into_dispatch()))
}

/// A dense layer: `x · weights + bias`.
///
/// # Shapes
/// - x: `[batch, inputs]`, weights: `[inputs, outputs]`, bias: `[outputs]`
/// - output: `[batch, outputs]`
pub fn dense(x: Tensor<2>, weights: Tensor<2>, bias: Tensor<1>) -> Tensor<2> {
    Tensor::from_dispatch(<Dispatch as LayerOps>::dense(
        x.into_dispatch(),
        weights.into_dispatch(),
        bias.into_dispatch(),
    ))
}

/// Mean cross-entropy in nats between the softmax of the logits and the targets, of which no gradient
/// is recorded.
///
/// # Shapes
/// - logits: `[batch, classes]`
/// - targets: `[batch, classes]`, each row a distribution
/// - output: `[1]`
pub fn cross_entropy(logits: Tensor<2>, targets: Tensor<2>) -> Tensor<1> {
    Tensor::from_dispatch(<Dispatch as LayerOps>::cross_entropy(
        logits.into_dispatch(),
        targets.into_dispatch(),
    ))
}

#[cfg(test)]
mod tests;
