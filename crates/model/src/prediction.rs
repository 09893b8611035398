//! From logits to probabilities.

use serde::{Deserialize, Serialize};

use crate::class::CLASS_COUNT;

/// The ten classes' probabilities for one image.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Prediction {
    /// One probability a class, 0 to 1; they add up to 1.
    pub probabilities: [f32; CLASS_COUNT],
}

impl Prediction {
    /// Calibrated probabilities of these logits; see [`softmax`] for the temperature.
    pub fn from_logits(logits: &[f32; CLASS_COUNT], temperature: f32) -> Self {
        Self {
            probabilities: softmax(logits, temperature),
        }
    }

    /// The most probable class and its probability; the first of equals.
    pub fn top(&self) -> (usize, f32) {
        self.ranked()[0]
    }

    /// All classes with their probabilities, the most probable first; equals in class order.
    pub fn ranked(&self) -> [(usize, f32); CLASS_COUNT] {
        let mut ranked = std::array::from_fn(|class| (class, self.probabilities[class]));
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1));
        ranked
    }
}

/// Probabilities proportional to exp(logit / temperature). A temperature above 1 makes them more
/// even, below 1 more decided; it must be positive.
pub fn softmax(logits: &[f32; CLASS_COUNT], temperature: f32) -> [f32; CLASS_COUNT] {
    // Taking the largest off first keeps exp() from overflowing.
    let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let powers = logits.map(|logit| ((logit - largest) / temperature).exp());
    let sum: f32 = powers.iter().sum();
    powers.map(|power| power / sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn softmax_agrees_with_double_precision() {
        // Python: powers = [math.exp(i / 2) for i in range(10)], each over their sum.
        let expected = [
            0.004401, 0.007256, 0.011962, 0.019723, 0.032517, 0.053612, 0.088390, 0.145731,
            0.240270, 0.396139,
        ];
        let logits = std::array::from_fn(|class| class as f32);
        for (found, expected) in softmax(&logits, 2.0).iter().zip(expected) {
            assert!((found - expected).abs() < 1e-6, "{found} {expected}");
        }
    }

    #[test]
    fn softmax_does_not_overflow() {
        let mut logits = [0.0; CLASS_COUNT];
        logits[3] = 3e38;
        assert_eq!(softmax(&logits, 0.5)[3], 1.0);
    }

    #[test]
    fn ranks_by_probability() {
        let mut probabilities = [0.05; CLASS_COUNT];
        probabilities[8] = 0.4;
        probabilities[2] = 0.2;
        let prediction = Prediction { probabilities };
        assert_eq!(prediction.top(), (8, 0.4));
        assert_eq!(
            prediction.ranked().map(|(class, _)| class),
            [8, 2, 0, 1, 3, 4, 5, 6, 7, 9]
        );
    }
}
