//! What must not be forgotten: some of the images that the net was trained on, and some that it was
//! not, to measure on.

use crate::{
    class::CLASS_COUNT,
    image::{Image, PIXELS},
};
use serde::{Deserialize, Serialize};
use thiserror::Error;

const MAGIC: &[u8; 8] = b"WARDTEA1";

/// Images with their classes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Labelled {
    images: Vec<Image>,
    labels: Vec<u8>,
}

impl Labelled {
    /// Adds an image of class `label`, 0..10.
    pub fn push(&mut self, image: Image, label: u8) {
        self.images.push(image);
        self.labels.push(label);
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.images.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.images.is_empty()
    }

    /// One of them and its class.
    ///
    /// # Panics
    /// Where there are not so many.
    pub fn get(&self, index: usize) -> (&Image, u8) {
        (&self.images[index], self.labels[index])
    }

    /// The first `count` of them, or all.
    pub fn first(&self, count: usize) -> Self {
        let count = count.min(self.len());
        Self {
            images: self.images[..count].to_vec(),
            labels: self.labels[..count].to_vec(),
        }
    }

    /// The images.
    pub fn images(&self) -> &[Image] {
        &self.images
    }

    /// Their classes.
    pub fn labels(&self) -> &[u8] {
        &self.labels
    }
}

impl FromIterator<(Image, u8)> for Labelled {
    fn from_iter<T: IntoIterator<Item = (Image, u8)>>(pairs: T) -> Self {
        let (images, labels) = pairs.into_iter().unzip();
        Self { images, labels }
    }
}

/// See the [module](self). Made by `trainer originals`, fetched by the page when it is to teach.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Originals {
    /// Some of the training images, mixed into the batches.
    pub replay: Labelled,
    /// Images that were never trained on, to measure forgetting on.
    pub held_out: Labelled,
}

/// Bytes that are no file of originals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum OriginalsError {
    /// Another kind of file, or one cut short.
    #[error("the file of original images is incomplete or of another kind: get it again")]
    WrongFormat,
    /// The bytes changed since they were written.
    #[error("the file of original images is damaged: get it again")]
    Damaged,
}

impl Originals {
    /// The file: magic, two `u32` counts, all labels, all pixels, CRC-32 of what stands before it;
    /// numbers are little-endian.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        let parts = [&self.replay, &self.held_out];
        bytes.extend(parts.iter().flat_map(|p| (p.len() as u32).to_le_bytes()));
        bytes.extend(parts.iter().flat_map(|p| &p.labels));
        bytes.extend(
            parts
                .iter()
                .flat_map(|p| &p.images)
                .flat_map(|image| image.0),
        );
        let crc = crc32fast::hash(&bytes);
        bytes.extend(crc.to_le_bytes());
        bytes
    }

    /// Reads what [`Self::encode`] wrote.
    ///
    /// # Errors
    /// Where the bytes are anything else.
    pub fn decode(bytes: &[u8]) -> Result<Self, OriginalsError> {
        let wrong = OriginalsError::WrongFormat;
        let (body, crc) = bytes.split_last_chunk::<4>().ok_or(wrong)?;
        let rest = body.strip_prefix(MAGIC).ok_or(wrong)?;
        let (counts, rest) = rest.split_first_chunk::<8>().ok_or(wrong)?;
        let (counts, _) = counts.as_chunks::<4>();
        let replay = u32::from_le_bytes(counts[0]) as usize;
        let held_out = u32::from_le_bytes(counts[1]) as usize;
        let count = replay.checked_add(held_out).ok_or(wrong)?;
        let (labels, pixels) = rest.split_at_checked(count).ok_or(wrong)?;
        if pixels.len().checked_div(PIXELS) != Some(count) || !pixels.len().is_multiple_of(PIXELS) {
            return Err(wrong);
        }
        let in_range = labels.iter().all(|&label| usize::from(label) < CLASS_COUNT);
        if crc32fast::hash(body) != u32::from_le_bytes(*crc) || !in_range {
            return Err(OriginalsError::Damaged);
        }
        let (images, _) = pixels.as_chunks::<PIXELS>();
        let part = |range: std::ops::Range<usize>| Labelled {
            images: images[range.clone()]
                .iter()
                .map(|&pixels| Image(pixels))
                .collect(),
            labels: labels[range].to_vec(),
        };
        Ok(Self {
            replay: part(0..replay),
            held_out: part(replay..count),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_comes_back_and_damage_is_noticed() {
        let mut originals = Originals::default();
        let mut image = Image::blank();
        image.0[5] = 9;
        originals.replay.push(image.clone(), 3);
        originals.replay.push(Image::blank(), 9);
        originals.held_out.push(image, 0);
        let bytes = originals.encode();
        assert_eq!(Originals::decode(&bytes), Ok(originals));
        for length in 0..bytes.len() {
            assert!(
                Originals::decode(&bytes[..length]).is_err(),
                "cut at {length}"
            );
        }
        let mut damaged = bytes;
        damaged[100] ^= 1;
        assert_eq!(Originals::decode(&damaged), Err(OriginalsError::Damaged));
    }
}
