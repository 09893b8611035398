//! The one way from a drawing to the net's input.

use super::{Ink, Mark, PAPER_SIDE, Paper, Rect, Stroke, area};
use crate::image::{Image, SIDE};

/// Ink up to here is taken for smudge when the drawing is trimmed.
const TRIM_LEVEL: u8 = 24;

/// Faint drawings are strengthened by at most this factor.
const LARGEST_GAIN: u32 = 4;

/// The image that the net sees of a drawing; `None` when the paper is blank.
///
/// The drawing is trimmed to its ink, scaled by area average so that its longest edge is exactly
/// [`SIDE`] pixels, centred, and strengthened so that its darkest pixel is 255 (by a factor of 4 at
/// most), which makes it as large and as strong as Fashion-MNIST's photos are.
pub fn to_image(ink: &Ink) -> Option<Image> {
    let mut image = centred(ink)?;
    strengthen(&mut image.0);
    Some(image)
}

/// The image that the net sees of a picture that is put on blank paper, as the page does with an
/// uploaded one; `None` when the picture is blank.
pub fn picture_to_image(picture: Ink) -> Option<Image> {
    let mut paper = Paper::new(PAPER_SIDE);
    paper.apply(&Mark::Picture(picture));
    to_image(paper.ink())
}

/// The image that the net sees of strokes on blank paper; `None` when nothing is drawn.
pub fn strokes_to_image(strokes: &[Stroke]) -> Option<Image> {
    let mut paper = Paper::new(PAPER_SIDE);
    for stroke in strokes {
        paper.apply(&Mark::Stroke(stroke.clone()));
    }
    to_image(paper.ink())
}

/// The ink trimmed, scaled so that its longest edge is [`SIDE`] pixels, and centred; `None` when
/// there is none.
pub(crate) fn centred(ink: &Ink) -> Option<Image> {
    let part = ink.bounds_above(TRIM_LEVEL);
    if part.is_empty() {
        return None;
    }
    let (width, height) = fitted_size(part);
    let scaled = area::scale(ink, part, width, height);
    let mut image = Image::blank();
    let (left, top) = ((SIDE - width) / 2, (SIDE - height) / 2);
    for (y, row) in scaled.chunks_exact(width).enumerate() {
        image.0[(top + y) * SIDE + left..][..width].copy_from_slice(row);
    }
    Some(image)
}

/// Size in pixels at which the longest edge is [`SIDE`] and the proportions are kept.
fn fitted_size(part: Rect) -> (usize, usize) {
    let longest = part.width().max(part.height());
    let fitted = |edge: usize| ((2 * edge * SIDE + longest) / (2 * longest)).max(1);
    (fitted(part.width()), fitted(part.height()))
}

fn strengthen(pixels: &mut [u8]) {
    let darkest = pixels.iter().copied().max().map_or(0, u32::from);
    if darkest == 0 {
        return;
    }
    let divisor = darkest.max(255u32.div_ceil(LARGEST_GAIN));
    for pixel in pixels {
        *pixel = ((u32::from(*pixel) * 255 + divisor / 2) / divisor).min(255) as u8;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drawing::{Point, Stroke};

    fn paper(side: usize, width: f32, points: &[(f32, f32)]) -> Paper {
        let mut paper = Paper::new(side);
        let points = points.iter().map(|&(x, y)| Point::new(x, y)).collect();
        paper.apply(&Mark::Stroke(Stroke { points, width }));
        paper
    }

    fn inked(image: &Image) -> Rect {
        Ink::new(SIDE, SIDE, image.0.to_vec())
            .unwrap()
            .bounds_above(0)
    }

    #[test]
    fn blank_paper_and_faint_smudges_give_nothing() {
        assert_eq!(to_image(Paper::new(64).ink()), None);
        let smudge = Ink::new(8, 8, vec![TRIM_LEVEL; 64]).unwrap();
        assert_eq!(to_image(&smudge), None);
    }

    #[test]
    fn the_longest_edge_is_28_and_the_other_centred() {
        let wide = paper(
            512,
            8.0,
            &[(40.0, 90.0), (140.0, 90.0), (140.0, 130.0), (40.0, 130.0)],
        );
        let expected = Rect {
            left: 0,
            top: 8,
            right: 28,
            bottom: 20,
        };
        assert_eq!(inked(&to_image(wide.ink()).unwrap()), expected);
    }

    #[test]
    fn where_and_how_large_it_was_drawn_does_not_matter() {
        let small = paper(
            512,
            4.0,
            &[(20.0, 20.0), (70.0, 20.0), (45.0, 60.0), (20.0, 20.0)],
        );
        let large = paper(
            512,
            12.0,
            &[(60.0, 60.0), (210.0, 60.0), (135.0, 180.0), (60.0, 60.0)],
        );
        let (small, large) = (
            to_image(small.ink()).unwrap(),
            to_image(large.ink()).unwrap(),
        );
        let difference = small
            .0
            .iter()
            .zip(&large.0)
            .map(|(a, b)| a.abs_diff(*b))
            .max();
        assert!(
            difference < Some(12),
            "{difference:?}\n{small:?}\n{large:?}"
        );
    }

    #[test]
    fn thin_things_still_give_an_image() {
        let dot = to_image(paper(128, 3.0, &[(1.0, 255.0)]).ink()).unwrap();
        assert_eq!(dot.0.iter().max(), Some(&255));
        let mut pixels = vec![0; 100 * 100];
        pixels[50 * 100..51 * 100].fill(255);
        let line = Ink::new(100, 100, pixels).unwrap();
        let expected = Rect {
            left: 0,
            top: 13,
            right: 28,
            bottom: 14,
        };
        assert_eq!(inked(&to_image(&line).unwrap()), expected);
        let pixel = to_image(&Ink::new(1, 1, vec![25]).unwrap()).unwrap();
        assert_eq!(pixel.0, [100; crate::image::PIXELS]);
    }

    #[test]
    fn a_picture_on_the_paper_looks_like_the_picture() {
        let drawn = paper(
            300,
            9.0,
            &[(40.0, 40.0), (200.0, 60.0), (120.0, 220.0), (40.0, 40.0)],
        );
        let (on_paper, alone) = (picture_to_image(drawn.ink().clone()), to_image(drawn.ink()));
        let (on_paper, alone) = (on_paper.unwrap(), alone.unwrap());
        let difference = on_paper
            .0
            .iter()
            .zip(&alone.0)
            .map(|(a, b)| a.abs_diff(*b))
            .max();
        assert!(
            difference < Some(16),
            "{difference:?}\n{on_paper:?}\n{alone:?}"
        );
    }

    #[test]
    fn gain_is_four_at_most() {
        let strengthened = |pixels: &[u8]| {
            let mut pixels = pixels.to_vec();
            strengthen(&mut pixels);
            pixels
        };
        assert_eq!(strengthened(&[0, 60, 120]), [0, 128, 255]);
        assert_eq!(strengthened(&[0, 10, 20]), [0, 40, 80]);
    }
}
