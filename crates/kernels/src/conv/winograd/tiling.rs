//! How images are cut into tiles, and the tiles' way to points.
//!
//! # Safety
//!
//! Vectors are read and written through raw pointers. The offsets of a tile's pixels are computed
//! here, and only those inside the image are ever used; the callers assert the slices' lengths.
#![allow(unsafe_code)]

use super::points::{SPAN, TILE, Transform, twice};
use crate::{conv::Shape, simd::Lanes};

/// Images cut into tiles of 4×4 pixels; the last ones of a row or column may reach past the image.
#[derive(Clone, Copy)]
pub(super) struct Tiling {
    height: usize,
    width: usize,
    across: usize,
    /// Tiles of one image.
    pub(super) per_image: usize,
}

impl Tiling {
    pub(super) fn of(shape: Shape) -> Self {
        let across = shape.width.div_ceil(TILE);
        Self {
            height: shape.height,
            width: shape.width,
            across,
            per_image: across * shape.height.div_ceil(TILE),
        }
    }

    /// The pixels of a square of `SIDE` × `SIDE` that begins `before` pixels above and left of a
    /// tile, as indices into all pixels of the images; `None` for those outside of the tile's image.
    #[inline(always)]
    fn square<const SIDE: usize>(
        &self,
        tile: usize,
        before: usize,
    ) -> [[Option<usize>; SIDE]; SIDE] {
        let (image, tile) = (tile / self.per_image, tile % self.per_image);
        let (top, left) = (tile / self.across * TILE, tile % self.across * TILE);
        let mut pixels = [[None; SIDE]; SIDE];
        for (r, line) in pixels.iter_mut().enumerate() {
            for (c, pixel) in line.iter_mut().enumerate() {
                // Above or left of the image the difference wraps around, to more than its size.
                let (row, column) = (
                    (top + r).wrapping_sub(before),
                    (left + c).wrapping_sub(before),
                );
                if row < self.height && column < self.width {
                    *pixel = Some((image * self.height + row) * self.width + column);
                }
            }
        }
        pixels
    }

    /// The pixels that a tile's outputs depend on.
    #[inline(always)]
    pub(super) fn inputs(&self, tile: usize) -> [[Option<usize>; SPAN]; SPAN] {
        self.square(tile, 1)
    }

    /// A tile's own pixels.
    #[inline(always)]
    pub(super) fn outputs(&self, tile: usize) -> [[Option<usize>; TILE]; TILE] {
        self.square(tile, 0)
    }
}

/// Transforms a square of pixels to points, for all `channels`; point `i` goes `i × plane` values
/// after `to`.
///
/// # Safety
/// The pixels must lie in `from`, which has `channels` values for each; from `to` on, each plane must
/// be writable for `channels` values, which are a multiple of `LANES`.
#[inline(always)]
pub(super) unsafe fn to_points<T: Transform<SIDE, SPAN>, V: Lanes, const SIDE: usize>(
    from: *const f32,
    pixels: &[[Option<usize>; SIDE]; SIDE],
    channels: usize,
    to: *mut f32,
    plane: usize,
) {
    for channel in (0..channels).step_by(V::LANES) {
        let mut square = [[V::splat(0.0); SIDE]; SIDE];
        for (values, pixels) in square.iter_mut().zip(pixels) {
            for (value, pixel) in values.iter_mut().zip(pixels) {
                if let Some(pixel) = pixel {
                    // SAFETY: the caller's promise.
                    *value = unsafe { V::load(from.add(pixel * channels + channel)) };
                }
            }
        }
        let points = twice::<T, V, SIDE, SPAN>(square);
        for (i, point) in points.as_flattened().iter().enumerate() {
            // SAFETY: the caller's promise.
            unsafe { point.store(to.add(i * plane + channel)) }
        }
    }
}
