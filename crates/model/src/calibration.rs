//! Making confidence honest: one temperature that logits are divided by, fitted on held-out images
//! (Guo et al. 2017).

use crate::{class::CLASS_COUNT, prediction::softmax};

/// Temperatures that are searched.
const RANGE: (f32, f32) = (0.2, 5.0);

/// Steps of the search; each leaves 62 % of the interval.
const STEPS: usize = 30;

/// The temperature under which the labels are most likely, between 0.2 and 5; 1 without images.
pub fn fit_temperature(logits: &[[f32; CLASS_COUNT]], labels: &[u8]) -> f32 {
    if logits.is_empty() {
        return 1.0;
    }
    let golden = (5.0_f32.sqrt() - 1.0) / 2.0;
    let loss = |log: f32| negative_log_likelihood(logits, labels, log.exp());
    let (mut low, mut high) = (RANGE.0.ln(), RANGE.1.ln());
    for _ in 0..STEPS {
        let (left, right) = (high - golden * (high - low), low + golden * (high - low));
        if loss(left) < loss(right) {
            high = right;
        } else {
            low = left;
        }
    }
    f32::midpoint(low, high).exp()
}

/// Mean negative log-likelihood of the labels, in nats.
pub fn negative_log_likelihood(
    logits: &[[f32; CLASS_COUNT]],
    labels: &[u8],
    temperature: f32,
) -> f64 {
    let losses = logits.iter().zip(labels).map(|(logits, &label)| {
        let probability = softmax(logits, temperature)
            .get(usize::from(label))
            .copied()
            .unwrap_or(0.0);
        -f64::from(probability.max(f32::MIN_POSITIVE)).ln()
    });
    losses.sum::<f64>() / logits.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overconfident_logits_get_a_temperature_above_one() {
        // Certain each time, right nine times in ten: the best confidence is 90 %.
        let mut sure = [0.0; CLASS_COUNT];
        sure[3] = 20.0;
        let labels: Vec<u8> = (0..100).map(|i| if i % 10 == 0 { 4 } else { 3 }).collect();
        let temperature = fit_temperature(&[sure; 100], &labels);
        assert!(temperature > 1.0);
        let scaled = softmax(&sure, temperature)[3];
        assert!((scaled - 0.9).abs() < 0.01, "{scaled}");
    }

    #[test]
    fn nothing_to_fit_leaves_the_logits_alone() {
        assert!((fit_temperature(&[], &[]) - 1.0).abs() < f32::EPSILON);
    }
}
