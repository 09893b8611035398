//! Line drawings of garments as people doodle them, made up at random: training data for the
//! classes that nobody has drawn for us. All ten classes are drawn with the same [`pen`], so that
//! the style gives no class away.
//!
//! The garments are drawn around x = 0 at any size and fitted to the paper at the end. Pen width,
//! rotation, shear, jitter and mirroring are the augmentation's business, not done here.

mod bags;
mod cut;
mod dresses;
mod folded;
mod fronts;
mod pen;
mod sandals;
mod shoes;
mod tops;
mod trousers;

use rand::Rng;

use crate::drawing::{Stroke, fit};
use pen::Pen;

/// Paper units left free on each side.
const MARGIN: f32 = 28.0;

/// A random drawing of a garment of `class` (0 to 9; anything above is drawn as an ankle boot),
/// within the paper. The same state of `rng` gives the same drawing.
pub fn doodle(class: u8, rng: &mut impl Rng) -> Vec<Stroke> {
    let pen = Pen::new(rng);
    match class {
        0 => tops::t_shirt(&pen),
        1 => trousers::trouser(&pen),
        2 => tops::pullover(&pen),
        3 => dresses::dress(&pen),
        4 => fronts::coat(&pen),
        5 => sandals::sandal(&pen),
        6 => fronts::shirt(&pen),
        7 => shoes::sneaker(&pen),
        8 => bags::bag(&pen),
        _ => shoes::ankle_boot(&pen),
    }
    fit(&pen.into_strokes(), MARGIN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::class::CLASS_COUNT;
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    fn drawing(class: u8, seed: u64) -> Vec<Stroke> {
        doodle(class, &mut ChaCha8Rng::seed_from_u64(seed))
    }

    #[test]
    fn stays_on_the_paper_and_fills_it() {
        for class in 0..CLASS_COUNT as u8 {
            for seed in 0..200 {
                let strokes = drawing(class, seed);
                let points = || strokes.iter().flat_map(|stroke| &stroke.points);
                assert!(points().count() > 10, "{class} {seed}");
                let (low, high) = (MARGIN - 0.01, 256.0 - MARGIN + 0.01);
                let inside = |value: f32| value >= low && value <= high;
                assert!(
                    points().all(|point| inside(point.x) && inside(point.y)),
                    "{class} {seed}"
                );
                assert!(strokes.iter().all(|stroke| !stroke.points.is_empty()));
            }
        }
    }

    #[test]
    fn the_seed_decides_the_drawing() {
        for class in 0..CLASS_COUNT as u8 {
            assert_eq!(drawing(class, 5), drawing(class, 5));
            assert_ne!(drawing(class, 5), drawing(class, 6));
        }
    }
}
