//! The CPU's reader against burn's nets, in whose place it reads.

mod small_nets;

use model::evidence::PLACES;
use model::export;
use model::golden::{self, GoldenLogits};
use model::net::{Architecture, Net, cpu_device, model_from_weights};
use model::reader::Reader;
use model::weights::{self, Sidecar, WeightsError};
use serde_json::json;
use small_nets::files;

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
fn damaged_weights_are_refused() {
    let mut damaged = COMPACT.to_vec();
    damaged[1000] ^= 1;
    assert!(Reader::from_weights(&damaged, &shipped_sidecar()).is_err());
}

/// What each device, and each export, says of the same files.
fn refusals(bytes: &[u8], sidecar: &Sidecar) -> [Option<WeightsError>; 4] {
    [
        Reader::from_weights(bytes, sidecar).err(),
        Net::from_weights(bytes, sidecar, &cpu_device()).err(),
        model_from_weights(bytes, sidecar, &cpu_device()).err(),
        export::onnx(bytes, sidecar).err(),
    ]
}

#[test]
fn sizes_that_do_not_fit_are_refused_by_every_device_alike_before_a_net_is_made() {
    for architecture in Architecture::ALL {
        let (bytes, sidecar, _) = files(architecture);
        assert_eq!(
            refusals(&bytes, &sidecar),
            [const { None }; 4],
            "{architecture}"
        );
        let fields = ["hidden", "filters", "channels"].into_iter();
        let fields: Vec<_> = fields.filter(|f| !sidecar.config[f].is_null()).collect();
        for (field, size) in fields.iter().flat_map(|field| {
            let sizes = [
                json!(0),
                json!(96),
                json!(33),
                json!(4_000_000_000u64),
                json!(u64::MAX),
            ];
            let others = [json!(-32), json!(32.5), json!("32"), json!([]), json!(null)];
            sizes
                .into_iter()
                .chain(others)
                .map(move |size| (field, size))
        }) {
            let places = sidecar.config[field].as_array().map_or(1, Vec::len);
            for place in 0..places {
                let mut changed = sidecar.clone();
                match changed.config[field].as_array_mut() {
                    Some(sizes) => sizes[place] = size.clone(),
                    None => changed.config[field] = size.clone(),
                }
                let [first, others @ ..] = refusals(&bytes, &changed);
                assert!(
                    first.is_some() || changed == sidecar,
                    "{architecture}, {field} {size}"
                );
                assert!(
                    others.iter().all(|other| *other == first),
                    "{architecture}, {field} {size}: {first:?} and {others:?}"
                );
            }
        }
        let unfolded = Sidecar {
            config: {
                let mut config = sidecar.config.clone();
                config["batch_norm"] = true.into();
                config
            },
            ..sidecar.clone()
        };
        let other = Sidecar {
            architecture: "transformer".into(),
            ..sidecar
        };
        for sidecar in [unfolded, other] {
            let [first, others @ ..] = refusals(&bytes, &sidecar);
            // A net without convolutions has nothing to normalise.
            let takes_it = architecture == Architecture::Mlp && sidecar.architecture == "mlp";
            assert_eq!(first.is_none(), takes_it);
            assert!(others.iter().all(|other| *other == first), "{others:?}");
        }
    }
}

#[test]
fn tensors_of_other_shapes_than_the_sizes_are_refused() {
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
    for error in refusals(&bytes, &sidecar) {
        assert!(
            matches!(error, Some(WeightsError::WrongShape { .. })),
            "{error:?}"
        );
    }
}
