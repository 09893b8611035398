//! A net's figures on one group of images, whatever they show.

use model::calibration::{Bin, bins, expected_calibration_error};
use model::class::CLASS_NAMES;
use model::metrics::{ClassReport, ConfusionMatrix};
use serde::{Serialize, Serializer};

use super::certainty::{Part, Sets, Sure};
use crate::nets::Reading;

/// How many bins the calibration error is measured with.
pub const CALIBRATION_BINS: usize = 15;

/// Figures on a group of images, which need not have all classes.
#[derive(Serialize)]
pub struct Figures {
    /// How many images there are.
    pub images: u64,
    /// Share of right answers.
    pub accuracy: f64,
    /// Mean of the classes' accuracies, over the classes that are there.
    pub macro_accuracy: f64,
    /// The class that is read worst, if there is any.
    pub worst_class: Option<WorstClass>,
    /// Of the confidence in the top class.
    pub expected_calibration_error: f64,
    /// What the reliability diagram shows.
    #[serde(serialize_with = "reliability")]
    pub reliability: Vec<Bin>,
    /// How often each class was taken for which.
    #[serde(rename = "confusion_matrix", serialize_with = "counts")]
    pub confusion: ConfusionMatrix,
    /// Every class's figures.
    pub classes: Vec<ClassFigures>,
    /// Over the classes that are there, each counting alike.
    macro_average: Averages,
    weighted_average: Averages,
    /// How the sets of classes do that hold the right one at a stated coverage.
    pub sets: Sets,
    /// How the answers do that the net is sure of.
    pub sure: Sure,
    /// The images that are unlike what the net has learnt.
    pub unfamiliar: Part,
}

/// A class and how much of it is read right.
#[derive(Serialize)]
pub struct WorstClass {
    /// Its name.
    pub class: &'static str,
    /// Share of its images that are read right.
    pub accuracy: f64,
}

#[derive(Serialize)]
struct Averages {
    precision: f64,
    recall: f64,
    f1: f64,
    support: u64,
}

/// One class's figures.
#[derive(Serialize)]
pub struct ClassFigures {
    /// Its name.
    pub class: &'static str,
    #[serde(flatten)]
    figures: Averages,
}

impl Figures {
    /// Compares what a net said with the labels (0..10) of the same images.
    pub fn new(readings: &[Reading], labels: &[u8]) -> Figures {
        let mut confusion = ConfusionMatrix::new();
        for (reading, &label) in readings.iter().zip(labels) {
            confusion.add(usize::from(label), reading.prediction.top().0);
        }
        let certainty: Vec<(f32, bool)> = readings
            .iter()
            .zip(labels)
            .map(|(reading, &label)| (reading.prediction.top().1, reading.is_right(label)))
            .collect();
        let reliability = bins(&certainty, CALIBRATION_BINS);
        let part = |chosen: fn(&Reading) -> bool| Part::new(readings, labels, chosen);
        Figures {
            images: confusion.total(),
            accuracy: confusion.accuracy(),
            macro_accuracy: confusion.macro_average().recall,
            worst_class: worst_class(&confusion),
            expected_calibration_error: expected_calibration_error(&reliability),
            reliability,
            classes: class_figures(&confusion),
            macro_average: confusion.macro_average().into(),
            weighted_average: confusion.weighted_average().into(),
            sets: Sets::new(readings, labels),
            sure: Sure {
                sure: part(|reading| reading.judgement.sure),
                not_sure: part(|reading| !reading.judgement.sure),
            },
            unfamiliar: part(|reading| !reading.judgement.familiar),
            confusion,
        }
    }
}

impl Figures {
    /// The `count` most frequent confusions, in words.
    pub fn most_confused(&self, count: usize) -> Vec<String> {
        let mut confused: Vec<(u64, usize, usize)> = Vec::new();
        for (class, row) in self.confusion.counts().iter().enumerate() {
            let others = row.iter().enumerate();
            confused.extend(
                others
                    .filter(|&(other, &times)| other != class && times > 0)
                    .map(|(other, &times)| (times, class, other)),
            );
        }
        confused.sort_by_key(|&(times, ..)| std::cmp::Reverse(times));
        confused.truncate(count);
        let name = |class: usize| CLASS_NAMES[class];
        confused
            .into_iter()
            .map(|(times, class, other)| {
                format!("{} is read as {} ({times} times)", name(class), name(other))
            })
            .collect()
    }
}

impl ClassFigures {
    /// Of the images taken for this class, the share that is of it.
    pub fn precision(&self) -> f64 {
        self.figures.precision
    }

    /// Of the images of this class, the share taken for it.
    pub fn recall(&self) -> f64 {
        self.figures.recall
    }

    /// Harmonic mean of both.
    pub fn f1(&self) -> f64 {
        self.figures.f1
    }
}

/// The classes that are there, with their names.
fn present(confusion: &ConfusionMatrix) -> impl Iterator<Item = (&'static str, ClassReport)> {
    CLASS_NAMES
        .into_iter()
        .zip(confusion.per_class())
        .filter(|(_, report)| report.support > 0)
}

fn class_figures(confusion: &ConfusionMatrix) -> Vec<ClassFigures> {
    present(confusion)
        .map(|(class, report)| ClassFigures {
            class,
            figures: report.into(),
        })
        .collect()
}

fn worst_class(confusion: &ConfusionMatrix) -> Option<WorstClass> {
    let (class, report) =
        present(confusion).min_by(|(_, a), (_, b)| a.recall.total_cmp(&b.recall))?;
    Some(WorstClass {
        class,
        accuracy: report.recall,
    })
}

impl From<ClassReport> for Averages {
    fn from(report: ClassReport) -> Averages {
        Averages {
            precision: report.precision,
            recall: report.recall,
            f1: report.f1,
            support: report.support,
        }
    }
}

fn counts<S: Serializer>(confusion: &ConfusionMatrix, serializer: S) -> Result<S::Ok, S::Error> {
    confusion.counts().serialize(serializer)
}

/// As rows of (number of answers, mean confidence, accuracy).
fn reliability<S: Serializer>(bins: &[Bin], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(
        bins.iter()
            .map(|bin| (bin.count, bin.confidence, bin.accuracy)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::class::CLASS_COUNT;
    use model::confidence::Rules;

    /// A reading of `class` with `confidence`, the next class being the one after it.
    fn reading(class: usize, confidence: f32, rules: &Rules) -> Reading {
        let mut logits = [-30.0; CLASS_COUNT];
        logits[class] = confidence.ln();
        logits[(class + 1) % CLASS_COUNT] = (1.0 - confidence).ln();
        Reading::new(logits, 1.0, rules)
    }

    const RULES: Rules = Rules {
        coverage: 0.9,
        set_from: 0.2,
        sure_lead: 0.5,
        familiar_from: -1.0,
    };

    #[test]
    fn averages_are_over_the_classes_that_are_there() {
        let readings = [(1, 0.9), (1, 0.9), (1, 0.9), (5, 0.9)].map(|(c, p)| reading(c, p, &RULES));
        let figures = Figures::new(&readings, &[1, 1, 1, 8]);
        assert_eq!((figures.accuracy, figures.macro_accuracy), (0.75, 0.5));
        assert_eq!(figures.macro_average.recall, figures.macro_accuracy);
        let names: Vec<_> = figures.classes.iter().map(|class| class.class).collect();
        assert_eq!(names, ["Trouser", "Bag"]);
        assert_eq!(figures.worst_class.map(|worst| worst.class), Some("Bag"));
    }

    #[test]
    fn sets_and_sure_answers_are_counted() {
        let readings =
            [(1, 0.9), (1, 0.6), (2, 0.7), (4, 0.95)].map(|(c, p)| reading(c, p, &RULES));
        let figures = Figures::new(&readings, &[1, 2, 9, 4]);
        // Sets: {1}, {1, 2}, {2, 3}, {4}; sure are the first and the last.
        assert_eq!((figures.sets.coverage, figures.sets.mean_size), (0.75, 1.5));
        assert_eq!(
            (figures.sure.sure.share, figures.sure.sure.accuracy),
            (0.5, 1.0)
        );
        assert_eq!(figures.sure.not_sure.accuracy, 0.0);
        assert_eq!(figures.unfamiliar.share, 0.0);
        let text = figures.to_string();
        assert!(
            text.contains("sure of 50.0 %, of which 100.0 % are right"),
            "{text}"
        );
        assert!(text.contains("in 75.0 % (stated: 90 %)"), "{text}");
    }
}
