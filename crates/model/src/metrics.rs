//! How good predictions are.

use std::fmt;

use crate::class::{CLASS_COUNT, CLASS_NAMES};

/// How often each class was taken for which.
///
/// ```
/// use model::metrics::ConfusionMatrix;
///
/// let mut matrix = ConfusionMatrix::new();
/// matrix.add(0, 0);
/// matrix.add(0, 6);
/// assert_eq!((matrix.accuracy(), matrix.per_class()[0].recall), (0.5, 0.5));
/// println!("{matrix}");
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ConfusionMatrix {
    /// Row: true class; column: predicted class.
    counts: [[u64; CLASS_COUNT]; CLASS_COUNT],
}

/// One class's figures, or an average of them.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct ClassReport {
    /// Of the images taken for this class, the share that is of it; 0 if none was.
    pub precision: f64,
    /// Of the images of this class, the share taken for it; 0 if there are none.
    pub recall: f64,
    /// Harmonic mean of precision and recall; 0 if both are.
    pub f1: f64,
    /// Number of images of this class.
    pub support: u64,
}

impl ConfusionMatrix {
    /// A matrix without any prediction.
    pub fn new() -> Self {
        Self::default()
    }

    /// Counts one prediction.
    ///
    /// # Panics
    /// When a class is not below [`CLASS_COUNT`].
    pub fn add(&mut self, label: usize, predicted: usize) {
        self.counts[label][predicted] += 1;
    }

    /// Counts by true class (outer) and predicted class (inner).
    pub fn counts(&self) -> &[[u64; CLASS_COUNT]; CLASS_COUNT] {
        &self.counts
    }

    /// Number of predictions.
    pub fn total(&self) -> u64 {
        self.counts.iter().flatten().sum()
    }

    /// Share of right predictions, 0 to 1; 0 if there are none.
    pub fn accuracy(&self) -> f64 {
        let right = (0..CLASS_COUNT)
            .map(|class| self.counts[class][class])
            .sum();
        ratio(right, self.total())
    }

    /// Each class's figures.
    pub fn per_class(&self) -> [ClassReport; CLASS_COUNT] {
        std::array::from_fn(|class| {
            let right = self.counts[class][class];
            let support = self.counts[class].iter().sum();
            let predicted = self.counts.iter().map(|row| row[class]).sum();
            ClassReport {
                precision: ratio(right, predicted),
                recall: ratio(right, support),
                // 2PR / (P + R), which is the same without a division by zero.
                f1: ratio(2 * right, support + predicted),
                support,
            }
        })
    }

    /// Mean of the classes' figures, each class counting alike. A class without an image is left out: there
    /// is nothing of it to be read right.
    pub fn macro_average(&self) -> ClassReport {
        self.average(|report| f64::from(u8::from(report.support > 0)))
    }

    /// Mean of the classes' figures, each class counting by its number of images.
    pub fn weighted_average(&self) -> ClassReport {
        self.average(|report| report.support as f64)
    }

    fn average(&self, weight: impl Fn(&ClassReport) -> f64) -> ClassReport {
        let reports = self.per_class();
        let whole: f64 = reports.iter().map(&weight).sum();
        let mean = |figure: fn(&ClassReport) -> f64| {
            let sum: f64 = reports
                .iter()
                .map(|report| weight(report) * figure(report))
                .sum();
            if whole > 0.0 { sum / whole } else { 0.0 }
        };
        ClassReport {
            precision: mean(|report| report.precision),
            recall: mean(|report| report.recall),
            f1: mean(|report| report.f1),
            support: self.total(),
        }
    }
}

fn ratio(part: u64, whole: u64) -> f64 {
    if whole == 0 {
        0.0
    } else {
        part as f64 / whole as f64
    }
}

/// The classification report, and below it the matrix.
impl fmt::Display for ConfusionMatrix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:>14} {:>10} {:>10} {:>10} {:>10}",
            "", "precision", "recall", "f1-score", "support"
        )?;
        for (name, report) in CLASS_NAMES.iter().zip(self.per_class()) {
            write_report(f, name, &report)?;
        }
        writeln!(f)?;
        writeln!(
            f,
            "{:>14} {:>32.4} {:>10}",
            "accuracy",
            self.accuracy(),
            self.total()
        )?;
        write_report(f, "macro avg", &self.macro_average())?;
        write_report(f, "weighted avg", &self.weighted_average())?;
        writeln!(
            f,
            "\nConfusion matrix (rows: true class, columns: predicted class)"
        )?;
        write!(f, "{:>14}", "")?;
        for class in 0..CLASS_COUNT {
            write!(f, " {class:>5}")?;
        }
        for (class, (name, row)) in CLASS_NAMES.iter().zip(&self.counts).enumerate() {
            write!(f, "\n{:>14}", format!("{class} {name}"))?;
            for count in row {
                write!(f, " {count:>5}")?;
            }
        }
        Ok(())
    }
}

fn write_report(f: &mut fmt::Formatter<'_>, name: &str, report: &ClassReport) -> fmt::Result {
    let ClassReport {
        precision,
        recall,
        f1,
        support,
    } = report;
    writeln!(
        f,
        "{name:>14} {precision:>10.4} {recall:>10.4} {f1:>10.4} {support:>10}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matrix(predictions: &[(usize, usize)]) -> ConfusionMatrix {
        let mut matrix = ConfusionMatrix::new();
        for &(label, predicted) in predictions {
            matrix.add(label, predicted);
        }
        matrix
    }

    /// Labels 0 0 0 1 1 2, predictions 0 0 1 1 2 2.
    fn example() -> ConfusionMatrix {
        matrix(&[(0, 0), (0, 0), (0, 1), (1, 1), (1, 2), (2, 2)])
    }

    fn near(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-9, "{found} is not {expected}");
    }

    #[test]
    fn agrees_with_hand_counts() {
        let report = example().per_class();
        near(example().accuracy(), 4.0 / 6.0);
        near(report[0].precision, 1.0);
        near(report[0].recall, 2.0 / 3.0);
        near(report[0].f1, 0.8);
        near(report[1].f1, 0.5);
        near(report[2].f1, 2.0 / 3.0);
        assert_eq!(
            report.map(|report| report.support),
            [3, 2, 1, 0, 0, 0, 0, 0, 0, 0]
        );
        let average = example().macro_average();
        // As scikit-learn's `classification_report` has it.
        near(average.f1, (0.8 + 0.5 + 2.0 / 3.0) / 3.0);
        near(average.recall, (2.0 / 3.0 + 0.5 + 1.0) / 3.0);
        near(
            example().weighted_average().f1,
            (3.0 * 0.8 + 2.0 * 0.5 + 2.0 / 3.0) / 6.0,
        );
        near(example().weighted_average().recall, example().accuracy());
    }

    #[test]
    fn nothing_counted_is_zero_not_nan() {
        let matrix = ConfusionMatrix::new();
        near(matrix.accuracy(), 0.0);
        assert_eq!(matrix.weighted_average(), ClassReport::default());
    }

    #[test]
    fn prints_every_class_and_count() {
        let mut matrix = example();
        for _ in 0..970 {
            matrix.add(9, 7);
        }
        let text = matrix.to_string();
        assert!(
            text.contains("   T-shirt/top     1.0000     0.6667     0.8000          3"),
            "{text}"
        );
        assert!(
            text.contains(
                "  9 Ankle boot     0     0     0     0     0     0     0   970     0     0"
            ),
            "{text}"
        );
        assert!(
            text.contains("      accuracy                           0.0041        976"),
            "{text}"
        );
    }
}
