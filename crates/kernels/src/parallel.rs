//! The one place that knows whether there are threads.
//!
//! # Safety
//!
//! [`make`] hands out memory that nothing has been written to before; it zeroes each part first, and
//! the parts cover the whole vector.
#![allow(unsafe_code)]

use std::mem::MaybeUninit;

#[cfg(feature = "threads")]
use rayon::prelude::*;

/// Calls `work(index, part)` for each `length` values of `values`, on all threads there are.
pub(crate) fn for_each_part<T: Send>(
    values: &mut [T],
    length: usize,
    work: impl Fn(usize, &mut [T]) + Sync + Send,
) {
    #[cfg(feature = "threads")]
    values
        .par_chunks_mut(length)
        .enumerate()
        .for_each(|(index, part)| work(index, part));
    #[cfg(not(feature = "threads"))]
    values
        .chunks_mut(length)
        .enumerate()
        .for_each(|(index, part)| work(index, part));
}

/// A new vector of `length` values, which `work(index, part)` makes of zeros, `part_length` at a time.
///
/// Each thread zeroes its own parts: as one piece, in one thread, that costs a training step a third
/// of its time.
pub(crate) fn make(
    length: usize,
    part_length: usize,
    work: impl Fn(usize, &mut [f32]) + Sync + Send,
) -> Vec<f32> {
    let mut values = Vec::with_capacity(length);
    let unwritten = &mut values.spare_capacity_mut()[..length];
    for_each_part(unwritten, part_length, |index, part| {
        part.fill(MaybeUninit::new(0.0));
        // SAFETY: the line above wrote every value of the part.
        work(index, unsafe { part.assume_init_mut() });
    });
    // SAFETY: the parts cover `length` values, and each was written.
    unsafe { values.set_len(length) };
    values
}
