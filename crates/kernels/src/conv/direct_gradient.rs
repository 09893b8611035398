//! The gradient with respect to the weights by the definition: for each tap, the product of the shifted input's
//! transpose with the output's gradient, a block of it in registers while the pixels go by.
//!
//! # Safety
//!
//! As in the forward pass: raw pointers in the innermost loop, lengths checked once at the top. No
//! border is needed, for each tap visits just the pixels whose shifted neighbour exists.
#![allow(unsafe_code)]

use super::{Shape, TAPS, block};
use crate::{
    parallel,
    simd::{Lanes, Task, dispatch},
};

/// Parts that the batch is summed in; fixed, so that the sum does not depend on the threads.
const PARTS: usize = 4;

/// Bytes of input and gradient that are visited together, so that they stay in the second cache.
const GROUP_BYTES: usize = 384 << 10;

/// As [`super::weight_gradient`].
pub(super) fn weight_gradient(shape: Shape, x: &[f32], dy: &[f32]) -> Vec<f32> {
    assert!(shape.is_supported(), "unsupported convolution: {shape:?}");
    assert_eq!(x.len(), shape.input_len(), "length of the input");
    assert_eq!(dy.len(), shape.output_len(), "length of the gradient");
    let length = shape.weights_len();
    let bytes = shape.pixels() * (shape.inputs + shape.outputs) * size_of::<f32>();
    let group = (GROUP_BYTES / bytes).max(1);
    let mut sums = parallel::make(PARTS * length, length, |part, dw| {
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
    let (first, rest) = sums.split_at_mut(length);
    for part in rest.chunks_exact(length) {
        for (sum, value) in first.iter_mut().zip(part) {
            *sum += value;
        }
    }
    sums.truncate(length);
    sums
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
        let Shape {
            inputs, outputs, ..
        } = self.shape;
        for tap in 0..TAPS {
            for output in (0..outputs).step_by(block::channels::<V>()) {
                for input in (0..inputs).step_by(CHANNELS) {
                    // SAFETY: `input` and `output` leave room for one block, since CHANNELS divides
                    // `inputs` and a block's channels divide `outputs`.
                    unsafe { self.block::<V, CHANNELS>(tap, input, output) }
                }
            }
        }
    }

    /// Adds one block, `CHANNELS` inputs by a block's outputs of one tap.
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
            let to: [*mut f32; CHANNELS] = std::array::from_fn(|c| dw.add(c * outputs));
            let mut sums = block::load::<V, CHANNELS>(to.map(<*mut f32>::cast_const));
            for image in self.first..self.end {
                for row in rows.clone() {
                    let pixel = (image * height + row) * width + columns.start;
                    let shifted =
                        (image * height + row + tap / 3 - 1) * width + columns.start + tap % 3 - 1;
                    // Wrapping, for a row of no such columns may begin past the end.
                    let x = self.x.as_ptr().wrapping_add(shifted * inputs + input);
                    let dy = self.dy.as_ptr().wrapping_add(pixel * outputs + output);
                    let rows = std::array::from_fn(|c| x.wrapping_add(c));
                    block::add_product(&mut sums, rows, inputs, dy, outputs, columns.len());
                }
            }
            block::store(sums, to);
        }
    }
}
