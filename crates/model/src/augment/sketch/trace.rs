//! Photos traced with a pen.

use rand::Rng;

use super::contour::{Contour, Place, contours};
use super::field::{Field, SIDE};
use super::mask::Mask;
use super::polyline::{in_strokes, rounded, simplified};
use super::ridge::{Wanted, ridges};
use super::spread::Spread;
use super::{Inner, quantile_within, random_shape};
use crate::drawing::{PAPER, Point, Stroke, fit};
use crate::image::Image;

/// Nominal width of the strokes in paper units.
const WIDTH: f32 = 8.0;

/// Distance in paper units between the drawing and the paper's edge.
const PAPER_MARGIN: f32 = 16.0;

/// Smaller parts of the shape in field pixels are not drawn: two photo pixels.
const SMALLEST_PART: f32 = 32.0;

/// The strokes of somebody who drew around the garment: its outlines and big holes, more or less
/// faithful, and often its inner lines. Empty for a photo without a garment.
///
/// With `spread`, which is for tops, the sleeves are turned outwards by 20 to 60 degrees first.
/// The longest edge fills the paper but for 16 paper units on each side; the width is 8.
pub fn trace(photo: &Image, spread: bool, rng: &mut impl Rng) -> Vec<Stroke> {
    let mut field = Field::of_photo(photo);
    let (mut mask, level) = random_shape(&field, rng);
    let mut inner = rng
        .random_bool(0.6)
        .then(|| Inner::random(photo, &field, rng));
    let plan = spread.then(|| Spread::plan(&mask, rng)).flatten();
    if let Some(plan) = &plan {
        field = plan.apply(&field);
        mask = Mask::above(&field, level).closed(1);
        if let Some(inner) = &mut inner {
            inner.field = plan.apply(&inner.field);
        }
    }
    let scale = plan.as_ref().map_or(1.0, Spread::scale);
    let tolerance = scale * random_tolerance(rng);
    let mut lines = outlines(&contours(&mask, &field, level), tolerance, rng);
    if let Some(inner) = inner {
        lines.extend(inner_lines(&inner, &mask, rng));
    }
    if lines.is_empty() {
        return Vec::new();
    }
    let strokes: Vec<Stroke> = lines.iter().map(|line| stroke(line)).collect();
    fit(&strokes, PAPER_MARGIN)
}

fn outlines(contours: &[Contour], tolerance: f32, rng: &mut impl Rng) -> Vec<Vec<Place>> {
    let smallest_hole = rng.random_range(60.0..200.0);
    let rounds = if rng.random_bool(0.5) {
        rng.random_range(1..=2)
    } else {
        0
    };
    let mut lines = Vec::new();
    for contour in contours {
        if contour.area < SMALLEST_PART && -contour.area < smallest_hole {
            continue;
        }
        // A crude hand still draws small things: their corners are finer.
        let tolerance = tolerance.min(0.1 * contour.area.abs().sqrt());
        let mut line = contour.places.clone();
        line.push(line[0]);
        let mut line = simplified(&line, tolerance);
        for _ in 0..rounds {
            line = rounded(&line);
        }
        lines.extend(in_strokes(&line, rng));
    }
    lines
}

/// Tolerance in field pixels, from faithful to crude; faithful ones are more frequent.
fn random_tolerance(rng: &mut impl Rng) -> f32 {
    let crudeness: f32 = rng.random_range(0.0..1.0);
    0.5 + 4.0 * crudeness * crudeness
}

fn inner_lines(inner: &Inner, mask: &Mask, rng: &mut impl Rng) -> Vec<Vec<Place>> {
    let within = mask.shrunk(inner.margin);
    let share = rng.random_range(0.75..0.92);
    let wanted = Wanted {
        height: quantile_within(&inner.field, &within, share).max(inner.floor),
        shortest: rng.random_range(5..=9),
        most: rng.random_range(1..=8),
    };
    let tolerance = rng.random_range(1.0..2.5);
    ridges(&inner.field, &within, &wanted)
        .iter()
        .map(|line| rounded(&simplified(line, tolerance)))
        .collect()
}

fn stroke(line: &[Place]) -> Stroke {
    let scale = PAPER / SIDE as f32;
    let points = line
        .iter()
        .map(|&(x, y)| Point::new(x * scale, y * scale))
        .collect();
    Stroke {
        points,
        width: WIDTH,
    }
}
