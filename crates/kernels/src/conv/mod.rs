//! The 3×3 convolution of stride 1 and padding 1, and its two gradients.
//!
//! Weights are laid out `[3, 3, inputs, outputs]`: for each of the nine taps, row by row, a matrix
//! from input to output channels.

mod forward;
mod weight_gradient;

pub use forward::{Epilogue, forward};
pub use weight_gradient::weight_gradient;

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

/// The gradient with respect to the input, `[batch, height, width, inputs]`: the convolution of the
/// output's gradient with the weights turned by 180° and transposed. Here `inputs` must be a
/// multiple of [`CHANNEL_STEP`].
///
/// # Panics
/// Where a slice's length disagrees with the shape, or the shape is not supported.
pub fn input_gradient(shape: Shape, weights: &[f32], dy: &[f32], dx: &mut [f32]) {
    assert_eq!(weights.len(), shape.weights_len(), "length of the weights");
    let (inputs, outputs) = (shape.inputs, shape.outputs);
    let mut turned = vec![0.0; weights.len()];
    parallel::for_each_part(&mut turned, inputs * outputs, |tap, matrix| {
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
    forward(turned_shape, dy, &turned, Epilogue::default(), dx);
}

#[cfg(test)]
mod tests;
