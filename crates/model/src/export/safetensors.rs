//! The safetensors format: a length, a JSON header, the values.
//!
//! Source: <https://github.com/huggingface/safetensors#format>

use super::metadata;
use crate::folded::checked_tensors;
use crate::weights::{NamedTensor, Sidecar, WeightsError};
use serde_json::{Map, Value, json};

/// The header ends at a multiple of this many bytes, so that the values lie aligned.
const ALIGNMENT: usize = 8;

/// How our tensors are laid out; part of the metadata.
const LAYOUT: &str = "images channels last, 3x3 convolutions as [3 * 3 * inputs, outputs], dense layers as [inputs, outputs]";

/// The weights as a safetensors file, in single precision, under our names and in our layout, which
/// stands in the metadata.
///
/// # Errors
/// Where the weights are damaged or disagree with the sidecar.
pub fn safetensors(weights: &[u8], sidecar: &Sidecar) -> Result<Vec<u8>, WeightsError> {
    let tensors = checked_tensors(weights, sidecar)?;
    let mut header = header(&tensors, sidecar).to_string();
    while !header.len().is_multiple_of(ALIGNMENT) {
        header.push(' ');
    }
    let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
    bytes.extend(header.as_bytes());
    let values = tensors.iter().flat_map(|tensor| &tensor.values);
    bytes.extend(values.flat_map(|value| value.to_le_bytes()));
    Ok(bytes)
}

fn header(tensors: &[NamedTensor], sidecar: &Sidecar) -> Value {
    let texts = metadata(sidecar).into_iter();
    let texts = texts.chain([("layout", LAYOUT.to_owned())]);
    let texts: Map<String, Value> = texts
        .map(|(name, text)| (name.into(), json!(text)))
        .collect();
    let mut header = Map::from_iter([("__metadata__".to_owned(), texts.into())]);
    let mut end = 0;
    for tensor in tensors {
        let start = end;
        end += size_of_val(tensor.values.as_slice());
        let about = json!({ "dtype": "F32", "shape": tensor.shape, "data_offsets": [start, end] });
        header.insert(tensor.name.clone(), about);
    }
    header.into()
}
