//! The loops of normalisation over rows of channels. They are bound by memory: plain Rust, compiled for
//! each processor's vectors.

use crate::simd::{Lanes, Task};

/// Adds up the terms of each channel over the rows of `x`, into `sums` and `products`.
pub(super) struct BlockSums<'a> {
    pub(super) terms: Terms<'a>,
    pub(super) x: &'a [f32],
    pub(super) sums: &'a mut [f32],
    pub(super) products: &'a mut [f32],
}

/// What is added up, a channel each.
#[derive(Clone, Copy)]
pub(super) enum Terms<'a> {
    /// `x − pivot`, and its square.
    Squares {
        /// One value a channel.
        pivot: &'a [f32],
    },
    /// `x`, and `x × (y − pivot)`.
    Products {
        /// As many values as `x`.
        y: &'a [f32],
        /// One value a channel.
        pivot: &'a [f32],
    },
}

impl Task for BlockSums<'_> {
    type Output = ();

    #[inline(always)]
    fn run<V: Lanes>(mut self) {
        // As many channels as the registers hold with their sums, and then one by one.
        let done = if V::LANES >= 8 {
            self.strips::<32>(0)
        } else {
            self.strips::<16>(0)
        };
        self.strips::<1>(done);
    }
}

impl BlockSums<'_> {
    /// Adds up the channels from `first` on, `STRIP` at a time; yields the first of the rest.
    #[inline(always)]
    fn strips<const STRIP: usize>(&mut self, first: usize) -> usize {
        let channels = self.sums.len();
        let mut at = first;
        while at + STRIP <= channels {
            let (mut sums, mut products) = ([0.0; STRIP], [0.0; STRIP]);
            let rows = self.x.len() / channels;
            match self.terms {
                Terms::Squares { pivot } => {
                    let pivot = strip::<STRIP>(pivot, at);
                    for row in 0..rows {
                        let x = strip::<STRIP>(self.x, row * channels + at);
                        for i in 0..STRIP {
                            let shifted = x[i] - pivot[i];
                            sums[i] += shifted;
                            products[i] += shifted * shifted;
                        }
                    }
                }
                Terms::Products { y, pivot } => {
                    let pivot = strip::<STRIP>(pivot, at);
                    for row in 0..rows {
                        let x = strip::<STRIP>(self.x, row * channels + at);
                        let y = strip::<STRIP>(y, row * channels + at);
                        for i in 0..STRIP {
                            sums[i] += x[i];
                            products[i] += x[i] * (y[i] - pivot[i]);
                        }
                    }
                }
            }
            self.sums[at..][..STRIP].copy_from_slice(&sums);
            self.products[at..][..STRIP].copy_from_slice(&products);
            at += STRIP;
        }
        at
    }
}

/// `STRIP` values from `at` on.
#[inline(always)]
fn strip<const STRIP: usize>(values: &[f32], at: usize) -> [f32; STRIP] {
    let mut strip = [0.0; STRIP];
    strip.copy_from_slice(&values[at..][..STRIP]);
    strip
}

/// `y = relu(scale × x + shift + residual)`.
pub(super) struct Normalise<'a> {
    pub(super) x: &'a [f32],
    pub(super) scale: &'a [f32],
    pub(super) shift: &'a [f32],
    pub(super) residual: Option<&'a [f32]>,
    pub(super) y: &'a mut [f32],
}

impl Task for Normalise<'_> {
    type Output = ();

    #[inline(always)]
    fn run<V: Lanes>(self) {
        let channels = self.scale.len();
        let (scale, shift) = (&self.scale[..channels], &self.shift[..channels]);
        for (row, (x, y)) in self
            .x
            .chunks_exact(channels)
            .zip(self.y.chunks_exact_mut(channels))
            .enumerate()
        {
            match self.residual {
                None => {
                    for i in 0..channels {
                        y[i] = relu(x[i] * scale[i] + shift[i]);
                    }
                }
                Some(residual) => {
                    let residual = &residual[row * channels..][..channels];
                    for i in 0..channels {
                        y[i] = relu(x[i] * scale[i] + shift[i] + residual[i]);
                    }
                }
            }
        }
    }
}

/// `value`, or 0 where that is negative. NaN stays NaN, which `f32::max` would turn into 0.
#[inline(always)]
fn relu(value: f32) -> f32 {
    if value < 0.0 { 0.0 } else { value }
}

/// The gradient `dy` where the ReLU let `y` through, else 0; NaN where `y` is NaN.
pub(super) struct Mask<'a> {
    pub(super) y: &'a [f32],
    pub(super) dy: &'a [f32],
    pub(super) masked: &'a mut [f32],
}

impl Task for Mask<'_> {
    type Output = ();

    #[inline(always)]
    fn run<V: Lanes>(self) {
        for ((masked, &y), &dy) in self.masked.iter_mut().zip(self.y).zip(self.dy) {
            // `y` is positive, zero or NaN.
            *masked = if y > 0.0 { dy } else { y };
        }
    }
}

/// `dx = a × masked + b × x + c`, the gradient of what was normalised.
pub(super) struct InputGradient<'a> {
    pub(super) masked: &'a [f32],
    pub(super) x: &'a [f32],
    pub(super) a: &'a [f32],
    pub(super) b: &'a [f32],
    pub(super) c: &'a [f32],
    pub(super) dx: &'a mut [f32],
}

impl Task for InputGradient<'_> {
    type Output = ();

    #[inline(always)]
    fn run<V: Lanes>(self) {
        let channels = self.a.len();
        let (a, b, c) = (
            &self.a[..channels],
            &self.b[..channels],
            &self.c[..channels],
        );
        let rows = self
            .masked
            .chunks_exact(channels)
            .zip(self.x.chunks_exact(channels));
        for (dx, (g, x)) in self.dx.chunks_exact_mut(channels).zip(rows) {
            for i in 0..channels {
                dx[i] = a[i] * g[i] + b[i] * x[i] + c[i];
            }
        }
    }
}
