//! Sleeves turned outwards: people draw tops with their arms spread, photos show them hanging.

use rand::Rng;

use super::contour::Place;
use super::field::{Field, SIDE};
use super::mask::Mask;

/// How the sleeves of one photo are turned.
pub(super) struct Spread {
    middle: Place,
    left: Sleeve,
    right: Sleeve,
    /// Below 1 where the spread sleeves would not fit.
    scale: f32,
}

/// All that lies beyond the vertical line through the shoulder is a sleeve.
struct Sleeve {
    shoulder: Place,
    sin: f32,
    cos: f32,
}

impl Spread {
    /// Sleeves turned by 20 to 60 degrees; `None` for a shape without any.
    pub(super) fn plan(mask: &Mask, rng: &mut impl Rng) -> Option<Self> {
        let (top, bottom) = (
            (0..SIDE).find(|&y| extent(mask, y).is_some())?,
            (0..SIDE).rfind(|&y| extent(mask, y).is_some())?,
        );
        let columns = (top..=bottom).filter_map(|y| extent(mask, y));
        let (left, right) = columns.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))?;
        if right - left < 24 || bottom - top < 24 {
            return None;
        }
        let (torso_left, torso_right) = torso(mask, (left, right), (top, bottom))?;
        let angle: f32 = rng.random_range(20.0..60.0);
        let mut sleeve = |x: usize, sign: f32| {
            let radians = sign * (angle + rng.random_range(-6.0..6.0)).to_radians();
            let shoulder = (top..bottom).find(|&y| mask.contains(y * SIDE + x));
            let y = shoulder.unwrap_or(top).min(top + 20) + 8;
            Sleeve {
                shoulder: (x as f32, y as f32),
                sin: radians.sin(),
                cos: radians.cos(),
            }
        };
        let (left, right) = (sleeve(torso_left, 1.0), sleeve(torso_right, -1.0));
        let middle = ((torso_left + torso_right) as f32 / 2.0, SIDE as f32 / 2.0);
        let reach = reach(mask, &left, &right) + (torso_right - torso_left) as f32 / 2.0;
        let scale = (56.0 / reach).min(1.0);
        Some(Self {
            middle,
            left,
            right,
            scale,
        })
    }

    /// Size of the result relative to the photo's, at most 1.
    pub(super) fn scale(&self) -> f32 {
        self.scale
    }

    /// The field with its sleeves turned.
    pub(super) fn apply(&self, field: &Field) -> Field {
        let half = SIDE as f32 / 2.0;
        let (low, high) = (self.left.shoulder.0, self.right.shoulder.0);
        let mut spread = vec![0.0f32; SIDE * SIDE];
        for (row, values) in spread.chunks_exact_mut(SIDE).enumerate() {
            let y = (row as f32 - half) / self.scale + self.middle.1;
            for (column, value) in values.iter_mut().enumerate() {
                let x = (column as f32 - half) / self.scale + self.middle.0;
                if (low..=high).contains(&x) {
                    *value = field.sample(x, y);
                }
                let source = self.left.turned_back(x, y);
                if source.0 < low {
                    *value = value.max(field.sample(source.0, source.1));
                }
                let source = self.right.turned_back(x, y);
                if source.0 > high {
                    *value = value.max(field.sample(source.0, source.1));
                }
            }
        }
        Field(spread)
    }
}

impl Sleeve {
    fn turned_back(&self, x: f32, y: f32) -> Place {
        let (right, down) = (x - self.shoulder.0, y - self.shoulder.1);
        (
            self.shoulder.0 + right * self.cos + down * self.sin,
            self.shoulder.1 - right * self.sin + down * self.cos,
        )
    }
}

/// The first and last column of the shape in row `y`.
fn extent(mask: &Mask, y: usize) -> Option<(usize, usize)> {
    let row = &mask.0[y * SIDE..][..SIDE];
    let first = row.iter().position(|&pixel| pixel != 0)?;
    let last = row.iter().rposition(|&pixel| pixel != 0)?;
    Some((first, last))
}

/// The columns between which the torso lies: those of the hem, unless the sleeves hang down to it.
/// `None` for a narrow shape, which has no sleeves.
fn torso(
    mask: &Mask,
    (left, right): (usize, usize),
    (top, bottom): (usize, usize),
) -> Option<(usize, usize)> {
    let width = right - left;
    let hem = extent(mask, bottom - 5).filter(|hem| {
        let wide = hem.1 - hem.0;
        wide * 20 < width * 17 && wide * 5 > width * 2
    });
    let hanging = (left + width * 22 / 100, right - width * 22 / 100);
    let broad = width * 100 > (bottom - top) * 62;
    hem.or(broad.then_some(hanging))
}

/// The greatest distance of a sleeve's pixel from its shoulder.
fn reach(mask: &Mask, left: &Sleeve, right: &Sleeve) -> f32 {
    let mut reach = 0.0f32;
    for y in (0..SIDE).step_by(2) {
        let Some((first, last)) = extent(mask, y) else {
            continue;
        };
        for (x, sleeve) in [(first, left), (last, right)] {
            let (right, down) = (x as f32 - sleeve.shoulder.0, y as f32 - sleeve.shoulder.1);
            reach = reach.max((right * right + down * down).sqrt());
        }
    }
    reach
}
