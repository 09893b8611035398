//! The images of a training step: photos and drawings of every kind, each varied anew.
//!
//! Each image is a function of the seed, the step and its place in the batch alone. So a run can be
//! taken up at any step, and the threads may make the images in any order.

use super::config::TrainConfig;
use crate::{data::Labelled, drawings::HumanDrawing};
use model::{
    augment::{doodle, sketch, strokes},
    class::CLASS_COUNT,
    image::Image,
};
use rand::{Rng, SeedableRng, seq::SliceRandom};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

/// The classes whose sleeves a tracer may spread: those of tops.
const SLEEVED: [u8; 5] = [0, 2, 3, 4, 6];

/// The images of a step, and what is known of each.
pub struct Batch {
    /// As the net sees them.
    pub images: Vec<Image>,
    /// Their classes, 0..10.
    pub labels: Vec<u8>,
    /// What they look like, where somebody else's opinion is known: a probability a class.
    pub opinions: Vec<Option<[f32; CLASS_COUNT]>>,
}

/// One of them.
struct Sample {
    image: Image,
    label: u8,
    opinion: Option<[f32; CLASS_COUNT]>,
}

/// What batches are made from.
pub struct Batches<'a> {
    config: &'a TrainConfig,
    seed: u64,
    photos: &'a Labelled,
    /// People's drawings by class, so that the classes that have some come up equally often.
    humans: Vec<Vec<&'a HumanDrawing>>,
}

impl<'a> Batches<'a> {
    /// Batches of these photos and, where there are some, people's drawings.
    pub fn new(
        config: &'a TrainConfig,
        seed: u64,
        photos: &'a Labelled,
        drawings: &'a [HumanDrawing],
    ) -> Self {
        let of_class = |class| {
            drawings
                .iter()
                .filter(|d| usize::from(d.label) == class)
                .collect()
        };
        let humans: Vec<Vec<_>> = (0..CLASS_COUNT).map(of_class).collect();
        Self {
            config,
            seed,
            photos,
            humans: humans.into_iter().filter(|c| !c.is_empty()).collect(),
        }
    }

    /// Images in a step.
    pub fn batch_size(&self) -> usize {
        self.config.batch_size.min(self.photos.len())
    }

    /// Steps in an epoch; a last batch that would be smaller is left out.
    pub fn steps_an_epoch(&self) -> usize {
        (self.photos.len() / self.config.batch_size).max(1)
    }

    /// The order of the photos in an epoch.
    pub fn order(&self, epoch: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.photos.len()).collect();
        order.shuffle(&mut self.rng(u64::MAX, epoch));
        order
    }

    /// What a step learns from. `order` is its epoch's.
    pub fn make(&self, order: &[usize], step: usize) -> Batch {
        let first = step % self.steps_an_epoch() * self.batch_size();
        let part = &order[first..first + self.batch_size()];
        let sample = |(place, &index): (usize, &usize)| {
            self.sample(index, &mut self.rng(step as u64, place))
        };
        let samples: Vec<Sample> = part.par_iter().enumerate().map(sample).collect();
        Batch {
            labels: samples.iter().map(|sample| sample.label).collect(),
            opinions: samples.iter().map(|sample| sample.opinion).collect(),
            images: samples.into_iter().map(|sample| sample.image).collect(),
        }
    }

    /// Random numbers that are a function of seed, step and place alone.
    pub fn rng(&self, step: u64, place: usize) -> ChaCha8Rng {
        let mut seed = [0; 32];
        let parts = [self.seed, step, place as u64];
        for (bytes, part) in seed.chunks_exact_mut(8).zip(parts) {
            bytes.copy_from_slice(&part.to_le_bytes());
        }
        ChaCha8Rng::from_seed(seed)
    }

    /// The photo of this index, or a drawing in its place, varied.
    fn sample(&self, index: usize, rng: &mut ChaCha8Rng) -> Sample {
        let (photo, label) = (&self.photos.images[index], self.photos.labels[index]);
        let drawing = self.drawing(photo, label, rng);
        let sample = drawing.unwrap_or_else(|| Sample {
            image: photo.clone(),
            label,
            opinion: None,
        });
        Sample {
            image: self.config.variation.of_one().of(&sample.image, rng),
            ..sample
        }
    }

    /// A drawing of one of the kinds with the probability of its share.
    fn drawing(&self, photo: &Image, label: u8, rng: &mut ChaCha8Rng) -> Option<Sample> {
        let config = self.config;
        let mut left = rng.random::<f64>();
        let mut falls_in = |share: f64| {
            left -= share;
            left < 0.0
        };
        if falls_in(config.human_share) {
            return self.human(rng);
        }
        let image = if falls_in(config.doodle_share) {
            strokes::redraw(&doodle::doodle(label, rng), rng)
        } else if falls_in(config.trace_share) {
            let spread = SLEEVED.contains(&label) && rng.random_bool(0.5);
            strokes::redraw(&sketch::trace(photo, spread, rng), rng)
        } else if falls_in(config.sketch_share) {
            sketch::render(photo, rng)
        } else {
            None
        };
        Some(Sample {
            image: image?,
            label,
            opinion: None,
        })
    }

    /// Somebody's drawing of any class, redrawn, if there are some.
    fn human(&self, rng: &mut ChaCha8Rng) -> Option<Sample> {
        let class = rng.random_range(0..self.humans.len().max(1));
        let class = self.humans.get(class)?;
        let drawing = class[rng.random_range(0..class.len())];
        Some(Sample {
            image: strokes::redraw(&drawing.strokes, rng)?,
            label: drawing.label,
            opinion: drawing.opinion,
        })
    }
}
