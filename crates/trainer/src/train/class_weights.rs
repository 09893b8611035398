//! How much each class counts in the loss.

use crate::numbers::LARGEST;
use model::class::CLASS_COUNT;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// `balanced`, or a weight a class; a string on the command line and in JSON.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum ClassWeights {
    /// The rarer a class among the training images, the more each of its images counts.
    Balanced,
    /// These, in the classes' order.
    Given([f64; CLASS_COUNT]),
}

impl ClassWeights {
    /// # Errors
    /// A sentence if all images with these labels weigh nothing.
    pub fn check_labels(&self, labels: impl IntoIterator<Item = u8>) -> Result<(), &'static str> {
        let Self::Given(weights) = self else {
            return Ok(());
        };
        let weighs = |label: u8| weights[usize::from(label)] > 0.0;
        match labels.into_iter().any(weighs) {
            true => Ok(()),
            false => Err(
                "no training image is of a class that weighs anything by --class-weights, so nothing can be learnt: \
                 give a class that is trained on a weight above 0",
            ),
        }
    }

    /// The weights for a training set with these labels. As they count only beside each other, the largest of
    /// those given becomes 1, whatever single precision can hold.
    pub fn values(&self, labels: &[u8]) -> [f64; CLASS_COUNT] {
        match self {
            Self::Given(values) => {
                let largest = values.iter().copied().fold(0.0, f64::max);
                values.map(|value| value / largest)
            }
            Self::Balanced => std::array::from_fn(|class| {
                let count = labels.iter().filter(|l| usize::from(**l) == class).count();
                labels.len() as f64 / (CLASS_COUNT * count.max(1)) as f64
            }),
        }
    }
}

impl FromStr for ClassWeights {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "balanced" {
            return Ok(Self::Balanced);
        }
        let values: Result<Vec<f64>, _> = text.split(',').map(str::parse).collect();
        let values = values.ok().and_then(|values| values.try_into().ok());
        let is_sound = |values: &[f64; CLASS_COUNT]| {
            let counts = |v: &f64| (LARGEST.recip()..=LARGEST).contains(v);
            values.iter().all(|v| *v == 0.0 || counts(v)) && values.iter().any(counts)
        };
        values.filter(is_sound).map(Self::Given).ok_or_else(|| {
            format!("class weights are \"balanced\", or {CLASS_COUNT} numbers from 0 to {LARGEST:e} with commas between them")
        })
    }
}

impl TryFrom<String> for ClassWeights {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl fmt::Display for ClassWeights {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Balanced => f.write_str("balanced"),
            Self::Given(values) => f.write_str(&values.map(|v| v.to_string()).join(",")),
        }
    }
}

impl From<ClassWeights> for String {
    fn from(weights: ClassWeights) -> String {
        weights.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_weights_are_the_same() {
        for text in ["balanced", "1,1,1,1,1,1,2.5,1,1,0"] {
            let weights: ClassWeights = text.parse().expect(text);
            assert_eq!(weights.to_string(), text);
        }
        for wrong in [
            "",
            "1,2",
            "1,1,1,1,1,1,1,1,1,x",
            "0,0,0,0,0,0,0,0,0,0",
            "1,1,1,1,1,1,1,1,1,-1",
            "1,1,1,1,1,1,1,1,1,1e308",
            "1,1,1,1,1,1,1,1,1,NaN",
            "0,0,0,0,0,0,0,0,0,1e-308",
        ] {
            assert!(wrong.parse::<ClassWeights>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn extreme_weights_are_finite_in_single_precision() {
        for text in ["1e30,1e-30,0,0,0,0,0,0,0,0", "1e-30,2e-30,0,0,0,0,0,0,0,0"] {
            let weights: ClassWeights = text.parse().expect(text);
            let values = weights.values(&[]).map(|value| value as f32);
            assert!(values.iter().all(|v| (0.0..=1.0).contains(v)), "{values:?}");
            assert!(values.contains(&1.0), "{values:?}");
        }
    }

    #[test]
    fn weights_must_weigh_something_that_is_trained_on() {
        let weights: ClassWeights = "0,0,0,1,0,0,0,0,0,0".parse().expect("weights");
        assert!(weights.check_labels([1, 3]).is_ok());
        assert!(weights.check_labels([1, 2]).is_err());
        assert!(ClassWeights::Balanced.check_labels([1]).is_ok());
    }

    #[test]
    fn balanced_weights_make_every_class_count_the_same() {
        let labels = [vec![0; 30], vec![1; 10]].concat();
        let weights = ClassWeights::Balanced.values(&labels);
        assert!((30.0 * weights[0] - 10.0 * weights[1]).abs() < 1e-9);
    }
}
