//! The published training images: split, and in batches for a net with random weights.

#[cfg(feature = "train")]
use super::{
    Batch, Settings,
    batch::{order, rng},
};
use super::{Labelled, Scratch};
#[cfg(feature = "train")]
use crate::augment::photo;
use crate::image::Image;
use crate::published::{SPLIT_SEED, Split, held_out_indices};

/// The published training images, split as they arrive.
#[derive(Clone, Debug, Default)]
pub struct Photos {
    /// What is trained on.
    pub train: Labelled,
    /// What is held out.
    pub validation: Labelled,
    held: Vec<bool>,
    arrived: usize,
    most: usize,
}

impl Photos {
    /// Room for the images, none of which has arrived.
    pub fn new(scratch: &Scratch) -> Self {
        let count = Split::Train.count();
        Self {
            held: held_out_indices(count, scratch.validation_images, SPLIT_SEED),
            most: scratch.images(),
            ..Self::default()
        }
    }

    /// Takes in the next image, of class `label`, 0..10. Those beyond the published count are left out.
    pub fn push(&mut self, image: Image, label: u8) {
        match self.held.get(self.arrived) {
            Some(true) => self.validation.push(image, label),
            Some(false) if self.train.len() < self.most => self.train.push(image, label),
            _ => {}
        }
        self.arrived += 1;
    }

    /// Whether all have arrived.
    pub fn are_complete(&self) -> bool {
        self.arrived == self.held.len()
    }
}

/// Batches of the training images.
#[cfg(feature = "train")]
#[derive(Clone, Debug)]
pub(super) struct PhotoBatches {
    settings: Settings,
    train: Labelled,
    /// The order of the images in the round under way, and which round that is.
    order: Option<(usize, Vec<usize>)>,
}

#[cfg(feature = "train")]
impl PhotoBatches {
    /// Batches of these images, of which there must be one batch at least.
    pub(super) fn new(settings: Settings, train: Labelled) -> Self {
        Self {
            settings,
            train,
            order: None,
        }
    }

    /// The images of this step, counted from 0: a function of the settings' seed and the step. A
    /// round's last images are left out where they are less than a batch.
    pub(super) fn make(&mut self, step: usize) -> Batch {
        let (count, size) = (self.train.len(), self.settings.batch_size);
        let steps = (count / size).max(1);
        let round = step / steps;
        self.order.take_if(|(of, _)| *of != round);
        let shuffle = || (round, order(&self.settings, round, count));
        let (_, order) = self.order.get_or_insert_with(shuffle);
        let chosen = order.iter().skip(step % steps * size).take(size);
        let image = |(place, &index): (usize, &usize)| {
            let (image, label) = self.train.get(index);
            let rng = &mut rng(&self.settings, step as u64, place);
            match self.settings.augment {
                true => (photo::vary(image, 0.0, rng), label),
                false => (image.clone(), label),
            }
        };
        let (images, labels): (Vec<_>, _) = chosen.enumerate().map(image).unzip();
        Batch {
            examples: images.len(),
            images,
            labels,
        }
    }

    /// The first training images, in batches, as they are.
    pub(super) fn first(&self, batches: usize) -> impl Iterator<Item = Vec<Image>> {
        let chunks = self.train.images().chunks_exact(self.settings.batch_size);
        chunks.take(batches).map(<[Image]>::to_vec)
    }
}

#[cfg(all(test, feature = "train"))]
mod tests {
    use super::*;
    use crate::architecture::Architecture;
    use std::ops::Range;

    fn numbered(count: usize) -> Labelled {
        let image = |index: usize| {
            let mut image = Image::blank();
            image.0[0] = index as u8;
            (image, (index % 10) as u8)
        };
        (0..count).map(image).collect()
    }

    #[test]
    fn every_image_falls_into_one_part_and_no_more_than_wanted_are_trained_on() {
        let scratch = Scratch {
            validation_images: 5_000,
            train_images: 1_000,
            architecture: Architecture::Mlp,
        };
        let mut photos = Photos::new(&scratch);
        for index in 0..60_000 {
            assert!(!photos.are_complete());
            photos.push(Image::blank(), (index % 10) as u8);
        }
        assert!(photos.are_complete());
        assert_eq!(
            (photos.train.len(), photos.validation.len()),
            (1_000, 5_000)
        );
    }

    #[test]
    fn all_images_come_up_before_one_comes_again() {
        let settings = Settings {
            batch_size: 8,
            ..Settings::from_scratch(Architecture::Mlp)
        };
        let mut batches = PhotoBatches::new(settings, numbered(24));
        let mut seen = |steps: Range<usize>| {
            let mut seen: Vec<u8> = steps
                .flat_map(|step| batches.make(step).images)
                .map(|image| image.0[0])
                .collect();
            seen.sort_unstable();
            seen
        };
        assert_eq!(seen(0..3), (0..24).collect::<Vec<u8>>());
        assert_eq!(seen(3..6), (0..24).collect::<Vec<u8>>());
        assert_ne!(batches.make(0), batches.make(3));
    }
}
