//! How honest confidence is, and making it so: one temperature that logits are divided by, fitted on
//! held-out images (Guo et al. 2017).

use crate::{
    class::CLASS_COUNT,
    confidence::{Confidence, DRAWING_COVERAGE, PHOTO_COVERAGE, Rules},
    prediction::softmax,
    weights::Temperature,
};

/// Temperatures that are searched.
const RANGE: (f32, f32) = (0.2, 5.0);

/// Steps of the search; each leaves 62 % of the interval.
const STEPS: usize = 30;

/// Logits of validation images and the labels (0..10) they should have led to.
#[derive(Debug, Clone, Default)]
pub struct Answers {
    /// One row an image.
    pub logits: Vec<[f32; CLASS_COUNT]>,
    /// One label an image.
    pub labels: Vec<u8>,
}

/// Fits all that makes confidence honest. Without drawings, photos stand in for them.
pub fn fit(photos: &Answers, drawings: &Answers) -> (Temperature, Confidence) {
    let rules = |answers: &Answers, coverage| {
        let temperature = fit_temperature(&answers.logits, &answers.labels);
        let rules = Rules::fit(&answers.logits, temperature, &answers.labels, coverage);
        (temperature, rules)
    };
    let (photo, photo_rules) = rules(photos, PHOTO_COVERAGE);
    let (drawing, drawing_rules) = if drawings.labels.is_empty() {
        (photo, photo_rules)
    } else {
        rules(drawings, DRAWING_COVERAGE)
    };
    let confidence = Confidence {
        photo: photo_rules,
        drawing: drawing_rules,
    };
    (Temperature { photo, drawing }, confidence)
}

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

/// A stretch of confidence, and what became of the answers given with it.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Bin {
    /// How many answers there are.
    pub count: u64,
    /// Their mean confidence, 0 to 1; 0 without any.
    pub confidence: f64,
    /// The share of right ones, 0 to 1; 0 without any.
    pub accuracy: f64,
}

/// Answers as (confidence 0 to 1, whether right), in `count` equally wide stretches of confidence.
pub fn bins(answers: &[(f32, bool)], count: usize) -> Vec<Bin> {
    let mut bins = vec![Bin::default(); count.max(1)];
    let last = bins.len() - 1;
    for &(confidence, right) in answers {
        let bin = &mut bins[((confidence * count as f32) as usize).min(last)];
        bin.count += 1;
        bin.confidence += f64::from(confidence);
        bin.accuracy += f64::from(u8::from(right));
    }
    for bin in &mut bins {
        let count = bin.count.max(1) as f64;
        bin.confidence /= count;
        bin.accuracy /= count;
    }
    bins
}

/// Expected calibration error (Guo et al. 2017): how far confidence and accuracy lie apart, averaged
/// over the answers; 0 (calibrated) to 1.
pub fn expected_calibration_error(bins: &[Bin]) -> f64 {
    let gap = |bin: &Bin| bin.count as f64 * (bin.confidence - bin.accuracy).abs();
    let answers: u64 = bins.iter().map(|bin| bin.count).sum();
    bins.iter().map(gap).sum::<f64>() / answers.max(1) as f64
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

    #[test]
    fn the_calibration_error_averages_the_bins_gaps() {
        let near = |answers: &[(f32, bool)], count, expected: f64| {
            let found = expected_calibration_error(&bins(answers, count));
            assert!((found - expected).abs() < 1e-6, "{found}");
        };
        // Bin 0.5–1: confidences 0.8, 1.0, one right of two: gap 0.4. Bin 0–0.5: 0.2, wrong: gap 0.2.
        near(&[(0.8, true), (1.0, false), (0.2, false)], 2, 1.0 / 3.0);
        near(&[(1.0, true)], 15, 0.0);
        near(&[], 10, 0.0);
    }
}
