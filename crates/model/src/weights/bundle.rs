//! One file with all that a model needs: its weights and their sidecar.
//!
//! Layout: `WARDROBE`, `u32` version [`BUNDLE_VERSION`], `u32` length of the sidecar in bytes, the sidecar's
//! JSON, a weights file of its own, the `u32` CRC-32 of everything before it. All numbers are little-endian.

use super::{MAGIC, WeightsError, check_crc, reader::Reader};

/// The version that tells such a file from one of weights alone.
pub const BUNDLE_VERSION: u32 = 2;

/// Weights and the text of their sidecar as one file.
pub fn bundle(weights: &[u8], sidecar: &str) -> Vec<u8> {
    let mut bytes = MAGIC.to_vec();
    bytes.extend(BUNDLE_VERSION.to_le_bytes());
    bytes.extend((sidecar.len() as u32).to_le_bytes());
    bytes.extend(sidecar.as_bytes());
    bytes.extend(weights);
    bytes.extend(crc32fast::hash(&bytes).to_le_bytes());
    bytes
}

/// The weights and the sidecar that [`bundle`] put together; `None` where the file is another one, such as
/// one of weights alone.
///
/// # Errors
/// When the file is damaged.
pub fn unbundle(file: &[u8]) -> Result<Option<(&[u8], &str)>, WeightsError> {
    let version = BUNDLE_VERSION.to_le_bytes();
    let is_bundle = |rest: &[u8]| rest.starts_with(&version);
    if !file.strip_prefix(MAGIC).is_some_and(is_bundle) {
        return Ok(None);
    }
    check_crc(file)?;
    let mut reader = Reader::new(file);
    reader.take(MAGIC.len() + version.len())?;
    let length = reader.u32()? as usize;
    let sidecar =
        std::str::from_utf8(reader.take(length)?).map_err(|error| WeightsError::BadSidecar {
            reason: error.to_string(),
        })?;
    let weights = reader.take(reader.remaining())?;
    Ok(Some((weights, sidecar)))
}
