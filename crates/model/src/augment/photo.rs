//! Variations of an image as the net sees it: mirrored, shifted, a part erased.

use crate::image::{Image, PIXELS, SIDE};
use rand::Rng;

/// Furthest shift in pixels.
const SHIFT: i32 = 2;

/// Edge lengths of the erased part in pixels.
const ERASED: std::ops::RangeInclusive<usize> = 4..=12;

/// How often the image is mirrored.
const MIRROR: f64 = 0.5;

/// Mirrors (one time in two), shifts by up to two pixels, and replaces a random rectangle by noise
/// with the probability `erase`.
pub fn vary(image: &Image, erase: f64, rng: &mut impl Rng) -> Image {
    let mirrored = rng.random_bool(MIRROR);
    let (down, right) = (
        rng.random_range(-SHIFT..=SHIFT),
        rng.random_range(-SHIFT..=SHIFT),
    );
    let mut varied = shifted(image, mirrored, down, right);
    if rng.random_bool(erase) {
        erase_part(&mut varied, rng);
    }
    varied
}

fn shifted(image: &Image, mirrored: bool, down: i32, right: i32) -> Image {
    let mut shifted = [0; PIXELS];
    for (index, pixel) in shifted.iter_mut().enumerate() {
        let row = (index / SIDE) as i32 - down;
        let column = (index % SIDE) as i32 - right;
        let inside = 0..SIDE as i32;
        if inside.contains(&row) && inside.contains(&column) {
            let column = if mirrored {
                SIDE as i32 - 1 - column
            } else {
                column
            };
            *pixel = image.0[row as usize * SIDE + column as usize];
        }
    }
    Image(shifted)
}

/// Random erasing (Zhong et al. 2017): the net must not rely on any one part.
fn erase_part(image: &mut Image, rng: &mut impl Rng) {
    let (height, width) = (rng.random_range(ERASED), rng.random_range(ERASED));
    let (top, left) = (rng.random_range(0..SIDE), rng.random_range(0..SIDE));
    for row in top.saturating_sub(height / 2)..SIDE.min(top + height.div_ceil(2)) {
        for column in left.saturating_sub(width / 2)..SIDE.min(left + width.div_ceil(2)) {
            image.0[row * SIDE + column] = rng.random();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    fn corner() -> Image {
        let mut image = Image::blank();
        image.0[3 * SIDE + 3] = 200;
        image
    }

    #[test]
    fn shifting_and_mirroring_move_the_pixel() {
        assert_eq!(shifted(&corner(), false, 1, 2).0[4 * SIDE + 5], 200);
        assert_eq!(shifted(&corner(), true, 0, 0).0[3 * SIDE + 24], 200);
        assert!(shifted(&corner(), false, -4, 0).is_blank());
    }

    #[test]
    fn the_seed_decides() {
        let vary = |seed| super::vary(&corner(), 0.5, &mut ChaCha8Rng::seed_from_u64(seed));
        assert!(vary(1) == vary(1));
        assert!((2..20).any(|seed| vary(seed) != vary(1)));
    }
}
