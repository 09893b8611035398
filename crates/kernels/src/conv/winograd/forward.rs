//! The forward pass: tiles to points, one matrix product a point, points to tiles.
//!
//! # Safety
//!
//! The loops read and write through raw pointers. [`forward`] asserts every length against the shape
//! before any of them runs, and the scratch memory is made as large as they need.
#![allow(unsafe_code)]

use super::{
    points::{Input, Output, POINTS, SPAN, TILE, twice},
    scratch::{plane, planes, with_buffers},
    tiling::{Tiling, to_points},
};
use crate::{
    conv::{
        CHANNEL_STEP, Epilogue, Shape,
        block::{self, VECTORS},
    },
    parallel,
    simd::{Lanes, Task, dispatch},
};

/// Tiles that are taken together, if one image has fewer.
const TILES_TOGETHER: usize = 32;

/// As [`crate::conv::forward`], from transformed weights.
pub(in crate::conv) fn forward(
    shape: Shape,
    x: &[f32],
    weights: &[f32],
    epilogue: Epilogue,
) -> Vec<f32> {
    assert!(super::suits(shape), "unsupported convolution: {shape:?}");
    assert_eq!(x.len(), shape.input_len(), "length of the input");
    let weights_len = POINTS * shape.inputs * shape.outputs;
    assert_eq!(weights.len(), weights_len, "length of the weights");
    epilogue.check(shape);
    let tiling = Tiling::of(shape);
    let images = (TILES_TOGETHER / tiling.per_image).max(1);
    let (inputs, outputs) = (
        images * shape.pixels() * shape.inputs,
        images * shape.pixels() * shape.outputs,
    );
    parallel::make(shape.output_len(), outputs, |index, y| {
        // The last part may have fewer images.
        let tiles = y.len() / (shape.pixels() * shape.outputs) * tiling.per_image;
        let lengths = [shape.inputs, shape.outputs].map(|channels| planes(tiles, channels));
        with_buffers(lengths, |points, products| {
            dispatch(Part {
                shape,
                tiling,
                tiles,
                x: &x[index * inputs..x.len().min((index + 1) * inputs)],
                weights,
                epilogue: epilogue.part(index * outputs, y.len()),
                y,
                points,
                products,
            });
        });
    })
}

/// Some images: `tiles` tiles.
struct Part<'a> {
    shape: Shape,
    tiling: Tiling,
    tiles: usize,
    x: &'a [f32],
    weights: &'a [f32],
    epilogue: Epilogue<'a>,
    y: &'a mut [f32],
    points: &'a mut [f32],
    products: &'a mut [f32],
}

impl Task for Part<'_> {
    type Output = ();

    #[inline(always)]
    fn run<V: Lanes>(mut self) {
        self.transform::<V>();
        // As many rows as the registers hold: 32 of them with the widest vectors, else 16.
        if V::LANES == 16 {
            self.multiply::<V, 8>();
        } else {
            self.multiply::<V, 4>();
        }
        self.interpolate::<V>();
    }
}

impl Part<'_> {
    #[inline(always)]
    fn transform<V: Lanes>(&mut self) {
        let channels = self.shape.inputs;
        let plane = plane(self.tiles, channels);
        for tile in 0..self.tiles {
            let pixels = self.tiling.inputs(tile);
            // SAFETY: the tile's pixels lie in the images of this part; each plane has room for
            // `tiles × channels` values.
            unsafe {
                let to = self.points.as_mut_ptr().add(tile * channels);
                to_points::<Input, V, SPAN>(self.x.as_ptr(), &pixels, channels, to, plane);
            }
        }
    }

    /// For each point: `[tiles, inputs] × [inputs, outputs]`.
    #[inline(always)]
    fn multiply<V: Lanes, const ROWS: usize>(&mut self) {
        let (inputs, outputs, tiles) = (self.shape.inputs, self.shape.outputs, self.tiles);
        for point in 0..POINTS {
            let from = point * plane(tiles, inputs);
            let to = point * plane(tiles, outputs);
            for channel in (0..outputs).step_by(block::channels::<V>()) {
                let panel = channel / CHANNEL_STEP * CHANNEL_STEP * inputs + channel % CHANNEL_STEP;
                for first in (0..tiles).step_by(ROWS) {
                    // The last block may reach past the tiles: it does the last tile again instead.
                    let tile: [usize; ROWS] = std::array::from_fn(|r| (first + r).min(tiles - 1));
                    // SAFETY: `tile` and `channel` lie inside the planes, the panel in the weights.
                    unsafe {
                        let rows = tile.map(|t| self.points.as_ptr().add(from + t * inputs));
                        let weights = self.weights.as_ptr().add(point * inputs * outputs + panel);
                        let mut sums = block::zeros::<V, ROWS>();
                        block::add_product(&mut sums, rows, 1, weights, CHANNEL_STEP, inputs);
                        let products = self.products.as_mut_ptr();
                        block::store(sums, tile.map(|t| products.add(to + t * outputs + channel)));
                    }
                }
            }
        }
    }

    /// Points to outputs, and what follows the convolution.
    #[inline(always)]
    fn interpolate<V: Lanes>(&mut self) {
        let outputs = self.shape.outputs;
        let plane = plane(self.tiles, outputs);
        for tile in 0..self.tiles {
            let pixels: [[_; TILE]; TILE] = self.tiling.outputs(tile);
            for channel in (0..outputs).step_by(V::LANES) {
                let from = tile * outputs + channel;
                let mut points = [[V::splat(0.0); SPAN]; SPAN];
                for (i, point) in points.as_flattened_mut().iter_mut().enumerate() {
                    // SAFETY: each plane has `tiles × outputs` values, of which `from` is one.
                    *point = unsafe { V::load(self.products.as_ptr().add(i * plane + from)) };
                }
                let values = twice::<Output, V, SPAN, TILE>(points);
                for (value, pixel) in values.as_flattened().iter().zip(pixels.as_flattened()) {
                    if let Some(pixel) = pixel {
                        let offset = pixel * outputs + channel;
                        // SAFETY: the pixel lies in the images of this part, `channel` leaves room
                        // for one vector.
                        unsafe {
                            let value = self.epilogue.apply(*value, offset, channel);
                            value.store(self.y.as_mut_ptr().add(offset));
                        }
                    }
                }
            }
        }
    }
}

// Blocks and panels of output channels must fit each other.
const _: () = assert!(CHANNEL_STEP.is_multiple_of(VECTORS));
