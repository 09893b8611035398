//! The paper: puts marks down as ink.

use super::line::Segment;
use super::{Ink, Mark, PAPER, Point, Rect, Stroke, area, fill};

/// The paper's side in pixels, in the page and for pictures that are read from files.
pub const PAPER_SIDE: usize = 768;

/// Free space around a picture, in paper units.
const PICTURE_MARGIN: f32 = 16.0;

/// Radius in pixels below which a line would fade.
const THINNEST_RADIUS: f32 = 0.5;

/// A square sheet that marks are drawn on.
#[derive(Debug, Clone)]
pub struct Paper {
    ink: Ink,
    /// Pixels a paper unit.
    scale: f32,
}

impl Paper {
    /// Blank paper of `side` × `side` pixels (at least one).
    pub fn new(side: usize) -> Self {
        let side = side.max(1);
        Self {
            ink: Ink::blank(side),
            scale: side as f32 / PAPER,
        }
    }

    /// What is on the paper.
    pub fn ink(&self) -> &Ink {
        &self.ink
    }

    /// Takes everything off the paper.
    pub fn clear(&mut self) {
        self.ink.pixels_mut().fill(0);
    }

    /// Puts a mark on the paper. Returns the rectangle in which pixels may have changed.
    pub fn apply(&mut self, mark: &Mark) -> Rect {
        match mark {
            Mark::Stroke(stroke) => self.stroke(stroke, false),
            Mark::Erase(stroke) => self.stroke(stroke, true),
            Mark::Fill(point) => self.fill(*point),
            Mark::Picture(picture) => self.picture(picture),
        }
    }

    /// Draws or erases one stretch of a stroke whose nominal width is `width` paper units, as the
    /// pen moves. All stretches of a stroke together, in any order, give what [`Paper::apply`] gives
    /// for the whole. Returns the rectangle in which pixels may have changed.
    pub fn segment(&mut self, from: Point, to: Point, width: f32, erase: bool) -> Rect {
        if !from.is_finite() || !to.is_finite() {
            return Rect::EMPTY;
        }
        let scale = self.scale;
        let radius = |point: Point| (point.width(width) / 2.0).clamp(0.0, PAPER) * scale;
        let pixels = |point: Point| (point.x * scale, point.y * scale);
        let radii = (
            radius(from).max(THINNEST_RADIUS),
            radius(to).max(THINNEST_RADIUS),
        );
        let segment = Segment::new(pixels(from), pixels(to), radii);
        // Stretches overlap at their ends: keeping the stronger of the two leaves no dark joints.
        if erase {
            segment.paint(&mut self.ink, |old, coverage| old.min(255 - coverage))
        } else {
            segment.paint(&mut self.ink, u8::max)
        }
    }

    fn stroke(&mut self, stroke: &Stroke, erase: bool) -> Rect {
        if let [dot] = stroke.points[..] {
            return self.segment(dot, dot, stroke.width, erase);
        }
        let mut dirty = Rect::EMPTY;
        for ends in stroke.points.windows(2) {
            dirty = dirty.union(self.segment(ends[0], ends[1], stroke.width, erase));
        }
        dirty
    }

    fn fill(&mut self, point: Point) -> Rect {
        let (x, y) = (
            (point.x * self.scale).floor(),
            (point.y * self.scale).floor(),
        );
        let side = self.ink.width() as f32;
        if !(0.0..side).contains(&x) || !(0.0..side).contains(&y) {
            return Rect::EMPTY;
        }
        fill::outline_around(&mut self.ink, (x as usize, y as usize), self.scale)
    }

    /// Fills every closed outline on the paper with `level` (0 to 255), as if each had been filled
    /// by hand. Returns the rectangle in which pixels may have changed.
    pub fn fill_outlines(&mut self, level: u8) -> Rect {
        fill::all_outlines(&mut self.ink, level, self.scale)
    }

    /// Scales the picture into the margins, centred, over what is there.
    fn picture(&mut self, picture: &Ink) -> Rect {
        let side = self.ink.width();
        let room = side as f32 - 2.0 * PICTURE_MARGIN * self.scale;
        let longest = picture.width().max(picture.height()) as f32;
        let fitted = |edge: usize| {
            ((edge as f32 * room / longest + 0.5) as usize)
                .max(1)
                .min(side)
        };
        let (width, height) = (fitted(picture.width()), fitted(picture.height()));
        let (left, top) = ((side - width) / 2, (side - height) / 2);
        let scaled = area::scale(picture, picture.bounds(), width, height);
        for (y, row) in scaled.chunks_exact(width).enumerate() {
            for (pixel, &new) in self.ink.row_mut(top + y)[left..].iter_mut().zip(row) {
                *pixel = (*pixel).max(new);
            }
        }
        Rect {
            left,
            top,
            right: left + width,
            bottom: top + height,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(points: &[(f32, f32)]) -> Vec<Point> {
        points.iter().map(|&(x, y)| Point::new(x, y)).collect()
    }

    fn stroke(width: f32, ends: &[(f32, f32)]) -> Stroke {
        Stroke {
            points: points(ends),
            width,
        }
    }

    /// A paper unit is a pixel here.
    fn paper(marks: &[Mark]) -> Paper {
        let mut paper = Paper::new(256);
        for mark in marks {
            paper.apply(mark);
        }
        paper
    }

    const BOX: [(f32, f32); 5] = [
        (50.0, 50.0),
        (150.0, 50.0),
        (150.0, 150.0),
        (50.0, 150.0),
        (50.0, 50.0),
    ];

    fn at(paper: &Paper, x: usize, y: usize) -> u8 {
        paper.ink().row(y)[x]
    }

    #[test]
    fn live_segments_give_what_the_whole_stroke_gives() {
        let mut line = stroke(7.0, &BOX);
        line.points[2].pressure = 1.0;
        let whole = paper(&[Mark::Stroke(line.clone())]);
        let mut live = Paper::new(256);
        for ends in line.points.windows(2).rev() {
            live.segment(ends[0], ends[1], line.width, false);
        }
        assert_eq!(live.ink(), whole.ink());
    }

    #[test]
    fn only_the_dirty_rectangle_changes() {
        for mark in [
            Mark::Stroke(stroke(9.0, &[(-20.0, 30.5), (90.0, 77.7), (20.0, 300.0)])),
            Mark::Erase(stroke(20.0, &[(52.0, 99.0)])),
            Mark::Fill(Point::new(100.0, 100.0)),
            Mark::Picture(Ink::new(2, 3, vec![200; 6]).unwrap()),
        ] {
            let mut paper = paper(&[Mark::Stroke(stroke(6.0, &BOX))]);
            let before = paper.ink().clone();
            let dirty = paper.apply(&mark);
            assert!(paper.ink() != &before, "{mark:?} did nothing");
            for y in 0..256 {
                for x in 0..256 {
                    let inside = (dirty.left..dirty.right).contains(&x)
                        && (dirty.top..dirty.bottom).contains(&y);
                    assert!(
                        inside || paper.ink().row(y)[x] == before.row(y)[x],
                        "{mark:?} at {x}, {y}"
                    );
                }
            }
        }
    }

    #[test]
    fn pressure_widens_and_the_eraser_erases() {
        let mut soft = points(&[(50.0, 100.0), (200.0, 100.0)]);
        soft[1].pressure = 1.0;
        let mut paper = paper(&[Mark::Stroke(Stroke {
            points: soft,
            width: 20.0,
        })]);
        assert_eq!((at(&paper, 55, 112), at(&paper, 195, 112)), (0, 255));
        paper.apply(&Mark::Erase(stroke(80.0, &[(200.0, 100.0)])));
        assert_eq!((at(&paper, 60, 100), at(&paper, 195, 112)), (255, 0));
    }

    #[test]
    fn fills_a_closed_outline_up_to_its_line() {
        let paper = paper(&[
            Mark::Stroke(stroke(5.5, &BOX)),
            Mark::Fill(Point::new(100.0, 100.0)),
        ]);
        assert_eq!(at(&paper, 100, 100), fill::FILL_LEVEL);
        assert_eq!(at(&paper, 49, 100), 255);
        assert_eq!(at(&paper, 30, 100), 0);
        let lightest = (50..150).map(|x| at(&paper, x, 80)).min();
        assert_eq!(
            lightest,
            Some(fill::FILL_LEVEL),
            "no bright seam along the line"
        );
    }

    #[test]
    fn does_not_flood_from_outside_or_through_an_open_outline() {
        let open = Mark::Stroke(stroke(6.0, &BOX[..4]));
        let closed = Mark::Stroke(stroke(6.0, &BOX));
        for (outline, x, y) in [
            (&open, 100.0, 100.0),
            (&closed, 20.0, 20.0),
            (&closed, 50.0, 50.0),
            (&closed, -1.0, 0.0),
            (&closed, f32::NAN, 9.0),
        ] {
            let mut paper = paper(std::slice::from_ref(outline));
            let before = paper.ink().clone();
            assert!(paper.apply(&Mark::Fill(Point::new(x, y))).is_empty());
            assert_eq!(paper.ink(), &before);
        }
    }

    #[test]
    fn pictures_are_fitted_and_centred() {
        let paper = paper(&[Mark::Picture(Ink::new(4, 2, vec![255; 8]).unwrap())]);
        assert_eq!(
            paper.ink().bounds_above(0),
            Rect {
                left: 16,
                top: 72,
                right: 240,
                bottom: 184
            }
        );
    }

    #[test]
    fn senseless_numbers_draw_nothing_bad() {
        let mut paper = Paper::new(64);
        for number in [
            f32::NAN,
            f32::INFINITY,
            f32::NEG_INFINITY,
            f32::MAX,
            f32::MIN,
            1e20,
        ] {
            for other in [number, 3.0] {
                let point = Point {
                    x: other,
                    y: number,
                    pressure: number,
                };
                paper.segment(point, Point::new(5.0, 5.0), number, false);
                paper.segment(Point::new(5.0, 5.0), point, 4.0, true);
            }
        }
        paper.clear();
        paper.segment(Point::new(9.0, 9.0), Point::new(9.0, 9.0), f32::NAN, false);
        assert!(paper.ink().bounds_above(0).width() <= 3);
    }
}
