//! Bytes from elsewhere give a value that holds what its documentation says, or an error; never a
//! panic, and never an allocation by a length that lies (terabytes here, which would abort).

use model::idx::{IdxError, parse_images, parse_labels};
use model::image::PIXELS;
use model::picture_file::{Header, MAX_PIXELS};
use model::quickdraw::parse_line;
use model::weights::{NamedTensor, Sidecar, bundle, crc32, decode, encode, unbundle};
use proptest::prelude::*;

fn images_file(count: u8) -> Vec<u8> {
    let mut bytes = [0, 0, 8, 3, 0, 0, 0, count, 0, 0, 0, 28, 0, 0, 0, 28].to_vec();
    bytes.extend((0..usize::from(count) * PIXELS).map(|index| index as u8));
    bytes
}

/// Puts a number where the header has one: 0 magic, 1 count, 2 rows, 3 columns.
fn set(bytes: &mut [u8], field: usize, number: u32) {
    bytes[4 * field..][..4].copy_from_slice(&number.to_be_bytes());
}

/// Any few tensors with values that half precision holds exactly.
fn tensors() -> impl Strategy<Value = Vec<NamedTensor>> {
    let tensor =
        (".{0,12}", prop::collection::vec(0usize..5, 0..4)).prop_flat_map(|(name, shape)| {
            let size = shape.iter().product::<usize>();
            prop::collection::vec(-2000i16..2000, size).prop_map(move |values| NamedTensor {
                name: name.clone(),
                shape: shape.clone(),
                values: values
                    .into_iter()
                    .map(|value| f32::from(value) / 8.0)
                    .collect(),
            })
        });
    prop::collection::vec(tensor, 0..4)
}

/// A weights file with any body and the right checksum.
fn sealed(body: &[u8]) -> Vec<u8> {
    let mut bytes = [b"WARDROBE\x01\0\0\0", body, &[0; 4]].concat();
    let (end, crc) = (bytes.len() - 4, crc32(&bytes));
    bytes[end..].copy_from_slice(&crc.to_le_bytes());
    bytes
}

proptest! {
    #[test]
    fn idx_takes_any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..64), labels in any::<bool>()) {
        let magic = [0, 0, 8, if labels { 1 } else { 3 }];
        for bytes in [bytes.clone(), [&magic[..], &bytes].concat()] {
            prop_assert!(parse_images(&bytes).is_err() || bytes.len() == 16);
            if let Ok(labels) = parse_labels(&bytes) {
                prop_assert_eq!(labels.as_slice(), &bytes[8..]);
                prop_assert!(labels.iter().all(|&label| label < 10));
            }
        }
    }

    #[test]
    fn idx_notices_a_wrong_length(count in 0u8..4, change in 1usize..2000, trailing in any::<bool>()) {
        let mut bytes = images_file(count);
        prop_assert_eq!(parse_images(&bytes).map(|images| images.len()), Ok(usize::from(count)));
        let change = if trailing { change } else { change.min(bytes.len()) };
        let length = if trailing { bytes.len() + change } else { bytes.len() - change };
        bytes.resize(length, 0);
        match parse_images(&bytes) {
            Err(IdxError::TrailingBytes { found, .. }) => prop_assert!(trailing && found == length),
            Err(IdxError::Truncated { found, .. }) => prop_assert!(!trailing && found == length),
            other => prop_assert!(false, "{:?}", other.map(|images| images.len())),
        }
    }

    #[test]
    fn idx_notices_a_wrong_header(count in 0u8..4, field in 0usize..4, number in any::<u32>()) {
        let mut bytes = images_file(count);
        let before = bytes.clone();
        set(&mut bytes, field, number);
        prop_assume!(bytes != before);
        match (field, parse_images(&bytes)) {
            (0, Err(IdxError::WrongMagic { found, .. })) => prop_assert_eq!(found, number),
            (0, Err(IdxError::Packed)) => prop_assert_eq!(number >> 16, 0x1f8b),
            (1, Err(IdxError::TrailingBytes { .. })) => prop_assert!(number < u32::from(count)),
            (1, Err(IdxError::Truncated { .. })) => prop_assert!(number > u32::from(count)),
            (2, Err(IdxError::WrongSize { rows, .. })) => prop_assert_eq!(rows, number),
            (3, Err(IdxError::WrongSize { columns, .. })) => prop_assert_eq!(columns, number),
            (_, other) => prop_assert!(false, "{:?}", other.map(|images| images.len())),
        }
    }

    #[test]
    fn weights_survive_and_every_damage_is_noticed(tensors in tensors(), at in any::<prop::sample::Index>(), flip in 1u8..) {
        let mut bytes = encode(&tensors);
        prop_assert_eq!(decode(&bytes).unwrap(), tensors);
        let at = at.index(bytes.len());
        prop_assert!(decode(&bytes[..at]).is_err());
        bytes[at] ^= flip;
        prop_assert!(decode(&bytes).is_err());
        bytes[at] ^= flip;
        bytes.push(flip);
        prop_assert!(decode(&bytes).is_err());
    }

    #[test]
    fn weights_take_any_body(body in prop::collection::vec(prop_oneof![0u8..4, any::<u8>()], 0..48)) {
        let mut bytes = sealed(&body);
        if let Ok(tensors) = decode(&bytes) {
            // A two may say that a matrix is in eight bits.
            prop_assert!(encode(&tensors) == bytes || bytes.contains(&2));
        }
        bytes[8] = 2;
        let (end, crc) = (bytes.len() - 4, crc32(&bytes));
        bytes[end..].copy_from_slice(&crc.to_le_bytes());
        if let Ok(found) = unbundle(&bytes) {
            let (weights, sidecar) = found.unwrap();
            prop_assert_eq!(bundle(weights, sidecar), bytes);
        }
    }

    #[test]
    fn weights_take_lying_lengths(tensors in tensors(), at in any::<prop::sample::Index>(), number in any::<u32>()) {
        let mut bytes = encode(&tensors);
        let at = 12 + at.index(bytes.len() - 12 - 4);
        let end = (at + 4).min(bytes.len() - 4);
        bytes[at..end].copy_from_slice(&number.to_le_bytes()[..end - at]);
        let bytes = sealed(&bytes[12..bytes.len() - 4]);
        if let Ok(tensors) = decode(&bytes) {
            // A two may say that a matrix is in eight bits.
            prop_assert!(encode(&tensors) == bytes || bytes.contains(&2));
        }
    }

    #[test]
    fn sidecar_takes_any_text(text in ".{0,80}", number in any::<i64>()) {
        prop_assert!(Sidecar::parse(&text).is_err());
        let json = format!(r#"{{"format_version":{number},"architecture":{text:?}}}"#);
        prop_assert!(Sidecar::parse(&json).is_err());
    }

    #[test]
    fn quickdraw_takes_any_line(text in ".{0,80}", xs in prop::collection::vec(-10f32..300.0, 0..6), ys in prop::collection::vec(-10f32..300.0, 0..6)) {
        prop_assert!(parse_line(&text).is_err());
        let json = format!(r#"{{"word":"shoe","key_id":"1","recognized":false,"drawing":[[{xs:?},{ys:?}]]}}"#);
        let valid = xs.iter().chain(&ys).all(|value| (0.0..=255.0).contains(value));
        let drawing = parse_line(&json);
        prop_assert_eq!(drawing.is_ok(), valid && xs.len() == ys.len() && !xs.is_empty());
        if let Ok(drawing) = drawing {
            let read: Vec<(f32, f32)> = drawing.strokes[0].points.iter().map(|point| (point.x, point.y)).collect();
            prop_assert_eq!(read, xs.into_iter().zip(ys).collect::<Vec<_>>());
        }
    }
}

/// The beginnings of picture files, for the rest to be anything.
const PICTURES: [&[u8]; 7] = [
    b"\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR",
    b"\xFF\xD8\xFF\xE1\0\x22Exif\0\0MM\0*\0\0\0\x08",
    b"RIFF\x40\0\0\0WEBPVP8X\x0A\0\0\0",
    b"RIFF\x40\0\0\0WEBPEXIF\x30\0\0\0II*\0\x08\0\0\0",
    b"GIF89a",
    b"BM\0\0\0\0\0\0\0\0",
    b"\0\0\0\x10ftypavif\0\0\0\0\0\0\0\x40metaispe",
];

proptest! {
    #[test]
    fn picture_files_take_any_bytes(start in 0..PICTURES.len(), rest in prop::collection::vec(prop_oneof![0u8..4, Just(0xFF), any::<u8>()], 0..96)) {
        let mut bytes = [PICTURES[start], &rest].concat();
        if let Ok(header) = Header::read(&bytes) {
            prop_assert!(header.width > 0 && header.height > 0 && header.width * header.height <= MAX_PIXELS);
            let before = bytes.clone();
            header.erase_orientation(&mut bytes);
            let erased = Header::read(&bytes).unwrap();
            prop_assert_eq!((erased.width, erased.height), (header.width, header.height));
            // The number, and in a PNG the checksum behind it.
            let changed = bytes.iter().zip(&before).filter(|(now, before)| now != before);
            prop_assert!(changed.count() <= 6);
        }
    }
}
