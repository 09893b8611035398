//! Antialiased lines with round caps, whose width changes evenly from one end to the other.

use super::{Ink, Rect};

/// A line segment in pixels: all points nearer to it than its radius there.
pub(super) struct Segment {
    start: (f32, f32),
    along: (f32, f32),
    /// 1 / length², 0 for a dot.
    inverse_square: f32,
    length: f32,
    start_radius: f32,
    radius_change: f32,
    /// Farthest that a touched pixel's centre can lie from the segment.
    reach: f32,
}

impl Segment {
    /// The segment between two points (pixels) with the radii there (pixels).
    pub(super) fn new(start: (f32, f32), end: (f32, f32), radii: (f32, f32)) -> Self {
        let along = (end.0 - start.0, end.1 - start.1);
        let square = along.0 * along.0 + along.1 * along.1;
        Self {
            start,
            along,
            inverse_square: if square > 0.0 { 1.0 / square } else { 0.0 },
            length: square.sqrt(),
            start_radius: radii.0,
            radius_change: radii.1 - radii.0,
            reach: radii.0.max(radii.1) + 0.5,
        }
    }

    /// Mixes the segment into the ink by `mix(old pixel, coverage)`, coverage being 0 to 255.
    /// Returns the rectangle in which pixels may have changed.
    pub(super) fn paint(&self, ink: &mut Ink, mix: impl Fn(u8, u8) -> u8) -> Rect {
        let bounds = self.bounds(ink);
        for y in bounds.top..bounds.bottom {
            let centre_y = y as f32 + 0.5;
            let (left, right) = self.span(centre_y, bounds);
            let Some(pixels) = ink.row_mut(y).get_mut(left..right) else {
                continue;
            };
            for (x, pixel) in (left as u32..).zip(pixels) {
                *pixel = mix(*pixel, self.coverage(x as f32 + 0.5, centre_y));
            }
        }
        bounds
    }

    /// How much of the pixel around (x, y) is covered, 0 to 255, taken from the distance.
    #[inline(always)]
    fn coverage(&self, x: f32, y: f32) -> u8 {
        let (x, y) = (x - self.start.0, y - self.start.1);
        let position =
            ((x * self.along.0 + y * self.along.1) * self.inverse_square).clamp(0.0, 1.0);
        let (x, y) = (x - position * self.along.0, y - position * self.along.1);
        let radius = self.start_radius + position * self.radius_change;
        let covered = radius + 0.5 - (x * x + y * y).sqrt();
        (covered.clamp(0.0, 1.0) * 255.0 + 0.5) as u8
    }

    fn bounds(&self, ink: &Ink) -> Rect {
        let (left, right) = reached(self.start.0, self.along.0, self.reach, ink.width());
        let (top, bottom) = reached(self.start.1, self.along.1, self.reach, ink.height());
        Rect {
            left,
            top,
            right,
            bottom,
        }
    }

    /// The columns of one row that can be touched: those near the endless line through the segment.
    /// Without this a long diagonal would visit its whole bounding box.
    fn span(&self, y: f32, bounds: Rect) -> (usize, usize) {
        if self.along.1 == 0.0 {
            return (bounds.left, bounds.right);
        }
        let middle = self.start.0 + (y - self.start.1) * self.along.0 / self.along.1;
        let half = self.reach * self.length / self.along.1.abs();
        let (left, right) = reached(middle, 0.0, half, bounds.right);
        (left.max(bounds.left), right)
    }
}

/// The pixels within `reach` of the stretch from `start` to `start + along`, on an axis of `limit`
/// pixels: the first, and one past the last. One pixel more on each side pays for rounding.
fn reached(start: f32, along: f32, reach: f32, limit: usize) -> (usize, usize) {
    let low = start.min(start + along) - reach - 1.0;
    let high = start.max(start + along) + reach + 1.0;
    let clip = |value: f32| (value.max(0.0) as usize).min(limit);
    (clip(low), clip(high))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What `paint` does, without its short cuts.
    fn slow(segment: &Segment, ink: &mut Ink) {
        for y in 0..ink.height() {
            for (x, pixel) in ink.row_mut(y).iter_mut().enumerate() {
                *pixel = (*pixel).max(segment.coverage(x as f32 + 0.5, y as f32 + 0.5));
            }
        }
    }

    #[test]
    fn visits_every_pixel_that_it_touches() {
        let ends = [-30.0, 0.0, 3.3, 31.5, 32.0, 63.9, 200.0];
        for (index, &x) in ends.iter().enumerate() {
            for &y in &ends {
                let segment = Segment::new((x, y), (ends[(index + 3) % 7], 20.25), (4.0, 0.5));
                let (mut fast, mut reference) = (Ink::blank(64), Ink::blank(64));
                segment.paint(&mut fast, u8::max);
                slow(&segment, &mut reference);
                assert!(fast == reference, "a line from {x}, {y} misses pixels");
            }
        }
    }

    #[test]
    fn a_line_has_its_width() {
        let mut ink = Ink::blank(64);
        Segment::new((10.0, 32.0), (54.0, 32.0), (3.0, 3.0)).paint(&mut ink, u8::max);
        let column: u32 = (0..64).map(|y| u32::from(ink.row(y)[30])).sum();
        assert_eq!(column, 6 * 255);
        assert_eq!(ink.row(32)[5], 0);
        assert_eq!(ink.row(32)[8], 255);
    }
}
