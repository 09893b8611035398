//! Drawings: strokes, the paper they are put on, and the way from the paper to the net's input.
//!
//! Coordinates and widths are in *paper units*: the paper is a square [`PAPER`] units wide, as
//! Quick, Draw!'s is, whatever its side in pixels. Ink is one byte: 0 paper, 255 full ink.
//!
//! ```
//! use model::drawing::{Mark, Paper, Point, Stroke, to_image};
//!
//! let points = vec![Point::new(60.0, 40.0), Point::new(60.0, 200.0), Point::new(190.0, 200.0)];
//! let mut paper = Paper::new(256);
//! assert!(to_image(paper.ink()).is_none());
//! paper.apply(&Mark::Stroke(Stroke { points, width: 6.0 }));
//! let image = to_image(paper.ink()).expect("there is a stroke");
//! assert!(image.0[27 * 28 + 14] > 200);
//! ```

mod area;
mod backdrop;
mod cut_out;
mod fill;
mod grey;
mod history;
mod ink;
mod line;
mod mask;
mod paper;
mod photo;
mod picture;
mod rect;
mod rules;
mod sheet;
mod specks;
mod stroke;
mod to_image;

pub use fill::FILL_LEVEL;
pub(crate) use grey::grey_on;
pub use history::Drawing;
pub use ink::{Ink, InkError, MAX_EDGE};
pub use paper::{PAPER_SIDE, Paper};
pub use rect::Rect;
pub use stroke::{Mark, Point, Stroke, fit};
pub(crate) use to_image::centred;
pub use to_image::{picture_to_image, strokes_to_image, to_image};

/// Width and height of the paper in paper units.
pub const PAPER: f32 = 256.0;
