//! Filling closed outlines.

use super::{Ink, Rect};

/// The grey that fills an outline: lighter than the outline, so that it stays to be seen.
pub const FILL_LEVEL: u8 = 160;

/// Ink from here on is a line that stops the fill. Half-covered pixels of a line's soft edge lie
/// below, so that the fill runs under the edge and leaves no bright seam.
const BARRIER: u8 = 128;

/// Fills the closed outline around pixel (x, y). Changes nothing when the pixel is inked, or when
/// the outline is open, so that the fill would run to the paper's edge. Returns the rectangle in
/// which pixels may have changed.
pub(super) fn outline_around(ink: &mut Ink, x: usize, y: usize) -> Rect {
    let Some(inside) = enclosed(ink, x, y) else {
        return Rect::EMPTY;
    };
    let width = ink.width();
    let mut dirty = Rect::EMPTY;
    for &index in &inside {
        let (x, y) = (index % width, index / width);
        // The pixel's neighbours belong to the line; none lies outside, for the outline is closed.
        for touched in [index, index - 1, index + 1, index - width, index + width] {
            let pixel = &mut ink.pixels_mut()[touched];
            *pixel = (*pixel).max(FILL_LEVEL);
        }
        dirty = dirty.union(Rect {
            left: x - 1,
            top: y - 1,
            right: x + 2,
            bottom: y + 2,
        });
    }
    dirty
}

/// The pixels that can be reached from (x, y) without crossing a line; `None` if the start is on a
/// line or the paper's edge can be reached.
fn enclosed(ink: &Ink, x: usize, y: usize) -> Option<Vec<usize>> {
    let (width, height) = (ink.width(), ink.height());
    let mut free: Vec<bool> = ink.pixels().iter().map(|&pixel| pixel < BARRIER).collect();
    let start = y * width + x;
    if !std::mem::take(&mut free[start]) {
        return None;
    }
    let mut found = vec![start];
    let mut next = 0;
    while let Some(&index) = found.get(next) {
        next += 1;
        let (x, y) = (index % width, index / width);
        if x == 0 || y == 0 || x == width - 1 || y == height - 1 {
            return None;
        }
        for neighbour in [index - 1, index + 1, index - width, index + width] {
            if std::mem::take(&mut free[neighbour]) {
                found.push(neighbour);
            }
        }
    }
    Some(found)
}
