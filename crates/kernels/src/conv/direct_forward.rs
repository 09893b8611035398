//! The forward pass by the definition: a block of pixels by a block of output channels at a time, all of it held in
//! registers while the nine taps and the input channels go by.
//!
//! # Safety
//!
//! The innermost loops read and write through raw pointers. [`forward`] checks every slice's length
//! against the shape before any of them runs; the input is copied into a buffer with a border of
//! zeros, so that each tap of each pixel lies inside it.
#![allow(unsafe_code)]

use super::{
    Epilogue, Shape, TAPS,
    block::{self, Block},
};
use crate::{
    parallel,
    simd::{Lanes, Task, dispatch},
};
use std::cell::RefCell;

/// As [`super::forward`].
pub(super) fn forward(shape: Shape, x: &[f32], weights: &[f32], epilogue: Epilogue) -> Vec<f32> {
    assert!(shape.is_supported(), "unsupported convolution: {shape:?}");
    assert_eq!(x.len(), shape.input_len(), "length of the input");
    assert_eq!(weights.len(), shape.weights_len(), "length of the weights");
    epilogue.check(shape);
    let (input_len, output_len) = (
        shape.pixels() * shape.inputs,
        shape.pixels() * shape.outputs,
    );
    parallel::make(shape.output_len(), output_len, |index, y| {
        let epilogue = epilogue.part(index * output_len, output_len);
        with_border(shape, &x[index * input_len..][..input_len], |x| {
            dispatch(OneImage {
                shape,
                x,
                weights,
                epilogue,
                y,
            });
        });
    })
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
        let Shape {
            width,
            inputs,
            outputs,
            ..
        } = self.shape;
        let stride = (width + 2) * inputs;
        let taps: [usize; TAPS] = std::array::from_fn(|t| (t / 3) * stride + (t % 3) * inputs);
        let pixels = self.shape.pixels();
        for channel in (0..outputs).step_by(block::channels::<V>()) {
            for first in (0..pixels).step_by(PIXELS) {
                // The last block may reach past the image: it does the last pixel again instead.
                let pixel: [usize; PIXELS] = std::array::from_fn(|p| (first + p).min(pixels - 1));
                // SAFETY: `pixel` lies in the image, so its taps lie in the bordered image;
                // `channel` leaves room for a block's in each row of weights and outputs.
                unsafe {
                    let x = pixel.map(|p| {
                        self.x
                            .as_ptr()
                            .add((p / width) * stride + (p % width) * inputs)
                    });
                    let mut sums = block::zeros::<V, PIXELS>();
                    for (tap, at) in taps.into_iter().enumerate() {
                        let weights = self.weights.as_ptr().add(tap * inputs * outputs + channel);
                        let x = x.map(|x| x.add(at));
                        block::add_product(&mut sums, x, 1, weights, outputs, inputs);
                    }
                    self.finish(sums, pixel.map(|p| p * outputs + channel), channel);
                }
            }
        }
    }

    /// Adds what follows the convolution and stores the block.
    ///
    /// # Safety
    /// Each of `offsets` must leave room for a block's channels in `y`, `channel` in the bias.
    #[inline(always)]
    unsafe fn finish<V: Lanes, const PIXELS: usize>(
        &mut self,
        sums: Block<V, PIXELS>,
        offsets: [usize; PIXELS],
        channel: usize,
    ) {
        for (sums, offset) in sums.into_iter().zip(offsets) {
            for (v, sum) in sums.into_iter().enumerate() {
                let at = v * V::LANES;
                // SAFETY: the caller's promise; the lengths were checked in `forward`.
                unsafe {
                    let sum = self.epilogue.apply(sum, offset + at, channel + at);
                    sum.store(self.y.as_mut_ptr().add(offset + at));
                }
            }
        }
    }
}
