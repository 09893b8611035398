//! Shapes as sets of pixels.

use super::field::{AREA, Field, SIDE};

/// So many pixels along the edge belong to no shape, so that growing never wraps into the next row.
const EDGE: usize = 6;

/// A shape: 255 inside, 0 outside, row by row.
pub(super) struct Mask(pub(super) Vec<u8>);

impl Mask {
    /// What is above `level`.
    pub(super) fn above(field: &Field, level: f32) -> Self {
        let inside = |&value: &f32| if value > level { 255 } else { 0 };
        let mut pixels: Vec<u8> = field.0.iter().map(inside).collect();
        pixels[..EDGE * SIDE].fill(0);
        pixels[AREA - EDGE * SIDE..].fill(0);
        for row in pixels.chunks_exact_mut(SIDE) {
            row[..EDGE].fill(0);
            row[SIDE - EDGE..].fill(0);
        }
        Self(pixels)
    }

    /// The shape grown by `radius` pixels, at most [`EDGE`], on all sides.
    pub(super) fn grown(&self, radius: usize) -> Self {
        let across = combined(&self.0, radius, 1, u8::max);
        Self(combined(&across, radius, SIDE, u8::max))
    }

    /// The shape shrunk by `radius` pixels on all sides.
    pub(super) fn shrunk(&self, radius: usize) -> Self {
        let across = combined(&self.0, radius, 1, u8::min);
        Self(combined(&across, radius, SIDE, u8::min))
    }

    /// The shape without gaps and holes narrower than twice `radius`.
    pub(super) fn closed(&self, radius: usize) -> Self {
        self.grown(radius).shrunk(radius)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.iter().all(|&pixel| pixel == 0)
    }

    pub(super) fn contains(&self, index: usize) -> bool {
        self.0[index] != 0
    }
}

/// Every pixel combined with its neighbours up to `radius` steps before and after.
fn combined(pixels: &[u8], radius: usize, step: usize, combine: fn(u8, u8) -> u8) -> Vec<u8> {
    let mut result = pixels.to_vec();
    for distance in (1..=radius).map(|count| count * step) {
        for (value, &other) in result[distance..].iter_mut().zip(pixels) {
            *value = combine(*value, other);
        }
        for (value, &other) in result.iter_mut().zip(&pixels[distance..]) {
            *value = combine(*value, other);
        }
    }
    result
}
