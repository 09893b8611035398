//! The weights file: named tensors in half precision, or in eight bits.
//!
//! Layout, all numbers little-endian: `WARDROBE`, `u32` version, `u32` tensor count; for each tensor
//! a `u16` name length, the name in UTF-8, a `u8` rank, one `u32` a dimension, a `u8` value type, and
//! the values; at the end the `u32` CRC-32 of everything before it. Value type 1 is half precision;
//! type 2, for matrices, one half precision scale a column and then one signed byte a value.
//! A JSON [`Sidecar`] says what the tensors are for. It lies in a file beside the weights, or in one file with
//! them: see [`bundle`](bundle()).
//!
//! ```
//! use model::weights::{NamedTensor, WeightsError, decode, encode};
//!
//! let bias = NamedTensor { name: "head.bias".into(), shape: vec![2], values: vec![0.5, -1.0] };
//! let mut bytes = encode(&[bias.clone()]);
//! assert_eq!(decode(&bytes)?, [bias]);
//! bytes[30] ^= 1;
//! assert!(matches!(decode(&bytes), Err(WeightsError::ChecksumMismatch { .. })));
//! # Ok::<(), WeightsError>(())
//! ```

mod bundle;
mod eight_bit;
mod error;
mod reader;
mod sidecar;

pub use bundle::{BUNDLE_VERSION, bundle, unbundle};
pub use error::WeightsError;
pub use sidecar::{Sidecar, Temperature, ValidationSet};

use half::f16;
use reader::Reader;
use serde::{Deserialize, Serialize};

/// The format's version, in the weights and in the sidecar.
pub const FORMAT_VERSION: u32 = 1;

const MAGIC: &[u8; 8] = b"WARDROBE";
const HALF_PRECISION: u8 = 1;
const EIGHT_BITS: u8 = 2;
const CRC_BYTES: usize = 4;

/// A tensor with its name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NamedTensor {
    /// Name, unique in its file; at most 65,535 bytes.
    pub name: String,
    /// Dimensions, the slowest first; at most 255 of them.
    pub shape: Vec<usize>,
    /// As many values as the shape holds, row-major.
    pub values: Vec<f32>,
}

/// The tensors as a weights file. Values are rounded to half precision; those beyond ±65,504 become
/// infinite, which [`decode`] refuses. Every tensor must hold as many values as its shape says.
pub fn encode(tensors: &[NamedTensor]) -> Vec<u8> {
    encode_with(tensors, |_| HALF_PRECISION)
}

/// As [`encode`], but matrices in eight bits: half the size, and as good as the same net. A value is
/// off by at most 1/254 of the largest of its column.
pub fn encode_8bit(tensors: &[NamedTensor]) -> Vec<u8> {
    encode_with(tensors, |tensor| match tensor.shape.len() {
        2 => EIGHT_BITS,
        _ => HALF_PRECISION,
    })
}

fn encode_with(tensors: &[NamedTensor], kind: impl Fn(&NamedTensor) -> u8) -> Vec<u8> {
    let mut bytes = MAGIC.to_vec();
    bytes.extend(FORMAT_VERSION.to_le_bytes());
    bytes.extend((tensors.len() as u32).to_le_bytes());
    for tensor in tensors {
        debug_assert_eq!(
            tensor.shape.iter().product::<usize>(),
            tensor.values.len(),
            "{}",
            tensor.name
        );
        bytes.extend((tensor.name.len() as u16).to_le_bytes());
        bytes.extend(tensor.name.as_bytes());
        bytes.push(tensor.shape.len() as u8);
        bytes.extend(
            tensor
                .shape
                .iter()
                .flat_map(|&size| (size as u32).to_le_bytes()),
        );
        let kind = kind(tensor);
        bytes.push(kind);
        if kind == EIGHT_BITS {
            eight_bit::write(tensor, &mut bytes);
        } else {
            let halves = tensor.values.iter().map(|&value| f16::from_f32(value));
            bytes.extend(halves.flat_map(f16::to_le_bytes));
        }
    }
    let crc = crc32fast::hash(&bytes);
    bytes.extend(crc.to_le_bytes());
    bytes
}

/// Whether all values are finite in half precision, in which [`encode`] stores them: where they are not,
/// training has diverged.
pub fn are_finite(tensors: &[NamedTensor]) -> bool {
    let mut values = tensors.iter().flat_map(|tensor| &tensor.values);
    values.all(|&value| f16::from_f32(value).is_finite())
}

/// Reads a weights file.
///
/// # Errors
/// When the bytes are anything else than a complete, undamaged file of this version whose values
/// are all finite.
pub fn decode(bytes: &[u8]) -> Result<Vec<NamedTensor>, WeightsError> {
    let mut reader = Reader::new(bytes);
    if reader.take(MAGIC.len())? != MAGIC {
        return Err(WeightsError::BadMagic);
    }
    match reader.u32()? {
        FORMAT_VERSION => {}
        found => return Err(WeightsError::UnknownVersion { found }),
    }
    check_crc(bytes)?;
    // Nothing is allocated by the count: it may lie.
    let count = reader.u32()?;
    let mut tensors = Vec::new();
    for _ in 0..count {
        tensors.push(tensor(&mut reader)?);
    }
    match reader.remaining() {
        0 => Ok(tensors),
        found => Err(WeightsError::TrailingBytes { found }),
    }
}

/// The CRC-32 that stands at the end of a weights file, computed over everything before it; the
/// sidecar repeats it.
pub fn crc32(weights: &[u8]) -> u32 {
    crc32fast::hash(&weights[..weights.len().saturating_sub(CRC_BYTES)])
}

fn check_crc(bytes: &[u8]) -> Result<(), WeightsError> {
    let found = crc32(bytes);
    let stored = bytes
        .last_chunk::<CRC_BYTES>()
        .map(|crc| u32::from_le_bytes(*crc));
    match stored {
        Some(expected) if expected == found => Ok(()),
        expected => Err(WeightsError::ChecksumMismatch {
            expected: expected.unwrap_or(0),
            found,
        }),
    }
}

fn tensor(reader: &mut Reader<'_>) -> Result<NamedTensor, WeightsError> {
    let name_length = reader.u16()?;
    let name = std::str::from_utf8(reader.take(usize::from(name_length))?)
        .map_err(|_| WeightsError::BadName)?
        .to_owned();
    let rank = reader.u8()?;
    let mut shape = Vec::with_capacity(usize::from(rank));
    for _ in 0..rank {
        shape.push(reader.u32()? as usize);
    }
    let values = match (reader.u8()?, &shape[..]) {
        (HALF_PRECISION, _) => {
            let count = shape
                .iter()
                .fold(1usize, |count, &d| count.saturating_mul(d));
            reader.halves(count)?
        }
        (EIGHT_BITS, &[rows, columns]) => eight_bit::read(rows, columns, reader)?,
        (found, _) => return Err(WeightsError::UnknownValueType { name, found }),
    };
    if values.iter().any(|value| !value.is_finite()) {
        return Err(WeightsError::NotFinite { name });
    }
    Ok(NamedTensor {
        name,
        shape,
        values,
    })
}

#[cfg(test)]
mod tests;
