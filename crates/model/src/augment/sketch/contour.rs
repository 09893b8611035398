//! The outlines of a shape.

use super::field::{AREA, Field, SIDE};
use super::mask::Mask;

/// A place in field pixels: x to the right, y down; pixel centres are whole numbers.
pub(super) type Place = (f32, f32);

/// Steps to the right, down, left and up.
const STEPS: [(isize, isize); 4] = [(1, 0), (0, 1), (-1, 0), (0, -1)];

/// A closed outline, with the shape to its right-hand side.
pub(super) struct Contour {
    pub(super) places: Vec<Place>,
    /// Enclosed area in field pixels; negative for a hole.
    pub(super) area: f32,
}

/// All outlines of `mask`. They run where `field` crosses `level`, wherever the mask agrees.
pub(super) fn contours(mask: &Mask, field: &Field, level: f32) -> Vec<Contour> {
    let mut seen = vec![false; AREA];
    let mut found = Vec::new();
    for start in SIDE..AREA {
        if mask.contains(start) && !mask.contains(start - SIDE) && !seen[start] {
            let places = follow(mask, field, level, start, &mut seen);
            let area = area(&places);
            found.push(Contour { places, area });
        }
    }
    found
}

/// Walks along the border between pixels, inside to the right, from the upper side of pixel `start`
/// until it is there again. The pixels whose upper side was passed are noted in `seen`.
fn follow(mask: &Mask, field: &Field, level: f32, start: usize, seen: &mut [bool]) -> Vec<Place> {
    let mut places = Vec::new();
    let (mut inside, mut heading) = (start, 0);
    loop {
        if heading == 0 {
            seen[inside] = true;
        }
        let outside = stepped(inside, (heading + 3) % 4);
        places.push(crossing(field, level, inside, outside));
        let ahead = stepped(inside, heading);
        let ahead_left = stepped(outside, heading);
        if mask.contains(ahead_left) {
            (inside, heading) = (ahead_left, (heading + 3) % 4);
        } else if mask.contains(ahead) {
            inside = ahead;
        } else {
            heading = (heading + 1) % 4;
        }
        if (inside, heading) == (start, 0) {
            return places;
        }
    }
}

fn stepped(index: usize, heading: usize) -> usize {
    let (x, y) = STEPS[heading];
    index.wrapping_add_signed(y * SIDE as isize + x)
}

/// Where the field crosses the level between two neighbouring pixels; halfway if it does not.
fn crossing(field: &Field, level: f32, inside: usize, outside: usize) -> Place {
    let (high, low) = (field.0[inside], field.0[outside]);
    let part = if high > level && low <= level {
        (high - level) / (high - low)
    } else {
        0.5
    };
    let place = |index: usize| ((index % SIDE) as f32, (index / SIDE) as f32);
    let (from, to) = (place(inside), place(outside));
    (
        from.0 + (to.0 - from.0) * part,
        from.1 + (to.1 - from.1) * part,
    )
}

fn area(places: &[Place]) -> f32 {
    let next = places.iter().cycle().skip(1);
    let twice: f32 = places
        .iter()
        .zip(next)
        .map(|(a, b)| a.0 * b.1 - b.0 * a.1)
        .sum();
    twice / 2.0
}
