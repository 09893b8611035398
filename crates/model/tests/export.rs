//! The exported files, read by other programs' readers.

use model::image::Image;
use model::net::{Architecture, Config, Net, cpu_device, golden};
use model::weights::{self, FORMAT_VERSION, Sidecar, Temperature};
use model::{class::CLASS_NAMES, export, image};
use rten::Model;
use rten_tensor::prelude::*;
use rten_tensor::{NdTensor, Tensor};
use safetensors::{Dtype, SafeTensors};

/// Both sides add up the same products in another order.
const TOLERANCE: f32 = 1e-4;

/// A small net of random weights, its biases too, as files and loaded.
fn files(architecture: Architecture) -> (Vec<u8>, Sidecar, Net) {
    let config = match architecture {
        Architecture::Mlp => Config::Mlp { hidden: 8 },
        Architecture::Cnn => Config::Cnn {
            filters: 32,
            hidden: 8,
        },
        Architecture::Compact => Config::Compact {
            channels: [32, 64, 96],
            batch_norm: false,
        },
    };
    let model = config.init(5, &cpu_device());
    let mut tensors = burn::tensor::read_sync(model.to_tensors()).expect("the CPU's own memory");
    for tensor in tensors.iter_mut().filter(|t| t.name.ends_with("bias")) {
        for (index, value) in tensor.values.iter_mut().enumerate() {
            *value = 0.1 - 0.01 * index as f32;
        }
    }
    let bytes = weights::encode(&tensors);
    let sidecar = Sidecar {
        format_version: FORMAT_VERSION,
        architecture: architecture.to_string(),
        config: serde_json::to_value(config).expect("JSON"),
        folded: true,
        mean: image::MEAN,
        std: image::STD,
        class_names: CLASS_NAMES.map(String::from).to_vec(),
        temperature: Temperature {
            photo: 1.5,
            drawing: 0.5,
        },
        confidence: None,
        metrics: [("validation_accuracy".to_owned(), 0.5)].into(),
        data_hash: "hash".into(),
        seed: 5,
        crc32: weights::crc32(&bytes),
        parameters: 0,
    };
    let net = Net::from_weights(&bytes, &sidecar, &cpu_device()).expect("a net");
    (bytes, sidecar, net)
}

/// The logits that the ONNX file gives in another runtime, all images in one batch.
fn logits(onnx: Vec<u8>, images: &[Image]) -> Vec<f32> {
    let model = Model::load(onnx).expect("an ONNX model");
    let pixels: Vec<f32> = images.iter().flat_map(Image::normalised).collect();
    let batch = NdTensor::from_data([images.len(), 1, image::SIDE, image::SIDE], pixels);
    let logits = model.run_one(batch.view().into(), None).expect("logits");
    let logits: Tensor<f32> = logits.try_into().expect("floats");
    assert_eq!(logits.shape(), [images.len(), CLASS_NAMES.len()]);
    logits.to_vec()
}

#[test]
fn another_runtime_computes_the_same_from_the_onnx_file() {
    for architecture in Architecture::ALL {
        let (weights, sidecar, net) = files(architecture);
        let images = golden::images();
        let ours = net.logits_blocking(&images).expect("our logits");
        let onnx = export::onnx(&weights, &sidecar).expect("an export");
        let theirs = logits(onnx, &images);
        for (ours, theirs) in ours.as_flattened().iter().zip(theirs) {
            let scale = ours.abs().max(1.0);
            assert!(
                (ours - theirs).abs() <= TOLERANCE * scale,
                "{architecture}: {ours}, and {theirs} there"
            );
        }
    }
}

#[test]
fn another_reader_finds_the_same_tensors_in_the_safetensors_file() {
    let (weights, sidecar, _) = files(Architecture::Compact);
    let file = export::safetensors(&weights, &sidecar).expect("an export");
    let read = SafeTensors::deserialize(&file).expect("a safetensors file");
    let tensors = weights::decode(&weights).expect("weights");
    assert_eq!(read.len(), tensors.len());
    for tensor in tensors {
        let found = read.tensor(&tensor.name).expect("the tensor");
        assert_eq!(
            (found.dtype(), found.shape()),
            (Dtype::F32, tensor.shape.as_slice())
        );
        let (values, _) = found.data().as_chunks();
        let values: Vec<f32> = values
            .iter()
            .map(|bytes| f32::from_le_bytes(*bytes))
            .collect();
        assert_eq!(values, tensor.values, "{}", tensor.name);
    }
    let (_, header) = SafeTensors::read_metadata(&file).expect("a header");
    let facts = header.metadata().clone().expect("metadata");
    assert_eq!(facts["architecture"], "compact");
    assert_eq!(facts["temperature_photo"], "1.5");
    assert!(facts["class_names"].contains("Ankle boot"), "{facts:?}");
}
