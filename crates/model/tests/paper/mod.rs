//! Photos of drawings on paper as a phone takes them, made up: light, shadows, rules, holes, tables.

use model::class::CLASS_COUNT;
use model::drawing::{Ink, Mark, PAPER, Paper, Point, Stroke, picture_to_image};
use model::image::Image;
use model::reader::Reader;
use rand::{RngCore, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Width and height of a photo in pixels.
const SIZE: (usize, usize) = (1200, 900);

/// Where a drawing's upper left corner lies on the photo, and its longest edge, in pixels.
const CORNER: (f32, f32) = (290.0, 140.0);
const LONGEST: f32 = 620.0;

const PEN: f32 = 9.0;

/// What a photo shows beside the drawing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Condition {
    Clean,
    Blurred,
    DarkTableTilt,
    GreyGradient,
    HandShadow,
    HardShadow,
    Noise,
    Pencil,
    Perforated,
    Ruled,
    RuledFaint,
    Squared,
    StrongNoise,
    TableEdges,
    TextBehind,
    Tilt12,
    Vignette,
    WhiteOnBlackboard,
    // Mixtures, which no threshold for one condition gets right by chance.
    PencilOnTiltedSquares,
    PerspectiveOnWood,
    RuledInShadow,
    PerforatedRuledOnTable,
}

use Condition as C;

impl Condition {
    /// All of them.
    pub const ALL: [Self; 22] = [
        C::Clean,
        C::Blurred,
        C::DarkTableTilt,
        C::GreyGradient,
        C::HandShadow,
        C::HardShadow,
        C::Noise,
        C::Pencil,
        C::Perforated,
        C::Ruled,
        C::RuledFaint,
        C::Squared,
        C::StrongNoise,
        C::TableEdges,
        C::TextBehind,
        C::Tilt12,
        C::Vignette,
        C::WhiteOnBlackboard,
        C::PencilOnTiltedSquares,
        C::PerspectiveOnWood,
        C::RuledInShadow,
        C::PerforatedRuledOnTable,
    ];

    /// Noise of the sensor: its standard deviation in grey levels.
    fn noise(self) -> f32 {
        match self {
            C::Clean => 0.0,
            C::GreyGradient | C::Noise | C::WhiteOnBlackboard => 4.0,
            C::StrongNoise => 11.0,
            _ => 1.8,
        }
    }

    /// How much light full ink reflects, of what the sheet does.
    fn ink(self) -> f32 {
        match self {
            C::Clean => 0.0,
            C::Pencil | C::PencilOnTiltedSquares => 0.7,
            C::WhiteOnBlackboard => 3.6,
            _ => 0.3,
        }
    }

    /// The sheet's grey at this place, between 0 and 1 from left to right and from top to bottom, as
    /// it is lit where nothing throws a shadow.
    fn lit(self, (u, v): (f32, f32)) -> f32 {
        match self {
            C::Clean => 255.0,
            C::GreyGradient => 209.0 - 83.0 * u - 45.0 * v,
            C::Pencil | C::PencilOnTiltedSquares => 220.0 - 36.0 * u,
            C::Noise | C::StrongNoise => 195.0 - 48.0 * u,
            C::Vignette => 227.0 - 190.0 * ((u - 0.5) * (u - 0.5) + (v - 0.5) * (v - 0.5)),
            C::WhiteOnBlackboard => 44.0 + 25.0 * u,
            C::Blurred | C::HandShadow | C::HardShadow | C::Tilt12 | C::RuledInShadow => {
                204.0 - 35.0 * u
            }
            C::DarkTableTilt | C::TableEdges => 215.0,
            C::Squared => 230.0,
            _ => 222.0,
        }
    }

    /// Where a place of the sheet is on the photo, in pixels of an untilted photo.
    fn on_photo(self, (x, y): (f32, f32)) -> (f32, f32) {
        let (x, y) = (x - 600.0, y - 450.0);
        let (x, y) = match self {
            C::DarkTableTilt | C::PencilOnTiltedSquares => turned((x, y), 0.087),
            C::Tilt12 => turned((x, y), 0.208),
            C::PerspectiveOnWood => {
                let (x, y) = turned((0.8 * x, 0.8 * y), -0.14);
                let depth = 1.0 + 0.0003 * x - 0.0006 * y;
                (x / depth, y / depth)
            }
            C::PerforatedRuledOnTable => turned((0.9 * x, 0.9 * y), 0.05),
            _ => (x, y),
        };
        (x + 600.0, y + 450.0)
    }

    /// The reverse of [`Self::on_photo`].
    fn on_sheet(self, (x, y): (f32, f32)) -> (f32, f32) {
        let (x, y) = (x - 600.0, y - 450.0);
        let (x, y) = match self {
            C::DarkTableTilt | C::PencilOnTiltedSquares => turned((x, y), -0.087),
            C::Tilt12 => turned((x, y), -0.208),
            C::PerspectiveOnWood => {
                let scale = 1.0 / (1.0 - 0.0003 * x + 0.0006 * y);
                let (x, y) = turned((x * scale, y * scale), 0.14);
                (x / 0.8, y / 0.8)
            }
            C::PerforatedRuledOnTable => {
                let (x, y) = turned((x, y), -0.05);
                (x / 0.9, y / 0.9)
            }
            _ => (x, y),
        };
        (x + 600.0, y + 450.0)
    }

    /// The light that comes back from a place of the sheet, or of the table beside it, of what comes
    /// from blank paper.
    fn reflected(self, (x, y): (f32, f32)) -> f32 {
        let outside = |left: f32, top: f32| {
            !(left..1200.0 - left).contains(&x) || !(top..900.0 - top).contains(&y)
        };
        let every = |value: f32, period: f32, width: f32| (value + 1.0).rem_euclid(period) < width;
        let hole = |y0: f32| (x - 50.0).powi(2) + (y - y0).powi(2) < 22.0_f32.powi(2);
        let rules = |grey: f32| if every(y, 48.0, 2.0) { grey } else { 1.0 };
        match self {
            C::DarkTableTilt if outside(0.0, 0.0) => 0.32,
            C::TableEdges if outside(100.0, 60.0) => 0.42,
            C::PerspectiveOnWood if outside(0.0, 0.0) => {
                let grain = (0.02 * x + 0.31 * y).sin() + (0.05 * x + 0.083 * y).sin();
                0.52 + 0.04 * grain
            }
            C::PerforatedRuledOnTable if outside(0.0, 0.0) => 0.3,
            C::Perforated | C::PerforatedRuledOnTable if hole(220.0) || hole(680.0) => 0.27,
            C::Ruled | C::RuledInShadow | C::PerforatedRuledOnTable
                if (119.0..121.0).contains(&x) =>
            {
                0.76
            }
            C::Ruled | C::RuledInShadow | C::PerforatedRuledOnTable => rules(0.72),
            C::RuledFaint => rules(0.88),
            C::Squared if every(x, 30.0, 2.0) || every(y, 30.0, 2.0) => 0.8,
            C::PencilOnTiltedSquares if every(x, 30.0, 2.0) || every(y, 30.0, 2.0) => 0.84,
            _ => 1.0,
        }
    }

    /// The share of the light that a shadow lets through to a place of the photo.
    fn shade(self, (x, y): (f32, f32)) -> f32 {
        // How deep in the shadow, in pixels.
        let (depth, softness) = match self {
            C::HandShadow => {
                let corners = [
                    (0.0, 500.0),
                    (340.0, 420.0),
                    (430.0, 480.0),
                    (580.0, 700.0),
                    (680.0, 900.0),
                ];
                let depth = |ends: &[(f32, f32)]| {
                    let along = (ends[1].0 - ends[0].0, ends[1].1 - ends[0].1);
                    let across = (y - ends[0].1) * along.0 - (x - ends[0].0) * along.1;
                    across / along.0.hypot(along.1)
                };
                (corners.windows(2).map(depth).fold(f32::MAX, f32::min), 30.0)
            }
            C::HardShadow | C::RuledInShadow => ((x + y - 1104.0) * 0.7, 1.5),
            _ => return 1.0,
        };
        let share = (0.5 + depth / (2.0 * softness)).clamp(0.0, 1.0);
        1.0 - 0.42 * share * share * (3.0 - 2.0 * share)
    }

    fn texts(self) -> bool {
        self == C::TextBehind
    }
}

fn turned((x, y): (f32, f32), angle: f32) -> (f32, f32) {
    let (sin, cos) = angle.sin_cos();
    (x * cos + y * sin, y * cos - x * sin)
}

/// The luminance of a photo of this drawing, row by row. The same seed gives the same photo.
pub fn photo(strokes: &[Stroke], condition: Condition, seed: u64) -> Vec<u8> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let ink = ink(strokes, condition, &mut random);
    let (width, height) = SIZE;
    let mut photo = Vec::with_capacity(width * height);
    for y in 0..height {
        for x in 0..width {
            let place = (x as f32 + 0.5, y as f32 + 0.5);
            let part = (place.0 / width as f32, place.1 / height as f32);
            let light = condition.lit(part) * condition.shade(place);
            let covered = f32::from(ink[y * width + x]) / 255.0;
            let paper = condition.reflected(condition.on_sheet(place));
            photo.push(light * (paper + (condition.ink() - paper) * covered));
        }
    }
    if condition == C::Blurred {
        for _ in 0..3 {
            photo = blurred_across(&blurred_across(&photo, width), height);
        }
    }
    let noisy = |grey: f32| {
        // The sum of four even bytes is nearly normal.
        let sum: f32 = random.next_u32().to_le_bytes().map(f32::from).iter().sum();
        (grey + condition.noise() * (sum - 510.0) / 147.8 + 0.5).clamp(0.0, 255.0) as u8
    };
    photo.into_iter().map(noisy).collect()
}

/// How much of each pixel is inked.
fn ink(strokes: &[Stroke], condition: Condition, random: &mut ChaCha8Rng) -> Vec<u8> {
    let side = SIZE.0 as f32;
    let mut paper = Paper::new(SIZE.0);
    let mut draw = |points: &[(f32, f32)], pen: f32| {
        let on_paper = |&place: &(f32, f32)| {
            let (x, y) = condition.on_photo(place);
            Point::new(x * PAPER / side, y * PAPER / side)
        };
        paper.apply(&Mark::Stroke(Stroke {
            points: points.iter().map(on_paper).collect(),
            width: pen * PAPER / side,
        }));
    };
    let points = || strokes.iter().flat_map(|stroke| &stroke.points);
    let least = |of: fn(&Point) -> f32| points().map(of).fold(f32::MAX, f32::min);
    let most = |of: fn(&Point) -> f32| points().map(of).fold(f32::MIN, f32::max);
    let (left, top) = (least(|p| p.x), least(|p| p.y));
    let scale = LONGEST / (most(|p| p.x) - left).max(most(|p| p.y) - top).max(1.0);
    for stroke in strokes {
        let place = |p: &Point| {
            (
                CORNER.0 + (p.x - left) * scale,
                CORNER.1 + (p.y - top) * scale,
            )
        };
        draw(&stroke.points.iter().map(place).collect::<Vec<_>>(), PEN);
    }
    if condition.texts() {
        // Letters of a made-up alphabet.
        for letter in (0..34).filter(|letter| letter % 7 != 5) {
            let mut corner = || {
                let [x, y, ..] = random.next_u32().to_le_bytes();
                let x = 40.0 + 17.0 * letter as f32 + f32::from(x % 3) * 5.0;
                (x, 38.0 + f32::from(y % 3) * 10.0)
            };
            draw(&[corner(), corner(), corner(), corner()], 3.0);
        }
    }
    paper.ink().pixels()[..SIZE.0 * SIZE.1].to_vec()
}

/// Each row averaged over nine pixels, and rows and columns exchanged.
fn blurred_across(picture: &[f32], width: usize) -> Vec<f32> {
    let height = picture.len() / width;
    let mut blurred = vec![0.0; picture.len()];
    for (y, row) in picture.chunks_exact(width).enumerate() {
        for x in 0..width {
            let part = &row[x.saturating_sub(4)..(x + 5).min(width)];
            blurred[x * height + y] = part.iter().sum::<f32>() / part.len() as f32;
        }
    }
    blurred
}

/// The class that a photo of this drawing is read as, by the way that the page takes; `None` if
/// nothing is seen on it.
pub fn read(reader: &Reader, strokes: &[Stroke], condition: Condition, seed: u64) -> Option<u8> {
    let photo = photo(strokes, condition, seed);
    let ink = Ink::from_luminance(SIZE.0, SIZE.1, &photo).ok()?;
    Some(class(reader, &picture_to_image(ink)?))
}

/// The class that an image is read as.
pub fn class(reader: &Reader, image: &Image) -> u8 {
    let logits = reader.logits(std::slice::from_ref(image))[0];
    (0..CLASS_COUNT as u8)
        .max_by(|&a, &b| logits[usize::from(a)].total_cmp(&logits[usize::from(b)]))
        .unwrap_or(0)
}
