//! Sketches made from photos, as training data: what somebody might have drawn of that garment.
//!
//! [`trace`] gives pen strokes, to be varied and put on paper as any drawing; [`render`] gives
//! finished pictures. Both take their chances from the random numbers given, and nothing else.

mod contour;
mod field;
mod mask;
mod polyline;
mod render;
mod ridge;
mod spread;
mod trace;
mod warp;

pub use render::render;
pub use trace::trace;

use rand::Rng;

use self::field::Field;
use self::mask::Mask;
use crate::image::Image;

/// Where a garment's inner lines are.
struct Inner {
    /// High along dark lines, or along changes of brightness.
    field: Field,
    /// So many field pixels along the outline tell of the outline, not of what is within.
    margin: usize,
    /// Anything lower is noise.
    floor: f32,
}

impl Inner {
    fn random(photo: &Image, field: &Field, rng: &mut impl Rng) -> Self {
        if rng.random_bool(0.6) {
            Self {
                field: Field::darkness(photo, rng.random_range(1..=3)),
                margin: 5,
                floor: 8.0,
            }
        } else {
            Self {
                field: field.steepness(),
                margin: 10,
                floor: 25.0,
            }
        }
    }
}

/// The garment's shape and the level of brightness, 15 to 60, at which it ends.
// Wide gaps are seldom closed: trousers without the gap between the legs are no trousers.
fn random_shape(field: &Field, rng: &mut impl Rng) -> (Mask, f32) {
    let level = rng.random_range(15.0..60.0);
    let closing = rng.random_range(1..=4).min(rng.random_range(1..=4));
    (Mask::above(field, level).closed(closing), level)
}

/// The value below which a `share` (0 to 1) of the field's pixels within the mask lies; infinite
/// when there are none. Looks at every fifth pixel only, which is exact enough.
fn quantile_within(field: &Field, mask: &Mask, share: f32) -> f32 {
    let mut values: Vec<f32> = (0..field.0.len())
        .step_by(5)
        .filter(|&index| mask.contains(index))
        .map(|index| field.0[index])
        .collect();
    if values.is_empty() {
        return f32::INFINITY;
    }
    let rank = ((values.len() - 1) as f32 * share) as usize;
    *values.select_nth_unstable_by(rank, f32::total_cmp).1
}

#[cfg(test)]
mod tests {
    use rand::{Rng, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    use super::{render, trace};
    use crate::drawing::Stroke;
    use crate::image::{Image, SIDE};

    fn square() -> Image {
        let mut photo = Image::blank();
        for y in 6..22 {
            photo.0[y * SIDE + 6..y * SIDE + 22].fill(200);
        }
        photo
    }

    /// Grey noise in a disc: a garment with as much structure as there can be.
    fn noisy_disc(seed: u64) -> Image {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let radius: f32 = rng.random_range(0.5..20.0);
        let mut photo = Image::blank();
        for (index, pixel) in photo.0.iter_mut().enumerate() {
            let (x, y) = ((index % SIDE) as f32 - 13.5, (index / SIDE) as f32 - 13.5);
            if x * x + y * y < radius * radius {
                *pixel = rng.random();
            }
        }
        photo
    }

    fn traced(photo: &Image, spread: bool, seed: u64) -> Vec<Stroke> {
        trace(photo, spread, &mut ChaCha8Rng::seed_from_u64(seed))
    }

    fn rendered(photo: &Image, seed: u64) -> Option<Image> {
        render(photo, &mut ChaCha8Rng::seed_from_u64(seed))
    }

    #[test]
    fn the_same_seed_gives_the_same_sketch() {
        let photo = noisy_disc(1);
        assert_eq!(traced(&photo, true, 7), traced(&photo, true, 7));
        assert_ne!(traced(&photo, true, 7), traced(&photo, true, 8));
        assert_eq!(rendered(&photo, 7), rendered(&photo, 7));
        assert_ne!(rendered(&photo, 7), rendered(&photo, 8));
    }

    #[test]
    fn a_square_is_traced_along_its_sides_and_all_around() {
        for seed in 0..50 {
            let strokes = traced(&square(), false, seed);
            let points = || strokes.iter().flat_map(|stroke| &stroke.points);
            for point in points() {
                // The square fills the paper from 16 to 240.
                let (x, y) = ((point.x - 128.0).abs(), (point.y - 128.0).abs());
                let off = (x.max(y) - 112.0).abs();
                assert!(off < 16.0, "seed {seed}: {point:?}");
            }
            let length: f32 = strokes.iter().map(length).sum();
            assert!((740.0..920.0).contains(&length), "seed {seed}: {length}");
        }
    }

    fn length(stroke: &Stroke) -> f32 {
        let pairs = stroke.points.windows(2);
        pairs
            .map(|pair| {
                let (x, y) = (pair[1].x - pair[0].x, pair[1].y - pair[0].y);
                (x * x + y * y).sqrt()
            })
            .sum()
    }

    #[test]
    fn a_blank_photo_gives_nothing() {
        for seed in 0..20 {
            assert!(traced(&Image::blank(), seed % 2 == 0, seed).is_empty());
            assert_eq!(rendered(&Image::blank(), seed), None);
        }
    }

    #[test]
    fn any_photo_gives_points_on_the_paper() {
        for seed in 0..200 {
            let photo = noisy_disc(seed);
            rendered(&photo, seed);
            for stroke in traced(&photo, seed % 2 == 0, seed) {
                assert!(stroke.points.len() > 1);
                for point in stroke.points {
                    assert!((0.0..=256.0).contains(&point.x), "seed {seed}: {point:?}");
                    assert!((0.0..=256.0).contains(&point.y), "seed {seed}: {point:?}");
                }
            }
        }
    }

    #[test]
    fn spreading_makes_a_hanging_sleeve_stick_out() {
        // Torso and sleeves hang side by side, so that the shape is higher than wide.
        let mut photo = Image::blank();
        for y in 0..28 {
            let (left, right) = if y < 24 { (5, 23) } else { (9, 19) };
            photo.0[y * SIDE + left..y * SIDE + right].fill(180);
        }
        let width = |spread: bool| {
            let strokes = traced(&photo, spread, 3);
            let x = |stroke: &Stroke| stroke.points.iter().map(|p| p.x).collect::<Vec<_>>();
            let xs: Vec<f32> = strokes.iter().flat_map(x).collect();
            xs.iter().copied().fold(f32::MIN, f32::max)
                - xs.iter().copied().fold(f32::MAX, f32::min)
        };
        assert!(width(false) < 170.0, "{}", width(false));
        assert!(width(true) > 190.0, "{}", width(true));
    }
}
