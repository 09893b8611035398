//! Photos turned into pictures that look drawn, pixel by pixel.

use rand::Rng;

use super::field::{AREA, Field, SIDE};
use super::mask::Mask;
use super::warp::warped;
use super::{Inner, quantile_within, random_shape};
use crate::drawing::{Ink, to_image};
use crate::image::Image;

/// The photo as a drawn picture: a silhouette, an outline, an outline with a fill, a fill with
/// seams, or a few flat greys; bent a little. `None` for a photo without a garment.
pub fn render(photo: &Image, rng: &mut impl Rng) -> Option<Image> {
    let field = Field::of_photo(photo);
    let (mask, _) = random_shape(&field, rng);
    if mask.is_empty() {
        return None;
    }
    let picture = match rng.random_range(0..8) {
        0 => silhouette(&mask),
        1..=3 => outline(photo, &field, &mask, 0.0, rng),
        4..=5 => {
            let fill = rng.random_range(50.0..200.0);
            outline(photo, &field, &mask, fill, rng)
        }
        6 => seams(photo, &field, &mask, rng),
        _ => posterised(&field, &mask, rng),
    };
    let picture = warped(&picture, rng);
    let pixels = picture.0.iter().map(|&value| value as u8).collect();
    to_image(&Ink::new(SIDE, SIDE, pixels).ok()?)
}

/// All of it filled. The grey does not matter: [`to_image`] strengthens any one grey to 255.
fn silhouette(mask: &Mask) -> Field {
    picture(|index| if mask.contains(index) { 255.0 } else { 0.0 })
}

/// A band along the edge, around `fill`, often with inner edges.
fn outline(photo: &Image, field: &Field, mask: &Mask, fill: f32, rng: &mut impl Rng) -> Field {
    let outer = mask.grown(rng.random_range(0..=4));
    let inner = mask.shrunk(rng.random_range(1..=4));
    let edges = rng.random_bool(0.5).then(|| edges(photo, field, mask, rng));
    picture(|index| {
        let on_edge = edges.as_ref().is_some_and(|edges| edges.contains(index));
        if !outer.contains(index) {
            0.0
        } else if on_edge || !inner.contains(index) {
            255.0
        } else {
            fill
        }
    })
}

/// A fill with darker (fainter) seams, sometimes within an outline.
fn seams(photo: &Image, field: &Field, mask: &Mask, rng: &mut impl Rng) -> Field {
    let fill = rng.random_range(130.0..256.0f32);
    let seam = fill * rng.random_range(0.0..0.6);
    let inner = mask.shrunk(rng.random_range(0..=3));
    let edges = edges(photo, field, mask, rng);
    picture(|index| {
        if !mask.contains(index) {
            0.0
        } else if !inner.contains(index) {
            255.0
        } else if edges.contains(index) {
            seam
        } else {
            fill
        }
    })
}

/// The photo in two to four greys, with more contrast.
fn posterised(field: &Field, mask: &Mask, rng: &mut impl Rng) -> Field {
    let levels = rng.random_range(2..=4) as f32;
    let contrast = rng.random_range(1.2..2.5f32);
    let middle = quantile_within(field, mask, 0.5);
    let darkest = rng.random_range(30.0..120.0f32);
    picture(|index| {
        if !mask.contains(index) {
            return 0.0;
        }
        let value = (0.5 + (field.0[index] - middle) / 255.0 * contrast).clamp(0.0, 0.999);
        darkest + (255.0 - darkest) * (value * levels).floor() / (levels - 1.0)
    })
}

/// The strongest inner edges, more or less thick.
fn edges(photo: &Image, field: &Field, mask: &Mask, rng: &mut impl Rng) -> Mask {
    let inner = Inner::random(photo, field, rng);
    let within = mask.shrunk(inner.margin);
    let level =
        quantile_within(&inner.field, &within, rng.random_range(0.8..0.94)).max(inner.floor);
    let mut edges = Mask::above(&inner.field, level).grown(rng.random_range(0..=1));
    for (edge, inside) in edges.0.iter_mut().zip(&within.0) {
        *edge &= inside;
    }
    edges
}

fn picture(value: impl Fn(usize) -> f32) -> Field {
    Field((0..AREA).map(value).collect())
}
