//! Contact sheets: many small images with captions, in one picture.

use font8x8::{BASIC_FONTS, UnicodeFonts};
use image::{Rgb, RgbImage};
use model::image::{Image, SIDE};

/// Edge in pixels of a letter.
const LETTER: u32 = 8;

/// Pixels between a tile's parts, and around it.
const GAP: u32 = 4;

const PAPER: Rgb<u8> = Rgb([255, 255, 255]);
const INK: Rgb<u8> = Rgb([32, 36, 44]);
const RIGHT: Rgb<u8> = Rgb([22, 120, 60]);
const WRONG: Rgb<u8> = Rgb([190, 30, 45]);

/// An image with lines of text below it.
#[derive(Debug, Clone)]
pub struct Tile {
    /// The image.
    pub image: Image,
    /// What stands below it; letters outside ASCII are left out.
    pub captions: Vec<String>,
    /// Whether what the captions claim is right, wrong, or no claim.
    pub verdict: Option<bool>,
}

/// Tiles row by row, their pixels enlarged `scale` times. Drawings look as they were drawn, dark on
/// white, if `inverted`.
pub fn draw(tiles: &[Tile], columns: usize, scale: u32, inverted: bool) -> RgbImage {
    let lines = tiles
        .iter()
        .map(|tile| tile.captions.len())
        .max()
        .unwrap_or(0) as u32;
    let longest = tiles
        .iter()
        .flat_map(|tile| &tile.captions)
        .map(String::len)
        .max();
    let image_side = SIDE as u32 * scale;
    let width = image_side.max(longest.unwrap_or(0) as u32 * LETTER) + 2 * GAP;
    let height = image_side + lines * (LETTER + GAP / 2) + 3 * GAP;
    let columns = columns.clamp(1, tiles.len().max(1));
    let rows = tiles.len().div_ceil(columns);
    let mut sheet = RgbImage::from_pixel(columns as u32 * width, rows as u32 * height, PAPER);
    for (index, tile) in tiles.iter().enumerate() {
        let left = (index % columns) as u32 * width;
        let top = (index / columns) as u32 * height + GAP;
        draw_image(
            &mut sheet,
            &tile.image,
            (left + (width - image_side) / 2, top),
            scale,
            inverted,
        );
        let colour = match tile.verdict {
            Some(true) => RIGHT,
            Some(false) => WRONG,
            None => INK,
        };
        for (line, caption) in tile.captions.iter().enumerate() {
            let text_width = caption.len() as u32 * LETTER;
            let below = top + image_side + GAP + line as u32 * (LETTER + GAP / 2);
            draw_text(
                &mut sheet,
                caption,
                (left + (width - text_width) / 2, below),
                colour,
            );
        }
    }
    sheet
}

fn draw_image(
    sheet: &mut RgbImage,
    image: &Image,
    (left, top): (u32, u32),
    scale: u32,
    inverted: bool,
) {
    for y in 0..SIDE as u32 * scale {
        for x in 0..SIDE as u32 * scale {
            let pixel = image.0[(y / scale) as usize * SIDE + (x / scale) as usize];
            let shade = if inverted { 255 - pixel } else { pixel };
            sheet.put_pixel(left + x, top + y, Rgb([shade; 3]));
        }
    }
}

fn draw_text(sheet: &mut RgbImage, text: &str, (left, top): (u32, u32), colour: Rgb<u8>) {
    for (index, letter) in text.chars().enumerate() {
        let rows = BASIC_FONTS.get(letter).unwrap_or_default();
        for (y, row) in rows.into_iter().enumerate() {
            for x in (0..LETTER).filter(|x| row >> x & 1 == 1) {
                sheet.put_pixel(left + index as u32 * LETTER + x, top + y as u32, colour);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::image::PIXELS;

    #[test]
    fn tiles_lie_beside_each_other_with_their_captions() {
        let tile = |shade, verdict| Tile {
            image: Image([shade; PIXELS]),
            captions: vec!["T-shirt".into()],
            verdict,
        };
        let sheet = draw(
            &[tile(10, Some(true)), tile(20, Some(false)), tile(30, None)],
            2,
            2,
            false,
        );
        let (width, height) = (2 * (56 + 8), 2 * (56 + 10 + 12));
        assert_eq!(sheet.dimensions(), (width, height));
        assert_eq!(sheet.get_pixel(30, 30), &Rgb([10; 3]));
        assert_eq!(sheet.get_pixel(64 + 30, 30), &Rgb([20; 3]));
        assert_eq!(sheet.get_pixel(30, height / 2 + 30), &Rgb([30; 3]));
        let count = |colour| sheet.pixels().filter(|&&pixel| pixel == colour).count();
        assert!(count(RIGHT) > 50 && count(RIGHT) == count(WRONG) && count(WRONG) == count(INK));
    }
}
