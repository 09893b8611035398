//! The forward pass: a block of pixels by a block of output channels at a time, all of it held in
//! registers while the nine taps and the input channels go by.
//!
//! # Safety
//!
//! The innermost loops read and write through raw pointers. [`forward`] checks every slice's length
//! against the shape before any of them runs; the input is copied into a buffer with a border of
//! zeros, so that each tap of each pixel lies inside it.
#![allow(unsafe_code)]

use super::{CHANNEL_STEP, Shape, TAPS};
use crate::{
    parallel,
    simd::{Lanes, Task, dispatch},
};
use std::cell::RefCell;

/// Vectors of output channels in one block.
const VECTORS: usize = 2;

/// What follows the convolution before a value is stored: `relu(y + bias + residual)`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Epilogue<'a> {
    /// One value an output channel.
    pub bias: Option<&'a [f32]>,
    /// As large as the output.
    pub residual: Option<&'a [f32]>,
    /// Whether negative values become zero.
    pub relu: bool,
}

/// Convolves `x` (`[batch, height, width, inputs]`) into `y` (`[batch, height, width, outputs]`).
///
/// # Panics
/// Where a slice's length disagrees with the shape, or the shape is not supported.
pub fn forward(shape: Shape, x: &[f32], weights: &[f32], epilogue: Epilogue, y: &mut [f32]) {
    assert!(shape.is_supported(), "unsupported convolution: {shape:?}");
    assert_eq!(x.len(), shape.input_len(), "length of the input");
    assert_eq!(weights.len(), shape.weights_len(), "length of the weights");
    assert_eq!(y.len(), shape.output_len(), "length of the output");
    if let Some(bias) = epilogue.bias {
        assert_eq!(bias.len(), shape.outputs, "length of the bias");
    }
    if let Some(residual) = epilogue.residual {
        assert_eq!(residual.len(), y.len(), "length of the residual");
    }
    let (input_len, output_len) = (
        shape.pixels() * shape.inputs,
        shape.pixels() * shape.outputs,
    );
    parallel::for_each_part(y, output_len, |index, y| {
        let residual = epilogue
            .residual
            .map(|r| &r[index * output_len..][..output_len]);
        with_border(shape, &x[index * input_len..][..input_len], |x| {
            dispatch(OneImage {
                shape,
                x,
                weights,
                epilogue: Epilogue {
                    residual,
                    ..epilogue
                },
                y,
            });
        });
    });
}

thread_local! {
    /// The bordered image; kept so that no call allocates in the steady state.
    static BORDERED: RefCell<Vec<f32>> = const { RefCell::new(Vec::new()) };
}

/// Hands `use_it` the image with one pixel of zeros around it.
fn with_border(shape: Shape, x: &[f32], use_it: impl FnOnce(&[f32])) {
    let row = shape.width * shape.inputs;
    let stride = row + 2 * shape.inputs;
    BORDERED.with_borrow_mut(|buffer| {
        buffer.clear();
        buffer.resize(stride * (shape.height + 2), 0.0);
        for (source, target) in x
            .chunks_exact(row)
            .zip(buffer[stride..].chunks_exact_mut(stride))
        {
            target[shape.inputs..][..row].copy_from_slice(source);
        }
        use_it(buffer);
    });
}

/// One image of the batch: `x` with its border, `y` without.
struct OneImage<'a> {
    shape: Shape,
    x: &'a [f32],
    weights: &'a [f32],
    epilogue: Epilogue<'a>,
    y: &'a mut [f32],
}

impl Task for OneImage<'_> {
    type Output = ();

    #[inline(always)]
    fn run<V: Lanes>(self) {
        // Seven pixels divide every row of a 28, 14 or 7 pixel image; the narrower vectors come
        // with 16 registers only, which hold six pixels by two vectors and the operands.
        if V::LANES == 16 {
            self.blocks::<V, 7>();
        } else {
            self.blocks::<V, 6>();
        }
    }
}

impl OneImage<'_> {
    #[inline(always)]
    fn blocks<V: Lanes, const PIXELS: usize>(mut self) {
        debug_assert!(CHANNEL_STEP.is_multiple_of(VECTORS * V::LANES));
        let Shape {
            width,
            inputs,
            outputs,
            ..
        } = self.shape;
        let stride = (width + 2) * inputs;
        let taps: [usize; TAPS] = std::array::from_fn(|t| (t / 3) * stride + (t % 3) * inputs);
        let pixels = self.shape.pixels();
        for channel in (0..outputs).step_by(VECTORS * V::LANES) {
            for first in (0..pixels).step_by(PIXELS) {
                // The last block may reach past the image: it does the last pixel again instead.
                let pixel: [usize; PIXELS] = std::array::from_fn(|p| (first + p).min(pixels - 1));
                // SAFETY: `pixel` lies in the image, so its taps lie in the bordered image;
                // `channel` leaves room for VECTORS vectors in each row of weights and outputs.
                unsafe {
                    let x = pixel.map(|p| {
                        self.x
                            .as_ptr()
                            .add((p / width) * stride + (p % width) * inputs)
                    });
                    let weights = self.weights.as_ptr().add(channel);
                    let sums = block::<V, PIXELS>(x, &taps, inputs, weights, outputs);
                    self.finish(sums, pixel.map(|p| p * outputs + channel), channel);
                }
            }
        }
    }

    /// Adds what follows the convolution and stores the block.
    ///
    /// # Safety
    /// Each of `offsets` must leave room for `VECTORS` vectors in `y`, `channel` in the bias.
    #[inline(always)]
    unsafe fn finish<V: Lanes, const PIXELS: usize>(
        &mut self,
        sums: [[V; VECTORS]; PIXELS],
        offsets: [usize; PIXELS],
        channel: usize,
    ) {
        let y = self.y.as_mut_ptr();
        for (sums, offset) in sums.into_iter().zip(offsets) {
            for (v, mut sum) in sums.into_iter().enumerate() {
                let at = v * V::LANES;
                // SAFETY: the caller's promise; the lengths were checked in `forward`.
                unsafe {
                    if let Some(bias) = self.epilogue.bias {
                        sum = sum.add(V::load(bias.as_ptr().add(channel + at)));
                    }
                    if let Some(residual) = self.epilogue.residual {
                        sum = sum.add(V::load(residual.as_ptr().add(offset + at)));
                    }
                    if self.epilogue.relu {
                        sum = sum.max(V::splat(0.0));
                    }
                    sum.store(y.add(offset + at));
                }
            }
        }
    }
}

/// The sums of one block: `PIXELS` pixels by `VECTORS` vectors of output channels.
///
/// # Safety
/// From each of `x`, every tap must be followed by `inputs` readable values; `weights` must be
/// readable for `TAPS × inputs` rows of `outputs` values, less the block's own offset.
#[inline(always)]
unsafe fn block<V: Lanes, const PIXELS: usize>(
    x: [*const f32; PIXELS],
    taps: &[usize; TAPS],
    inputs: usize,
    mut weights: *const f32,
    outputs: usize,
) -> [[V; VECTORS]; PIXELS] {
    let mut sums = [[V::splat(0.0); VECTORS]; PIXELS];
    for &tap in taps {
        for channel in tap..tap + inputs {
            // SAFETY: the caller's promise.
            unsafe {
                let row: [V; VECTORS] = std::array::from_fn(|v| V::load(weights.add(v * V::LANES)));
                for (sums, x) in sums.iter_mut().zip(x) {
                    let value = V::splat(*x.add(channel));
                    for (sum, weight) in sums.iter_mut().zip(row) {
                        *sum = sum.add_product(value, weight);
                    }
                }
                // Wrapping, for after the last row it points past the end.
                weights = weights.wrapping_add(outputs);
            }
        }
    }
    sums
}
