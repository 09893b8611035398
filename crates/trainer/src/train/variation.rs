//! How training images are varied: what each one goes through, and blending two of them.

use crate::numbers::{fraction, real, whole};
use burn::tensor::Tensor;
use clap::Args;
use model::augment::photo;
use rand::Rng;
use serde::{Deserialize, Serialize};

/// Flags about the images' variation.
#[derive(Clone, Debug, PartialEq, Args, Serialize, Deserialize)]
#[command(next_help_heading = "Variation of images")]
pub struct Variation {
    /// Probability that an image is mirrored
    #[arg(long, value_parser = fraction(), default_value_t = 0.5)]
    pub flip: f64,
    /// Furthest shift of an image, in pixels
    #[arg(long, value_parser = whole::<u8>(0..=14), value_name = "PIXELS", default_value_t = 2)]
    pub shift: u8,
    /// Furthest turn of an image, in degrees either way
    #[arg(long, value_parser = real::<f32>(0.0..=180.0), value_name = "DEGREES", default_value_t = 0.0)]
    pub rotate: f32,
    /// Probability that a part of an image is erased
    #[arg(long, value_parser = fraction(), default_value_t = 0.4)]
    pub erase: f64,
    /// Blend pairs of images and their classes, by shares from Beta(ALPHA, ALPHA); 0 is off
    #[arg(long, value_parser = fraction(), value_name = "ALPHA", default_value_t = 0.0)]
    pub mixup: f64,
}

impl Variation {
    /// What a single image goes through.
    pub fn of_one(&self) -> photo::Variation {
        photo::Variation {
            mirror: self.flip,
            shift: i32::from(self.shift),
            turn: self.rotate,
            erase: self.erase,
        }
    }
}

/// Mixup (Zhang et al. 2018): each image and its target blended with the next one's, by a share
/// drawn for the whole batch. An image keeps the larger share, so that its label stays the main one.
///
/// # Shapes
/// - images: `[batch, 28, 28, 1]`
/// - targets: `[batch, 10]`
pub fn mixup(
    images: Tensor<4>,
    targets: Tensor<2>,
    alpha: f64,
    rng: &mut impl Rng,
) -> (Tensor<4>, Tensor<2>) {
    let share = beta(alpha, rng);
    let share = share.max(1.0 - share);
    (blended(images, share), blended(targets, share))
}

/// Each row times `share` plus the next row times the rest.
fn blended<const D: usize>(rows: Tensor<D>, share: f64) -> Tensor<D> {
    let count = rows.dims()[0];
    if count < 2 {
        return rows;
    }
    let first = rows.clone().narrow(0, 0, 1);
    let others = rows.clone().narrow(0, 1, count - 1);
    let next = Tensor::cat(vec![others, first], 0);
    rows * share + next * (1.0 - share)
}

/// A number from Beta(alpha, alpha), for alpha above 0 and at most 1 (Jöhnk 1964): a / (a + b) for powers a
/// and b of evenly drawn numbers, as logarithms, which hold whatever a tiny alpha makes of them.
fn beta(alpha: f64, rng: &mut impl Rng) -> f64 {
    loop {
        // Above 0 and at most 1.
        let mut draw = || (1.0 - rng.random::<f64>()).ln();
        let (a, b) = (draw(), draw());
        if (a / alpha).exp() + (b / alpha).exp() <= 1.0 {
            return 1.0 / (1.0 + ((b - a) / alpha).exp());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    #[test]
    fn shares_have_the_mean_and_variance_of_their_distribution() {
        for alpha in [0.2, 1.0] {
            let mut rng = ChaCha8Rng::seed_from_u64(1);
            let drawn: Vec<f64> = (0..20_000).map(|_| beta(alpha, &mut rng)).collect();
            let mean = drawn.iter().sum::<f64>() / drawn.len() as f64;
            let variance =
                drawn.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / drawn.len() as f64;
            let expected = 1.0 / (4.0 * (2.0 * alpha + 1.0));
            assert!((mean - 0.5).abs() < 0.01, "{mean}");
            assert!((variance - expected).abs() < 0.01, "{variance} {expected}");
        }
    }

    #[test]
    fn a_tiny_alpha_takes_one_of_two() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        for alpha in [1e-308, f64::from_bits(1), 1e-3] {
            let drawn: Vec<f64> = (0..1000).map(|_| beta(alpha, &mut rng)).collect();
            assert!(drawn.iter().all(|share| (0.0..=1.0).contains(share)));
            let ones = drawn.iter().filter(|share| **share > 0.5).count();
            assert!((400..600).contains(&ones), "{ones}");
        }
    }

    #[test]
    fn a_row_is_blended_with_the_next_and_the_last_with_the_first() {
        let rows = Tensor::<2>::from_data([[1.0], [2.0], [4.0]], &model::net::cpu_device());
        let blended: Vec<f32> = blended(rows, 0.75).into_data().iter::<f32>().collect();
        assert_eq!(blended, [1.25, 2.5, 3.25]);
    }
}
