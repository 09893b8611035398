//! A value as bytes with a checksum: what has changed since it was stored is not taken for what it was.

use serde::{Serialize, de::DeserializeOwned};

/// The format, the first byte of each value; the checksum of all that follows comes next.
const VERSION: u8 = 2;

/// The same without a checksum, by earlier versions of the page.
const UNCHECKED_VERSION: u8 = 1;

/// Why bytes are no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Broken {
    /// Another version of the page wrote them.
    OtherVersion,
    /// They are not as they were written.
    Damaged,
}

/// A value as it is stored.
pub(crate) fn seal<T: Serialize>(value: &T) -> postcard::Result<Vec<u8>> {
    let mut bytes = postcard::to_extend(value, vec![VERSION, 0, 0, 0, 0])?;
    let (head, body) = bytes.split_at_mut(1 + size_of::<u32>());
    head[1..].copy_from_slice(&crc32fast::hash(body).to_le_bytes());
    Ok(bytes)
}

/// The value that was stored.
pub(crate) fn open<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Broken> {
    let body = match bytes.split_first() {
        Some((&VERSION, rest)) => match rest.split_first_chunk() {
            Some((sum, body)) if u32::from_le_bytes(*sum) == crc32fast::hash(body) => body,
            _ => return Err(Broken::Damaged),
        },
        Some((&UNCHECKED_VERSION, body)) => body,
        _ => return Err(Broken::OtherVersion),
    };
    // A sum that is right and a value that is not: the value's type has changed since.
    postcard::from_bytes(body).map_err(|_| Broken::OtherVersion)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flipped_bit_is_noticed() -> postcard::Result<()> {
        let value = (7u64, vec![0.5f32; 20], String::from("kept"));
        let bytes = seal(&value)?;
        assert_eq!(open(&bytes), Ok(value.clone()));
        for bit in 0..8 * bytes.len() {
            let mut damaged = bytes.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            let found = open::<(u64, Vec<f32>, String)>(&damaged);
            assert!(found.is_err(), "bit {bit} passed unnoticed");
        }
        for length in 0..bytes.len() {
            assert!(open::<(u64, Vec<f32>, String)>(&bytes[..length]).is_err());
        }
        Ok(())
    }

    #[test]
    fn what_an_earlier_version_kept_is_still_read() -> postcard::Result<()> {
        let value = (7u64, String::from("kept"));
        let bytes = postcard::to_extend(&value, vec![1])?;
        assert_eq!(open(&bytes), Ok(value));
        Ok(())
    }
}
