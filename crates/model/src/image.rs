//! The net's input: a grey image of 28 × 28 pixels, and its one normalisation.

use std::fmt;

use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Width and height in pixels.
pub const SIDE: usize = 28;

/// Number of pixels.
pub const PIXELS: usize = SIDE * SIDE;

/// Mean of the 60,000 training images' pixels, on a scale of 0 to 1.
pub const MEAN: f32 = 0.2860;

/// Standard deviation of the 60,000 training images' pixels, on a scale of 0 to 1.
pub const STD: f32 = 0.3530;

/// A grey image as Fashion-MNIST has them: row by row, 0 = background, 255 = brightest garment.
#[derive(Clone, PartialEq, Eq)]
pub struct Image(pub [u8; PIXELS]);

impl Image {
    /// An image of background only.
    pub fn blank() -> Self {
        Self([0; PIXELS])
    }

    /// Whether every pixel is background.
    pub fn is_blank(&self) -> bool {
        self.0.iter().all(|&pixel| pixel == 0)
    }

    /// The pixels as the nets take them: scaled to 0..=1, minus [`MEAN`], over [`STD`].
    pub fn normalised(&self) -> [f32; PIXELS] {
        self.0.map(|pixel| (f32::from(pixel) / 255.0 - MEAN) / STD)
    }
}

/// The picture in characters, so that a failing test shows what it saw.
impl fmt::Debug for Image {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHADES: &[u8; 8] = b" .:-+*#@";
        for row in self.0.chunks(SIDE) {
            let line: String = row
                .iter()
                .map(|&pixel| SHADES[usize::from(pixel) / 32] as char)
                .collect();
            writeln!(f, "|{line}|")?;
        }
        Ok(())
    }
}

// serde derives arrays of up to 32 elements only.
impl Serialize for Image {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for Image {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_bytes(ImageVisitor)
    }
}

struct ImageVisitor;

impl<'de> Visitor<'de> for ImageVisitor {
    type Value = Image;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{PIXELS} bytes")
    }

    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Image, E> {
        bytes
            .try_into()
            .map(Image)
            .map_err(|_| E::invalid_length(bytes.len(), &self))
    }

    // Text formats such as JSON write bytes as a list of numbers.
    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Image, A::Error> {
        let mut pixels = [0; PIXELS];
        for (index, pixel) in pixels.iter_mut().enumerate() {
            *pixel = sequence
                .next_element()?
                .ok_or_else(|| A::Error::invalid_length(index, &self))?;
        }
        match sequence.next_element::<u8>()? {
            None => Ok(Image(pixels)),
            Some(_) => Err(A::Error::invalid_length(PIXELS + 1, &self)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normalises_the_ends_of_the_scale() {
        let mut image = Image::blank();
        image.0[1] = 255;
        let values = image.normalised();
        assert!((values[0] - -0.810_198_3).abs() < 1e-6);
        assert!((values[1] - 2.022_662_9).abs() < 1e-6);
    }

    #[test]
    fn survives_json_and_refuses_the_wrong_length() {
        let mut image = Image::blank();
        image.0[700] = 7;
        let json = serde_json::to_string(&image).unwrap();
        assert_eq!(serde_json::from_str::<Image>(&json).unwrap(), image);
        assert!(serde_json::from_str::<Image>(&json.replace("[0,", "[")).is_err());
        assert!(serde_json::from_str::<Image>(&json.replace("[0,", "[0,0,")).is_err());
    }
}
