//! The operations composed of burn's own: what a device without kernels of ours runs, and the
//! reference that the kernels are tested against.
//!
//! burn's convolutions and poolings want channels first; a permutation is a change of strides.

use super::{EPSILON, NormGradients, SavedNorm, Wanted};
use burn::backend::{Backend, TensorMetadata, ops::ConvOptions, tensor::FloatTensor};
use burn::tensor::{IntDType, Shape};

/// Channels last to channels first.
const TO_FIRST: [usize; 4] = [0, 3, 1, 2];

/// Channels first to channels last.
const TO_LAST: [usize; 4] = [0, 2, 3, 1];

fn conv_options() -> ConvOptions<2> {
    ConvOptions::new([1, 1], [1, 1], [1, 1], 1)
}

/// `[9 × inputs, outputs]` as burn wants it: `[outputs, inputs, 3, 3]`.
fn weights_to_burn<B: Backend>(weights: FloatTensor<B>) -> FloatTensor<B> {
    let [rows, outputs] = weights.shape().dims();
    let weights = B::float_reshape(weights, Shape::new([3, 3, rows / 9, outputs]));
    B::float_permute(weights, &[3, 2, 0, 1])
}

/// See [`super::conv_block`].
pub fn conv_block<B: Backend>(
    x: FloatTensor<B>,
    weights: FloatTensor<B>,
    bias: Option<FloatTensor<B>>,
    residual: Option<FloatTensor<B>>,
    relu: bool,
) -> FloatTensor<B> {
    let x = B::float_permute(x, &TO_FIRST);
    let y = B::conv2d(x, weights_to_burn::<B>(weights), bias, conv_options());
    let y = B::float_permute(y, &TO_LAST);
    let y = match residual {
        Some(residual) => B::float_add(y, residual),
        None => y,
    };
    if relu { B::relu(y) } else { y }
}

/// See [`super::Gradients::conv_gradients`].
pub fn conv_gradients<B: Backend>(
    x: FloatTensor<B>,
    weights: FloatTensor<B>,
    dy: FloatTensor<B>,
    wanted: Wanted,
) -> (Option<FloatTensor<B>>, Option<FloatTensor<B>>) {
    let shape = weights.shape();
    let weights = weights_to_burn::<B>(weights);
    let (x, dy) = (
        B::float_permute(x, &TO_FIRST),
        B::float_permute(dy, &TO_FIRST),
    );
    let dx = wanted.input.then(|| {
        let dx = B::conv2d_x_backward(x.clone(), weights.clone(), dy.clone(), conv_options());
        B::float_permute(dx, &TO_LAST)
    });
    let dw = wanted.weights.then(|| {
        let dw = B::conv2d_weight_backward(x, weights, dy, conv_options());
        B::float_reshape(B::float_permute(dw, &[2, 3, 1, 0]), shape)
    });
    (dx, dw)
}

/// See [`super::batch_norm_relu`].
pub fn batch_norm_relu<B: Backend>(
    x: FloatTensor<B>,
    gamma: FloatTensor<B>,
    beta: FloatTensor<B>,
    residual: Option<FloatTensor<B>>,
) -> (FloatTensor<B>, FloatTensor<B>, FloatTensor<B>) {
    let result = B::batch_norm_train(B::float_permute(x, &TO_FIRST), gamma, beta, EPSILON);
    let y = B::float_permute(result.output, &TO_LAST);
    let y = match residual {
        Some(residual) => B::float_add(y, residual),
        None => y,
    };
    (B::relu(y), result.mean, result.variance)
}

/// See [`super::Gradients::batch_norm_relu_gradients`].
pub fn batch_norm_relu_gradients<B: Backend>(
    saved: SavedNorm<B>,
    dy: FloatTensor<B>,
) -> NormGradients<B> {
    let SavedNorm {
        x,
        y,
        gamma,
        mean,
        variance,
    } = saved;
    let masked = B::relu_backward(y, dy);
    let (x, dy) = (
        B::float_permute(x, &TO_FIRST),
        B::float_permute(masked.clone(), &TO_FIRST),
    );
    let result = B::batch_norm_train_backward(x, gamma, mean, variance, EPSILON, dy);
    NormGradients {
        x: B::float_permute(result.x_grad, &TO_LAST),
        gamma: result.gamma_grad,
        beta: result.beta_grad,
        residual: masked,
    }
}

/// See [`super::max_pool`].
pub fn max_pool<B: Backend>(x: FloatTensor<B>) -> FloatTensor<B> {
    let x = B::float_permute(x, &TO_FIRST);
    let y = B::max_pool2d(x, [2, 2], [2, 2], [0, 0], [1, 1], false);
    B::float_permute(y, &TO_LAST)
}

/// See [`super::Gradients::max_pool_gradient`].
pub fn max_pool_gradient<B: Backend>(x: FloatTensor<B>, dy: FloatTensor<B>) -> FloatTensor<B> {
    let (x, dy) = (
        B::float_permute(x, &TO_FIRST),
        B::float_permute(dy, &TO_FIRST),
    );
    let (window, none, one) = ([2, 2], [0, 0], [1, 1]);
    let pooled =
        B::max_pool2d_with_indices(x.clone(), window, window, none, one, false, IntDType::I32);
    let dx = B::max_pool2d_with_indices_backward(
        x,
        window,
        window,
        none,
        one,
        false,
        dy,
        pooled.indices,
    );
    B::float_permute(dx.x_grad, &TO_LAST)
}

/// The sum over batch, rows and columns: `[batch, height, width, channels]` to `[channels]`.
pub fn channel_sums<B: Backend>(x: FloatTensor<B>) -> FloatTensor<B> {
    let channels = x.shape()[3];
    B::float_reshape(B::float_sum_dims(x, &[0, 1, 2]), Shape::new([channels]))
}

/// See [`super::global_average`].
pub fn global_average<B: Backend>(x: FloatTensor<B>) -> FloatTensor<B> {
    let [batch, height, width, channels] = x.shape().dims();
    let x = B::float_reshape(x, Shape::new([batch, height * width, channels]));
    B::float_reshape(B::float_mean_dim(x, 1), Shape::new([batch, channels]))
}

/// The gradient of [`global_average`] at an input of this `shape`.
pub fn global_average_gradient<B: Backend>(shape: Shape, dy: FloatTensor<B>) -> FloatTensor<B> {
    let [batch, height, width, channels] = shape.dims();
    let dy = B::float_div_scalar(dy, ((height * width) as f32).into());
    let dy = B::float_reshape(dy, Shape::new([batch, 1, 1, channels]));
    B::float_expand(dy, shape)
}

/// See [`super::dense`].
pub fn dense<B: Backend>(
    x: FloatTensor<B>,
    weights: FloatTensor<B>,
    bias: FloatTensor<B>,
) -> FloatTensor<B> {
    let outputs = bias.shape()[0];
    let bias = B::float_reshape(bias, Shape::new([1, outputs]));
    B::float_add(B::float_matmul(x, weights), bias)
}

/// See [`super::Gradients::dense_input_gradient`].
pub fn dense_input_gradient<B: Backend>(
    weights: FloatTensor<B>,
    dy: FloatTensor<B>,
) -> FloatTensor<B> {
    B::float_matmul(dy, B::float_swap_dims(weights, 0, 1))
}

/// See [`super::Gradients::dense_gradients`].
pub fn dense_gradients<B: Backend>(
    x: FloatTensor<B>,
    dy: FloatTensor<B>,
) -> (FloatTensor<B>, FloatTensor<B>) {
    let outputs = dy.shape()[1];
    let bias = B::float_reshape(B::float_sum_dim(dy.clone(), 0), Shape::new([outputs]));
    (B::float_matmul(B::float_swap_dims(x, 0, 1), dy), bias)
}

/// See [`super::cross_entropy`].
pub fn cross_entropy<B: Backend>(
    logits: FloatTensor<B>,
    targets: FloatTensor<B>,
) -> FloatTensor<B> {
    let batch = logits.shape()[0] as f32;
    let products = B::float_mul(B::log_softmax(logits, 1), targets);
    B::float_div_scalar(B::float_sum(products), (-batch).into())
}

/// See [`super::Gradients::cross_entropy_gradient`].
pub fn cross_entropy_gradient<B: Backend>(
    logits: FloatTensor<B>,
    targets: FloatTensor<B>,
    dy: FloatTensor<B>,
) -> FloatTensor<B> {
    let batch = logits.shape()[0] as f32;
    let difference = B::float_sub(B::softmax(logits, 1), targets);
    let dy = B::float_reshape(B::float_div_scalar(dy, batch.into()), Shape::new([1, 1]));
    B::float_mul(difference, dy)
}
