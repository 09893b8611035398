//! The gradient with respect to the weights: for each tap, the product of the shifted input's
//! transpose with the output's gradient, a block of it in registers while the pixels go by.
//!
//! # Safety
//!
//! As in the forward pass: raw pointers in the innermost loop, lengths checked once at the top. No
//! border is needed, for each tap visits just the pixels whose shifted neighbour exists.
#![allow(unsafe_code)]

use super::{CHANNEL_STEP, Shape, TAPS};
use crate::{
    parallel,
    simd::{Lanes, Task, dispatch},
};

/// Parts that the batch is summed in; fixed, so that the sum does not depend on the threads.
const PARTS: usize = 4;

/// Bytes of input and gradient that are visited together, so that they stay in the second cache.
const GROUP_BYTES: usize = 384 << 10;

/// Vectors of output channels in one block.
const VECTORS: usize = 2;

/// Adds up the weights' gradient (`[3, 3, inputs, outputs]`) over the batch, from the input `x` and
/// the output's gradient `dy`.
///
/// # Panics
/// Where a slice's length disagrees with the shape, or the shape is not supported.
pub fn weight_gradient(shape: Shape, x: &[f32], dy: &[f32], dw: &mut [f32]) {
    assert!(shape.is_supported(), "unsupported convolution: {shape:?}");
    assert_eq!(x.len(), shape.input_len(), "length of the input");
    assert_eq!(dy.len(), shape.output_len(), "length of the gradient");
    assert_eq!(
        dw.len(),
        shape.weights_len(),
        "length of the weights' gradient"
    );
    let mut partial = vec![0.0; PARTS * dw.len()];
    let bytes = shape.pixels() * (shape.inputs + shape.outputs) * size_of::<f32>();
    let group = (GROUP_BYTES / bytes).max(1);
    parallel::for_each_part(&mut partial, dw.len(), |part, dw| {
        let end = (part + 1) * shape.batch / PARTS;
        for first in (part * shape.batch / PARTS..end).step_by(group) {
            dispatch(Group {
                shape,
                first,
                end: end.min(first + group),
                x,
                dy,
                dw,
            });
        }
    });
    dw.copy_from_slice(&partial[..dw.len()]);
    for part in partial.chunks_exact(dw.len()).skip(1) {
        for (sum, value) in dw.iter_mut().zip(part) {
            *sum += value;
        }
    }
}

/// Images `first..end` of the batch.
struct Group<'a> {
    shape: Shape,
    first: usize,
    end: usize,
    x: &'a [f32],
    dy: &'a [f32],
    dw: &'a mut [f32],
}

impl Task for Group<'_> {
    type Output = ();

    #[inline(always)]
    fn run<V: Lanes>(self) {
        match (V::LANES, self.shape.inputs) {
            (16, inputs) if inputs.is_multiple_of(8) => self.taps::<V, 8>(),
            (_, inputs) if inputs.is_multiple_of(4) => self.taps::<V, 4>(),
            _ => self.taps::<V, 1>(),
        }
    }
}

/// The pixels of a tap, as ranges of the output's rows and columns: those whose neighbour exists.
fn valid(offset: usize, length: usize) -> std::ops::Range<usize> {
    match offset {
        0 => 1..length,
        1 => 0..length,
        _ => 0..length - 1,
    }
}

impl Group<'_> {
    #[inline(always)]
    fn taps<V: Lanes, const CHANNELS: usize>(mut self) {
        debug_assert!(CHANNEL_STEP.is_multiple_of(VECTORS * V::LANES));
        let Shape {
            inputs, outputs, ..
        } = self.shape;
        for tap in 0..TAPS {
            for output in (0..outputs).step_by(VECTORS * V::LANES) {
                for input in (0..inputs).step_by(CHANNELS) {
                    // SAFETY: `input` and `output` leave room for one block, since CHANNELS divides
                    // `inputs` and VECTORS × LANES divides `outputs`.
                    unsafe { self.block::<V, CHANNELS>(tap, input, output) }
                }
            }
        }
    }

    /// Adds one block, `CHANNELS` inputs by `VECTORS` vectors of outputs of one tap.
    ///
    /// # Safety
    /// The block must lie inside the weights.
    #[inline(always)]
    unsafe fn block<V: Lanes, const CHANNELS: usize>(
        &mut self,
        tap: usize,
        input: usize,
        output: usize,
    ) {
        let Shape {
            height,
            width,
            inputs,
            outputs,
            ..
        } = self.shape;
        let (rows, columns) = (valid(tap / 3, height), valid(tap % 3, width));
        // SAFETY: the block lies inside the weights, which this part of the batch owns; the rows and
        // columns are such that the shifted pixel lies inside the image.
        unsafe {
            let dw = self
                .dw
                .as_mut_ptr()
                .add((tap * inputs + input) * outputs + output);
            let mut sums: [[V; VECTORS]; CHANNELS] = std::array::from_fn(|c| {
                std::array::from_fn(|v| V::load(dw.add(c * outputs + v * V::LANES)))
            });
            for image in self.first..self.end {
                for row in rows.clone() {
                    let pixel = (image * height + row) * width + columns.start;
                    let shifted =
                        (image * height + row + tap / 3 - 1) * width + columns.start + tap % 3 - 1;
                    let mut x = self.x.as_ptr().wrapping_add(shifted * inputs + input);
                    let mut dy = self.dy.as_ptr().wrapping_add(pixel * outputs + output);
                    for _ in columns.clone() {
                        let row: [V; VECTORS] =
                            std::array::from_fn(|v| V::load(dy.add(v * V::LANES)));
                        for (c, sums) in sums.iter_mut().enumerate() {
                            let value = V::splat(*x.add(c));
                            for (sum, gradient) in sums.iter_mut().zip(row) {
                                *sum = sum.add_product(value, gradient);
                            }
                        }
                        // Wrapping, for after the last pixel they point past the end.
                        x = x.wrapping_add(inputs);
                        dy = dy.wrapping_add(outputs);
                    }
                }
            }
            for (c, sums) in sums.into_iter().enumerate() {
                for (v, sum) in sums.into_iter().enumerate() {
                    sum.store(dw.add(c * outputs + v * V::LANES));
                }
            }
        }
    }
}
