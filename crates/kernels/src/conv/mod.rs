//! The 3×3 convolution of stride 1 and padding 1, and its two gradients.
//!
//! Weights are laid out `[3, 3, inputs, outputs]`: for each of the nine taps, row by row, a matrix
//! from input to output channels.
//!
//! There are two ways: by the definition ([`direct_forward`]), and, where the channels allow it, by a
//! third to a quarter of the multiplications ([`winograd`]).

mod block;
mod direct_forward;
mod direct_gradient;
mod epilogue;
mod winograd;

pub use epilogue::Epilogue;
pub use winograd::transform_weights;

use crate::parallel;

/// Output channels must be a multiple of this: two of the widest vectors.
pub const CHANNEL_STEP: usize = 32;

/// The taps of a 3×3 kernel.
pub const TAPS: usize = 9;

/// Sizes of one convolution; the output's height and width are the input's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Images in the batch.
    pub batch: usize,
    /// Rows of an image.
    pub height: usize,
    /// Columns of an image.
    pub width: usize,
    /// Input channels.
    pub inputs: usize,
    /// Output channels, a multiple of [`CHANNEL_STEP`].
    pub outputs: usize,
}

impl Shape {
    /// Pixels of one image.
    pub fn pixels(&self) -> usize {
        self.height * self.width
    }

    /// Values in the whole input.
    pub fn input_len(&self) -> usize {
        self.batch * self.pixels() * self.inputs
    }

    /// Values in the whole output.
    pub fn output_len(&self) -> usize {
        self.batch * self.pixels() * self.outputs
    }

    /// Values in the weights.
    pub fn weights_len(&self) -> usize {
        TAPS * self.inputs * self.outputs
    }

    /// Whether these kernels can do this convolution.
    pub fn is_supported(&self) -> bool {
        let sizes = [
            self.batch,
            self.height,
            self.width,
            self.inputs,
            self.outputs,
        ];
        !sizes.contains(&0) && self.outputs.is_multiple_of(CHANNEL_STEP)
    }
}

/// Convolves `x` (`[batch, height, width, inputs]`) to `[batch, height, width, outputs]`.
///
/// # Panics
/// Where a slice's length disagrees with the shape, or the shape is not supported.
pub fn forward(shape: Shape, x: &[f32], weights: &[f32], epilogue: Epilogue) -> Vec<f32> {
    assert_eq!(weights.len(), shape.weights_len(), "length of the weights");
    if !winograd::suits(shape) {
        return direct_forward::forward(shape, x, weights, epilogue);
    }
    let transformed = transform_weights(shape.inputs, shape.outputs, weights);
    winograd::forward(shape, x, &transformed, epilogue)
}

/// [`forward`], from weights that [`transform_weights`] has prepared once for many calls. `inputs`
/// must be a multiple of [`CHANNEL_STEP`].
///
/// # Panics
/// Where a slice's length disagrees with the shape, or the shape is not supported.
pub fn forward_transformed(
    shape: Shape,
    x: &[f32],
    transformed: &[f32],
    epilogue: Epilogue,
) -> Vec<f32> {
    winograd::forward(shape, x, transformed, epilogue)
}

/// Adds up the weights' gradient (`[3, 3, inputs, outputs]`) over the batch, from the input `x` and
/// the output's gradient `dy`.
///
/// # Panics
/// Where a slice's length disagrees with the shape, or the shape is not supported.
pub fn weight_gradient(shape: Shape, x: &[f32], dy: &[f32]) -> Vec<f32> {
    if winograd::suits(shape) {
        winograd::weight_gradient(shape, x, dy)
    } else {
        direct_gradient::weight_gradient(shape, x, dy)
    }
}

/// The gradient with respect to the input, `[batch, height, width, inputs]`: the convolution of the
/// output's gradient with the weights turned by 180° and transposed. Here `inputs` must be a
/// multiple of [`CHANNEL_STEP`].
///
/// # Panics
/// Where a slice's length disagrees with the shape, or the shape is not supported.
pub fn input_gradient(shape: Shape, weights: &[f32], dy: &[f32]) -> Vec<f32> {
    assert_eq!(weights.len(), shape.weights_len(), "length of the weights");
    let (inputs, outputs) = (shape.inputs, shape.outputs);
    let turned = parallel::make(weights.len(), inputs * outputs, |tap, matrix| {
        let source = &weights[(TAPS - 1 - tap) * inputs * outputs..][..inputs * outputs];
        for (o, row) in matrix.chunks_exact_mut(inputs).enumerate() {
            for (i, value) in row.iter_mut().enumerate() {
                *value = source[i * outputs + o];
            }
        }
    });
    let turned_shape = Shape {
        inputs: outputs,
        outputs: inputs,
        ..shape
    };
    forward(turned_shape, dy, &turned, Epilogue::default())
}

#[cfg(test)]
pub(crate) mod tests;
