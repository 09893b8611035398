//! The map of all images: a place in the plane for each, as `trainer embed` writes it and the page
//! draws it.
//!
//! A file holds three bytes an image: first the upper four bits of x and y of all images, then the
//! lower eight of all x, then those of all y. Apart, the upper bits pack well.

use thiserror::Error;

/// A place on the map, x and y from 0 to [`LARGEST`].
pub type Place = [u16; 2];

/// The largest coordinate: 12 bits are finer than a screen, and half a byte less than 16.
pub const LARGEST: u16 = 4095;

/// How many bytes an image takes.
const BYTES: usize = 3;

/// Why bytes are no map.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("it has {bytes} bytes, and {expected} were expected")]
pub struct MapError {
    /// How many bytes there are.
    pub bytes: usize,
    /// How many there should be.
    pub expected: usize,
}

/// The file of these places; a coordinate beyond [`LARGEST`] is cut to it.
pub fn encode(places: &[Place]) -> Vec<u8> {
    let cut = |place: &Place| place.map(|coordinate| coordinate.min(LARGEST));
    let upper = places.iter().map(|place| {
        let [x, y] = cut(place);
        (x >> 8 << 4 | y >> 8) as u8
    });
    let lower = [0, 1].into_iter().flat_map(|axis| {
        let coordinates = places.iter().map(move |place| cut(place)[axis]);
        coordinates.map(|coordinate| coordinate as u8)
    });
    upper.chain(lower).collect()
}

/// The places of `count` images.
///
/// # Errors
/// When the file is longer or shorter.
pub fn decode(bytes: &[u8], count: usize) -> Result<Vec<Place>, MapError> {
    let expected = count * BYTES;
    if bytes.len() != expected {
        let bytes = bytes.len();
        return Err(MapError { bytes, expected });
    }
    let (upper, lower) = bytes.split_at(count);
    let (x, y) = lower.split_at(count);
    let place = |((upper, x), y): ((&u8, &u8), &u8)| {
        let (high_x, high_y) = (u16::from(upper >> 4), u16::from(upper & 15));
        [high_x << 8 | u16::from(*x), high_y << 8 | u16::from(*y)]
    };
    Ok(upper.iter().zip(x).zip(y).map(place).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_come_back_and_other_lengths_are_refused() {
        let places = [[0, LARGEST], [1, 256], [0x0abc, 0x0def], [2048, 77]];
        let bytes = encode(&places);
        assert_eq!(decode(&bytes, 4), Ok(places.to_vec()));
        assert_eq!(decode(&encode(&[[9999, 5]]), 1), Ok(vec![[LARGEST, 5]]));
        let error = decode(&bytes[1..], 4).unwrap_err();
        assert_eq!((error.bytes, error.expected), (11, 12));
        assert!(decode(&bytes, 5).is_err());
    }
}
