//! Fashion-MNIST, split into what is trained on, chosen on and tested on.

pub mod published;

use std::path::Path;

use anyhow::{Context, Result, bail};
use model::idx;
use model::image::Image;
use model::published::{
    DEFAULT_VALIDATION, File, SPLIT_SEED, Split as Part, TEST_IMAGES, TEST_LABELS, TRAIN_IMAGES,
    TRAIN_LABELS, held_out_indices,
};
use model::weights::{Sidecar, ValidationSet};

use crate::numbers::whole;
use crate::output::print_note;
use crate::usage::UsageError;

/// Images with their classes.
#[derive(Clone, Default)]
pub struct Labelled {
    /// The images.
    pub images: Vec<Image>,
    /// `labels[i]`, 0..10, is the class of `images[i]`.
    pub labels: Vec<u8>,
}

impl Labelled {
    /// How many images there are.
    pub fn len(&self) -> usize {
        self.images.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.images.is_empty()
    }

    /// Drops all but the first `count` images.
    pub fn truncate(&mut self, count: usize) {
        self.images.truncate(count);
        self.labels.truncate(count);
    }

    /// Adds an image of class `label`, 0..10.
    pub fn push(&mut self, image: Image, label: u8) {
        self.images.push(image);
        self.labels.push(label);
    }
}

/// The data set, split.
#[derive(Clone)]
pub struct Data {
    /// What is trained on.
    pub train: Labelled,
    /// Held out of the published training set; models and settings are chosen on it.
    pub validation: Labelled,
    /// The published 10,000 test images; for the final figure only.
    pub test: Labelled,
}

/// Which of the 60,000 published training images are held out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::Args, serde::Serialize, serde::Deserialize)]
pub struct Split {
    /// Training images held out for validation
    #[arg(long, value_parser = whole::<usize>(1..Part::Train.count()), value_name = "IMAGES", default_value_t = DEFAULT_VALIDATION)]
    pub validation_images: usize,
    /// Seed that chooses them; apart from --seed, so that runs can be compared on the same images
    #[arg(long, value_parser = whole::<u64>(0..), value_name = "SEED", default_value_t = SPLIT_SEED)]
    pub split_seed: u64,
}

impl Default for Split {
    fn default() -> Split {
        Split {
            validation_images: DEFAULT_VALIDATION,
            split_seed: SPLIT_SEED,
        }
    }
}

impl From<Split> for ValidationSet {
    fn from(split: Split) -> ValidationSet {
        ValidationSet::Random {
            images: split.validation_images,
            seed: split.split_seed,
        }
    }
}

impl Split {
    /// # Errors
    /// A usage error if the weights in this file learned from images of the split, followed by `advice`.
    pub fn check_unseen(self, weights: &Path, sidecar: &Sidecar, advice: &str) -> Result<()> {
        let weights = weights.display();
        let reason = match sidecar.validation {
            None => {
                print_note!(
                    "{weights} does not say which training images were held out: it is assumed that \
                     {} by seed {} were",
                    self.validation_images,
                    self.split_seed
                );
                return Ok(());
            }
            Some(own) if own.includes(self.into()) => return Ok(()),
            Some(ValidationSet::Random { images, seed }) => format!(
                "only the {images} of --validation-images {images} --split-seed {seed} were held out; {advice}"
            ),
            Some(ValidationSet::Fold { number, of }) => format!(
                "it was trained on all but fold {} of {of}; {advice}",
                number + 1
            ),
            Some(ValidationSet::Empty) => {
                format!("no image was held out of all its trainings; {advice}")
            }
        };
        let sentence = format!("{weights} learned from some of the validation images: {reason}");
        Err(UsageError::new(sentence).into())
    }
}

/// Which training images are held out where a model is measured: those of its training unless given.
#[derive(Debug, Clone, Copy, Default, clap::Args)]
pub struct MeasuredSplit {
    /// Training images that were held out for validation [default: as the weights' sidecar says]
    #[arg(long, value_parser = whole::<usize>(1..Part::Train.count()), value_name = "IMAGES")]
    pub validation_images: Option<usize>,
    /// Seed that chose them [default: as the weights' sidecar says]
    #[arg(long, value_parser = whole::<u64>(0..), value_name = "SEED")]
    pub split_seed: Option<u64>,
}

impl MeasuredSplit {
    /// Whether something was given.
    pub fn is_given(self) -> bool {
        self.validation_images.is_some() || self.split_seed.is_some()
    }

    /// The split to measure the weights in this file on.
    ///
    /// # Errors
    /// A usage error if they learned from images of it.
    pub fn of(self, weights: &Path, sidecar: &Sidecar) -> Result<Split> {
        let own = match sidecar.validation {
            Some(ValidationSet::Random { images, seed }) => Split {
                validation_images: images,
                split_seed: seed,
            },
            _ => Split::default(),
        };
        let split = Split {
            validation_images: self.validation_images.unwrap_or(own.validation_images),
            split_seed: self.split_seed.unwrap_or(own.split_seed),
        };
        split.check_unseen(weights, sidecar, "measure on those, or on the test images")?;
        Ok(split)
    }
}

/// Reads and checks the four files in `folder`, and splits the training images.
///
/// # Errors
/// If a file cannot be read or is not the published one.
pub fn load(folder: &Path, split: Split) -> Result<Data> {
    let all = load_train(folder)?;
    let (train, validation) = held_out(all, split);
    Ok(Data {
        train,
        validation,
        test: load_test(folder)?,
    })
}

/// The published 60,000 training images, before any are held out.
///
/// # Errors
/// If a file cannot be read or is not the published one.
pub fn load_train(folder: &Path) -> Result<Labelled> {
    labelled(folder, &TRAIN_IMAGES, &TRAIN_LABELS)
}

/// The published test images alone.
///
/// # Errors
/// If a file cannot be read or is not the published one.
pub fn load_test(folder: &Path) -> Result<Labelled> {
    labelled(folder, &TEST_IMAGES, &TEST_LABELS)
}

/// The training images, then the test images; of each the first `limit`.
///
/// # Errors
/// If a file cannot be read or is not the published one.
pub fn load_numbered(folder: &Path, limit: Option<usize>) -> Result<Labelled> {
    let (mut all, mut test) = (load_train(folder)?, load_test(folder)?);
    for part in [&mut all, &mut test] {
        part.truncate(limit.unwrap_or(usize::MAX));
    }
    all.images.extend(test.images);
    all.labels.extend(test.labels);
    Ok(all)
}

fn labelled(folder: &Path, images: &File, labels: &File) -> Result<Labelled> {
    let parsed = Labelled {
        images: idx::parse_images(&published::unpack(folder, images)?)
            .with_context(|| format!("in {}", folder.join(images.name).display()))?,
        labels: idx::parse_labels(&published::unpack(folder, labels)?)
            .with_context(|| format!("in {}", folder.join(labels.name).display()))?,
    };
    if parsed.images.len() != parsed.labels.len() {
        bail!("{} and {} disagree on the count", images.name, labels.name);
    }
    Ok(parsed)
}

/// (train, validation). Both keep the published order; only the choice is random.
fn held_out(all: Labelled, split: Split) -> (Labelled, Labelled) {
    let held = held_out_indices(all.len(), split.validation_images, split.split_seed);
    let (mut train, mut validation) = (Labelled::default(), Labelled::default());
    for ((image, label), held) in all.images.into_iter().zip(all.labels).zip(held) {
        let part = if held { &mut validation } else { &mut train };
        part.push(image, label);
    }
    (train, validation)
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::image::PIXELS;

    /// A hundred images, each marked by its number.
    fn numbered() -> Labelled {
        Labelled {
            images: (0..100).map(|i| Image([i; PIXELS])).collect(),
            labels: (0..100).map(|i| i % 10).collect(),
        }
    }

    fn numbers(part: &Labelled) -> Vec<u8> {
        part.images.iter().map(|image| image.0[0]).collect()
    }

    fn split(validation_images: usize, split_seed: u64) -> (Labelled, Labelled) {
        held_out(
            numbered(),
            Split {
                validation_images,
                split_seed,
            },
        )
    }

    #[test]
    fn every_image_is_in_one_part_with_its_own_label() {
        let (train, validation) = split(20, 1);
        assert_eq!((train.len(), validation.len()), (80, 20));
        let mut both = [numbers(&train), numbers(&validation)].concat();
        both.sort_unstable();
        assert_eq!(both, (0..100).collect::<Vec<u8>>());
        for part in [train, validation] {
            let labels: Vec<u8> = numbers(&part).iter().map(|number| number % 10).collect();
            assert_eq!(part.labels, labels);
        }
    }

    #[test]
    fn the_seed_alone_decides_the_split() {
        let chosen = |seed| numbers(&split(20, seed).1);
        assert_eq!(chosen(1), chosen(1));
        assert_ne!(chosen(1), chosen(2));
    }
}
