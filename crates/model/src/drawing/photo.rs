//! Photographed paper: the ink on a sheet that is unevenly lit, printed, punched, lies on a table.

use super::backdrop::{closed, inverted, opened, softened};
use super::cut_out::{CutOut, cut_out, small};
use super::mask::Mask;
use super::picture::{SURELY_DARK, SURELY_LIGHT, full_strength};
use super::sheet::{DEVIATIONS, LEAST_NOISE, MOST_NOISE};
use super::{Ink, rules, specks};

/// Lines are narrower than the picture's longest edge over this.
const WIDEST_LINE: usize = 20;

/// What is narrower than twice this in the small picture tells whether ink is dark or light: a line,
/// not the sheet between two of them.
const THIN_RADIUS: usize = 2;

/// Sheets are at least this light: what is darker swallows all light, noise and all.
const DARKEST_SHEET: i32 = 32;

/// Softened, a line of one pixel is that many times weaker.
const SOFTENED_LINE: i32 = 3;

/// Width of a filled shape's soft edge in pixels.
const SOFT_EDGE: usize = 3;

/// Ink weaker than full ink over this is dirt, …
const FAINT_FRACTION: u8 = 5;

/// … and so is every piece of which less than one part in `STRONG_PARTS` exceeds full ink over this.
const STRONG_FRACTION: u8 = 2;
const STRONG_PARTS: usize = 6;

/// The ink in a photo of a drawing, 0 to 255 and cut to its sheet if that is in view; `least` is the
/// size of the smallest speck in pixels. `frame_level` is the luminance along the border.
pub(super) fn ink(picture: &Ink, frame_level: i32, least: usize) -> Ink {
    let mut small = small(picture);
    let mut picture = picture.clone();
    if frame_level < SURELY_LIGHT && is_light_on_dark(&small, frame_level) {
        for picture in [&mut small, &mut picture] {
            let negative = inverted(picture.pixels());
            picture.pixels_mut().copy_from_slice(&negative);
        }
    }
    let CutOut { picture, inside } = cut_out(&picture, &small).unwrap_or_else(|| CutOut {
        inside: vec![true; picture.pixels().len()],
        picture,
    });
    let (mut strengths, noise) = strengths(&picture, &inside);
    let width = picture.width();
    rules::remove(&mut strengths, width, noise);
    let mut ink = picture;
    ink.pixels_mut().copy_from_slice(&strengths);
    let full = full_strength(strengths.iter().copied().map(i32::from), noise.into()) as u8;
    drop_faint(&mut ink, full, noise);
    for pixel in ink.pixels_mut() {
        *pixel = (u32::from(*pixel) * 255 / u32::from(full)).min(255) as u8;
    }
    specks::keep_drawing(&mut ink, least);
    ink
}

/// Whether a picture whose frame has one grey shows a sheet of paper all the same: ruled, or on a
/// table, as scanners have it. `strengths` is how strong its ink is on a sheet of the frame's grey.
pub(super) fn is_of_paper(picture: &Ink, strengths: &[u8]) -> bool {
    rules::is_ruled(strengths, picture.width(), LEAST_NOISE as u8)
        || cut_out(picture, &small(picture)).is_some()
}

/// Whether thin things in the picture are rather lighter than what is around them than darker.
fn is_light_on_dark(small: &Ink, frame_level: i32) -> bool {
    let difference = |background: &[u8]| -> u64 {
        let beyond =
            |(a, b): (&u8, &u8)| u64::from(a.abs_diff(*b).saturating_sub(LEAST_NOISE as u8));
        small.pixels().iter().zip(background).map(beyond).sum()
    };
    let [dark, light] = [closed, opened]
        .map(|background| difference(&background(small.pixels(), small.width(), THIN_RADIUS)));
    light > dark || (light == dark && frame_level <= SURELY_DARK)
}

/// How much of the sheet's light each pixel swallows, 0 to 255, and up to where that is noise.
fn strengths(picture: &Ink, inside: &[bool]) -> (Vec<u8>, u8) {
    let width = picture.width();
    let radius = width.max(picture.height()) / (2 * WIDEST_LINE);
    let soft = softened(picture.pixels(), width);
    let mut background = closed(&soft, width, radius.max(1));
    lighten_filled(&mut background, inside, width);
    let swallowed = |(&pixel, &background): (&u8, &u8)| {
        let background = i32::from(background).max(DARKEST_SHEET);
        (background - i32::from(pixel)) * 255 / background
    };
    let pairs = || picture.pixels().iter().zip(&background);
    let mut sorted: Vec<i32> = pairs()
        .zip(inside)
        .filter(|(_, inside)| **inside)
        .map(|(pair, _)| swallowed(pair))
        .collect();
    let (level, deviation) = spread(&mut sorted);
    let noise = (DEVIATIONS * deviation).clamp(LEAST_NOISE, MOST_NOISE);
    let strength = |index: usize| {
        let strength = |pixels: &[u8]| swallowed((&pixels[index], &background[index])) - level;
        // The dark side of a sharp edge is darker than the softened background, but not so softened.
        let strength = strength(picture.pixels()).min(SOFTENED_LINE * strength(&soft));
        if inside[index] {
            strength.clamp(0, 255) as u8
        } else {
            0
        }
    };
    let strengths = (0..soft.len()).map(strength).collect();
    (strengths, noise as u8)
}

/// Makes sheet of what is much darker than the sheet and wider than a line but does not reach its
/// border, as every shadow does: it is a filled shape, and ink.
fn lighten_filled(background: &mut [u8], inside: &[bool], width: usize) {
    let mut sheet: Vec<u8> = background
        .iter()
        .zip(inside)
        .filter_map(|(&grey, &inside)| inside.then_some(grey))
        .collect();
    let quarter = sheet.len() / 4;
    if quarter == 0 {
        return;
    }
    let paper = *sheet.select_nth_unstable(3 * quarter).1;
    let is_dark = |(&grey, &inside): (&u8, &bool)| !inside || grey < paper / 2;
    let dark = Mask::new(width, background.iter().zip(inside).map(is_dark).collect());
    let beside: Vec<usize> = (0..inside.len()).filter(|&index| !inside[index]).collect();
    let filled = dark
        .without(&dark.flooded(&[dark.border(), beside].concat()))
        .dilated(SOFT_EDGE);
    for (index, grey) in background.iter_mut().enumerate() {
        if filled.holds(index) {
            *grey = paper.max(*grey);
        }
    }
}

/// The median, and the median deviation from it.
fn spread(values: &mut [i32]) -> (i32, i32) {
    let middle = values.len() / 2;
    if values.is_empty() {
        return (0, 0);
    }
    let median = *values.select_nth_unstable(middle).1;
    values
        .iter_mut()
        .for_each(|value| *value = (*value - median).abs());
    (median, *values.select_nth_unstable(middle).1)
}

/// Makes paper of what is too faint, each pixel for itself and each connected piece as a whole.
fn drop_faint(ink: &mut Ink, full: u8, noise: u8) {
    let least = noise.max(full / FAINT_FRACTION);
    let strong = noise.max(full / STRONG_FRACTION);
    let mask = Mask::of(ink, |pixel| pixel > least);
    let faint = mask.inverted();
    let width = ink.width();
    let pixels = ink.pixels_mut();
    for (index, pixel) in pixels.iter_mut().enumerate() {
        if faint.holds(index) {
            *pixel = 0;
        }
    }
    for piece in specks::pieces(&mask, width) {
        let count = piece
            .cells
            .iter()
            .filter(|&&cell| pixels[cell] >= strong)
            .count();
        if count * STRONG_PARTS < piece.cells.len() {
            piece.cells.iter().for_each(|&cell| pixels[cell] = 0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{Rng, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    const SIZE: (usize, usize) = (400, 300);

    /// The ink of a noisy photo, whose luminance is given for each pixel.
    fn read(luminance: impl Fn(f32, f32) -> f32) -> Ink {
        let mut random = ChaCha8Rng::seed_from_u64(3);
        let mut pixel = |index: usize| {
            let grey = luminance((index % SIZE.0) as f32, (index / SIZE.0) as f32);
            (grey + random.random_range(-3.0..3.0)).clamp(0.0, 255.0) as u8
        };
        let pixels: Vec<u8> = (0..SIZE.0 * SIZE.1).map(&mut pixel).collect();
        Ink::from_luminance(SIZE.0, SIZE.1, &pixels).unwrap()
    }

    fn is_in_ring(x: f32, y: f32) -> bool {
        (60.0..66.0).contains(&(x - 200.0).hypot(y - 150.0))
    }

    #[test]
    fn a_filled_shape_stays_filled_and_a_shadow_as_dark_goes() {
        let ink = read(|x, y| {
            let shade = if x + y > 560.0 { 0.35 } else { 1.0 };
            let paper = if (x - 180.0).hypot(y - 140.0) < 70.0 {
                0.25
            } else {
                1.0
            };
            220.0 * shade * paper
        });
        assert!(ink.row(140)[180] > 200, "{}", ink.row(140)[180]);
        let bounds = ink.bounds_above(24);
        assert!(
            (108..114).contains(&bounds.left) && (247..253).contains(&bounds.right),
            "{bounds:?}"
        );
    }

    #[test]
    fn a_ring_is_found_whatever_is_beside_it() {
        let ring = |x: f32, y: f32, ink: f32| if is_in_ring(x, y) { ink } else { 1.0 };
        type Photo<'a> = (&'a str, &'a dyn Fn(f32, f32) -> f32);
        let photos: [Photo; 5] = [
            ("a hard shadow across it", &|x, y| {
                ring(x, y, 0.3) * if x - y > 80.0 { 110.0 } else { 200.0 }
            }),
            ("chalk on a board", &|x, y| 50.0 * ring(x, y, 4.0)),
            ("squares", &|x, y| {
                let line = x.rem_euclid(20.0) < 1.5 || y.rem_euclid(20.0) < 1.5;
                if is_in_ring(x, y) {
                    60.0
                } else if line {
                    170.0
                } else {
                    220.0
                }
            }),
            ("a dark table", &|x, y| {
                let sheet = (30.0..370.0).contains(&x) && (20.0..280.0).contains(&y);
                if sheet { 215.0 * ring(x, y, 0.3) } else { 80.0 }
            }),
            ("holes", &|x, y| {
                let hole = [70.0, 230.0]
                    .iter()
                    .any(|&row| (x - 17.0).hypot(y - row) < 7.5);
                if hole { 60.0 } else { 215.0 * ring(x, y, 0.3) }
            }),
        ];
        for (name, photo) in photos {
            let bounds = read(photo).bounds_above(24);
            let round = bounds.width().abs_diff(132) < 12 && bounds.height().abs_diff(132) < 12;
            assert!(round, "{name}: {bounds:?}");
        }
    }

    #[test]
    fn an_empty_photographed_sheet_is_blank() {
        for grey in [2.0, 60.0, 130.0, 230.0] {
            assert!(
                read(|x, _| grey + 0.05 * x).bounds_above(0).is_empty(),
                "{grey}"
            );
        }
    }
}
