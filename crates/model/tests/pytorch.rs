//! All layers in one net, forward and backward, against numbers that PyTorch computed
//! (`pytorch/reference.py`).
#![cfg(feature = "train")]

use burn::tensor::{Tensor, TensorData, activation::softmax};
use model::net::cpu_device;
use model::ops;
use std::collections::BTreeMap;

/// By name, every 13th value of a result.
type Reference = BTreeMap<String, Vec<f32>>;
const EVERY: usize = 13;

const BATCH: usize = 3;
const CHANNELS: usize = 32;
const CLASSES: usize = 10;

/// Numbers in −1..1, the same as in `reference.py`.
fn values<const D: usize>(seed: u32, shape: [usize; D]) -> Tensor<D> {
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / 8_388_608.0 - 1.0
    };
    let numbers: Vec<f32> = (0..shape.iter().product()).map(|_| next()).collect();
    Tensor::from_data(TensorData::new(numbers, shape), &cpu_device().autodiff())
}

fn assert_close<const D: usize>(reference: &Reference, name: &str, got: Tensor<D>) {
    let all: Vec<f32> = got.into_data().iter::<f32>().collect();
    let got: Vec<f32> = all.into_iter().step_by(EVERY).collect();
    let expected = &reference[name];
    assert_eq!(got.len(), expected.len(), "{name}");
    let scale = expected.iter().fold(1e-3, |most: f32, v| most.max(v.abs()));
    for (got, expected) in got.iter().zip(expected) {
        let difference = (got - expected).abs();
        assert!(
            difference <= 2e-5 * scale,
            "{name}: {got} where PyTorch has {expected}, and values reach {scale}"
        );
    }
}

#[test]
fn the_layers_and_their_gradients_are_pytorchs() -> Result<(), serde_json::Error> {
    let reference: Reference = serde_json::from_str(include_str!("pytorch/reference.json"))?;
    let input = values(1, [BATCH, 10, 8, CHANNELS]).require_grad();
    let first = (values(2, [9 * CHANNELS, CHANNELS]) / 16.0).require_grad();
    let gamma = values(3, [CHANNELS]).require_grad();
    let beta = values(4, [CHANNELS]).require_grad();
    let second = (values(5, [9 * CHANNELS, CHANNELS]) / 16.0).require_grad();
    let bias = values(6, [CHANNELS]).require_grad();
    let head = (values(7, [CHANNELS, CLASSES]) / 4.0).require_grad();
    let head_bias = values(8, [CLASSES]).require_grad();

    let x = ops::conv_block(input.clone(), first.clone(), None, None, false);
    let (x, _, _) = ops::batch_norm_relu(x, gamma.clone(), beta.clone(), Some(input.clone()));
    let x = ops::conv_block(x.clone(), second.clone(), Some(bias.clone()), Some(x), true);
    let features = ops::global_average(ops::max_pool(x));
    let logits = ops::dense(features, head.clone(), head_bias.clone());
    let targets = softmax(values(9, [BATCH, CLASSES]), 1);
    let loss = ops::cross_entropy(logits.clone(), targets);
    let all = loss.backward();

    let there = "each input has a gradient";
    assert_close(&reference, "logits", logits);
    assert_close(&reference, "loss", loss);
    assert_close(&reference, "dx", input.grad(&all).expect(there));
    assert_close(&reference, "dfirst", first.grad(&all).expect(there));
    assert_close(&reference, "dgamma", gamma.grad(&all).expect(there));
    assert_close(&reference, "dbeta", beta.grad(&all).expect(there));
    assert_close(&reference, "dsecond", second.grad(&all).expect(there));
    assert_close(&reference, "dbias", bias.grad(&all).expect(there));
    assert_close(&reference, "dhead", head.grad(&all).expect(there));
    assert_close(&reference, "dhead_bias", head_bias.grad(&all).expect(there));
    Ok(())
}
