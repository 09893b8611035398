//! Filling closed outlines.
//!
//! People leave small gaps in outlines. To bridge them, lines are first thickened until the gaps
//! close; what is then enclosed grows back to the lines as they are.

use super::mask::Mask;
use super::{Ink, Rect};

/// The grey that fills an outline: lighter than the outline, so that it stays to be seen.
pub const FILL_LEVEL: u8 = 160;

/// Ink from here on is a line that stops the fill. Less covered pixels of a line's soft edge count
/// as paper, so that the fill runs under the edge and leaves no bright seam.
const BARRIER: u8 = 128;

/// Gaps that are bridged, in paper units, tried in this order.
const GAPS: [f32; 4] = [0.0, 3.0, 6.0, 12.0];

/// Gap that is bridged where nobody points at an outline, in paper units.
const USUAL_GAP: f32 = 6.0;

/// Fills the closed outline around a pixel (x, y). Changes nothing when the pixel is inked, or when
/// the outline is open, so that the fill would run to the paper's edge. `scale` is in pixels a paper
/// unit. Returns the rectangle in which pixels may have changed.
pub(super) fn outline_around(ink: &mut Ink, (x, y): (usize, usize), scale: f32) -> Rect {
    let free = Mask::of(ink, |pixel| pixel < BARRIER);
    let start = y * ink.width() + x;
    let mut inside = GAPS
        .iter()
        .filter_map(|gap| enclosing(&free, start, half(*gap, scale)));
    inside
        .next()
        .map_or(Rect::EMPTY, |inside| paint(ink, &free, &inside, FILL_LEVEL))
}

/// Fills every closed outline.
pub(super) fn all_outlines(ink: &mut Ink, level: u8, scale: f32) -> Rect {
    let free = Mask::of(ink, |pixel| pixel < BARRIER);
    let thickening = half(USUAL_GAP, scale);
    let room = free.inverted().dilated(thickening).inverted();
    let core = room.without(&room.flooded(&room.border()));
    let inside = grown_back(&free, &core, thickening);
    paint(ink, &free, &inside, level)
}

/// The area around `start`, if it is closed once its lines are thickened by so many pixels.
fn enclosing(free: &Mask, start: usize, thickening: usize) -> Option<Mask> {
    let room = free.inverted().dilated(thickening).inverted();
    let core = room.flooded(&[start]);
    let open = core.border().iter().any(|&index| core.holds(index));
    if !core.holds(start) || open {
        return None;
    }
    Some(grown_back(free, &core, thickening).flooded(&[start]))
}

/// Everything that lies between `core`, grown by so many pixels, and the lines: also the corners
/// that are too narrow for `core`, but nothing that the paper's edge can be reached from.
fn grown_back(free: &Mask, core: &Mask, thickening: usize) -> Mask {
    let core = core.dilated(thickening).and(free);
    let around = free.without(&core);
    free.without(&around.flooded(&around.border()))
}

/// Inks the area, and the soft edge of the lines around it, at least this strongly.
fn paint(ink: &mut Ink, free: &Mask, inside: &Mask, level: u8) -> Rect {
    // Only lines may be touched beyond the area: where it ends in a gap, there is paper.
    let touched = inside.dilated(1);
    for (index, pixel) in ink.pixels_mut().iter_mut().enumerate() {
        if inside.holds(index) || (touched.holds(index) && !free.holds(index)) {
            *pixel = (*pixel).max(level);
        }
    }
    touched.bounds()
}

/// Half of a length in paper units, in whole pixels, rounded up.
fn half(gap: f32, scale: f32) -> usize {
    (gap * scale / 2.0).ceil() as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drawing::{Mark, Paper, Point, Stroke};

    /// A triangle with a sharp corner at the right, its outline open for `gap` units there, on paper
    /// of one pixel a unit; filled at (x, y). Also gives how many pixels that changed.
    fn triangle(gap: f32, x: f32, y: f32) -> (Ink, usize) {
        let corners = [
            (230.0, 100.0),
            (30.0, 80.0),
            (30.0, 180.0),
            (230.0, 100.0 + gap + 4.0),
        ];
        let points = corners.iter().map(|&(x, y)| Point::new(x, y)).collect();
        let mut paper = Paper::new(256);
        paper.apply(&Mark::Stroke(Stroke { points, width: 4.0 }));
        let outline = paper.ink().clone();
        paper.apply(&Mark::Fill(Point::new(x, y)));
        let pairs = paper.ink().pixels().iter().zip(outline.pixels());
        let changed = pairs.filter(|(now, before)| now != before).count();
        (paper.ink().clone(), changed)
    }

    #[test]
    fn small_gaps_are_bridged_and_large_ones_not() {
        for gap in [0.0, 2.0, 5.0, 9.0] {
            let (ink, changed) = triangle(gap, 60.0, 110.0);
            assert!(changed > 7000, "gap {gap}: {changed}");
            assert_eq!(ink.row(30)[30], 0);
            assert_eq!(ink.row(104)[245], 0, "leaks from the gap of {gap}");
        }
        assert_eq!(triangle(30.0, 60.0, 110.0).1, 0);
    }

    #[test]
    fn sharp_corners_are_filled() {
        // Towards the right the triangle is narrower than the thickened lines leave room for.
        let (ink, _) = triangle(2.0, 60.0, 110.0);
        assert!(
            ink.row(105)[40..200]
                .iter()
                .all(|&pixel| pixel >= FILL_LEVEL)
        );
    }

    #[test]
    fn outside_stays_paper() {
        assert_eq!(triangle(0.0, 10.0, 10.0).1, 0);
        assert_eq!(triangle(5.0, 250.0, 102.0).1, 0);
    }

    #[test]
    fn all_outlines_are_filled_and_nothing_else() {
        let ring = |x: f32| {
            let corners = [
                (x, 60.0),
                (x + 60.0, 60.0),
                (x + 60.0, 160.0),
                (x, 160.0),
                (x, 64.0),
            ];
            let points = corners.iter().map(|&(x, y)| Point::new(x, y)).collect();
            Mark::Stroke(Stroke { points, width: 3.0 })
        };
        let mut paper = Paper::new(256);
        paper.apply(&ring(40.0));
        paper.apply(&ring(150.0));
        let dirty = paper.fill_outlines(90);
        let row = paper.ink().row(100);
        assert_eq!([20, 70, 125, 180, 230].map(|x| row[x]), [0, 90, 0, 90, 0]);
        assert!(
            (39..42).contains(&dirty.left) && (208..212).contains(&dirty.right),
            "{dirty:?}"
        );
    }
}
