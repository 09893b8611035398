//! Pictures from elsewhere as ink: scans, photos of paper, icons, dark ink on light or the reverse.

use super::ink::check_size;
use super::sheet::Sheet;
use super::{Ink, InkError, Rect, area, grey_on, photo, specks};

/// Longest edge in pixels that is kept; larger pictures are scaled down.
const KEPT_EDGE: usize = 1024;

/// Sheets from here on are taken for light, …
pub(super) const SURELY_LIGHT: i32 = 160;

/// … and up to here for dark, whatever is drawn on them.
pub(super) const SURELY_DARK: i32 = 96;

/// The share of ink that may be stronger than full ink: sparks and glare are not to set the scale.
const STRONGEST_SHARE: usize = 50;

/// Ink weaker than full ink over this is dirt: texture of the paper, halos of JPEG.
const DIRT_FRACTION: i32 = 10;

/// Specks smaller than a square of the longest edge over this are dust.
const DUST_FRACTION: usize = 192;

impl Ink {
    /// The ink of a grey picture (row by row, 0 = black, 255 = white), dark on light or light on
    /// dark; strong ink becomes 255. The longest edge is at most 1,024 pixels: larger pictures are
    /// scaled down.
    ///
    /// The frame along the border tells a picture that was made from one that was taken. In one that
    /// was made, the frame has one grey, the sheet's. In a photo the sheet is found around each pixel,
    /// which takes shadows off; a sheet that lies on something darker is cut out and straightened,
    /// and what is printed on it, punched into it or written beside the drawing becomes paper.
    ///
    /// ```
    /// # use model::drawing::Ink;
    /// let ink = Ink::from_luminance(3, 3, &[250, 250, 250, 250, 20, 250, 250, 250, 250])?;
    /// assert_eq!(ink.pixels(), [0, 0, 0, 0, 255, 0, 0, 0, 0]);
    /// # Ok::<(), model::drawing::InkError>(())
    /// ```
    ///
    /// # Errors
    /// When an edge is 0 or above [`MAX_EDGE`](super::MAX_EDGE), or `luminance` is not
    /// `width * height` long.
    pub fn from_luminance(width: usize, height: usize, luminance: &[u8]) -> Result<Self, InkError> {
        check_size(width, height, 1, luminance.len())?;
        let longest = width.max(height);
        let kept = |edge: usize| (edge * longest.min(KEPT_EDGE) / longest).max(1);
        let size = (kept(width), kept(height));
        let whole = Rect {
            left: 0,
            top: 0,
            right: width,
            bottom: height,
        };
        let pixels = area::scale_rows(luminance, width, whole, size);
        let mut ink = Self::new(size.0, size.1, pixels)?;
        let sheet = Sheet::of(&ink);
        let dust = longest.min(KEPT_EDGE) / DUST_FRACTION;
        let strengths = strengths(&ink, &sheet);
        if !sheet.is_even || photo::is_of_paper(&ink, &strengths) {
            return Ok(photo::ink(&ink, sheet.level, dust * dust));
        }
        ink.pixels_mut().copy_from_slice(&strengths);
        specks::remove(&mut ink, dust * dust);
        Ok(ink)
    }

    /// The ink of a colour picture (row by row: red, green, blue, opacity), see
    /// [`Ink::from_luminance`]. What is transparent is taken for white paper, or for black paper if
    /// nothing is to be seen on white. Colours of one luminance are told apart by a channel.
    ///
    /// # Errors
    /// When an edge is 0 or above [`MAX_EDGE`](super::MAX_EDGE), `rgba` is not `4 * width * height`
    /// long, or there is no ink.
    pub fn from_rgba(width: usize, height: usize, rgba: &[u8]) -> Result<Self, InkError> {
        check_size(width, height, 4, rgba.len())?;
        // Where nothing is transparent, the colour of the paper makes no difference.
        let is_opaque = rgba.iter().skip(3).step_by(4).all(|&a| a == 255);
        for &paper in if is_opaque { &[255][..] } else { &[255, 0] } {
            let ink = Self::from_luminance(width, height, &grey_on(paper, rgba))?;
            if ink.pixels().iter().any(|&pixel| pixel > 0) {
                return Ok(ink);
            }
        }
        Err(InkError::Blank)
    }
}

/// How strong the ink is in each pixel of a luminance picture.
fn strengths(picture: &Ink, sheet: &Sheet) -> Vec<u8> {
    let mut strengths = sheet.differences(picture);
    if !light_on_dark(sheet, &strengths) {
        strengths
            .iter_mut()
            .for_each(|strength| *strength = -*strength);
    }
    let full = full_strength(strengths.iter().copied(), sheet.noise);
    let least = sheet.noise.max(full / DIRT_FRACTION);
    let ink = |&strength: &i32| {
        if strength > least {
            (strength * 255 / full).min(255) as u8
        } else {
            0
        }
    };
    strengths.iter().map(ink).collect()
}

/// Whether the ink is lighter than the sheet. A sheet of middling grey does not tell; then it is
/// whatever more of the picture is.
fn light_on_dark(sheet: &Sheet, differences: &[i32]) -> bool {
    if sheet.level >= SURELY_LIGHT || sheet.level <= SURELY_DARK {
        return sheet.level <= SURELY_DARK;
    }
    let beyond_noise = |&difference: &i32| (difference.abs() > sheet.noise).then_some(difference);
    differences
        .iter()
        .filter_map(beyond_noise)
        .map(i64::from)
        .sum::<i64>()
        > 0
}

/// The strength that becomes 255: that which only a small share of the ink exceeds. At least 1.
pub(super) fn full_strength(strengths: impl Iterator<Item = i32>, noise: i32) -> i32 {
    let mut ink: Vec<i32> = strengths.filter(|&strength| strength > noise).collect();
    let stronger = ink.len() / STRONGEST_SHARE;
    match ink.len().checked_sub(stronger + 1) {
        Some(position) => *ink.select_nth_unstable(position).1,
        None => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{Rng, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    const SIZE: (usize, usize) = (400, 300);

    /// A thick ring, which should come out as ink whatever the sheet looks like.
    fn in_ring(x: usize, y: usize) -> bool {
        let (x, y) = (x as f32 - 200.0, y as f32 - 150.0);
        (80.0..90.0).contains(&(x * x + y * y).sqrt())
    }

    fn picture(luminance: impl FnMut((usize, usize)) -> u8) -> Ink {
        let positions = (0..SIZE.1).flat_map(|y| (0..SIZE.0).map(move |x| (x, y)));
        let pixels: Vec<u8> = positions.map(luminance).collect();
        Ink::from_luminance(SIZE.0, SIZE.1, &pixels).unwrap()
    }

    /// Checks that the ring, and nothing else, is strong ink.
    fn check(name: &str, ink: &Ink) {
        for y in 0..SIZE.1 {
            for (x, &pixel) in ink.row(y).iter().enumerate() {
                let right = if in_ring(x, y) {
                    pixel > 170
                } else {
                    pixel == 0
                };
                assert!(right, "{name}: {pixel} at {x}, {y}");
            }
        }
    }

    #[test]
    fn finds_the_ring_on_any_sheet() {
        let sheets = [
            ("clean", 255, 0),
            ("faint", 230, 190),
            ("board", 20, 240),
            ("grey", 128, 60),
            ("slate", 120, 220),
        ];
        for (name, sheet, ink) in sheets {
            check(
                name,
                &picture(|(x, y)| if in_ring(x, y) { ink } else { sheet }),
            );
        }
    }

    #[test]
    fn finds_the_ring_in_a_noisy_shadowed_photo_with_dust() {
        let mut random = ChaCha8Rng::seed_from_u64(1);
        let photo = picture(|(x, y)| {
            let shadow = 150.0 + x as f32 * 0.15 + y as f32 * 0.1;
            let ink = if in_ring(x, y) { 90.0 } else { 0.0 };
            let noise: f32 = (0..4).map(|_| random.random_range(-4.0..4.0)).sum();
            let dust = if (x, y) == (20, 33) { 100.0 } else { 0.0 };
            (shadow - ink - dust + noise) as u8
        });
        // Noise may gnaw at the ring's strength, but not put ink elsewhere.
        check("photo", &photo);
    }

    #[test]
    fn an_outline_along_the_border_is_ink() {
        let on_border =
            |(x, y): (usize, usize)| x < 9 || y < 9 || x >= SIZE.0 - 9 || y >= SIZE.1 - 9;
        let outline = picture(|position| if on_border(position) { 10 } else { 240 });
        assert_eq!((outline.row(150)[4], outline.row(150)[200]), (255, 0));
        let silhouette = picture(|position| if on_border(position) { 240 } else { 10 });
        assert_eq!((silhouette.row(150)[4], silhouette.row(150)[200]), (0, 255));
    }

    #[test]
    fn a_silhouette_from_border_to_border_is_filled() {
        let silhouette = picture(|(x, _)| if (110..290).contains(&x) { 0 } else { 255 });
        assert_eq!(
            (silhouette.row(150)[200], silhouette.row(150)[50]),
            (255, 0)
        );
        assert_eq!(
            (silhouette.row(0)[200], silhouette.row(299)[200]),
            (255, 255)
        );
    }

    #[test]
    fn an_empty_sheet_is_blank() {
        let mut random = ChaCha8Rng::seed_from_u64(2);
        for sheet in [0, 90, 128, 200, 255_u8] {
            let blank = picture(|_| sheet.saturating_add(random.random_range(0..6)));
            assert!(blank.bounds_above(0).is_empty(), "{sheet}");
        }
    }

    #[test]
    fn the_canvas_as_a_picture_is_the_canvas() {
        let mut paper = super::super::Paper::new(256);
        let (from, to) = (
            super::super::Point::new(40.0, 50.0),
            super::super::Point::new(200.0, 180.0),
        );
        paper.segment(from, to, 9.0, false);
        let luminance: Vec<u8> = paper
            .ink()
            .pixels()
            .iter()
            .map(|pixel| 255 - pixel)
            .collect();
        let read = Ink::from_luminance(256, 256, &luminance).unwrap();
        for (read, drawn) in read.pixels().iter().zip(paper.ink().pixels()) {
            assert!(
                read == drawn || (*read == 0 && *drawn <= 25),
                "{read} {drawn}"
            );
        }
    }

    #[test]
    fn transparent_is_paper() {
        let rgba = |ink: [u8; 3], opacity: u8| -> Vec<u8> {
            let pixel = |index| {
                if index == 12 {
                    [ink[0], ink[1], ink[2], opacity]
                } else {
                    [0; 4]
                }
            };
            (0..25).flat_map(pixel).collect()
        };
        for (ink, opacity) in [
            ([0; 3], 255),
            ([200, 0, 30], 255),
            ([255; 3], 255),
            ([0; 3], 100),
        ] {
            let read = Ink::from_rgba(5, 5, &rgba(ink, opacity)).unwrap();
            let expected: Vec<u8> = (0..25)
                .map(|index| if index == 12 { 255 } else { 0 })
                .collect();
            assert_eq!(read.pixels(), expected, "{ink:?}");
        }
    }

    #[test]
    fn large_pictures_are_scaled_and_impossible_ones_refused() {
        let ink = Ink::from_luminance(4096, 2, &vec![255; 8192]).unwrap();
        assert_eq!((ink.width(), ink.height()), (1024, 1));
        let too_large = Ink::from_luminance(20_000, 1, &[]);
        assert_eq!(
            too_large,
            Err(InkError::TooLarge {
                width: 20_000,
                height: 1
            })
        );
        assert!(Ink::from_rgba(2, 2, &[0; 15]).is_err());
    }

    #[test]
    fn ink_as_light_as_its_paper_is_read_and_a_blank_picture_told() {
        let drawn = |paper: [u8; 4], ink: [u8; 4]| {
            let positions = (0..SIZE.1).flat_map(|y| (0..SIZE.0).map(move |x| (x, y)));
            let rgba: Vec<u8> = positions
                .flat_map(|(x, y)| if in_ring(x, y) { ink } else { paper })
                .collect();
            Ink::from_rgba(SIZE.0, SIZE.1, &rgba)
        };
        let (brown, green) = ([139, 69, 19, 255], [0, 128, 0, 255]);
        check("green on brown", &drawn(brown, green).unwrap());
        for paper in [[255; 4], brown, [0; 4]] {
            assert_eq!(drawn(paper, paper), Err(InkError::Blank));
        }
    }
}
