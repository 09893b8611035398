//! The loops of normalisation over rows of channels. They are bound by memory: plain Rust, compiled for
//! each processor's vectors.

use crate::simd::{Lanes, Task};

/// Adds up each channel of `x`, and of `x × y`.
pub(super) struct BlockSums<'a> {
    pub(super) x: &'a [f32],
    pub(super) y: &'a [f32],
    pub(super) sums: &'a mut [f32],
    pub(super) products: &'a mut [f32],
}

impl Task for BlockSums<'_> {
    type Output = ();

    #[inline(always)]
    fn run<V: Lanes>(self) {
        let channels = self.sums.len();
        for (x, y) in self
            .x
            .chunks_exact(channels)
            .zip(self.y.chunks_exact(channels))
        {
            for i in 0..channels {
                self.sums[i] += x[i];
                self.products[i] += x[i] * y[i];
            }
        }
    }
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
                        y[i] = (x[i] * scale[i] + shift[i]).max(0.0);
                    }
                }
                Some(residual) => {
                    let residual = &residual[row * channels..][..channels];
                    for i in 0..channels {
                        y[i] = (x[i] * scale[i] + shift[i] + residual[i]).max(0.0);
                    }
                }
            }
        }
    }
}

/// The gradient `dy` where the ReLU let `y` through, else 0.
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
            *masked = if y > 0.0 { dy } else { 0.0 };
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
