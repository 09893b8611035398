//! What `evaluate` found out, as text and as JSON.

use std::collections::BTreeMap;
use std::fmt;

use model::class::{CLASS_COUNT, CLASS_NAMES};
use model::metrics::{ClassReport, ConfusionMatrix, expected_calibration_error};
use model::prediction::Prediction;
use serde::{Serialize, Serializer};

/// How many bins the calibration error is measured with.
const CALIBRATION_BINS: usize = 15;

/// Figures of one net.
#[derive(Serialize)]
pub struct Report {
    /// The weights file.
    pub weights: String,
    /// Which images were used: `test` or `validation`.
    pub split: String,
    /// Figures on Fashion-MNIST.
    #[serde(flatten)]
    pub photos: Photos,
    /// Figures on drawings, if there were any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drawings: Option<DrawingReport>,
}

/// Figures on Fashion-MNIST images.
#[derive(Serialize)]
pub struct Photos {
    images: u64,
    accuracy: f64,
    expected_calibration_error: f64,
    #[serde(rename = "confusion_matrix", serialize_with = "counts")]
    confusion: ConfusionMatrix,
    classes: Vec<ClassFigures>,
    macro_average: Figures,
    weighted_average: Figures,
    first_image: Option<FirstImage>,
}

#[derive(Serialize)]
struct Figures {
    precision: f64,
    recall: f64,
    f1: f64,
    support: u64,
}

#[derive(Serialize)]
struct ClassFigures {
    class: &'static str,
    #[serde(flatten)]
    figures: Figures,
}

/// The answer for one image, for a person to check.
#[derive(Serialize)]
struct FirstImage {
    predicted: &'static str,
    actual: &'static str,
    confidence: f32,
}

/// Figures on the drawings that were held out.
#[derive(Serialize)]
pub struct DrawingReport {
    /// Other people's Quick, Draw! drawings.
    pub quick_draw: Group,
    /// Designers' icons by style.
    pub icons: BTreeMap<String, Group>,
}

/// Figures on a group of drawings that need not have all classes.
#[derive(Serialize)]
pub struct Group {
    images: u64,
    accuracy: f64,
    /// Mean of the classes' accuracies, over the classes that are there.
    macro_accuracy: f64,
    classes: Vec<GroupClass>,
}

#[derive(Serialize)]
struct GroupClass {
    class: &'static str,
    images: u64,
    accuracy: f64,
}

impl Photos {
    /// Compares predictions with the labels (0..10) of the same images.
    pub fn new(predictions: &[Prediction], labels: &[u8]) -> Photos {
        let confusion = confusion(predictions, labels);
        let certainty: Vec<(f32, bool)> = predictions
            .iter()
            .zip(labels)
            .map(|(prediction, &label)| {
                let (class, confidence) = prediction.top();
                (confidence, class == usize::from(label))
            })
            .collect();
        let class_figures = |(class, report)| ClassFigures {
            class,
            figures: Figures::from(report),
        };
        Photos {
            images: confusion.total(),
            accuracy: confusion.accuracy(),
            expected_calibration_error: expected_calibration_error(&certainty, CALIBRATION_BINS),
            classes: CLASS_NAMES
                .into_iter()
                .zip(confusion.per_class())
                .map(class_figures)
                .collect(),
            macro_average: confusion.macro_average().into(),
            weighted_average: confusion.weighted_average().into(),
            first_image: FirstImage::new(predictions, labels),
            confusion,
        }
    }
}

impl FirstImage {
    fn new(predictions: &[Prediction], labels: &[u8]) -> Option<FirstImage> {
        let (class, confidence) = predictions.first()?.top();
        Some(FirstImage {
            predicted: CLASS_NAMES[class],
            actual: CLASS_NAMES[usize::from(*labels.first()?)],
            confidence,
        })
    }
}

impl Group {
    /// Compares predictions with the labels (0..10) of the same drawings.
    pub fn new(predictions: &[Prediction], labels: &[u8]) -> Group {
        let confusion = confusion(predictions, labels);
        let classes: Vec<GroupClass> = CLASS_NAMES
            .into_iter()
            .zip(confusion.per_class())
            .filter(|(_, report)| report.support > 0)
            .map(|(class, report)| GroupClass {
                class,
                images: report.support,
                accuracy: report.recall,
            })
            .collect();
        let sum: f64 = classes.iter().map(|class| class.accuracy).sum();
        Group {
            images: confusion.total(),
            accuracy: confusion.accuracy(),
            macro_accuracy: sum / classes.len().max(1) as f64,
            classes,
        }
    }
}

fn confusion(predictions: &[Prediction], labels: &[u8]) -> ConfusionMatrix {
    let mut confusion = ConfusionMatrix::new();
    for (prediction, &label) in predictions.iter().zip(labels) {
        confusion.add(usize::from(label), prediction.top().0);
    }
    confusion
}

impl From<ClassReport> for Figures {
    fn from(report: ClassReport) -> Figures {
        Figures {
            precision: report.precision,
            recall: report.recall,
            f1: report.f1,
            support: report.support,
        }
    }
}

fn counts<S: Serializer>(confusion: &ConfusionMatrix, serializer: S) -> Result<S::Ok, S::Error> {
    let counts: &[[u64; CLASS_COUNT]; CLASS_COUNT] = confusion.counts();
    counts.serialize(serializer)
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let photos = &self.photos;
        writeln!(
            f,
            "{} on {} {} images",
            self.weights, photos.images, self.split
        )?;
        writeln!(f, "\n{}\n", photos.confusion)?;
        writeln!(f, "accuracy {:.2} %", 100.0 * photos.accuracy)?;
        write!(
            f,
            "expected calibration error {:.4} ({CALIBRATION_BINS} bins)",
            photos.expected_calibration_error
        )?;
        if let Some(first) = &photos.first_image {
            write!(
                f,
                "\nfirst image: predicted {} with confidence {:.1} %, actually {}",
                first.predicted,
                100.0 * first.confidence,
                first.actual
            )?;
        }
        match &self.drawings {
            Some(drawings) => write!(f, "\n\n{drawings}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for DrawingReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Quick, Draw!: {}", self.quick_draw)?;
        for (style, group) in &self.icons {
            write!(f, "\n{style} icons: {group}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} drawings, accuracy {:.1} %, macro over {} classes {:.1} %",
            self.images,
            100.0 * self.accuracy,
            self.classes.len(),
            100.0 * self.macro_accuracy
        )?;
        for class in &self.classes {
            let percent = 100.0 * class.accuracy;
            write!(
                f,
                "\n{:>14} {percent:>6.1} % of {}",
                class.class, class.images
            )?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A prediction of `class` with `confidence`.
    fn sure(class: usize, confidence: f32) -> Prediction {
        let mut probabilities = [(1.0 - confidence) / 9.0; CLASS_COUNT];
        probabilities[class] = confidence;
        Prediction { probabilities }
    }

    #[test]
    fn a_group_averages_over_the_classes_that_are_there() {
        let predictions = [sure(1, 0.9), sure(1, 0.9), sure(1, 0.9), sure(5, 0.9)];
        let group = Group::new(&predictions, &[1, 1, 1, 8]);
        assert_eq!((group.accuracy, group.macro_accuracy), (0.75, 0.5));
        let names: Vec<_> = group.classes.iter().map(|class| class.class).collect();
        assert_eq!(names, ["Trouser", "Bag"]);
    }

    #[test]
    fn the_report_has_the_same_figures_in_text_and_json() -> serde_json::Result<()> {
        let predictions = [sure(9, 0.75), sure(2, 0.75), sure(2, 0.75), sure(3, 0.75)];
        let report = Report {
            weights: "some.weights".into(),
            split: "test".into(),
            photos: Photos::new(&predictions, &[9, 2, 2, 4]),
            drawings: None,
        };
        let text = report.to_string();
        assert!(
            text.starts_with("some.weights on 4 test images\n"),
            "{text}"
        );
        let first = "first image: predicted Ankle boot with confidence 75.0 %, actually Ankle boot";
        assert!(text.contains(first), "{text}");
        assert!(text.contains("accuracy 75.00 %"), "{text}");
        assert!(text.contains("calibration error 0.0000"), "{text}");
        let json = serde_json::to_value(&report)?;
        assert_eq!(json["accuracy"], 0.75);
        assert_eq!(json["confusion_matrix"][4][3], 1);
        assert_eq!(json["first_image"]["actual"], "Ankle boot");
        assert_eq!(json["classes"][2]["support"], 2);
        Ok(())
    }
}
