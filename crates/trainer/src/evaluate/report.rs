//! All that `evaluate` found out, as text and as JSON.

use std::collections::{BTreeMap, BTreeSet};

use model::class::CLASS_NAMES;
use model::weights::Temperature;
use serde::Serialize;

use super::figures::Figures;
use crate::nets::Reading;

/// Figures of one net.
#[derive(Serialize)]
pub struct Report {
    /// The weights file.
    pub weights: String,
    /// What the net costs.
    pub cost: Cost,
    /// What its logits are divided by.
    pub temperature: Temperature,
    /// Which photos were used: `test` or `validation`.
    pub split: String,
    /// Figures on Fashion-MNIST.
    #[serde(flatten)]
    pub photos: Figures,
    /// The answer for one image, for a person to check.
    pub first_image: Option<Answer>,
    /// The wrong answers that the net was most confident of, the most confident first.
    pub mistakes: Vec<Answer>,
    /// Accuracy without the test images that have a near duplicate among the training images.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub without_leaked: Option<WithoutLeaked>,
    /// Figures on drawings, if there were any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drawings: Option<DrawingReport>,
}

/// What a net costs.
#[derive(Serialize)]
pub struct Cost {
    /// Multiplications with addition for one image.
    pub multiply_adds: usize,
    /// Trained numbers.
    pub parameters: usize,
    /// Bytes of the weights file.
    pub bytes: usize,
}

/// The net's answer for one image.
#[derive(Serialize)]
pub struct Answer {
    /// Which image of the split, from 0.
    pub index: usize,
    /// The class it was taken for.
    pub predicted: &'static str,
    /// The class it is.
    pub actual: &'static str,
    /// The probability of the predicted class.
    pub confidence: f32,
}

/// Accuracy where nothing leaked.
#[derive(Serialize)]
pub struct WithoutLeaked {
    /// How many images were left out.
    pub left_out: usize,
    /// Accuracy on those.
    pub accuracy_on_leaked: f64,
    /// Accuracy on the others.
    pub accuracy: f64,
}

/// Figures on the drawings that were held out.
#[derive(Serialize)]
pub struct DrawingReport {
    /// All of them.
    pub all: Figures,
    /// Other people's Quick, Draw! drawings.
    pub quick_draw: Figures,
    /// The same drawings put on paper in other ways.
    pub other_pens: BTreeMap<String, Figures>,
    /// Designers' icons by style.
    pub icons: BTreeMap<String, Figures>,
}

impl Answer {
    /// The answer for image number `index`, whose label is 0..10.
    pub fn new(index: usize, reading: &Reading, label: u8) -> Answer {
        let (class, confidence) = reading.prediction.top();
        Answer {
            index,
            predicted: CLASS_NAMES[class],
            actual: CLASS_NAMES[usize::from(label)],
            confidence,
        }
    }

    /// The `count` wrong answers that the net was most confident of.
    pub fn worst_mistakes(readings: &[Reading], labels: &[u8], count: usize) -> Vec<Answer> {
        let mut wrong: Vec<Answer> = readings
            .iter()
            .zip(labels)
            .enumerate()
            .filter(|(_, (reading, label))| !reading.is_right(**label))
            .map(|(index, (reading, &label))| Answer::new(index, reading, label))
            .collect();
        wrong.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
        wrong.truncate(count);
        wrong
    }
}

impl WithoutLeaked {
    /// Accuracy with and without the images of these indices.
    pub fn new(readings: &[Reading], labels: &[u8], leaked: &BTreeSet<usize>) -> WithoutLeaked {
        let accuracy = |wanted: bool| {
            let part = readings.iter().zip(labels).enumerate();
            let right: Vec<bool> = part
                .filter(|(index, _)| leaked.contains(index) == wanted)
                .map(|(_, (reading, &label))| reading.is_right(label))
                .collect();
            right.iter().filter(|&&right| right).count() as f64 / right.len().max(1) as f64
        };
        WithoutLeaked {
            left_out: leaked.iter().filter(|&&index| index < labels.len()).count(),
            accuracy_on_leaked: accuracy(true),
            accuracy: accuracy(false),
        }
    }
}

impl Report {
    /// The groups of images by name.
    pub fn groups(&self) -> Vec<(String, &Figures)> {
        let mut groups = vec![(format!("{} photos", self.split), &self.photos)];
        if let Some(drawings) = &self.drawings {
            groups.push(("drawings, all".into(), &drawings.all));
            groups.push(("Quick, Draw!".into(), &drawings.quick_draw));
            let pens = drawings.other_pens.iter();
            groups.extend(pens.map(|(name, figures)| (format!("  by {name}"), figures)));
            let icons = drawings.icons.iter();
            groups.extend(icons.map(|(style, icons)| (format!("icons, {style}"), icons)));
        }
        groups
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::class::CLASS_COUNT;
    use model::confidence::Rules;

    fn reading(class: usize, confidence: f32) -> Reading {
        let mut logits = [((1.0 - confidence) / 9.0).ln(); CLASS_COUNT];
        logits[class] = confidence.ln();
        Reading::new(logits, 1.0, &Rules::default())
    }

    fn report() -> Report {
        let readings = [(9, 0.75), (2, 0.75), (2, 0.75), (3, 0.75)].map(|(c, p)| reading(c, p));
        let labels = [9, 2, 2, 4];
        Report {
            weights: "some.weights".into(),
            cost: Cost {
                multiply_adds: 1_500_000,
                parameters: 9,
                bytes: 18,
            },
            temperature: Temperature {
                photo: 1.0,
                drawing: 2.0,
            },
            split: "test".into(),
            photos: Figures::new(&readings, &labels),
            first_image: Some(Answer::new(0, &readings[0], 9)),
            mistakes: Answer::worst_mistakes(&readings, &labels, 5),
            without_leaked: Some(WithoutLeaked::new(
                &readings,
                &labels,
                &BTreeSet::from([0, 1, 7]),
            )),
            drawings: None,
        }
    }

    #[test]
    fn the_same_figures_stand_in_text_and_json() -> serde_json::Result<()> {
        let text = report().to_string();
        for expected in [
            "some.weights: 1.5 million multiply-adds an image, 9 parameters, 18 bytes\n",
            "first image: predicted Ankle boot with confidence 75.0 %, actually Ankle boot",
            "accuracy 75.00 %, macro over 3 classes 66.67 %, worst Coat 0.0 %",
            "calibration error 0.00 %",
            "without the 2 images that have a near duplicate in the training set 50.00 %, on those 100.00 %",
            "     3  predicted Dress with confidence 75.0 %, actually Coat",
        ] {
            assert!(text.contains(expected), "{expected} is not in\n{text}");
        }
        let json = serde_json::to_value(report())?;
        assert_eq!(json["accuracy"], 0.75);
        assert_eq!(json["confusion_matrix"][4][3], 1);
        assert_eq!(json["first_image"]["actual"], "Ankle boot");
        assert_eq!(json["mistakes"][0]["index"], 3);
        assert_eq!(json["classes"][0]["support"], 2);
        Ok(())
    }
}
