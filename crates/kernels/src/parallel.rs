//! The one place that knows whether there are threads.

#[cfg(feature = "threads")]
use rayon::prelude::*;

/// Calls `work(index, part)` for each `length` values of `values`, on all threads there are.
pub(crate) fn for_each_part(
    values: &mut [f32],
    length: usize,
    work: impl Fn(usize, &mut [f32]) + Sync + Send,
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
