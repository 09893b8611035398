//! The IDX format in which MNIST and Fashion-MNIST are published.
//!
//! Layout, all numbers big-endian `u32`: magic (0x803 images, 0x801 labels), item count, for images
//! rows and columns; then one byte a pixel or label. This module takes unpacked bytes.

use thiserror::Error;

use crate::class::CLASS_COUNT;
use crate::image::{Image, PIXELS, SIDE};

const IMAGES_MAGIC: u32 = 0x0000_0803;
const LABELS_MAGIC: u32 = 0x0000_0801;
const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

/// Why bytes are no IDX file of the wanted kind.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum IdxError {
    /// The bytes are a gzip file.
    #[error("this file is still packed: unpack it with gzip first")]
    Packed,
    /// The first four bytes are not those of this kind of file.
    #[error(
        "the file starts with {found:#010x} where an IDX file of {kind} starts with {expected:#010x}: is it another file?"
    )]
    WrongMagic {
        /// "images" or "labels".
        kind: &'static str,
        /// What such a file starts with.
        expected: u32,
        /// What this file starts with.
        found: u32,
    },
    /// The images are not 28 × 28.
    #[error(
        "the images are {columns} pixels wide and {rows} high, but the nets take {SIDE} by {SIDE}"
    )]
    WrongSize {
        /// Height in the header.
        rows: u32,
        /// Width in the header.
        columns: u32,
    },
    /// Fewer bytes than the header promises.
    #[error(
        "the file ends after {found} bytes, but its header promises {expected}: download it again"
    )]
    Truncated {
        /// Bytes that the header promises, the header included.
        expected: u64,
        /// Bytes there are.
        found: usize,
    },
    /// More bytes than the header promises.
    #[error(
        "the file has {found} bytes, but its header promises only {expected}: download it again"
    )]
    TrailingBytes {
        /// Bytes that the header promises, the header included.
        expected: u64,
        /// Bytes there are.
        found: usize,
    },
    /// A label is none of the ten classes.
    #[error("label number {index} is {label}, but the classes are 0 to 9: is it another data set?")]
    UnknownLabel {
        /// Position of the label, from 0.
        index: usize,
        /// The label.
        label: u8,
    },
}

/// Reads a file of 28 × 28 images.
///
/// # Errors
/// When the bytes are anything else than a complete file of such images.
pub fn parse_images(bytes: &[u8]) -> Result<Vec<Image>, IdxError> {
    let images = pixels(bytes)?;
    Ok(images.iter().map(|pixels| Image(*pixels)).collect())
}

/// The pixels of each image in a file of 28 × 28 images, where they lie.
///
/// # Errors
/// As [`parse_images`].
pub fn pixels(bytes: &[u8]) -> Result<&[[u8; PIXELS]], IdxError> {
    let ([count, rows, columns], body) = header(bytes, "images", IMAGES_MAGIC)?;
    if (rows as usize, columns as usize) != (SIDE, SIDE) {
        return Err(IdxError::WrongSize { rows, columns });
    }
    check_length(bytes, body, u64::from(count) * PIXELS as u64)?;
    Ok(body.as_chunks().0)
}

/// Reads a file of labels, each 0 to 9.
///
/// # Errors
/// When the bytes are anything else than a complete file of such labels.
pub fn parse_labels(bytes: &[u8]) -> Result<Vec<u8>, IdxError> {
    let ([count], body) = header(bytes, "labels", LABELS_MAGIC)?;
    check_length(bytes, body, u64::from(count))?;
    match body
        .iter()
        .position(|&label| usize::from(label) >= CLASS_COUNT)
    {
        Some(index) => Err(IdxError::UnknownLabel {
            index,
            label: body[index],
        }),
        None => Ok(body.to_vec()),
    }
}

/// Checks the magic, and splits the bytes into the header's `N` numbers and what follows.
fn header<'a, const N: usize>(
    bytes: &'a [u8],
    kind: &'static str,
    expected: u32,
) -> Result<([u32; N], &'a [u8]), IdxError> {
    if bytes.starts_with(&GZIP_MAGIC) {
        return Err(IdxError::Packed);
    }
    let truncated = IdxError::Truncated {
        expected: 4 + 4 * N as u64,
        found: bytes.len(),
    };
    let Some((magic, rest)) = bytes.split_first_chunk::<4>() else {
        return Err(truncated);
    };
    let found = u32::from_be_bytes(*magic);
    if found != expected {
        return Err(IdxError::WrongMagic {
            kind,
            expected,
            found,
        });
    }
    let (numbers, _) = rest.as_chunks::<4>();
    let Some((numbers, _)) = numbers.split_first_chunk::<N>() else {
        return Err(truncated);
    };
    Ok((numbers.map(u32::from_be_bytes), &rest[4 * N..]))
}

/// Compares the body with the length that the header promises, before anything is allocated for it.
fn check_length(bytes: &[u8], body: &[u8], promised: u64) -> Result<(), IdxError> {
    let expected = (bytes.len() - body.len()) as u64 + promised;
    let found = bytes.len();
    match (body.len() as u64).cmp(&promised) {
        std::cmp::Ordering::Less => Err(IdxError::Truncated { expected, found }),
        std::cmp::Ordering::Equal => Ok(()),
        std::cmp::Ordering::Greater => Err(IdxError::TrailingBytes { expected, found }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(numbers: &[u32], body: &[u8]) -> Vec<u8> {
        let mut bytes: Vec<u8> = numbers
            .iter()
            .flat_map(|number| number.to_be_bytes())
            .collect();
        bytes.extend_from_slice(body);
        bytes
    }

    #[test]
    fn reads_images_in_order() {
        let mut body = vec![0; 2 * PIXELS];
        body[0] = 1;
        body[PIXELS] = 2;
        let images = parse_images(&file(&[0x803, 2, 28, 28], &body)).unwrap();
        assert_eq!((images.len(), images[0].0[0], images[1].0[0]), (2, 1, 2));
    }

    #[test]
    fn reads_labels() {
        assert_eq!(
            parse_labels(&file(&[0x801, 3], &[9, 0, 4])).unwrap(),
            [9, 0, 4]
        );
    }

    #[test]
    fn says_what_is_wrong() {
        let check =
            |bytes: &[u8], expected: IdxError| assert_eq!(parse_images(bytes), Err(expected));
        check(&[0x1f, 0x8b, 8], IdxError::Packed);
        check(
            &[],
            IdxError::Truncated {
                expected: 16,
                found: 0,
            },
        );
        check(
            &file(&[0x803, 1], &[]),
            IdxError::Truncated {
                expected: 16,
                found: 8,
            },
        );
        check(
            &file(&[0x801, 1], &[0]),
            IdxError::WrongMagic {
                kind: "images",
                expected: 0x803,
                found: 0x801,
            },
        );
        check(
            &file(&[0x803, 1, 28, 27], &[0; 756]),
            IdxError::WrongSize {
                rows: 28,
                columns: 27,
            },
        );
        check(
            &file(&[0x803, 2, 28, 28], &[0; PIXELS]),
            IdxError::Truncated {
                expected: 1584,
                found: 800,
            },
        );
        check(
            &file(&[0x803, 0, 28, 28], &[0]),
            IdxError::TrailingBytes {
                expected: 16,
                found: 17,
            },
        );
        let lie = IdxError::Truncated {
            expected: 16 + u64::from(u32::MAX) * 784,
            found: 16,
        };
        check(&file(&[0x803, u32::MAX, 28, 28], &[]), lie);
        let label = IdxError::UnknownLabel {
            index: 1,
            label: 10,
        };
        assert_eq!(parse_labels(&file(&[0x801, 2], &[3, 10])), Err(label));
    }
}
