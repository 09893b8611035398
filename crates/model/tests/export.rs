//! The exported files, read by other programs' readers.

mod small_nets;

use model::golden;
use model::image::Image;
use model::net::Architecture;
use model::{class::CLASS_NAMES, export, image, weights};
use rten::Model;
use rten_tensor::prelude::*;
use rten_tensor::{NdTensor, Tensor};
use safetensors::{Dtype, SafeTensors};
use small_nets::files;

/// Both sides add up the same products in another order.
const TOLERANCE: f32 = 1e-4;

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
