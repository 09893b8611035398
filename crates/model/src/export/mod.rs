//! Trained nets in formats that other programs read: [`onnx`] and [`safetensors`].
//!
//! Weights in, bytes out, without the tensor library, so that the page can offer them as well. Both
//! formats hold the folded net in single precision and the sidecar's facts as metadata: class names,
//! normalisation, temperatures, where the weights come from.
//!
//! Other programs are given pictures by other people, so it stands in the metadata too: the nets want
//! `(pixel / 255 − mean) / std`, with a bright garment (255) on black (0). The normalisation is no part
//! of the ONNX graph, for the graph is also what speed is compared with.

mod onnx;
mod protobuf;
mod safetensors;

pub use onnx::onnx;
pub use safetensors::safetensors;

use crate::weights::Sidecar;
use serde_json::json;

/// What the sidecar knows and another program may want to know, as names and texts.
fn metadata(sidecar: &Sidecar) -> Vec<(&'static str, String)> {
    vec![
        ("architecture", sidecar.architecture.clone()),
        ("class_names", json!(sidecar.class_names).to_string()),
        ("config", sidecar.config.to_string()),
        ("data_hash", sidecar.data_hash.clone()),
        ("input", INPUT.into()),
        ("mean", sidecar.mean.to_string()),
        ("metrics", json!(sidecar.metrics).to_string()),
        ("seed", sidecar.seed.to_string()),
        ("std", sidecar.std.to_string()),
        (
            "temperature_drawing",
            sidecar.temperature.drawing.to_string(),
        ),
        ("temperature_photo", sidecar.temperature.photo.to_string()),
    ]
}

/// What the nets want to be given.
const INPUT: &str = "28x28 grey pixels, a bright garment (255) on black (0), as (pixel / 255 - mean) / std; \
     divide the logits by a temperature before the softmax";

#[cfg(test)]
mod tests;
