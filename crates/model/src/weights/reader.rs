//! Reads numbers from the front of a weights file.

use super::{CRC_BYTES, WeightsError};
use half::f16;

/// What is left of a file, without the checksum at its end.
pub(super) struct Reader<'a> {
    rest: &'a [u8],
    length: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        let end = bytes.len().saturating_sub(CRC_BYTES);
        Self {
            rest: &bytes[..end],
            length: bytes.len(),
        }
    }

    pub(super) fn remaining(&self) -> usize {
        self.rest.len()
    }

    pub(super) fn take(&mut self, count: usize) -> Result<&'a [u8], WeightsError> {
        let truncated = WeightsError::Truncated { found: self.length };
        let (taken, rest) = self.rest.split_at_checked(count).ok_or(truncated)?;
        self.rest = rest;
        Ok(taken)
    }

    /// So many values in half precision.
    pub(super) fn halves(&mut self, count: usize) -> Result<Vec<f32>, WeightsError> {
        // A size that overflows cannot be there in full.
        let size = count.saturating_mul(size_of::<f16>());
        let (halves, _) = self.take(size)?.as_chunks();
        Ok(halves
            .iter()
            .map(|&half| f16::from_le_bytes(half).to_f32())
            .collect())
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], WeightsError> {
        let truncated = WeightsError::Truncated { found: self.length };
        let (taken, rest) = self.rest.split_first_chunk().ok_or(truncated)?;
        self.rest = rest;
        Ok(*taken)
    }

    pub(super) fn u8(&mut self) -> Result<u8, WeightsError> {
        self.array().map(u8::from_le_bytes)
    }

    pub(super) fn u16(&mut self) -> Result<u16, WeightsError> {
        self.array().map(u16::from_le_bytes)
    }

    pub(super) fn u32(&mut self) -> Result<u32, WeightsError> {
        self.array().map(u32::from_le_bytes)
    }
}
