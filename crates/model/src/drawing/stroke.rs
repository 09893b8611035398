//! What a person does on the paper.

use serde::{Deserialize, Serialize};

use super::{Ink, PAPER};

/// Pressure of a mouse, which has none: the stroke is drawn at its nominal width.
const MOUSE_PRESSURE: f32 = 0.5;

/// Strokes are fitted to the paper by at most this factor; beyond, rounding would tear them apart.
const LARGEST_SCALE: f32 = 256.0;

/// A position on the paper.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// Paper units from the left edge.
    pub x: f32,
    /// Paper units from the top edge.
    pub y: f32,
    /// Pressure of the pen, 0 to 1; 0.5 draws the nominal width, as a mouse does.
    pub pressure: f32,
}

impl Point {
    /// A point at mouse pressure.
    pub fn new(x: f32, y: f32) -> Self {
        Self {
            x,
            y,
            pressure: MOUSE_PRESSURE,
        }
    }

    /// Width here of a line whose nominal width is `width`: half of it without pressure, one and a
    /// half at full pressure.
    pub(super) fn width(&self, width: f32) -> f32 {
        width * (0.5 + self.pressure.clamp(0.0, 1.0))
    }

    pub(super) fn is_finite(&self) -> bool {
        self.x.is_finite() && self.y.is_finite()
    }
}

/// A line through points; a single point is a dot.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Stroke {
    /// The line's points in the order in which they were drawn.
    pub points: Vec<Point>,
    /// Nominal width in paper units.
    pub width: f32,
}

/// One thing that a person did on the paper.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Mark {
    /// A line drawn with the pen.
    Stroke(Stroke),
    /// A line drawn with the eraser.
    Erase(Stroke),
    /// The closed outline around this point was filled.
    Fill(Point),
    /// A picture was put on the paper.
    Picture(Ink),
}

impl Mark {
    /// How large it is in memory and, roughly, where it is stored.
    pub(super) fn bytes(&self) -> usize {
        match self {
            Mark::Stroke(stroke) | Mark::Erase(stroke) => size_of_val(&stroke.points[..]),
            Mark::Fill(point) => size_of_val(point),
            Mark::Picture(ink) => ink.pixels().len(),
        }
    }
}

/// Moves and scales strokes, all alike, so that their points fill the paper but for `margin` paper
/// units on each side, centred. Widths stay as they are. Strokes without extent are only centred.
pub fn fit(strokes: &[Stroke], margin: f32) -> Vec<Stroke> {
    let mut low = (f32::INFINITY, f32::INFINITY);
    let mut high = (f32::NEG_INFINITY, f32::NEG_INFINITY);
    for point in strokes
        .iter()
        .flat_map(|stroke| &stroke.points)
        .filter(|point| point.is_finite())
    {
        low = (low.0.min(point.x), low.1.min(point.y));
        high = (high.0.max(point.x), high.1.max(point.y));
    }
    let extent = (high.0 - low.0).max(high.1 - low.1);
    let room = (PAPER - 2.0 * margin).max(0.0);
    let scale = if extent > 0.0 {
        (room / extent).min(LARGEST_SCALE)
    } else {
        1.0
    };
    let (middle_x, middle_y) = ((low.0 + high.0) / 2.0, (low.1 + high.1) / 2.0);
    let place = |point: &Point| Point {
        x: (point.x - middle_x) * scale + PAPER / 2.0,
        y: (point.y - middle_y) * scale + PAPER / 2.0,
        pressure: point.pressure,
    };
    let place_all = |stroke: &Stroke| Stroke {
        points: stroke.points.iter().map(place).collect(),
        width: stroke.width,
    };
    strokes.iter().map(place_all).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stroke(points: &[(f32, f32)]) -> Stroke {
        Stroke {
            points: points.iter().map(|&(x, y)| Point::new(x, y)).collect(),
            width: 6.0,
        }
    }

    #[test]
    fn fits_the_longest_edge_and_centres_the_other() {
        let fitted = fit(&[stroke(&[(0.0, 0.0)]), stroke(&[(100.0, 50.0)])], 16.0);
        assert_eq!(fitted, [stroke(&[(16.0, 72.0)]), stroke(&[(240.0, 184.0)])]);
    }

    #[test]
    fn centres_a_dot_and_keeps_nothing_from_nothing() {
        assert_eq!(
            fit(&[stroke(&[(3.0, 4.0)])], 16.0),
            [stroke(&[(128.0, 128.0)])]
        );
        assert_eq!(fit(&[stroke(&[])], 16.0), [stroke(&[])]);
        let tiny = fit(&[stroke(&[(0.0, 0.0), (1e-40, 0.0)])], 16.0);
        assert!(tiny[0].points.iter().all(Point::is_finite));
    }
}
