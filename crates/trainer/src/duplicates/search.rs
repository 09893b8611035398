//! Finding near duplicates among all pairs of images.
//!
//! Two images are near duplicates if their pixels correlate (Pearson) at least as a threshold says:
//! that looks past brightness and contrast, in which copies of a photo differ. 70,000 images make
//! 2.4 thousand million pairs, so each image is first shrunk to 14×14. As shrinking by averages
//! cannot bring two points further apart, no pair is lost by it.

use burn::tensor::{Device, Tensor, TensorData};
use indicatif::ProgressBar;
use model::image::{Image, PIXELS, SIDE};
use rayon::prelude::*;

/// Pixels of a shrunken image.
const SMALL: usize = PIXELS / 4;

/// Images that are compared at once with [`COLUMNS`] others.
const ROWS: usize = 1024;

/// See [`ROWS`].
const COLUMNS: usize = 8192;

/// Two images that are nearly the same.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pair {
    /// The first one's number.
    pub first: usize,
    /// The second one's number, which is larger.
    pub second: usize,
    /// Pearson's correlation of their pixels, up to 1.
    pub correlation: f32,
}

/// All pairs of images whose pixels correlate by at least `threshold`, ordered by number.
/// The bar counts images.
pub fn near_pairs(images: &[Image], threshold: f32, bar: &ProgressBar) -> Vec<Pair> {
    let standardised: Vec<[f32; PIXELS]> = images.par_iter().map(standardised).collect();
    let small: Vec<[f32; SMALL]> = standardised.par_iter().map(shrunken).collect();
    let mut pairs = Vec::new();
    for (block, rows) in small.chunks(ROWS).enumerate() {
        let first_row = block * ROWS;
        for (chunk, columns) in small[first_row..].chunks(COLUMNS).enumerate() {
            let first_column = first_row + chunk * COLUMNS;
            let candidates = candidates(rows, columns, threshold);
            let exact = candidates.into_par_iter().filter_map(|(row, column)| {
                let (first, second) = (first_row + row, first_column + column);
                let correlation = dot(&standardised[first], &standardised[second]);
                (first < second && correlation >= threshold).then_some(Pair {
                    first,
                    second,
                    correlation,
                })
            });
            pairs.par_extend(exact);
        }
        bar.inc(rows.len() as u64);
    }
    pairs.sort_by_key(|pair| (pair.first, pair.second));
    pairs
}

/// The (row, column) of all pairs that may correlate by `threshold`.
fn candidates(
    rows: &[[f32; SMALL]],
    columns: &[[f32; SMALL]],
    threshold: f32,
) -> Vec<(usize, usize)> {
    let products: Vec<f32> = matrix(rows)
        .matmul(matrix(columns).transpose())
        .into_data()
        .iter::<f32>()
        .collect();
    let half_square = |x: &[f32; SMALL]| dot(x, x) / 2.0;
    let (row_squares, column_squares): (Vec<f32>, Vec<f32>) = (
        rows.iter().map(half_square).collect(),
        columns.iter().map(half_square).collect(),
    );
    // |a − b|² / 2 of the small images is at most 1 − correlation of the large ones.
    let far = 1.0 - threshold + 1e-5;
    products
        .par_chunks(columns.len())
        .enumerate()
        .flat_map_iter(|(row, products)| {
            let row_square = row_squares[row];
            let near = |(product, square): (&f32, &f32)| row_square + square - product <= far;
            products
                .iter()
                .zip(&column_squares)
                .enumerate()
                .filter(move |(_, pair)| near(*pair))
                .map(move |(column, _)| (row, column))
                .collect::<Vec<_>>()
        })
        .collect()
}

/// `[images, SMALL]`
fn matrix(images: &[[f32; SMALL]]) -> Tensor<2> {
    let data = TensorData::new(images.as_flattened().to_vec(), [images.len(), SMALL]);
    Tensor::from_data(data, &Device::flex())
}

/// The pixels moved to mean 0 and scaled to length 1, so that a product is a correlation. An even
/// image becomes zeros, which correlate with nothing.
fn standardised(image: &Image) -> [f32; PIXELS] {
    let mean = image.0.iter().map(|&pixel| f32::from(pixel)).sum::<f32>() / PIXELS as f32;
    let centred = image.0.map(|pixel| f32::from(pixel) - mean);
    let length = dot(&centred, &centred).sqrt().max(f32::MIN_POSITIVE);
    centred.map(|value| value / length)
}

/// Each square of four pixels as one, at half their sum: that keeps lengths or shortens them.
fn shrunken(pixels: &[f32; PIXELS]) -> [f32; SMALL] {
    std::array::from_fn(|index| {
        let (row, column) = (2 * (index / (SIDE / 2)), 2 * (index % (SIDE / 2)));
        let at = |row, column| pixels[row * SIDE + column];
        (at(row, column) + at(row, column + 1) + at(row + 1, column) + at(row + 1, column + 1))
            / 2.0
    })
}

fn dot(a: &[f32], b: &[f32]) -> f32 {
    // Eight sums side by side, which the compiler turns into vector instructions.
    let mut sums = [0.0; 8];
    for (a, b) in a.as_chunks::<8>().0.iter().zip(b.as_chunks::<8>().0) {
        for lane in 0..8 {
            sums[lane] += a[lane] * b[lane];
        }
    }
    let (a_rest, b_rest) = (a.as_chunks::<8>().1, b.as_chunks::<8>().1);
    let rest: f32 = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum();
    sums.iter().sum::<f32>() + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{Rng, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    #[test]
    fn finds_the_same_pairs_as_comparing_every_pixel_of_all() {
        let mut rng = ChaCha8Rng::seed_from_u64(3);
        // More than a block, so that its edges are crossed; each image is one of 40, blurred by noise.
        let images: Vec<Image> = (0..ROWS + 200)
            .map(|index| {
                let noise = rng.random_range(1..120);
                Image(std::array::from_fn(|pixel| {
                    let wave = (pixel * (3 + index % 40) / 7 % 120) as u8;
                    wave + rng.random_range(0..noise)
                }))
            })
            .collect();
        let correlation = |a: &Image, b: &Image| dot(&standardised(a), &standardised(b));
        for threshold in [0.8, 0.97] {
            let found = near_pairs(&images, threshold, &ProgressBar::hidden());
            let mut expected = Vec::new();
            for second in 0..images.len() {
                for first in 0..second {
                    if correlation(&images[first], &images[second]) >= threshold {
                        expected.push((first, second));
                    }
                }
            }
            expected.sort_unstable();
            assert!(expected.len() > 20 && expected.len() < 20_000);
            let found: Vec<_> = found.iter().map(|pair| (pair.first, pair.second)).collect();
            assert!(found == expected, "{} {}", found.len(), expected.len());
        }
    }

    #[test]
    fn brightness_does_not_matter_and_even_images_are_like_nothing() {
        let ramp = Image(std::array::from_fn(|pixel| (pixel % 100) as u8));
        let brighter = Image(ramp.0.map(|pixel| 2 * pixel + 20));
        let even = Image([7; PIXELS]);
        let found = near_pairs(
            &[even.clone(), ramp, even, brighter],
            0.999,
            &ProgressBar::hidden(),
        );
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].first, found[0].second), (1, 3));
    }
}
