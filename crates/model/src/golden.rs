//! The self-test of a device: a few made-up images, whose logits on the CPU are stored beside the
//! weights.

use crate::{
    class::CLASS_COUNT,
    image::{Image, PIXELS, SIDE},
};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// How many images the self-test has.
const COUNT: usize = 4;

/// Largest difference of a logit from the stored one that rounding explains.
pub const TOLERANCE: f32 = 2e-3;

/// The CPU's logits for [`images`], as stored beside the weights.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GoldenLogits {
    /// One row an image.
    pub logits: Vec<[f32; CLASS_COUNT]>,
}

/// A device that does not compute what the CPU does.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum GoldenError {
    /// The number of rows differs.
    #[error(
        "the self-test's reference has {found} rows instead of {COUNT}; make it again with the weights"
    )]
    WrongCount {
        /// Rows found.
        found: usize,
    },
    /// A logit is too far off.
    #[error("this device computes something else than the CPU: a logit differs by {difference}")]
    Disagrees {
        /// Largest difference.
        difference: f32,
    },
}

/// The images of the self-test: waves of several directions, cut to a shape.
pub fn images() -> Vec<Image> {
    let wave = |index: usize, pixel: usize| {
        let (row, column) = (pixel / SIDE, pixel % SIDE);
        let inside = row + 2 * index >= 4 && column.abs_diff(SIDE / 2) < 6 + 2 * index + row / 4;
        let value = (row * (7 + 3 * index) + column * (11 - 2 * index) + row * column / 2) % 256;
        if inside { value as u8 } else { 0 }
    };
    (0..COUNT)
        .map(|index| {
            Image(std::array::from_fn::<u8, PIXELS, _>(|pixel| {
                wave(index, pixel)
            }))
        })
        .collect()
}

/// The largest difference between a device's logits for [`images`] and the stored ones.
///
/// # Errors
/// Where it is above [`TOLERANCE`], or the counts differ.
pub fn check(logits: &[[f32; CLASS_COUNT]], golden: &GoldenLogits) -> Result<f32, GoldenError> {
    let found = golden.logits.len();
    if found != COUNT || logits.len() != COUNT {
        return Err(GoldenError::WrongCount { found });
    }
    let pairs = logits.iter().flatten().zip(golden.logits.iter().flatten());
    // `max` would pass over a NaN, which must fail.
    let difference = pairs
        .map(|(a, b)| (a - b).abs())
        .fold(0.0, |m, d| if d <= m { m } else { d });
    if difference <= TOLERANCE {
        Ok(difference)
    } else {
        Err(GoldenError::Disagrees { difference })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(value: f32) -> Vec<[f32; CLASS_COUNT]> {
        vec![[value; CLASS_COUNT]; COUNT]
    }

    #[test]
    fn a_device_that_agrees_passes_and_one_that_does_not_fails() {
        let golden = GoldenLogits { logits: rows(1.0) };
        assert_eq!(check(&rows(1.0), &golden), Ok(0.0));
        assert!(matches!(
            check(&rows(1.1), &golden),
            Err(GoldenError::Disagrees { .. })
        ));
        assert!(matches!(
            check(&rows(f32::NAN), &golden),
            Err(GoldenError::Disagrees { .. })
        ));
        assert!(matches!(
            check(&rows(1.0)[1..], &golden),
            Err(GoldenError::WrongCount { .. })
        ));
    }

    #[test]
    fn the_images_differ_and_are_not_blank() {
        let images = images();
        for (i, image) in images.iter().enumerate() {
            assert!(!image.is_blank());
            assert!(images[..i].iter().all(|other| other != image));
        }
    }
}
