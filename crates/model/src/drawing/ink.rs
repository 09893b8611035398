//! Grey bitmaps of ink.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::Rect;

/// Longest edge in pixels that a picture may have.
pub const MAX_EDGE: usize = 16_384;

/// Why pixels make no picture.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum InkError {
    /// No pixel at all.
    #[error(
        "the picture is {width} pixels wide and {height} high, so there is nothing to see: use another one"
    )]
    Empty {
        /// Width in pixels.
        width: usize,
        /// Height in pixels.
        height: usize,
    },
    /// An edge is longer than [`MAX_EDGE`].
    #[error(
        "the picture is {width} pixels wide and {height} high, and the limit is {MAX_EDGE}: make it smaller first"
    )]
    TooLarge {
        /// Width in pixels.
        width: usize,
        /// Height in pixels.
        height: usize,
    },
    /// No pixel differs from the paper.
    #[error("nothing in the picture stands out from its background: use one with more contrast")]
    Blank,
    /// The number of bytes does not fit the size.
    #[error(
        "a picture of {width} by {height} pixels needs {expected} bytes, not {found}: it is damaged, use another one"
    )]
    WrongLength {
        /// Width in pixels.
        width: usize,
        /// Height in pixels.
        height: usize,
        /// Bytes that the size needs.
        expected: usize,
        /// Bytes there are.
        found: usize,
    },
}

/// A grey bitmap: 0 = paper, 255 = full ink, row by row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "UncheckedInk")]
pub struct Ink {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
}

/// An [`Ink`] as it was stored, before its size has been checked.
#[derive(Deserialize)]
struct UncheckedInk {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
}

impl TryFrom<UncheckedInk> for Ink {
    type Error = InkError;

    fn try_from(stored: UncheckedInk) -> Result<Self, InkError> {
        Self::new(stored.width, stored.height, stored.pixels)
    }
}

impl Ink {
    /// A bitmap of these pixels.
    ///
    /// # Errors
    /// When an edge is 0 or above [`MAX_EDGE`], or `pixels` is not `width * height` long.
    pub fn new(width: usize, height: usize, pixels: Vec<u8>) -> Result<Self, InkError> {
        check_size(width, height, 1, pixels.len())?;
        Ok(Self {
            width,
            height,
            pixels,
        })
    }

    /// Blank paper of `side` × `side` pixels.
    pub(super) fn blank(side: usize) -> Self {
        Self {
            width: side,
            height: side,
            pixels: vec![0; side * side],
        }
    }

    /// Width in pixels, at least 1.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Height in pixels, at least 1.
    pub fn height(&self) -> usize {
        self.height
    }

    /// The pixels row by row: 0 = paper, 255 = full ink.
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    pub(super) fn pixels_mut(&mut self) -> &mut [u8] {
        &mut self.pixels
    }

    /// The pixels of row `y`.
    pub(super) fn row(&self, y: usize) -> &[u8] {
        &self.pixels[y * self.width..][..self.width]
    }

    pub(super) fn row_mut(&mut self, y: usize) -> &mut [u8] {
        &mut self.pixels[y * self.width..][..self.width]
    }

    /// What lies in this rectangle, which must hold a pixel.
    pub(super) fn part(&self, part: Rect) -> Self {
        let rows = (part.top..part.bottom).flat_map(|y| &self.row(y)[part.left..part.right]);
        Self {
            width: part.width(),
            height: part.height(),
            pixels: rows.copied().collect(),
        }
    }

    /// All of it.
    pub(super) fn bounds(&self) -> Rect {
        Rect {
            left: 0,
            top: 0,
            right: self.width,
            bottom: self.height,
        }
    }

    /// The smallest rectangle that holds every pixel above `level`; empty if there is none.
    // Rows and columns are reduced to their maximum without a branch, so that this vectorises.
    pub(super) fn bounds_above(&self, level: u8) -> Rect {
        let mut columns = vec![0u8; self.width];
        let mut rows = Vec::with_capacity(self.height);
        for row in self.pixels.chunks_exact(self.width) {
            let mut largest = 0;
            for (column, &pixel) in columns.iter_mut().zip(row) {
                *column = (*column).max(pixel);
                largest = pixel.max(largest);
            }
            rows.push(largest);
        }
        let (top, bottom) = ends_above(&rows, level);
        let (left, right) = ends_above(&columns, level);
        Rect {
            left,
            top,
            right,
            bottom,
        }
    }
}

/// The first position above `level`, and one past the last.
fn ends_above(values: &[u8], level: u8) -> (usize, usize) {
    let first = values.iter().position(|&value| value > level);
    let last = values.iter().rposition(|&value| value > level);
    first
        .zip(last)
        .map_or((0, 0), |(first, last)| (first, last + 1))
}

/// Checks a picture's size against its number of bytes.
pub(super) fn check_size(
    width: usize,
    height: usize,
    bytes_a_pixel: usize,
    found: usize,
) -> Result<(), InkError> {
    if width == 0 || height == 0 {
        return Err(InkError::Empty { width, height });
    }
    if width > MAX_EDGE || height > MAX_EDGE {
        return Err(InkError::TooLarge { width, height });
    }
    let expected = width * height * bytes_a_pixel;
    if found != expected {
        return Err(InkError::WrongLength {
            width,
            height,
            expected,
            found,
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_impossible_sizes() {
        assert_eq!(
            Ink::new(0, 3, vec![]),
            Err(InkError::Empty {
                width: 0,
                height: 3
            })
        );
        assert_eq!(
            Ink::new(20_000, 1, vec![]),
            Err(InkError::TooLarge {
                width: 20_000,
                height: 1
            })
        );
        let wrong = InkError::WrongLength {
            width: 2,
            height: 2,
            expected: 4,
            found: 3,
        };
        assert_eq!(Ink::new(2, 2, vec![0; 3]), Err(wrong));
        assert!(serde_json::from_str::<Ink>(r#"{"width":2,"height":2,"pixels":[0]}"#).is_err());
    }

    #[test]
    fn finds_the_bounds_of_ink() {
        let mut ink = Ink::blank(10);
        assert!(ink.bounds_above(24).is_empty());
        ink.row_mut(2)[7] = 25;
        ink.row_mut(5)[3] = 255;
        ink.row_mut(9)[9] = 24;
        assert_eq!(
            ink.bounds_above(24),
            Rect {
                left: 3,
                top: 2,
                right: 8,
                bottom: 6
            }
        );
    }
}
