//! Lines along the ridges of a field: seams, collars, soles.

use super::contour::Place;
use super::field::{Field, SIDE};
use super::mask::Mask;

/// Ridges are followed on every second pixel, which is fine enough and four times as fast.
const STRIDE: usize = 2;
const WIDTH: usize = SIDE / STRIDE;

/// The eight neighbours, in turn.
const AROUND: [isize; 8] = {
    let row = WIDTH as isize;
    [1, row + 1, row, row - 1, -1, -row - 1, -row, -row + 1]
};

/// What is looked for.
pub(super) struct Wanted {
    /// Lines start where the field is at least this high, and go on above half of it.
    pub(super) height: f32,
    /// Shorter lines are left out; in steps of two field pixels.
    pub(super) shortest: usize,
    /// The number of lines, the highest ones first.
    pub(super) most: usize,
}

/// Lines along the ridges of `field` within `mask`.
pub(super) fn ridges(field: &Field, mask: &Mask, wanted: &Wanted) -> Vec<Vec<Place>> {
    let mut heights = thinned_out(field, mask);
    let mut starts: Vec<usize> = (0..heights.len())
        .filter(|&index| heights[index] >= wanted.height)
        .collect();
    starts.sort_by(|&a, &b| heights[b].total_cmp(&heights[a]));
    let mut lines = Vec::new();
    for start in starts {
        if lines.len() == wanted.most {
            break;
        }
        if heights[start] < wanted.height {
            continue;
        }
        let line = walk_both_ways(&mut heights, start, wanted.height / 2.0);
        clear_around(&mut heights, &line);
        if line.len() >= wanted.shortest {
            lines.push(line.into_iter().map(place).collect());
        }
    }
    lines
}

/// Every second pixel of every second row; 0 outside of the mask and along the edge.
fn thinned_out(field: &Field, mask: &Mask) -> Vec<f32> {
    let mut heights = vec![0.0; WIDTH * WIDTH];
    for y in 2..WIDTH - 2 {
        for x in 2..WIDTH - 2 {
            let index = (y * SIDE + x) * STRIDE;
            if mask.contains(index) {
                heights[y * WIDTH + x] = field.0[index];
            }
        }
    }
    heights
}

fn walk_both_ways(heights: &mut [f32], start: usize, low: f32) -> Vec<usize> {
    heights[start] = 0.0;
    let Some(heading) = highest(heights, start, 0..8, low) else {
        return vec![start];
    };
    let mut line = walk(heights, start, heading + 4, low);
    line.reverse();
    line.push(start);
    line.extend(walk(heights, start, heading, low));
    line
}

/// Goes on to the highest pixel more or less ahead, as long as there is one above `low`.
fn walk(heights: &mut [f32], start: usize, heading: usize, low: f32) -> Vec<usize> {
    let mut line = Vec::new();
    let (mut here, mut heading) = (start, heading);
    while let Some(best) = highest(heights, here, heading + 7..heading + 10, low) {
        here = here.wrapping_add_signed(AROUND[best]);
        heading = best;
        heights[here] = 0.0;
        line.push(here);
    }
    line
}

fn highest(
    heights: &[f32],
    here: usize,
    headings: std::ops::Range<usize>,
    low: f32,
) -> Option<usize> {
    let height = |heading: usize| heights[here.wrapping_add_signed(AROUND[heading])];
    headings
        .map(|heading| heading % 8)
        .filter(|&heading| height(heading) > low)
        .max_by(|&a, &b| height(a).total_cmp(&height(b)))
}

/// No other line may run right beside this one.
fn clear_around(heights: &mut [f32], line: &[usize]) {
    for &index in line {
        for row in 0..5 {
            let left = index + row * WIDTH - 2 * WIDTH - 2;
            heights[left..left + 5].fill(0.0);
        }
    }
}

fn place(index: usize) -> Place {
    (
        (index % WIDTH * STRIDE) as f32,
        (index / WIDTH * STRIDE) as f32,
    )
}
