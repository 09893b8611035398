//! Photos of drawings on paper are read as the drawings are, whatever else is to be seen on them.

mod paper;

use model::augment::doodle::doodle;
use model::drawing::strokes_to_image;
use model::reader::Reader;
use model::weights::Sidecar;
use paper::Condition;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

/// The classes of the drawings that people's photos were tried with.
const CLASSES: [u8; 7] = [0, 1, 2, 4, 5, 7, 8];

/// Of these photos a condition, …
const PHOTOS: usize = 14;

/// … so many are read right, at least: 35 of 42.
const LEAST_RIGHT: usize = 12;

#[test]
fn a_photo_of_a_drawing_is_read_in_every_condition() {
    let sidecar = Sidecar::parse(include_str!("../../../assets/compact.json")).expect("a sidecar");
    let weights = include_bytes!("../../../assets/compact.weights");
    let reader = Reader::from_weights(weights, &sidecar).expect("a reader");
    // Doodles that are read right as they are: what is lost is lost by the photo.
    let is_read = |class: u8, seed: u64| {
        let strokes = doodle(class, &mut ChaCha8Rng::seed_from_u64(seed));
        let image = strokes_to_image(&strokes)?;
        (paper::class(&reader, &image) == class).then_some((class, strokes))
    };
    let drawings: Vec<_> = CLASSES
        .iter()
        .flat_map(|&class| {
            (0..)
                .filter_map(move |seed| is_read(class, seed))
                .take(PHOTOS / CLASSES.len())
        })
        .collect();
    let mut failures = Vec::new();
    for condition in Condition::ALL {
        let right = |(seed, (class, strokes)): &(u64, &(u8, Vec<_>))| {
            paper::read(&reader, strokes, condition, *seed) == Some(*class)
        };
        let count = (0..).zip(&drawings).filter(right).count();
        if count < LEAST_RIGHT {
            failures.push(format!("{condition:?}: {count} of {PHOTOS}"));
        }
    }
    assert!(failures.is_empty(), "{failures:?}");
}
