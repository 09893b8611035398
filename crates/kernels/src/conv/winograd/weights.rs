//! Weights as points.
//!
//! # Safety
//!
//! Vectors are read and written through raw pointers; [`transform_weights`] asserts the length.
#![allow(unsafe_code)]

use super::points::{POINTS, SPAN, TAPS, WEIGHTS};
use crate::{
    conv::{self, CHANNEL_STEP},
    parallel,
    simd::{Lanes, Task, dispatch},
};

/// Transforms weights (`[3, 3, inputs, outputs]`) to what [`conv::forward_transformed`] takes: for
/// each of 36 points and each 32 output channels, a matrix of `[inputs, 32]`.
///
/// # Panics
/// Where the slice's length disagrees, or the outputs are no multiple of [`CHANNEL_STEP`].
pub fn transform_weights(inputs: usize, outputs: usize, weights: &[f32]) -> Vec<f32> {
    assert!(outputs.is_multiple_of(CHANNEL_STEP), "outputs: {outputs}");
    assert_eq!(weights.len(), conv::TAPS * inputs * outputs, "weights");
    let matrix = inputs * outputs;
    parallel::make(POINTS * matrix, matrix, |point, to| {
        dispatch(Transform {
            inputs,
            outputs,
            weights,
            point,
            to,
        });
    })
}

/// One point of all weights.
struct Transform<'a> {
    inputs: usize,
    outputs: usize,
    weights: &'a [f32],
    point: usize,
    to: &'a mut [f32],
}

/// How much each tap counts for a point.
fn factors(point: usize) -> [f32; conv::TAPS] {
    // The points come column by column, as `points::twice` gives the tiles'.
    let (column, row) = (WEIGHTS[point / SPAN], WEIGHTS[point % SPAN]);
    std::array::from_fn(|tap| row[tap / TAPS] * column[tap % TAPS])
}

impl Task for Transform<'_> {
    type Output = ();

    #[inline(always)]
    fn run<V: Lanes>(self) {
        let (inputs, outputs) = (self.inputs, self.outputs);
        let factors = factors(self.point);
        for input in 0..inputs {
            for output in (0..outputs).step_by(V::LANES) {
                let mut sum = V::splat(0.0);
                for (tap, &factor) in factors.iter().enumerate() {
                    let at = (tap * inputs + input) * outputs + output;
                    // SAFETY: `at` leaves room for one vector in its row of the weights.
                    let weight = unsafe { V::load(self.weights.as_ptr().add(at)) };
                    sum = sum.add_product(weight, V::splat(factor));
                }
                let panel = output / CHANNEL_STEP * inputs + input;
                let at = panel * CHANNEL_STEP + output % CHANNEL_STEP;
                // SAFETY: `at` leaves room for one vector in its row of the panel.
                unsafe { sum.store(self.to.as_mut_ptr().add(at)) }
            }
        }
    }
}
