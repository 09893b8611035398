//! Weights as points.
//!
//! # Safety
//!
//! Vectors are read and written through raw pointers; [`transform_weights`] asserts both lengths.
#![allow(unsafe_code)]

use super::points::{POINTS, SPAN, TAPS, Weights, twice};
use crate::{
    conv::{self, CHANNEL_STEP},
    simd::{Lanes, Task, dispatch},
};

/// Values in transformed weights.
pub const fn transformed_len(inputs: usize, outputs: usize) -> usize {
    POINTS * inputs * outputs
}

/// Transforms weights (`[3, 3, inputs, outputs]`) to what [`conv::forward_transformed`] takes: for
/// each point and each 32 output channels, a matrix of `[inputs, 32]`.
///
/// # Panics
/// Where a slice's length disagrees, or the outputs are no multiple of [`CHANNEL_STEP`].
pub fn transform_weights(inputs: usize, outputs: usize, from: &[f32], to: &mut [f32]) {
    assert!(outputs.is_multiple_of(CHANNEL_STEP), "outputs: {outputs}");
    assert_eq!(from.len(), conv::TAPS * inputs * outputs, "weights");
    assert_eq!(to.len(), transformed_len(inputs, outputs), "their points");
    dispatch(Transform {
        inputs,
        outputs,
        from,
        to,
    });
}

struct Transform<'a> {
    inputs: usize,
    outputs: usize,
    from: &'a [f32],
    to: &'a mut [f32],
}

impl Task for Transform<'_> {
    type Output = ();

    #[inline(always)]
    fn run<V: Lanes>(self) {
        let (inputs, outputs) = (self.inputs, self.outputs);
        for input in 0..inputs {
            for output in (0..outputs).step_by(V::LANES) {
                let mut taps = [[V::splat(0.0); TAPS]; TAPS];
                for (tap, value) in taps.as_flattened_mut().iter_mut().enumerate() {
                    let at = (tap * inputs + input) * outputs + output;
                    // SAFETY: `at` leaves room for one vector in its row of the weights.
                    *value = unsafe { V::load(self.from.as_ptr().add(at)) };
                }
                let panel = output / CHANNEL_STEP * inputs + input;
                let at = panel * CHANNEL_STEP + output % CHANNEL_STEP;
                for (point, value) in twice::<Weights, V, TAPS, SPAN>(taps)
                    .as_flattened()
                    .iter()
                    .enumerate()
                {
                    // SAFETY: each point has `inputs × outputs` values, of which `at` is one.
                    unsafe {
                        value.store(self.to.as_mut_ptr().add(point * inputs * outputs + at));
                    }
                }
            }
        }
    }
}
