//! What is refused, and the arithmetic of layouts; `tests/export.rs` has other programs read the files.

use super::{onnx, safetensors};
use crate::class::{CLASS_COUNT, CLASS_NAMES};
use crate::image::{MEAN, PIXELS, STD};
use crate::weights::{
    self, FORMAT_VERSION, NamedTensor, Sidecar, Temperature, WeightsError, encode,
};

const HIDDEN: usize = 2;

fn tensor(name: &str, shape: &[usize]) -> NamedTensor {
    NamedTensor {
        name: name.into(),
        shape: shape.to_vec(),
        values: vec![0.5; shape.iter().product()],
    }
}

fn mlp() -> Vec<NamedTensor> {
    vec![
        tensor("hidden.weights", &[PIXELS, HIDDEN]),
        tensor("hidden.bias", &[HIDDEN]),
        tensor("head.weights", &[HIDDEN, CLASS_COUNT]),
        tensor("head.bias", &[CLASS_COUNT]),
    ]
}

fn files(tensors: &[NamedTensor], architecture: &str) -> (Vec<u8>, Sidecar) {
    let bytes = encode(tensors);
    let sidecar = Sidecar {
        format_version: FORMAT_VERSION,
        architecture: architecture.into(),
        config: serde_json::json!({ "architecture": architecture, "hidden": HIDDEN }),
        folded: true,
        mean: MEAN,
        std: STD,
        class_names: CLASS_NAMES.map(String::from).to_vec(),
        temperature: Temperature {
            photo: 1.0,
            drawing: 1.0,
        },
        confidence: None,
        metrics: Default::default(),
        data_hash: String::new(),
        validation: None,
        seed: 1,
        crc32: weights::crc32(&bytes),
        parameters: 0,
    };
    (bytes, sidecar)
}

#[test]
fn only_the_architecture_s_own_tensors_become_a_graph() {
    let refusal = |tensors: &[NamedTensor], architecture: &str| {
        let (weights, sidecar) = files(tensors, architecture);
        onnx(&weights, &sidecar)
            .err()
            .map(|error| error.to_string())
    };
    assert_eq!(refusal(&mlp(), "mlp"), None);
    let check = |tensors: &[NamedTensor], architecture: &str, expected: &str| {
        let sentence = refusal(tensors, architecture).unwrap_or_default();
        assert!(sentence.contains(expected), "{sentence}");
    };
    check(
        &mlp(),
        "lenet",
        "\"lenet\", but mlp, deep-cnn, small-cnn, compact is wanted",
    );
    check(&mlp()[1..], "mlp", "lack the tensor \"hidden.weights\"");
    let more = [mlp(), vec![tensor("norm.gamma", &[HIDDEN])]].concat();
    check(
        &more,
        "mlp",
        "\"norm.gamma\", which this architecture has not",
    );
    let mut turned = mlp();
    turned[0].shape.reverse();
    check(
        &turned,
        "mlp",
        "[2, 784] where the architecture has [784, 2]",
    );
}

#[test]
fn damaged_weights_are_not_exported() {
    let (mut weights, sidecar) = files(&mlp(), "mlp");
    weights[100] ^= 1;
    assert!(onnx(&weights, &sidecar).is_err());
    let error = safetensors(&weights, &sidecar).err();
    assert!(
        matches!(error, Some(WeightsError::Disagreement { .. })),
        "{error:?}"
    );
}
