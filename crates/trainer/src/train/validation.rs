//! How good a net is on what it has not been trained on: photos, other people's drawings, icons.

use crate::{data::Labelled, drawings::Drawings, progress::EpochReport};
use anyhow::Result;
use burn::tensor::Device;
use model::{
    calibration::{self, Answers},
    class::CLASS_COUNT,
    confidence::Confidence,
    image::Image,
    metrics::ConfusionMatrix,
    net::{Prepared, batch_tensor},
    weights::Temperature,
};

/// Images that go through the net at once.
const BATCH: usize = 250;

/// The sets that a run chooses on.
pub struct Validation<'a> {
    photos: &'a Labelled,
    humans: Labelled,
    icons: Labelled,
}

/// Scores between 0 and 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scores {
    /// Accuracy on photos.
    pub photos: f64,
    /// On people's drawings and on icons: mean of the classes' accuracies.
    pub drawings: Option<[f64; 2]>,
}

impl Scores {
    /// The scores of an epoch in the log.
    pub fn logged(epoch: &EpochReport) -> Scores {
        Scores {
            photos: epoch.validation_accuracy,
            drawings: epoch.drawings,
        }
    }

    /// The best epoch of a log; of equally good ones the first, whose weights were exported.
    pub fn best(log: &[EpochReport]) -> Option<&EpochReport> {
        let total = |epoch: &EpochReport| Scores::logged(epoch).total();
        // `max_by` alone takes the last.
        log.iter()
            .rev()
            .max_by(|a, b| total(a).total_cmp(&total(b)))
    }

    /// What the best epoch is chosen by: photos and drawings count the same.
    pub fn total(&self) -> f64 {
        match self.drawings {
            Some([humans, icons]) => self.photos / 2.0 + (humans + icons) / 4.0,
            None => self.photos,
        }
    }
}

impl<'a> Validation<'a> {
    /// The validation photos, and the drawings where there are some.
    pub fn new(photos: &'a Labelled, drawings: Option<&Drawings>) -> Self {
        let humans = drawings
            .iter()
            .flat_map(|d| &d.validation)
            .filter_map(|d| Some((d.image()?, d.label)));
        let icons = drawings
            .iter()
            .flat_map(|d| &d.icons)
            .map(|i| (i.image.clone(), i.label));
        Self {
            photos,
            humans: labelled(humans),
            icons: labelled(icons),
        }
    }

    /// The net's scores.
    ///
    /// # Errors
    /// Where the device fails.
    pub fn score(&self, net: &Prepared, device: &Device) -> Result<Scores> {
        let confusion = |set: &Labelled| -> Result<ConfusionMatrix> {
            Ok(confusion(&answers(net, set, device)?))
        };
        let mean = |set| -> Result<f64> { Ok(confusion(set)?.macro_average().recall) };
        let drawings = match self.humans.is_empty() {
            true => None,
            false => Some([mean(&self.humans)?, mean(&self.icons)?]),
        };
        Ok(Scores {
            photos: confusion(self.photos)?.accuracy(),
            drawings,
        })
    }

    /// What makes the net's confidence honest on these sets.
    ///
    /// # Errors
    /// Where the device fails.
    pub fn calibration(
        &self,
        net: &Prepared,
        device: &Device,
    ) -> Result<(Temperature, Confidence)> {
        let mut drawings = answers(net, &self.humans, device)?;
        let icons = answers(net, &self.icons, device)?;
        drawings.logits.extend(icons.logits);
        drawings.labels.extend(icons.labels);
        Ok(calibration::fit(
            &answers(net, self.photos, device)?,
            &drawings,
        ))
    }
}

/// How often each class was taken for which.
fn confusion(answers: &Answers) -> ConfusionMatrix {
    let mut confusion = ConfusionMatrix::new();
    for (logits, &label) in answers.logits.iter().zip(&answers.labels) {
        let best = (0..CLASS_COUNT).max_by(|&a, &b| logits[a].total_cmp(&logits[b]));
        confusion.add(usize::from(label), best.unwrap_or(0));
    }
    confusion
}

fn answers(net: &Prepared, set: &Labelled, device: &Device) -> Result<Answers> {
    let mut logits = Vec::with_capacity(set.len());
    for images in set.images.chunks(BATCH) {
        let data = net.forward(batch_tensor(images, device)).into_data();
        let values: Vec<f32> = data.iter::<f32>().collect();
        logits.extend(values.as_chunks::<CLASS_COUNT>().0);
    }
    Ok(Answers {
        logits,
        labels: set.labels.clone(),
    })
}

fn labelled(images: impl Iterator<Item = (Image, u8)>) -> Labelled {
    let (images, labels) = images.unzip();
    Labelled { images, labels }
}
