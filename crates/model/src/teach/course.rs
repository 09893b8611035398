//! What a session learns, from what, and what it leads to: fine-tuning, or training from scratch.

use super::photos::PhotoBatches;
use super::{Batch, Batches, Example, Labelled, Originals, Settings};
use crate::{
    class::CLASS_COUNT,
    net::{Model, Prepared, batch_tensor, gather_statistics},
};
use burn::tensor::{Device, Tensor, TensorData, activation::softmax};

/// Probability mass that the targets spread over all classes, as in the shipped run.
const LABEL_SMOOTHING: f32 = 0.1;

/// Batches that the normalisations' statistics are taken from.
const STATISTICS_BATCHES: usize = 8;

/// See the [module](self).
pub(super) enum Course {
    /// A net learns a person's examples.
    FineTune(Box<FineTune>),
    /// A net with random weights learns photos.
    FromScratch(PhotoBatches),
}

/// What fine-tuning needs.
pub(super) struct FineTune {
    batches: Batches,
    /// The net as it was.
    before: Model,
    /// The same, prepared: what it says of replayed images is what is to be kept.
    teacher: Prepared,
    settings: Settings,
}

impl Course {
    pub(super) fn fine_tune(
        net: &Model,
        settings: Settings,
        examples: Vec<Example>,
        originals: Originals,
    ) -> Self {
        Self::FineTune(Box::new(FineTune {
            before: net.clone(),
            teacher: net.prepared(),
            batches: Batches::new(settings.clone(), examples, originals),
            settings,
        }))
    }

    pub(super) fn from_scratch(settings: Settings, train: Labelled) -> Self {
        Self::FromScratch(PhotoBatches::new(settings, train))
    }

    /// The images of a step, counted from 0.
    pub(super) fn batch(&mut self, step: usize) -> Batch {
        match self {
            Self::FineTune(tuning) => tuning.batches.make(step),
            Self::FromScratch(photos) => photos.make(step),
        }
    }

    /// What the net is to say of each image: `[batch, 10]`.
    pub(super) fn targets(&self, batch: &Batch, device: &Device) -> Tensor<2> {
        let (own, replayed) = batch.labels.split_at(batch.examples);
        let own = one_hot(own, device);
        match self {
            Self::FineTune(tuning) if !replayed.is_empty() => {
                Tensor::cat(vec![own, tuning.kept(batch, replayed, device)], 0)
            }
            _ => own,
        }
    }

    /// The net that training has led to, for inference, where this is the one that learns.
    pub(super) fn result(&self, learning: Model, device: &Device) -> Model {
        match self {
            Self::FineTune(tuning) => learning.mixed(&tuning.before, tuning.settings.strength),
            Self::FromScratch(photos) => {
                let batches = photos.first(STATISTICS_BATCHES);
                learning.fold(&gather_statistics(&learning, batches, device))
            }
        }
    }
}

impl FineTune {
    /// For replayed images a mixture of what the net said before and the label.
    fn kept(&self, batch: &Batch, labels: &[u8], device: &Device) -> Tensor<2> {
        let images = batch_tensor(&batch.images[batch.examples..], device);
        let before = softmax(self.teacher.forward(images), 1);
        let kept = self.settings.distillation;
        before * kept + one_hot(labels, device) * (1.0 - kept)
    }
}

/// The classes as probabilities, smoothed: `[labels, 10]`.
fn one_hot(labels: &[u8], device: &Device) -> Tensor<2> {
    let spread = LABEL_SMOOTHING / CLASS_COUNT as f32;
    let mut values = vec![spread; labels.len() * CLASS_COUNT];
    for (row, &label) in values.chunks_exact_mut(CLASS_COUNT).zip(labels) {
        row[usize::from(label)] += 1.0 - LABEL_SMOOTHING;
    }
    Tensor::from_data(TensorData::new(values, [labels.len(), CLASS_COUNT]), device)
}
