//! The gradient with respect to the weights, by points: a batch's tiles of the input and of the
//! output's gradient to points, one matrix product a point over all tiles, points to weights.
//!
//! # Safety
//!
//! The loops read and write through raw pointers. [`weight_gradient`] asserts every length against
//! the shape before any of them runs, and the memory for the points is made as large as they need.
#![allow(unsafe_code)]

use super::{
    points::{Input, OutputGradient, POINTS, SPAN, TAPS, TILE, Transform, WeightsGradient, twice},
    scratch::{plane, planes, with_buffers},
    tiling::{Tiling, to_points},
};
use crate::{
    conv::{CHANNEL_STEP, Shape, block},
    parallel,
    simd::{Lanes, Task, dispatch},
};
use std::marker::PhantomData;

/// Tiles of one block: a thread transforms one at a time.
const BLOCK_TILES: usize = 64;

/// Blocks whose points are in memory together: enough that the sums are seldom stored, and so few
/// that the points stay in the caches.
const BLOCKS: usize = 8;

/// As [`crate::conv::weight_gradient`].
pub(in crate::conv) fn weight_gradient(shape: Shape, x: &[f32], dy: &[f32]) -> Vec<f32> {
    assert!(super::suits(shape), "unsupported convolution: {shape:?}");
    assert_eq!(x.len(), shape.input_len(), "length of the input");
    assert_eq!(dy.len(), shape.output_len(), "length of the gradient");
    let tiling = Tiling::of(shape);
    let images = (BLOCK_TILES / tiling.per_image).clamp(1, shape.batch);
    let blocks = Blocks {
        tiling,
        tiles: images * tiling.per_image,
        pixels: images * shape.pixels(),
    };
    let (inputs, outputs) = (shape.inputs, shape.outputs);
    let count = BLOCKS.min(shape.batch.div_ceil(images));
    let lengths = [inputs, outputs].map(|channels| count * planes(blocks.tiles, channels));
    let mut sums = parallel::make(POINTS * inputs * outputs, inputs * outputs, |_, _| ());
    with_buffers(lengths, |x_points, dy_points| {
        let length = count * blocks.pixels;
        for (x, dy) in x.chunks(length * inputs).zip(dy.chunks(length * outputs)) {
            blocks.fill::<Input, SPAN>(inputs, x, x_points);
            blocks.fill::<OutputGradient, TILE>(outputs, dy, dy_points);
            let tiles = x.len() / (shape.pixels() * inputs) * tiling.per_image;
            parallel::for_each_part(&mut sums, inputs * outputs, |point, sums| {
                dispatch(Products {
                    shape,
                    blocks,
                    point,
                    tiles,
                    x: x_points,
                    dy: dy_points,
                    sums,
                });
            });
        }
    });
    let mut dw = vec![0.0; shape.weights_len()];
    dispatch(ToWeights {
        shape,
        sums: &sums,
        dw: &mut dw,
    });
    dw
}

/// How the batch is cut into blocks of a few images.
#[derive(Clone, Copy)]
struct Blocks {
    tiling: Tiling,
    /// Tiles of a block.
    tiles: usize,
    /// Pixels of a block.
    pixels: usize,
}

impl Blocks {
    /// Transforms `pixels`, block by block.
    fn fill<T: Square<SIDE>, const SIDE: usize>(
        &self,
        channels: usize,
        pixels: &[f32],
        points: &mut [f32],
    ) {
        let length = self.pixels * channels;
        parallel::for_each_part(points, planes(self.tiles, channels), |block, points| {
            // The last blocks may be shorter, or empty.
            let first = pixels.len().min(block * length);
            let pixels = &pixels[first..pixels.len().min(first + length)];
            dispatch(Fill::<T, SIDE> {
                blocks: *self,
                channels,
                pixels,
                points,
                square: PhantomData,
            });
        });
    }
}

/// A square of pixels about a tile, and its transform.
trait Square<const SIDE: usize>: Transform<SIDE, SPAN> + Sync + Send {
    fn pixels(tiling: &Tiling, tile: usize) -> [[Option<usize>; SIDE]; SIDE];
}

impl Square<SPAN> for Input {
    #[inline(always)]
    fn pixels(tiling: &Tiling, tile: usize) -> [[Option<usize>; SPAN]; SPAN] {
        tiling.inputs(tile)
    }
}

impl Square<TILE> for OutputGradient {
    #[inline(always)]
    fn pixels(tiling: &Tiling, tile: usize) -> [[Option<usize>; TILE]; TILE] {
        tiling.outputs(tile)
    }
}

/// One block's way to points.
struct Fill<'a, T, const SIDE: usize> {
    blocks: Blocks,
    channels: usize,
    pixels: &'a [f32],
    points: &'a mut [f32],
    square: PhantomData<T>,
}

impl<T: Square<SIDE>, const SIDE: usize> Task for Fill<'_, T, SIDE> {
    type Output = ();

    #[inline(always)]
    fn run<V: Lanes>(self) {
        let Blocks {
            tiling,
            tiles,
            pixels,
        } = self.blocks;
        let (channels, plane) = (self.channels, plane(tiles, self.channels));
        let there = self.pixels.len() / channels * tiles / pixels;
        for tile in 0..there {
            let pixels = T::pixels(&tiling, tile);
            // SAFETY: the tile's pixels lie in this block, which has so many tiles; each plane has
            // room for `tiles × channels` values.
            unsafe {
                let to = self.points.as_mut_ptr().add(tile * channels);
                to_points::<T, V, SIDE>(self.pixels.as_ptr(), &pixels, channels, to, plane);
            }
        }
    }
}

/// Adds up one point of the weights' gradient, `[inputs, outputs]`, over the tiles in memory.
struct Products<'a> {
    shape: Shape,
    blocks: Blocks,
    point: usize,
    /// How many tiles there are, over all blocks.
    tiles: usize,
    x: &'a [f32],
    dy: &'a [f32],
    sums: &'a mut [f32],
}

impl Task for Products<'_> {
    type Output = ();

    #[inline(always)]
    fn run<V: Lanes>(self) {
        if V::LANES == 16 {
            self.blocks::<V, 8>();
        } else {
            self.blocks::<V, 4>();
        }
    }
}

impl Products<'_> {
    #[inline(always)]
    fn blocks<V: Lanes, const CHANNELS: usize>(mut self) {
        debug_assert!(CHANNEL_STEP.is_multiple_of(CHANNELS));
        for output in (0..self.shape.outputs).step_by(block::channels::<V>()) {
            for input in (0..self.shape.inputs).step_by(CHANNELS) {
                // SAFETY: CHANNELS divides the inputs and a block's channels the outputs.
                unsafe { self.block::<V, CHANNELS>(input, output) }
            }
        }
    }

    /// # Safety
    /// The block must lie inside the weights.
    #[inline(always)]
    unsafe fn block<V: Lanes, const CHANNELS: usize>(&mut self, input: usize, output: usize) {
        let (inputs, outputs) = (self.shape.inputs, self.shape.outputs);
        let tiles = self.blocks.tiles;
        let x_first = self.point * plane(tiles, inputs) + input;
        let dy_first = self.point * plane(tiles, outputs) + output;
        let (x_block, dy_block) = (planes(tiles, inputs), planes(tiles, outputs));
        // SAFETY: the block lies inside the weights; each of the blocks of tiles has so many points,
        // and the last one is read up to its last tile only.
        unsafe {
            let first = self.sums.as_mut_ptr().add(input * outputs + output);
            let to: [*mut f32; CHANNELS] = std::array::from_fn(|c| first.add(c * outputs));
            let mut sums = block::load::<V, CHANNELS>(to.map(<*mut f32>::cast_const));
            for block in 0..self.tiles.div_ceil(tiles) {
                let x = self.x.as_ptr().add(block * x_block + x_first);
                let dy = self.dy.as_ptr().add(block * dy_block + dy_first);
                let depth = tiles.min(self.tiles - block * tiles);
                let rows = std::array::from_fn(|c| x.add(c));
                block::add_product(&mut sums, rows, inputs, dy, outputs, depth);
            }
            block::store(sums, to);
        }
    }
}

/// Points to weights.
struct ToWeights<'a> {
    shape: Shape,
    sums: &'a [f32],
    dw: &'a mut [f32],
}

impl Task for ToWeights<'_> {
    type Output = ();

    #[inline(always)]
    fn run<V: Lanes>(self) {
        let matrix = self.shape.inputs * self.shape.outputs;
        for at in (0..matrix).step_by(V::LANES) {
            let mut points = [[V::splat(0.0); SPAN]; SPAN];
            for (i, point) in points.as_flattened_mut().iter_mut().enumerate() {
                // SAFETY: there are POINTS matrices, whose length LANES divides.
                *point = unsafe { V::load(self.sums.as_ptr().add(i * matrix + at)) };
            }
            let taps = twice::<WeightsGradient, V, SPAN, TAPS>(points);
            for (tap, value) in taps.as_flattened().iter().enumerate() {
                // SAFETY: there are TAPS matrices of the same length.
                unsafe { value.store(self.dw.as_mut_ptr().add(tap * matrix + at)) }
            }
        }
    }
}
