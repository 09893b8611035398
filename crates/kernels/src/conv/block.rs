//! The innermost loop of every convolution: a block of a matrix product, held in registers.
//!
//! # Safety
//!
//! It reads through raw pointers, so that it carries no bounds checks; its callers prove the bounds
//! once a call, from the slices' lengths.
#![allow(unsafe_code)]

use super::CHANNEL_STEP;
use crate::simd::Lanes;

/// Vectors of output channels in one block.
pub(super) const VECTORS: usize = 2;

/// `ROWS` rows by [`VECTORS`] vectors of output channels.
pub(super) type Block<V, const ROWS: usize> = [[V; VECTORS]; ROWS];

/// Output channels of one block.
#[inline(always)]
pub(super) const fn channels<V: Lanes>() -> usize {
    const { assert!(CHANNEL_STEP.is_multiple_of(VECTORS * V::LANES)) };
    VECTORS * V::LANES
}

/// A block of zeros.
#[inline(always)]
pub(super) fn zeros<V: Lanes, const ROWS: usize>() -> Block<V, ROWS> {
    [[V::splat(0.0); VECTORS]; ROWS]
}

/// Adds the product of `rows` (each `depth` values, `step` apart) and `matrix` (`depth` rows,
/// `matrix_step` apart) to `sums`.
///
/// # Safety
/// All those values, of the matrix [`channels`] a row, must be readable.
#[inline(always)]
pub(super) unsafe fn add_product<V: Lanes, const ROWS: usize>(
    sums: &mut Block<V, ROWS>,
    mut rows: [*const f32; ROWS],
    step: usize,
    mut matrix: *const f32,
    matrix_step: usize,
    depth: usize,
) {
    for _ in 0..depth {
        // SAFETY: the caller's promise.
        unsafe {
            let vectors: [V; VECTORS] = std::array::from_fn(|v| V::load(matrix.add(v * V::LANES)));
            for (sums, row) in sums.iter_mut().zip(&mut rows) {
                let value = V::splat(**row);
                for (sum, vector) in sums.iter_mut().zip(vectors) {
                    *sum = sum.add_product(value, vector);
                }
                // Wrapping, for after the last value they point past the end.
                *row = row.wrapping_add(step);
            }
        }
        matrix = matrix.wrapping_add(matrix_step);
    }
}

/// Reads a block.
///
/// # Safety
/// All its values must be readable.
#[inline(always)]
pub(super) unsafe fn load<V: Lanes, const ROWS: usize>(from: [*const f32; ROWS]) -> Block<V, ROWS> {
    // SAFETY: the caller's promise.
    from.map(|from| std::array::from_fn(|v| unsafe { V::load(from.add(v * V::LANES)) }))
}

/// Stores a block.
///
/// # Safety
/// All its values must be writable.
#[inline(always)]
pub(super) unsafe fn store<V: Lanes, const ROWS: usize>(
    sums: Block<V, ROWS>,
    to: [*mut f32; ROWS],
) {
    for (sums, to) in sums.into_iter().zip(to) {
        for (v, sum) in sums.into_iter().enumerate() {
            // SAFETY: the caller's promise.
            unsafe { sum.store(to.add(v * V::LANES)) }
        }
    }
}
