//! The CPU's reader against burn's nets, in whose place it reads.

mod small_nets;

use model::evidence::PLACES;
use model::golden::{self, GoldenLogits};
use model::net::{Architecture, Config, Net, cpu_device};
use model::reader::Reader;
use model::weights::{self, Sidecar, WeightsError};
use small_nets::{files, files_of};

/// Both sides add up the same products in another order.
const TOLERANCE: f32 = 1e-4;

const COMPACT: &[u8] = include_bytes!("../../../assets/compact.weights");

fn shipped_sidecar() -> Sidecar {
    Sidecar::parse(include_str!("../../../assets/compact.json")).expect("the shipped sidecar")
}

fn assert_close(found: &[f32], expected: &[f32]) {
    assert_eq!(found.len(), expected.len());
    for (a, b) in found.iter().zip(expected) {
        assert!((a - b).abs() < TOLERANCE, "{a} instead of {b}");
    }
}

#[test]
fn every_architecture_gives_burn_s_logits_and_features() {
    let images = golden::images();
    for architecture in Architecture::ALL {
        let (bytes, sidecar, net) = files(architecture);
        let reader = Reader::from_weights(&bytes, &sidecar).expect("a reader");
        let expected = burn::tensor::read_sync(net.readings(&images)).expect("burn's readings");
        let found = reader.readings(&images);
        let (look, other) = (reader.look(&images[0]), net.look(&images[0]));
        let other = burn::tensor::read_sync(other).expect("burn's look");
        assert_close(&look.logits, &expected[0].logits);
        assert_close(&other.logits, &expected[0].logits);
        assert_eq!(
            look.evidence.is_some(),
            architecture == Architecture::Compact
        );
        for (evidence, other) in look.evidence.iter().zip(&other.evidence) {
            assert_close(&evidence.of(3), &other.of(3));
            // The places' mean is the logit but for the head's bias, which is 0.1 − 0.01 · class here.
            let mean = evidence.of(3).iter().sum::<f32>() / PLACES as f32;
            assert_close(&[mean + 0.07], &[look.logits[3]]);
        }
        assert_eq!(found.len(), images.len());
        for (found, expected) in found.iter().zip(&expected) {
            assert_close(&found.logits, &expected.logits);
            assert_close(&found.features, &expected.features);
        }
    }
}

#[test]
fn the_shipped_net_passes_its_self_test_alone_and_in_a_batch() {
    let golden: GoldenLogits =
        serde_json::from_str(include_str!("../../../assets/golden.json")).expect("golden logits");
    let reader = Reader::from_weights(COMPACT, &shipped_sidecar()).expect("a reader");
    let together = reader.logits(&golden::images());
    golden::check(&together, &golden).expect("burn's logits");
    for (image, expected) in golden::images().iter().zip(&together) {
        assert_close(&reader.logits(std::slice::from_ref(image))[0], expected);
    }
    assert!(reader.readings(&[]).is_empty());
}

#[test]
fn what_cannot_be_computed_is_refused() {
    let (bytes, sidecar, _) = files_of(Config::DeepCnn {
        filters: 3,
        hidden: 8,
        batch_norm: false,
    });
    let error = Reader::from_weights(&bytes, &sidecar).expect_err("odd channels");
    assert!(matches!(error, WeightsError::Uneven { .. }), "{error}");
    let mut damaged = COMPACT.to_vec();
    damaged[1000] ^= 1;
    assert!(Reader::from_weights(&damaged, &shipped_sidecar()).is_err());
}

#[test]
fn sizes_that_the_weights_do_not_have_are_refused_before_a_net_is_made() {
    let (bytes, mut sidecar, _) = files(Architecture::Mlp);
    for hidden in [0, 1_000_000_000_000usize] {
        sidecar.config["hidden"] = hidden.into();
        let error = Net::from_weights(&bytes, &sidecar, &cpu_device()).err();
        assert!(
            matches!(error, Some(WeightsError::Disagreement { .. })),
            "{error:?}"
        );
    }
}

#[test]
fn a_layer_without_outputs_is_refused() {
    let (bytes, mut sidecar, _) = files(Architecture::Mlp);
    let mut tensors = weights::decode(&bytes).expect("tensors");
    let size = |name: &str| match name {
        "hidden.weights" => Some(vec![784, 0]),
        "hidden.bias" => Some(vec![0]),
        "head.weights" => Some(vec![0, 10]),
        _ => None,
    };
    for tensor in &mut tensors {
        if let Some(shape) = size(&tensor.name) {
            tensor.values.clear();
            tensor.shape = shape;
        }
    }
    let bytes = weights::encode(&tensors);
    sidecar.crc32 = weights::crc32(&bytes);
    let error = Reader::from_weights(&bytes, &sidecar).err();
    assert!(
        matches!(error, Some(WeightsError::EmptyTensor { .. })),
        "{error:?}"
    );
}
