//! The images of a step: examples, and originals against forgetting.

use super::{Example, Originals, Settings};
use crate::{
    augment::{doodle, photo, sketch, strokes},
    class::CLASS_COUNT,
    image::Image,
};
use rand::{Rng, SeedableRng, seq::SliceRandom};
use rand_chacha::ChaCha8Rng;

/// How often an example that is made of strokes is redrawn by another hand.
const REDRAWN: f64 = 0.5;

/// Shares of the replayed images: photos as they are, drawings traced from photos; the rest are
/// doodles.
const PHOTOS: f64 = 0.6;
const TRACES: f64 = 0.15;

/// Marks the random numbers of the examples' order, apart from those of any step.
const ORDER: u64 = u64::MAX;

/// One step's images.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    /// The examples, then the replayed originals.
    pub images: Vec<Image>,
    /// Their classes.
    pub labels: Vec<u8>,
    /// How many of them are examples.
    pub examples: usize,
}

/// What the steps' images are made from.
#[derive(Clone, Debug)]
pub struct Batches {
    settings: Settings,
    examples: Vec<Example>,
    originals: Originals,
}

impl Batches {
    /// Batches of these examples; there must be one at least.
    pub fn new(settings: Settings, examples: Vec<Example>, originals: Originals) -> Self {
        Self {
            settings,
            examples,
            originals,
        }
    }

    /// The images of this step, counted from 0: a function of the settings' seed and the step.
    pub fn make(&self, step: usize) -> Batch {
        let replayed = self.settings.replayed();
        let examples = self.settings.batch_size - replayed;
        let mut images = Vec::with_capacity(self.settings.batch_size);
        let mut labels = Vec::with_capacity(self.settings.batch_size);
        for place in 0..self.settings.batch_size {
            let rng = &mut rng(&self.settings, step as u64, place);
            let (image, label) = if place < examples {
                self.example(step * examples + place, rng)
            } else {
                self.replay(rng)
            };
            images.push(image);
            labels.push(label);
        }
        Batch {
            images,
            labels,
            examples,
        }
    }

    fn example(&self, turn: usize, rng: &mut ChaCha8Rng) -> (Image, u8) {
        let count = self.examples.len();
        let order = order(&self.settings, turn / count, count);
        let example = &self.examples[order[turn % count]];
        if !self.settings.augment {
            return (example.image.clone(), example.label);
        }
        let redrawn = (!example.strokes.is_empty() && rng.random_bool(REDRAWN))
            .then(|| strokes::redraw(&example.strokes, rng))
            .flatten();
        let image = redrawn.as_ref().unwrap_or(&example.image);
        (photo::vary(image, 0.0, rng), example.label)
    }

    fn replay(&self, rng: &mut ChaCha8Rng) -> (Image, u8) {
        let kind = rng.random::<f64>();
        let photos = &self.originals.replay;
        if kind < PHOTOS + TRACES && !photos.is_empty() {
            let (photo, label) = photos.get(rng.random_range(0..photos.len()));
            let traced = (kind >= PHOTOS)
                .then(|| strokes::redraw(&sketch::trace(photo, false, rng), rng))
                .flatten();
            return (
                photo::vary(traced.as_ref().unwrap_or(photo), 0.0, rng),
                label,
            );
        }
        let label = rng.random_range(0..CLASS_COUNT) as u8;
        // A doodle leaves the paper blank at most now and then.
        let image = strokes::redraw(&doodle::doodle(label, rng), rng);
        (image.unwrap_or_else(Image::blank), label)
    }
}

/// The random numbers of one place in one step's batch.
pub(super) fn rng(settings: &Settings, step: u64, place: usize) -> ChaCha8Rng {
    let mut seed = [0; 32];
    let parts = [settings.seed, step, place as u64];
    for (bytes, part) in seed.chunks_exact_mut(8).zip(parts) {
        bytes.copy_from_slice(&part.to_le_bytes());
    }
    ChaCha8Rng::from_seed(seed)
}

/// The order of `count` images in this round: all come up once, in a random order, before any comes
/// again.
pub(super) fn order(settings: &Settings, round: usize, count: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    order.shuffle(&mut rng(settings, ORDER, round));
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example(label: u8) -> Example {
        let mut image = Image::blank();
        image.0[usize::from(label) * 29 + 100] = 255;
        Example {
            image,
            strokes: Vec::new(),
            label,
        }
    }

    fn batches(settings: Settings) -> Batches {
        Batches::new(
            settings,
            (0..7).map(example).collect(),
            Originals::default(),
        )
    }

    #[test]
    fn a_batch_depends_on_seed_and_step_alone() {
        let (one, other) = (batches(Settings::default()), batches(Settings::default()));
        let _ = one.make(0);
        assert_eq!(one.make(3), other.make(3));
        assert_ne!(one.make(3), one.make(4));
        let seed = Settings {
            seed: 2,
            ..Settings::default()
        };
        assert_ne!(batches(seed).make(3), one.make(3));
    }

    #[test]
    fn all_examples_come_before_one_comes_again_and_the_share_holds() {
        let settings = Settings {
            batch_size: 14,
            replay_share: 0.5,
            augment: false,
            ..Settings::default()
        };
        let batch = batches(settings).make(5);
        assert_eq!((batch.examples, batch.images.len()), (7, 14));
        let mut labels = batch.labels[..7].to_vec();
        labels.sort_unstable();
        assert_eq!(labels, [0, 1, 2, 3, 4, 5, 6]);
        assert!(batch.images[7..].iter().all(|image| !image.is_blank()));
    }
}
