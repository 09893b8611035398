//! The loss of a step, and what it is measured against.

use burn::tensor::{Device, Tensor, TensorData, activation::log_softmax};
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

/// Mean cross-entropy in nats; with weights for the classes, `[1, 10]`, the weighted mean.
pub fn cross_entropy(
    logits: Tensor<2>,
    targets: Tensor<2>,
    weights: Option<Tensor<2>>,
) -> Tensor<1> {
    let batch = logits.dims()[0] as f64;
    let (targets, whole) = match weights {
        None => (targets, batch),
        Some(weights) => {
            let targets = targets * weights;
            // Where all of a batch's classes weigh nothing, there is nothing to learn from it.
            let whole = targets.clone().sum().into_scalar::<f64>();
            (targets, whole.max(f64::MIN_POSITIVE))
        }
    };
    (log_softmax(logits, 1) * Tensor::from_inner(targets)).sum() / -whole
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
