//! A photo enlarged to a smooth field of brightness, on which shapes can be found.

use crate::image::{self, Image};

/// Width and height of every field and mask in pixels.
pub(super) const SIDE: usize = 128;

/// Number of pixels of a field.
pub(super) const AREA: usize = SIDE * SIDE;

/// How many times a field is finer than a photo.
pub(super) const SCALE: usize = 4;

/// Width and height of a photo with its margin. The margin keeps outlines off the field's edge.
const COARSE: usize = SIDE / SCALE;
const MARGIN: usize = (COARSE - image::SIDE) / 2;

/// Brightness 0 to 255 (or differences thereof), row by row.
pub(super) struct Field(pub(super) Vec<f32>);

impl Field {
    /// The photo, four times as large and slightly blurred (by a cubic B-spline).
    pub(super) fn of_photo(photo: &Image) -> Self {
        Self(enlarged(&with_margin(photo)))
    }

    /// Where the photo is darker than its surroundings; brighter places are negative. The
    /// surroundings are the wider, the more `rounds` of blurring.
    pub(super) fn darkness(photo: &Image, rounds: usize) -> Self {
        let sharp = with_margin(photo);
        let mut blurred = sharp.clone();
        for _ in 0..rounds {
            blurred = blur(&blurred);
        }
        let difference: Vec<f32> = blurred.iter().zip(&sharp).map(|(b, s)| b - s).collect();
        Self(enlarged(&difference))
    }

    /// How steeply the brightness changes, per two photo pixels.
    pub(super) fn steepness(&self) -> Self {
        let mut steepness = vec![0.0; AREA];
        let reach = SCALE * (SIDE + 1);
        for (index, value) in steepness
            .iter_mut()
            .enumerate()
            .take(AREA - reach)
            .skip(reach)
        {
            let across = self.0[index + SCALE] - self.0[index - SCALE];
            let down = self.0[index + SCALE * SIDE] - self.0[index - SCALE * SIDE];
            *value = (across * across + down * down).sqrt();
        }
        Self(steepness)
    }

    /// The value at a place between pixels, bilinear; 0 outside.
    pub(super) fn sample(&self, x: f32, y: f32) -> f32 {
        let last = (SIDE - 1) as f32;
        if !(x >= 0.0 && y >= 0.0 && x < last && y < last) {
            return 0.0;
        }
        let (column, row) = (x as usize, y as usize);
        let (right, down) = (x - column as f32, y - row as f32);
        let corner = row * SIDE + column;
        let upper = self.0[corner] + (self.0[corner + 1] - self.0[corner]) * right;
        let corner = corner + SIDE;
        let lower = self.0[corner] + (self.0[corner + 1] - self.0[corner]) * right;
        upper + (lower - upper) * down
    }
}

fn with_margin(photo: &Image) -> Vec<f32> {
    let mut coarse = vec![0.0; COARSE * COARSE];
    for (y, row) in photo.0.chunks_exact(image::SIDE).enumerate() {
        let target = &mut coarse[(y + MARGIN) * COARSE + MARGIN..][..image::SIDE];
        for (value, &pixel) in target.iter_mut().zip(row) {
            *value = f32::from(pixel);
        }
    }
    coarse
}

/// A binomial blur of 3 × 3 coarse pixels; the edge stays as it is.
fn blur(coarse: &[f32]) -> Vec<f32> {
    let along = |values: &[f32], step: usize| {
        let mut blurred = values.to_vec();
        for index in step..values.len() - step {
            blurred[index] =
                0.25 * (values[index - step] + values[index + step]) + 0.5 * values[index];
        }
        blurred
    };
    along(&along(coarse, 1), COARSE)
}

fn enlarged(coarse: &[f32]) -> Vec<f32> {
    let mut wide = vec![0.0; COARSE * SIDE];
    for (row, target) in coarse.chunks_exact(COARSE).zip(wide.chunks_exact_mut(SIDE)) {
        for (x, value) in target.iter_mut().enumerate() {
            *value = taps(x).iter().map(|&(tap, weight)| weight * row[tap]).sum();
        }
    }
    let mut field = vec![0.0; AREA];
    for (y, target) in field.chunks_exact_mut(SIDE).enumerate() {
        for (tap, weight) in taps(y) {
            for (value, &source) in target.iter_mut().zip(&wide[tap * SIDE..][..SIDE]) {
                *value += weight * source;
            }
        }
    }
    field
}

/// The coarse pixels that make up fine pixel `index` along one axis, with their weights.
fn taps(index: usize) -> [(usize, f32); 4] {
    let phase = index % SCALE;
    let offset = (phase as f32 + 0.5) / SCALE as f32 - 0.5;
    let base = (index / SCALE) as isize - isize::from(offset < 0.0);
    let t = if offset < 0.0 { offset + 1.0 } else { offset };
    let weights = [
        (1.0 - t) * (1.0 - t) * (1.0 - t),
        3.0 * t * t * t - 6.0 * t * t + 4.0,
        -3.0 * t * t * t + 3.0 * t * t + 3.0 * t + 1.0,
        t * t * t,
    ];
    std::array::from_fn(|tap| {
        let position = (base - 1 + tap as isize).clamp(0, COARSE as isize - 1);
        (position as usize, weights[tap] / 6.0)
    })
}
