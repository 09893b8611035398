//! Variations of an image as the net sees it: mirrored, shifted, turned, a part erased.

use crate::image::{Image, PIXELS, SIDE};
use rand::Rng;

/// Edge lengths of the erased part in pixels.
const ERASED: std::ops::RangeInclusive<usize> = 4..=12;

/// How much images are varied.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Variation {
    /// Probability that the image is mirrored.
    pub mirror: f64,
    /// Furthest shift in pixels, 0 or more.
    pub shift: i32,
    /// Furthest turn in degrees, either way.
    pub turn: f32,
    /// Probability that a random rectangle is replaced by noise.
    pub erase: f64,
}

impl Variation {
    /// Mirrors one time in two and shifts by up to two pixels.
    pub const USUAL: Variation = Variation {
        mirror: 0.5,
        shift: 2,
        turn: 0.0,
        erase: 0.0,
    };

    /// The image, varied.
    pub fn of(&self, image: &Image, rng: &mut impl Rng) -> Image {
        let mirrored = rng.random_bool(self.mirror);
        let (down, right) = (
            rng.random_range(-self.shift..=self.shift),
            rng.random_range(-self.shift..=self.shift),
        );
        let mut varied = shifted(image, mirrored, down, right);
        if self.turn > 0.0 {
            varied = turned(&varied, rng.random_range(-self.turn..=self.turn));
        }
        if rng.random_bool(self.erase) {
            erase_part(&mut varied, rng);
        }
        varied
    }
}

/// [`Variation::USUAL`] of the image, with a part erased with the probability `erase`.
pub fn vary(image: &Image, erase: f64, rng: &mut impl Rng) -> Image {
    let usual = Variation::USUAL;
    Variation { erase, ..usual }.of(image, rng)
}

/// Turned about its middle, clockwise by `degrees`; each pixel is blended from the four that its
/// place falls between.
fn turned(image: &Image, degrees: f32) -> Image {
    let (sin, cos) = degrees.to_radians().sin_cos();
    let middle = (SIDE as f32 - 1.0) / 2.0;
    let at = |row: f32, column: f32| -> f32 {
        let inside = 0.0..SIDE as f32;
        if inside.contains(&row) && inside.contains(&column) {
            f32::from(image.0[row as usize * SIDE + column as usize])
        } else {
            0.0
        }
    };
    Image(std::array::from_fn(|index| {
        let (y, x) = (
            (index / SIDE) as f32 - middle,
            (index % SIDE) as f32 - middle,
        );
        let (row, column) = (middle + cos * y - sin * x, middle + sin * y + cos * x);
        let (top, left) = (row.floor(), column.floor());
        let (down, right) = (row - top, column - left);
        let upper = at(top, left) * (1.0 - right) + at(top, left + 1.0) * right;
        let lower = at(top + 1.0, left) * (1.0 - right) + at(top + 1.0, left + 1.0) * right;
        (upper * (1.0 - down) + lower * down).round() as u8
    }))
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
    fn a_quarter_turn_moves_the_corner_to_the_next_one() {
        let next = 3 * SIDE + (SIDE - 1 - 3);
        assert_eq!(turned(&corner(), 90.0).0[next], 200);
        assert_eq!(turned(&corner(), 0.0), corner());
    }

    #[test]
    fn nothing_is_varied_that_was_not_asked_for() {
        let none = Variation {
            mirror: 0.0,
            shift: 0,
            turn: 0.0,
            erase: 0.0,
        };
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        assert_eq!(none.of(&corner(), &mut rng), corner());
        let turn = Variation { turn: 20.0, ..none };
        assert_ne!(turn.of(&corner(), &mut rng), corner());
    }

    #[test]
    fn the_seed_decides() {
        let vary = |seed| super::vary(&corner(), 0.5, &mut ChaCha8Rng::seed_from_u64(seed));
        assert!(vary(1) == vary(1));
        assert!((2..20).any(|seed| vary(seed) != vary(1)));
    }
}
