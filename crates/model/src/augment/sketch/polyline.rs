//! Lines as a hand draws them: with fewer corners, rounded, and not quite closed.

use rand::Rng;

use super::contour::Place;

/// Corners are cut no farther from their point than this, in field pixels: a hand rounds the corner
/// of a hem, but keeps the hem straight.
const LARGEST_CUT: f32 = 5.0;

/// The line with as few of its points as keep it within `tolerance` (Douglas and Peucker, 1973).
/// The ends stay.
pub(super) fn simplified(line: &[Place], tolerance: f32) -> Vec<Place> {
    if line.len() < 3 {
        return line.to_vec();
    }
    let mut kept = vec![false; line.len()];
    kept[0] = true;
    kept[line.len() - 1] = true;
    let mut parts = vec![(0, line.len() - 1)];
    while let Some((first, last)) = parts.pop() {
        let (farthest, distance) = farthest(line, first, last);
        if distance > tolerance {
            kept[farthest] = true;
            parts.extend([(first, farthest), (farthest, last)]);
        }
    }
    let pairs = line.iter().zip(kept);
    pairs.filter(|(_, kept)| *kept).map(|(p, _)| *p).collect()
}

/// The point between `first` and `last` farthest from the straight line between them.
fn farthest(line: &[Place], first: usize, last: usize) -> (usize, f32) {
    let (from, to) = (line[first], line[last]);
    let (x, y) = (to.0 - from.0, to.1 - from.1);
    let length = (x * x + y * y).sqrt();
    let mut best = (first, 0.0);
    for (index, place) in line.iter().enumerate().take(last).skip(first + 1) {
        let (right, down) = (place.0 - from.0, place.1 - from.1);
        let distance = if length > 0.5 {
            (x * down - y * right).abs() / length
        } else {
            (right * right + down * down).sqrt()
        };
        if distance > best.1 {
            best = (index, distance);
        }
    }
    best
}

/// The line with its corners cut (Chaikin, 1974); the ends stay.
pub(super) fn rounded(line: &[Place]) -> Vec<Place> {
    let (Some(&first), Some(&last)) = (line.first(), line.last()) else {
        return Vec::new();
    };
    let mut round = vec![first];
    for pair in line.windows(2) {
        let part = (LARGEST_CUT / distance(pair[0], pair[1])).min(0.25);
        round.push(between(pair[0], pair[1], part));
        round.push(between(pair[0], pair[1], 1.0 - part));
    }
    round.push(last);
    round
}

/// A closed line (its last point is its first) in one to four strokes that begin anywhere, and that
/// leave small gaps or run a little into the next.
pub(super) fn in_strokes(line: &[Place], rng: &mut impl Rng) -> Vec<Vec<Place>> {
    let length: f32 = line.windows(2).map(|pair| distance(pair[0], pair[1])).sum();
    let short = length < 60.0;
    let count = if short || rng.random_bool(0.5) {
        1
    } else {
        rng.random_range(2..=4)
    };
    let mut cuts: Vec<f32> = (0..count)
        .map(|_| rng.random_range(0.0..length.max(1.0)))
        .collect();
    cuts.sort_by(f32::total_cmp);
    cuts.push(cuts[0] + length);
    cuts.windows(2)
        .map(|cut| {
            let end = cut[1] + overshoot(rng).max(cut[0] - cut[1]);
            section(line, cut[0], end)
        })
        .filter(|stroke| stroke.len() > 1)
        .collect()
}

/// How far a stroke runs past its end, in field pixels; a gap is negative.
fn overshoot(rng: &mut impl Rng) -> f32 {
    match rng.random_range(0..3) {
        0 => 0.0,
        1 => rng.random_range(0.0..5.0),
        _ => rng.random_range(-4.0..0.0),
    }
}

/// The part of a closed line from `from` to `to`, measured along it; goes round again as needed.
fn section(line: &[Place], from: f32, to: f32) -> Vec<Place> {
    let mut part = Vec::new();
    let mut passed = 0.0;
    for pair in line.windows(2).cycle().take(3 * line.len()) {
        let step = distance(pair[0], pair[1]);
        let (start, end) = (passed, passed + step);
        passed = end;
        if end <= from || step == 0.0 {
            continue;
        }
        if part.is_empty() {
            part.push(between(pair[0], pair[1], (from - start) / step));
        }
        if end >= to {
            part.push(between(pair[0], pair[1], (to - start) / step));
            break;
        }
        part.push(pair[1]);
    }
    part
}

fn between(a: Place, b: Place, part: f32) -> Place {
    (a.0 + (b.0 - a.0) * part, a.1 + (b.1 - a.1) * part)
}

fn distance(a: Place, b: Place) -> f32 {
    let (x, y) = (b.0 - a.0, b.1 - a.1);
    (x * x + y * y).sqrt()
}
