//! Batch normalisation over channels-last rows, fused with the residual addition and the ReLU that
//! follow it in the net: `y = relu(gamma × (x − mean) ÷ √(variance + ε) + beta + residual)`.

mod loops;

use crate::{parallel, simd::dispatch};
use loops::{BlockSums, InputGradient, Mask, Normalise, Terms};
use std::ops::Range;

/// Parts that the rows are summed in; fixed, so that the sums do not depend on the threads.
const PARTS: usize = 8;

/// Rows that are summed in `f32` before the sum goes on in `f64`.
const BLOCK_ROWS: usize = 32;

/// Rows that one thread normalises at a time.
const CHUNK_ROWS: usize = 256;

/// Mean and biased variance of each channel over a batch.
#[derive(Clone, Debug, PartialEq)]
pub struct Statistics {
    /// Mean, one value a channel.
    pub mean: Vec<f32>,
    /// Biased variance, one value a channel.
    pub variance: Vec<f32>,
}

/// What a normalisation learns: one scale and one shift a channel.
#[derive(Clone, Copy, Debug)]
pub struct Affine<'a> {
    /// Scale.
    pub gamma: &'a [f32],
    /// Shift.
    pub beta: &'a [f32],
    /// Added to the variance against division by zero.
    pub epsilon: f32,
}

/// Normalises the rows of `x` (`[rows, channels]`) by their own statistics, which it gives as well.
///
/// # Panics
/// Where the slices' lengths disagree.
pub fn forward(x: &[f32], affine: Affine, residual: Option<&[f32]>) -> (Vec<f32>, Statistics) {
    let channels = affine.gamma.len();
    assert_eq!(affine.beta.len(), channels, "length of beta");
    assert!(
        residual.is_none_or(|r| r.len() == x.len()),
        "length of the residual"
    );
    let statistics = statistics(x, channels);
    let scale: Vec<f32> = zip_map(affine.gamma, &statistics.variance, |g, v| {
        g / (v + affine.epsilon).sqrt()
    });
    let mut shift = zip_map(&statistics.mean, &scale, |m, s| -m * s);
    shift.iter_mut().zip(affine.beta).for_each(|(s, b)| *s += b);
    let chunk = CHUNK_ROWS * channels;
    let y = parallel::make(x.len(), chunk, |index, y| {
        let range = index * chunk..index * chunk + y.len();
        let residual = residual.map(|r| &r[range.clone()]);
        dispatch(Normalise {
            x: &x[range],
            scale: &scale,
            shift: &shift,
            residual,
            y,
        });
    });
    (y, statistics)
}

/// Mean and variance of each channel of `x` (`[rows, channels]`).
pub fn statistics(x: &[f32], channels: usize) -> Statistics {
    // Each block's values are taken from its first row on: however far the values are from zero, at most a
    // factor of BLOCK_ROWS cancels out. The blocks are put together as Chan, Golub and LeVeque (1979) do.
    let sums = block_sums(x, channels, |block| Terms::Squares { pivot: &x[block] });
    let (mut mean, mut squares) = (vec![0.0; channels], vec![0.0; channels]);
    let mut rows = 0.0;
    let blocks = x.chunks(BLOCK_ROWS * channels);
    for (block, sums) in blocks.zip(sums.chunks_exact(2 * channels)) {
        let count = (block.len() / channels) as f64;
        rows += count;
        for c in 0..channels {
            let (sum, square) = (f64::from(sums[c]), f64::from(sums[channels + c]));
            let apart = f64::from(block[c]) + sum / count - mean[c];
            mean[c] += apart * count / rows;
            squares[c] +=
                square - sum * sum / count + apart * apart * count * (rows - count) / rows;
        }
    }
    Statistics {
        // Rounding alone makes it negative. NaN stays NaN.
        variance: squares
            .iter()
            .map(|&s| if s < 0.0 { 0.0 } else { (s / rows) as f32 })
            .collect(),
        mean: mean.iter().map(|&m| m as f32).collect(),
    }
}

/// The gradients of [`forward`].
#[derive(Clone, Debug, PartialEq)]
pub struct Gradient {
    /// With respect to the input.
    pub x: Vec<f32>,
    /// With respect to the residual: the output's where that is positive, else zero.
    pub residual: Vec<f32>,
    /// With respect to the scale.
    pub gamma: Vec<f32>,
    /// With respect to the shift.
    pub beta: Vec<f32>,
}

/// The gradients, from the input, the output and the output's gradient.
///
/// # Panics
/// Where the slices' lengths disagree.
pub fn backward(
    (x, y, dy): (&[f32], &[f32], &[f32]),
    statistics: &Statistics,
    affine: Affine,
) -> Gradient {
    let channels = affine.gamma.len();
    assert_eq!(y.len(), x.len(), "length of the output");
    assert_eq!(dy.len(), x.len(), "length of the gradient");
    let chunk = CHUNK_ROWS * channels;
    let masked = parallel::make(x.len(), chunk, |index, masked| {
        let range = index * chunk..index * chunk + masked.len();
        dispatch(Mask {
            y: &y[range.clone()],
            dy: &dy[range],
            masked,
        });
    });
    let rows = (x.len() / channels) as f64;
    let sums = block_sums(&masked, channels, |block| Terms::Products {
        y: &x[block],
        pivot: &statistics.mean,
    });
    let mut totals = vec![(0.0, 0.0); channels];
    for block in sums.chunks_exact(2 * channels) {
        let (sums, products) = block.split_at(channels);
        for ((total, &sum), &product) in totals.iter_mut().zip(sums).zip(products) {
            total.0 += f64::from(sum);
            total.1 += f64::from(product);
        }
    }
    let (mut dgamma, mut dbeta) = (Vec::new(), Vec::new());
    // dx = a × masked + b × x + c, with one a, b and c a channel.
    let (mut a, mut b, mut c) = (
        vec![0.0; channels],
        vec![0.0; channels],
        vec![0.0; channels],
    );
    for (i, (sum, product)) in totals.into_iter().enumerate() {
        let mean = f64::from(statistics.mean[i]);
        let inverse = 1.0 / f64::from(statistics.variance[i] + affine.epsilon).sqrt();
        let gamma = inverse * product;
        let scale = f64::from(affine.gamma[i]) * inverse;
        let slope = -scale * inverse * gamma / rows;
        (a[i], b[i], c[i]) = (
            scale as f32,
            slope as f32,
            (-scale * sum / rows - slope * mean) as f32,
        );
        dgamma.push(gamma as f32);
        dbeta.push(sum as f32);
    }
    let dx = parallel::make(x.len(), chunk, |index, dx| {
        let range = index * chunk..index * chunk + dx.len();
        dispatch(InputGradient {
            masked: &masked[range.clone()],
            x: &x[range],
            a: &a,
            b: &b,
            c: &c,
            dx,
        });
    });
    Gradient {
        x: dx,
        residual: masked,
        gamma: dgamma,
        beta: dbeta,
    }
}

fn zip_map(a: &[f32], b: &[f32], f: impl Fn(f32, f32) -> f32) -> Vec<f32> {
    a.iter().zip(b).map(|(&a, &b)| f(a, b)).collect()
}

/// For each block of [`BLOCK_ROWS`] rows of `x`: `channels` sums, then `channels` sums of squares or products.
/// `terms` says of what, given which of the values are the block's.
fn block_sums<'a>(
    x: &[f32],
    channels: usize,
    terms: impl Fn(Range<usize>) -> Terms<'a> + Sync + Send,
) -> Vec<f32> {
    let rows = x.len() / channels;
    let blocks = rows.div_ceil(BLOCK_ROWS);
    let mut partial = vec![0.0; blocks * 2 * channels];
    let blocks_a_part = blocks.div_ceil(PARTS);
    parallel::for_each_part(&mut partial, blocks_a_part * 2 * channels, |part, sums| {
        for (block, sums) in sums.chunks_exact_mut(2 * channels).enumerate() {
            let first = (part * blocks_a_part + block) * BLOCK_ROWS;
            let range = first * channels..rows.min(first + BLOCK_ROWS) * channels;
            let (sums, products) = sums.split_at_mut(channels);
            dispatch(BlockSums {
                terms: terms(range.clone()),
                x: &x[range],
                sums,
                products,
            });
        }
    });
    partial
}

#[cfg(test)]
mod tests;
