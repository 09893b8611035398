//! Two nets on the same images: is one better, or is it chance?

use std::collections::BTreeMap;
use std::fmt;

use model::mcnemar;
use serde::Serialize;

use crate::nets::Reading;

/// Two nets compared on each group of images.
#[derive(Serialize)]
pub struct Comparison {
    /// The weights files.
    pub weights: [String; 2],
    /// The groups by name.
    pub groups: BTreeMap<String, Contest>,
}

/// Two nets on one group of images.
#[derive(Serialize)]
pub struct Contest {
    images: usize,
    accuracy: [f64; 2],
    /// Images that only the first, and only the second net reads right.
    alone_right: [u64; 2],
    /// How likely so uneven a split is if the nets are equally good.
    p_value: f64,
}

impl Contest {
    /// Compares the nets' answers for the same images, whose labels are 0..10.
    pub fn new(readings: [&[Reading]; 2], labels: &[u8]) -> Contest {
        let right = readings.map(|readings| -> Vec<bool> {
            readings
                .iter()
                .zip(labels)
                .map(|(reading, &label)| reading.is_right(label))
                .collect()
        });
        let count = |wanted: (bool, bool)| {
            let pairs = right[0].iter().copied().zip(right[1].iter().copied());
            pairs.filter(|&pair| pair == wanted).count() as u64
        };
        let alone_right = [count((true, false)), count((false, true))];
        let both = count((true, true));
        let accuracy = alone_right.map(|alone| (alone + both) as f64 / labels.len().max(1) as f64);
        Contest {
            images: labels.len(),
            accuracy,
            alone_right,
            p_value: mcnemar::p_value(alone_right[0], alone_right[1]),
        }
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b] = &self.weights;
        writeln!(f, "A {a}\nB {b}")?;
        for (name, contest) in &self.groups {
            writeln!(f, "{name:>16}: {contest}")?;
        }
        write!(
            f,
            "p is McNemar's: how likely so uneven a split is if both are equally good"
        )
    }
}

impl fmt::Display for Contest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b] = self.accuracy.map(|share| 100.0 * share);
        let [only_a, only_b] = self.alone_right;
        write!(
            f,
            "A {a:.2} %, B {b:.2} % of {}; only A right {only_a}, only B right {only_b}, {}",
            self.images,
            mcnemar::p_text(self.p_value)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::class::CLASS_COUNT;
    use model::confidence::Rules;

    fn readings(classes: &[usize]) -> Vec<Reading> {
        let reading = |&class: &usize| {
            let mut logits = [0.0; CLASS_COUNT];
            logits[class] = 3.0;
            Reading::new(logits, 1.0, &Rules::default())
        };
        classes.iter().map(reading).collect()
    }

    #[test]
    fn only_the_images_on_which_the_nets_differ_decide() {
        let (a, b) = (readings(&[1, 1, 1, 5, 5]), readings(&[1, 2, 2, 5, 6]));
        let contest = Contest::new([&a, &b], &[1, 1, 1, 5, 6]);
        assert_eq!(contest.alone_right, [2, 1]);
        assert_eq!((contest.accuracy, contest.p_value), ([0.8, 0.6], 1.0));
    }
}
