//! What the net made of each image.

use super::{ALL_IMAGES, ImageId};
use model::calibration::{Bin, bins};
use model::metrics::ConfusionMatrix;
use model::prediction::Prediction;
use model::published::Split;

/// From this confidence on, the net counts as sure.
pub const SURE_FROM: f32 = 0.9;

/// What the net says of one image, compared with its label.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Finding {
    /// The likeliest class.
    pub predicted: u8,
    /// Its probability, 0 to 1.
    pub confidence: f32,
    /// Cross-entropy: minus the logarithm of the label's probability.
    pub loss: f32,
}

impl Finding {
    /// What a prediction says of an image with this label, 0..10.
    pub fn new(prediction: &Prediction, label: u8) -> Self {
        let (predicted, confidence) = prediction.top();
        let of_label = prediction.probabilities[usize::from(label)];
        Self {
            predicted: predicted as u8,
            confidence,
            // Finite, so that it can be sorted and shown.
            loss: -of_label.max(f32::MIN_POSITIVE).ln(),
        }
    }

    /// Whether the net disagrees with this label although it is sure.
    pub fn is_sure_and_wrong(&self, label: u8) -> bool {
        self.predicted != label && self.confidence >= SURE_FROM
    }
}

/// Predictions of all images, as far as they have been made.
#[derive(Debug)]
pub struct Findings {
    predictions: Vec<Option<Prediction>>,
    known: [usize; 2],
}

impl Default for Findings {
    fn default() -> Self {
        Self {
            predictions: vec![None; ALL_IMAGES],
            known: [0; 2],
        }
    }
}

impl Findings {
    /// Notes a prediction.
    pub fn note(&mut self, id: ImageId, prediction: Prediction) {
        let place = &mut self.predictions[id.number()];
        self.known[id.split() as usize] += usize::from(place.is_none());
        *place = Some(prediction);
    }

    /// What was predicted for an image.
    pub fn prediction(&self, id: ImageId) -> Option<&Prediction> {
        self.predictions[id.number()].as_ref()
    }

    /// Whether no image has been classified.
    pub fn is_empty(&self) -> bool {
        self.known == [0; 2]
    }

    /// How many images of both parts have been classified.
    pub fn known(&self) -> usize {
        self.known.iter().sum()
    }

    /// How many images of a part have been classified.
    pub fn known_in(&self, split: Split) -> usize {
        self.known[split as usize]
    }
}

/// How good predictions are: the same figures as `trainer evaluate` prints.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluation {
    /// Which class was taken for which, how often.
    pub matrix: ConfusionMatrix,
    /// Each with its confidence, and whether it was right.
    certainty: Vec<(f32, bool)>,
}

/// How many equally wide stretches of confidence the reliability diagram has; as many as the trainer's
/// calibration error.
pub const BINS: usize = 15;

impl Evaluation {
    /// Compares predictions with labels, 0..10.
    pub fn new<'a>(answers: impl Iterator<Item = (&'a Prediction, u8)>) -> Self {
        let mut matrix = ConfusionMatrix::new();
        let mut certainty = Vec::new();
        for (prediction, label) in answers {
            let (predicted, confidence) = prediction.top();
            matrix.add(usize::from(label), predicted);
            certainty.push((confidence, predicted == usize::from(label)));
        }
        Self { matrix, certainty }
    }

    /// The reliability diagram, from low confidence to high.
    pub fn bins(&self) -> Vec<Bin> {
        bins(&self.certainty, BINS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::class::CLASS_COUNT;

    fn sure(class: usize, confidence: f32) -> Prediction {
        let mut probabilities = [(1.0 - confidence) / 9.0; CLASS_COUNT];
        probabilities[class] = confidence;
        Prediction { probabilities }
    }

    #[test]
    fn sure_and_wrong_is_a_confident_disagreement() {
        let finding = Finding::new(&sure(6, 0.97), 0);
        assert!(finding.is_sure_and_wrong(0) && !finding.is_sure_and_wrong(6));
        assert!(!Finding::new(&sure(6, 0.8), 0).is_sure_and_wrong(0));
        assert!((Finding::new(&sure(6, 0.5), 6).loss - 0.693).abs() < 1e-3);
    }

    #[test]
    fn an_impossible_label_has_a_finite_loss() {
        assert!(Finding::new(&sure(1, 1.0), 2).loss.is_finite());
    }

    #[test]
    fn an_evaluation_counts_and_bins() {
        let answers = [sure(1, 0.95), sure(1, 1.0), sure(2, 0.5)];
        let evaluation = Evaluation::new(answers.iter().zip([1, 3, 2]));
        assert_eq!(evaluation.matrix.total(), 3);
        assert_eq!(evaluation.matrix.counts()[3][1], 1);
        assert_eq!(evaluation.bins().len(), BINS);
    }
}
