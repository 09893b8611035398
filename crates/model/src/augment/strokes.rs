//! Drawings redrawn: the same strokes as another hand, with another pen, might have put them down.

use super::enclosed::{dilated, filled, outside};
use super::{log_uniform, normal};
use crate::{
    drawing::{Ink, Mark, PAPER, Paper, Point, Stroke, fit, to_image},
    image::Image,
};
use rand::Rng;

/// Side in pixels of the paper that training drawings are made on. The page's is larger; the way to
/// the net's input averages that away.
const PAPER_PIXELS: usize = 128;

/// Thinnest and thickest pen, in paper units.
const PEN: (f32, f32) = (3.0, 26.0);

/// What is left free around a drawing, in paper units beside its lines.
const MARGIN: f32 = 8.0;

/// How the inside of an outline is treated.
#[derive(Clone, Copy, PartialEq)]
enum Inside {
    /// Left open.
    Open,
    /// Filled with a grey below the outline's.
    Grey(u8),
    /// Filled with full ink; details are left out of it.
    Solid,
}

/// The image that the net sees of these strokes, drawn over the whole paper with a pen of this width
/// (in paper units) and left open; `None` if nothing is drawn.
pub fn draw(strokes: &[Stroke], pen: f32) -> Option<Image> {
    to_image(drawn(strokes, pen).ink())
}

/// The same as a silhouette: what the lines enclose is full of ink.
pub fn silhouette(strokes: &[Stroke], pen: f32) -> Option<Image> {
    to_image(&filled(drawn(strokes, pen).ink(), u8::MAX))
}

fn drawn(strokes: &[Stroke], pen: f32) -> Paper {
    let fitted = fit(strokes, pen / 2.0 + MARGIN);
    on_paper(fitted.into_iter().map(|stroke| Stroke {
        width: pen,
        ..stroke
    }))
}

fn on_paper(strokes: impl IntoIterator<Item = Stroke>) -> Paper {
    let mut paper = Paper::new(PAPER_PIXELS);
    for stroke in strokes {
        paper.apply(&Mark::Stroke(stroke));
    }
    paper
}

/// The image that the net sees of these strokes, redrawn at random; `None` if nothing is drawn.
pub fn redraw(strokes: &[Stroke], rng: &mut impl Rng) -> Option<Image> {
    let inside = match rng.random_range(0..10) {
        0..=5 => Inside::Open,
        6..=7 => Inside::Grey(rng.random_range(70..=235)),
        _ => Inside::Solid,
    };
    let pen = log_uniform(PEN.0, PEN.1, rng);
    let strokes = fit(&vary(strokes, rng), pen / 2.0 + rng.random_range(1.0..20.0));
    // A pen's width varies a little from stroke to stroke.
    let strokes: Vec<Stroke> = strokes
        .into_iter()
        .map(|stroke| Stroke {
            width: pen * (1.0 + 0.1 * normal(rng)).max(0.3),
            ..stroke
        })
        .collect();
    let paper = on_paper(strokes.iter().cloned());
    let ink = match inside {
        Inside::Open => paper.ink().clone(),
        Inside::Grey(level) => filled(paper.ink(), level),
        Inside::Solid => solid(&paper, &strokes, rng),
    };
    to_image(&ink)
}

/// Moves, turns and bends the whole drawing and each stroke of it.
fn vary(strokes: &[Stroke], rng: &mut impl Rng) -> Vec<Stroke> {
    let bend = Bend::random(rng);
    let jitter = rng.random_range(0.0..2.4);
    // A detail may be missing; the outline, which is the longest stroke, may not.
    let outline = (0..strokes.len()).max_by_key(|&i| strokes[i].points.len());
    let mut varied: Vec<Stroke> = Vec::with_capacity(strokes.len());
    for (index, stroke) in strokes.iter().enumerate() {
        if strokes.len() > 3 && Some(index) != outline && rng.random_bool(0.06) {
            continue;
        }
        let (scale, dx, dy) = (
            1.0 + 0.02 * normal(rng),
            3.0 * normal(rng),
            3.0 * normal(rng),
        );
        let points = stroke.points.iter().map(|p| {
            let x = (p.x - PAPER / 2.0) * scale + dx + jitter * normal(rng);
            let y = (p.y - PAPER / 2.0) * scale + dy + jitter * normal(rng);
            bend.apply(x, y)
        });
        varied.push(Stroke {
            points: points.collect(),
            width: stroke.width,
        });
    }
    varied
}

/// An affine map and a slow wave on top of it.
struct Bend {
    matrix: [f32; 4],
    wave: [Wave; 2],
}

struct Wave {
    along: f32,
    across: f32,
    frequency: f32,
    phase: f32,
}

impl Bend {
    /// Turned by some 7°, now and then by much more, sheared, stretched, mirrored one time in two.
    fn random(rng: &mut impl Rng) -> Self {
        let tilt = if rng.random_bool(0.15) { 0.45 } else { 0.12 };
        let (sin, cos) = (tilt * normal(rng)).sin_cos();
        let mirror = if rng.random_bool(0.5) { -1.0 } else { 1.0 };
        let (stretch_x, stretch_y) = (
            mirror * (0.15 * normal(rng)).exp(),
            (0.15 * normal(rng)).exp(),
        );
        let shear = 0.12 * normal(rng);
        let matrix = [
            stretch_x * cos + shear * sin,
            -stretch_x * sin + shear * cos,
            stretch_y * sin,
            stretch_y * cos,
        ];
        let mut wave = || Wave {
            along: 5.0 * normal(rng),
            across: 5.0 * normal(rng),
            frequency: rng.random_range(0.5..1.8) * std::f32::consts::PI / 128.0,
            phase: rng.random_range(0.0..std::f32::consts::TAU),
        };
        Self {
            matrix,
            wave: [wave(), wave()],
        }
    }

    /// From coordinates about the paper's middle to the paper's.
    fn apply(&self, x: f32, y: f32) -> Point {
        let [a, b, c, d] = self.matrix;
        let (x, y) = (a * x + b * y, c * x + d * y);
        let [first, second] = &self.wave;
        let moved = |wave: &Wave, own: f32, other: f32| {
            let along = wave.along * (own * wave.frequency + wave.phase).sin();
            own + along + wave.across * (other * wave.frequency + wave.phase).sin()
        };
        Point::new(
            moved(first, x, y) + PAPER / 2.0,
            moved(second, y, x) + PAPER / 2.0,
        )
    }
}

/// A silhouette; one time in two with the lines inside it left white, as icons do.
fn solid(paper: &Paper, strokes: &[Stroke], rng: &mut impl Rng) -> Ink {
    let ink = filled(paper.ink(), u8::MAX);
    if rng.random_bool(0.5) {
        return ink;
    }
    let width = rng.random_range(3.0..9.0);
    let lines = on_paper(strokes.iter().map(|stroke| Stroke {
        width,
        points: stroke.points.clone(),
    }));
    // Lines on the silhouette's rim would only make it thinner: they stay.
    let rim = dilated(&outside(paper.ink()), ink.width(), rng.random_range(6..10));
    let cut = ink.pixels().iter().zip(lines.ink().pixels()).zip(rim);
    let pixels = cut.map(|((&p, &line), rim)| if rim { p } else { p.min(u8::MAX - line) });
    Ink::new(ink.width(), ink.height(), pixels.collect()).unwrap_or(ink)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    /// One stroke with a small gap between its ends.
    pub(in crate::augment) fn square() -> Vec<Stroke> {
        let corners = [
            (60.0, 60.0),
            (190.0, 60.0),
            (190.0, 190.0),
            (60.0, 190.0),
            (60.0, 64.0),
        ];
        vec![Stroke {
            points: corners.map(|(x, y)| Point::new(x, y)).to_vec(),
            width: 8.0,
        }]
    }

    #[test]
    fn the_seed_decides_and_hands_differ() {
        let redraw = |seed| redraw(&square(), &mut ChaCha8Rng::seed_from_u64(seed));
        assert!(redraw(1).is_some_and(|image| !image.is_blank()));
        assert!(redraw(1) == redraw(1));
        assert!(redraw(1) != redraw(2));
    }

    #[test]
    fn pens_differ_and_a_silhouette_is_full() {
        let ink = |image: Option<Image>| {
            let pixels = image.iter().flat_map(|image| image.0);
            pixels.map(usize::from).sum::<usize>() / 255
        };
        let [thin, thick] = [3.0, 24.0].map(|pen| ink(draw(&square(), pen)));
        let full = ink(silhouette(&square(), 6.0));
        assert!(
            0 < thin && 2 * thin < thick && thick < full,
            "{thin} {thick} {full}"
        );
        assert!(full > 700, "{full} of 784 pixels");
    }

    #[test]
    fn nothing_stays_nothing() {
        assert!(redraw(&[], &mut ChaCha8Rng::seed_from_u64(1)).is_none());
    }
}
