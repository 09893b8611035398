//! The sheet that a pictured drawing is on, as it looks without ink.

use super::Ink;

/// The sheet shows in a frame as wide as the shorter edge over this.
const FRAME_FRACTION: usize = 48;

/// Differences from the sheet up to here are noise, even in a clean picture.
pub(super) const LEAST_NOISE: i32 = 10;

/// Noise is at most taken for this much, so that strong ink survives a restless frame.
pub(super) const MOST_NOISE: i32 = 64;

/// Noise reaches this many median absolute deviations: four standard deviations, if it is normal.
pub(super) const DEVIATIONS: i32 = 6;

/// Opposite sides may differ by this much and still be one sheet, lit from one side.
const MOST_SHADOW: i32 = 96;

/// An outline along the border is at most this fraction of the picture, …
const OUTLINE_FRACTION: usize = 3;

/// … and at least this much darker than the sheet.
const LEAST_CONTRAST: i32 = 100;

/// A frame is even if all of it but one part in so many is one grey. In a photo noise spreads it over
/// several; in a picture that was made, ink may lie on a side of it.
const EVEN_PARTS: usize = 3;

/// Luminance of the sheet.
pub(super) struct Sheet {
    /// Luminance in the middle, 0 to 255.
    pub(super) level: i32,
    /// By how much the right side is lighter than the left, and the bottom than the top.
    slope: (i32, i32),
    /// Differences from the sheet up to here mean nothing.
    pub(super) noise: i32,
    /// Whether the frame is one grey, as in no photo.
    pub(super) is_even: bool,
}

impl Sheet {
    /// The sheet as the frame along the picture's border shows it. Medians, because strokes may
    /// cross the frame.
    pub(super) fn of(picture: &Ink) -> Self {
        let pixels: Vec<i32> = picture.pixels().iter().copied().map(i32::from).collect();
        let sides = frame_sides(&pixels, picture.width());
        let frame = sides.concat();
        let usual = median(frame.clone());
        let even = frame.iter().filter(|&&pixel| pixel == usual).count();
        let level = sheet_level(&pixels, median(sides.concat()));
        let [left, right, top, bottom] = sides.map(median);
        let slope = (shadow(right - left), shadow(bottom - top));
        let mut sheet = Self {
            level,
            slope,
            noise: 0,
            is_even: even * EVEN_PARTS >= frame.len() * (EVEN_PARTS - 1),
        };
        let deviations = frame_sides(&sheet.differences(picture), picture.width()).concat();
        let deviation = median(deviations.into_iter().map(i32::abs).collect());
        sheet.noise = (DEVIATIONS * deviation).clamp(LEAST_NOISE, MOST_NOISE);
        sheet
    }

    /// Luminance minus the sheet's, pixel by pixel.
    pub(super) fn differences(&self, picture: &Ink) -> Vec<i32> {
        let mut differences = Vec::with_capacity(picture.pixels().len());
        for y in 0..picture.height() {
            let row_level = self.level + part_of(self.slope.1, y, picture.height());
            for (x, &pixel) in picture.row(y).iter().enumerate() {
                let level = row_level + part_of(self.slope.0, x, picture.width());
                differences.push(i32::from(pixel) - level);
            }
        }
        differences
    }
}

/// The sheet's luminance, given the frame's. A dark frame that is rare in an otherwise light picture
/// is no sheet but an outline drawn right along the border.
fn sheet_level(pixels: &[i32], frame_level: i32) -> i32 {
    let level = median(pixels.to_vec());
    let like_frame = |&&pixel: &&i32| (pixel - frame_level).abs() <= LEAST_NOISE;
    let rare = pixels.iter().filter(like_frame).count() < pixels.len() / OUTLINE_FRACTION;
    if rare && level - frame_level > LEAST_CONTRAST {
        level
    } else {
        frame_level
    }
}

/// The values in the frame along the left, right, top and bottom side, given row by row.
fn frame_sides(values: &[i32], width: usize) -> [Vec<i32>; 4] {
    let height = values.len() / width;
    let frame = (width.min(height) / FRAME_FRACTION).max(1);
    let columns = |range: std::ops::Range<usize>| -> Vec<i32> {
        values
            .chunks_exact(width)
            .flat_map(|row| &row[range.clone()])
            .copied()
            .collect()
    };
    [
        columns(0..frame),
        columns(width - frame..width),
        values[..frame * width].to_vec(),
        values[values.len() - frame * width..].to_vec(),
    ]
}

/// What a slope adds at this position along an edge: minus half of it at one end, plus half at the
/// other.
fn part_of(slope: i32, position: usize, edge: usize) -> i32 {
    slope * (2 * position as i32 + 1 - edge as i32) / (2 * edge as i32)
}

/// The difference of two sides if it can be a shadow, and not something drawn over one side.
fn shadow(difference: i32) -> i32 {
    if difference.abs() <= MOST_SHADOW {
        difference
    } else {
        0
    }
}

fn median(mut values: Vec<i32>) -> i32 {
    let middle = values.len() / 2;
    *values.select_nth_unstable(middle).1
}
