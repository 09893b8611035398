//! Kernels for the one shape that Wardrobe's nets are made of: 3×3 convolutions of stride 1 and
//! padding 1 over channels-last images, with the batch normalisation, ReLU, residual addition and
//! 2×2 max pooling around them; forward and backward.
//!
//! One source serves AVX-512, AVX2, wasm SIMD128 and plain scalar code: the kernels are generic
//! over [`simd::Lanes`], and [`simd::dispatch`] picks the widest set that the processor has. With
//! the feature `threads` the images of a batch are spread over rayon's threads.
//!
//! Results do not depend on the number of threads: sums over a batch are made in a fixed number of
//! parts, added up in a fixed order.
//!
//! Architecture invariant: this crate knows slices and shapes only; no tensors, no burn, no I/O.
//!
//! `cargo +nightly miri test -p kernels --lib` runs the scalar path under Miri.
//!
//! All activations are `f32` and laid out `[batch, height, width, channels]`.

pub mod conv;
pub mod norm;
#[cfg(test)]
mod not_finite;
mod parallel;
pub mod pool;
pub mod simd;
