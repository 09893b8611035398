//! The loss of a step, and what it is measured against.

use super::batch::Batch;
use burn::tensor::{Device, Tensor, TensorData};
use model::class::CLASS_COUNT;

/// What a batch's images are: their classes, `smoothing` of each spread evenly, and where there is an
/// opinion of an image, `opinion_share` of that instead: `[batch, 10]`.
pub fn label_targets(
    batch: &Batch,
    smoothing: f64,
    opinion_share: f64,
    device: &Device,
) -> Tensor<2> {
    let spread = (smoothing / CLASS_COUNT as f64) as f32;
    let rest = (1.0 - smoothing) as f32;
    let share = opinion_share as f32;
    let row = |(&label, opinion): (&u8, &Option<[f32; CLASS_COUNT]>)| {
        let mut row = [spread; CLASS_COUNT];
        row[usize::from(label)] += rest;
        if let Some(opinion) = opinion {
            for (target, probability) in row.iter_mut().zip(opinion) {
                *target += share * (probability - *target);
            }
        }
        row
    };
    let known = batch.labels.iter().zip(&batch.opinions);
    let values: Vec<f32> = known.flat_map(row).collect();
    let shape = [batch.labels.len(), CLASS_COUNT];
    Tensor::from_data(TensorData::new(values, shape), device)
}

/// The targets, each class's times its weight of `[1, 10]`, and what the sum of their losses is to be
/// divided by for the (weighted) mean.
pub fn weighted(targets: Tensor<2>, weights: Option<Tensor<2>>) -> (Tensor<2>, f64) {
    let Some(weights) = weights else {
        let batch = targets.dims()[0];
        return (targets, batch as f64);
    };
    let targets = targets * weights;
    let whole = targets.clone().sum().into_scalar::<f64>();
    // Where all of a batch's classes weigh nothing, there is nothing to learn from it: the sum of the losses
    // is 0, and so is its mean.
    let is_something = whole >= f64::from(f32::MIN_POSITIVE);
    (targets, if is_something { whole } else { 1.0 })
}

/// How many of these logits are highest at their label.
pub fn count_right(logits: Tensor<2>, labels: &[u8]) -> usize {
    let predicted = logits.argmax(1).into_data();
    predicted
        .iter::<i64>()
        .zip(labels)
        .filter(|(p, l)| *p == i64::from(**l))
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_that_weighs_nothing_teaches_nothing() {
        let device = model::net::cpu_device();
        let targets = Tensor::<2>::from_data([[1.0, 0.0], [1.0, 0.0]], &device);
        let losses = Tensor::<2>::from_data([[2.0, 3.0], [4.0, 5.0]], &device);
        for (weights, expected) in [([0.0, 1.0], 0.0), ([1e-42, 1.0], 0.0), ([0.5, 1.0], 3.0)] {
            let weights = Tensor::from_data([weights], &device);
            let (targets, whole) = weighted(targets.clone(), Some(weights));
            let loss = (losses.clone() * targets).sum() / whole;
            let loss = loss.into_scalar::<f32>();
            assert!((loss - expected).abs() < 1e-6, "{loss}");
        }
    }

    #[test]
    fn an_opinion_takes_its_share_of_a_label() {
        let mut opinion = [0.0; CLASS_COUNT];
        (opinion[2], opinion[4]) = (0.75, 0.25);
        let batch = Batch {
            images: Vec::new(),
            labels: vec![4, 4],
            opinions: vec![None, Some(opinion)],
        };
        let targets = label_targets(&batch, 0.1, 0.6, &model::net::cpu_device());
        let values: Vec<f32> = targets.into_data().iter::<f32>().collect();
        let (plain, told) = values.split_at(CLASS_COUNT);
        let is = |value: f32, expected: f32| assert!((value - expected).abs() < 1e-6, "{value}");
        is(plain[4], 0.91);
        is(plain[2], 0.01);
        is(told[4], 0.4 * 0.91 + 0.6 * 0.25);
        is(told[2], 0.4 * 0.01 + 0.6 * 0.75);
        is(told.iter().sum(), 1.0);
    }
}
