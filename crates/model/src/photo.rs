//! The one way from a photo of a garment to the net's input.
//!
//! Fashion-MNIST was made from shop photos on a plain background: trimmed, scaled so that the
//! longest edge is 28 pixels, centred, and inverted so that the background is 0 (Xiao, Rasul and
//! Vollgraf, 2017, section 2). This does the same to other photos.

use crate::drawing::{Ink, InkError, centred, grey_on};
use crate::image::{Image, SIDE};

/// Behind what is transparent.
const WHITE: u32 = 255;

/// The image that the net sees of a photo; `None` when all of it is background.
///
/// `rgba` has four bytes a pixel, row by row; what is transparent is white. A photo of 28 × 28 pixels
/// is taken as it is, but for a light background, which is inverted. Any other is trimmed to what
/// differs from the background, scaled and centred; its pixels are their distance from the background.
///
/// # Errors
/// When the size is 0 or too large, or is not that of `rgba`.
pub fn to_image(width: usize, height: usize, rgba: &[u8]) -> Result<Option<Image>, InkError> {
    let photo = Ink::new(width, height, grey_on(WHITE, rgba))?;
    let background = background(&photo);
    if (width, height) != (SIDE, SIDE) {
        return Ok(centred(&Ink::new(
            width,
            height,
            distances(&photo, background),
        )?));
    }
    let white_or_black = if background > 127 { 255 } else { 0 };
    let image = distances(&photo, white_or_black).try_into().map(Image).ok();
    Ok(image.filter(|image| image.0.iter().any(|&pixel| pixel != image.0[0])))
}

/// The luminance of the background: the median of the four corners.
// Not of the whole border, which a garment may well fill: of the 60,000 training images, two bags
// would pass for photos on white; by the corners, none does.
fn background(photo: &Ink) -> u8 {
    let (width, height) = (photo.width(), photo.height());
    let side = (width.min(height) / SIDE).max(1);
    let mut corners = Vec::with_capacity(4 * side * side);
    for y in (0..side).chain(height - side..height) {
        let row = &photo.pixels()[y * width..][..width];
        corners.extend_from_slice(&row[..side]);
        corners.extend_from_slice(&row[width - side..]);
    }
    corners.sort_unstable();
    let middle = corners.len() / 2;
    u8::midpoint(corners[middle - 1], corners[middle])
}

/// Every pixel's distance from `level`.
fn distances(photo: &Ink, level: u8) -> Vec<u8> {
    photo
        .pixels()
        .iter()
        .map(|pixel| pixel.abs_diff(level))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A photo with a rectangle of `garment`, given as x and y ranges, on `background`.
    fn photo(
        size: (usize, usize),
        background: u8,
        garment: u8,
        part: (std::ops::Range<usize>, std::ops::Range<usize>),
    ) -> Option<Image> {
        let mut pixels = vec![background; size.0 * size.1];
        for y in part.1 {
            pixels[y * size.0..][part.0.clone()].fill(garment);
        }
        let rgba: Vec<u8> = pixels
            .iter()
            .flat_map(|&grey| [grey, grey, grey, 255])
            .collect();
        to_image(size.0, size.1, &rgba).unwrap()
    }

    #[test]
    fn a_large_photo_is_trimmed_scaled_and_centred() {
        let image = photo((300, 400), 255, 55, (100..170, 50..190)).unwrap();
        let expected = photo((28, 28), 0, 200, (7..21, 0..28)).unwrap();
        assert_eq!(image, expected);
        let grey_on_black = photo((300, 400), 0, 200, (100..170, 50..190)).unwrap();
        assert_eq!(grey_on_black, expected);
    }

    #[test]
    fn a_photo_of_28_pixels_is_kept_as_it_is() {
        let image = photo((28, 28), 0, 90, (3..9, 4..8)).unwrap();
        assert_eq!(image.0[4 * 28 + 3], 90);
        assert_eq!(image.0.iter().filter(|&&pixel| pixel == 90).count(), 24);
        assert_eq!(photo((28, 28), 255, 165, (3..9, 4..8)).unwrap(), image);
    }

    #[test]
    fn a_garment_that_touches_the_border_is_not_the_background() {
        let wide = photo((28, 28), 0, 200, (0..28, 2..26)).unwrap();
        assert_eq!((wide.0[0], wide.0[14 * 28]), (0, 200));
    }

    #[test]
    fn nothing_but_background_is_no_garment() {
        assert_eq!(photo((28, 28), 255, 255, (0..0, 0..0)), None);
        assert_eq!(photo((90, 90), 255, 240, (10..20, 10..20)), None);
        assert!(to_image(2, 2, &[0; 15]).is_err());
        assert!(to_image(0, 0, &[]).is_err());
    }

    #[test]
    fn a_garment_as_light_as_its_background_is_seen() {
        let pixel = |index: usize| {
            let garment = (20..40).contains(&(index % 60)) && (10..50).contains(&(index / 60));
            if garment {
                [0, 128, 0, 255]
            } else {
                [139, 69, 19, 255]
            }
        };
        let rgba: Vec<u8> = (0..60 * 60).flat_map(pixel).collect();
        let image = to_image(60, 60, &rgba).unwrap().unwrap();
        assert_eq!((image.0[14 * 28 + 14], image.0[0]), (139, 0));
    }

    #[test]
    fn what_is_transparent_is_background() {
        let mut rgba = vec![0; 4 * 60 * 60];
        rgba[4 * (60 * 30 + 20)..][..4].copy_from_slice(&[0, 0, 0, 255]);
        let image = to_image(60, 60, &rgba).unwrap().unwrap();
        assert!(image.0.iter().all(|&pixel| pixel == 255));
    }
}
