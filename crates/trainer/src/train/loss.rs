//! The loss of a step, and what it is measured against.

use burn::tensor::{Device, Tensor, TensorData};
use model::class::CLASS_COUNT;

/// The classes as probabilities, `smoothing` of them spread evenly: `[batch, 10]`.
pub fn label_targets(labels: &[u8], smoothing: f64, device: &Device) -> Tensor<2> {
    let spread = (smoothing / CLASS_COUNT as f64) as f32;
    let rest = (1.0 - smoothing) as f32;
    let row = |&label: &u8| {
        (0..CLASS_COUNT).map(move |c| {
            if c == usize::from(label) {
                rest + spread
            } else {
                spread
            }
        })
    };
    let values: Vec<f32> = labels.iter().flat_map(row).collect();
    Tensor::from_data(TensorData::new(values, [labels.len(), CLASS_COUNT]), device)
}

/// The targets, each class's times its weight of `[1, 10]`, and what the sum of their losses is to be
/// divided by for the (weighted) mean.
pub fn weighted(targets: Tensor<2>, weights: Option<Tensor<2>>) -> (Tensor<2>, f64) {
    let Some(weights) = weights else {
        let batch = targets.dims()[0];
        return (targets, batch as f64);
    };
    let targets = targets * weights;
    // Where all of a batch's classes weigh nothing, there is nothing to learn from it.
    let whole = targets.clone().sum().into_scalar::<f64>();
    (targets, whole.max(f64::MIN_POSITIVE))
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
