//! The pad that the person draws on: the drawing's marks, the paper with their ink, and the stroke
//! that is being drawn. No browser in here.

mod strokes;
mod tool;

use model::drawing::{Drawing, Ink, Mark, Paper, Point, Rect, Stroke, to_image};
use model::image::Image;

pub use strokes::{StrokeStep, Strokes};
pub use tool::{Command, SIZE_STEP, SIZES, START_SIZE, Settings, Tool, command_for_key};

/// A point nearer to the last one than this many paper units, less than a pixel, adds nothing to be seen.
const CLOSE: f32 = 0.25;

/// The most points of a stroke: one that is longer goes on as another stroke.
const MOST_POINTS: usize = 8_192;

/// A drawing, its ink, and the stroke under the pen.
#[derive(Debug)]
pub struct Pad {
    drawing: Drawing,
    paper: Paper,
    live: Option<Live>,
    /// What has changed since [`Pad::take_dirty`].
    dirty: Rect,
}

/// The stroke that is being drawn.
#[derive(Debug)]
struct Live {
    stroke: Stroke,
    erase: bool,
}

impl Pad {
    /// A pad with this drawing on paper of `side` × `side` pixels.
    pub fn new(drawing: Drawing, side: usize) -> Self {
        let mut pad = Self {
            drawing,
            paper: Paper::new(side),
            live: None,
            dirty: Rect::EMPTY,
        };
        pad.redraw();
        pad
    }

    /// The drawing, without the stroke that is being drawn.
    pub fn drawing(&self) -> &Drawing {
        &self.drawing
    }

    /// What is on the paper, with the stroke that is being drawn.
    pub fn ink(&self) -> &Ink {
        self.paper.ink()
    }

    /// The image that the net sees; `None` when the paper is blank.
    pub fn image(&self) -> Option<Image> {
        to_image(self.paper.ink())
    }

    /// Whether nothing is on the paper and nothing is being drawn.
    pub fn is_blank(&self) -> bool {
        self.live.is_none() && self.drawing.is_blank()
    }

    /// Whether a stroke is being drawn.
    pub fn is_drawing(&self) -> bool {
        self.live.is_some()
    }

    /// What has changed since this was last asked, in pixels of the paper.
    pub fn take_dirty(&mut self) -> Rect {
        std::mem::replace(&mut self.dirty, Rect::EMPTY)
    }

    /// Everything has to be painted again, as on a new canvas.
    pub fn mark_all_dirty(&mut self) {
        let (right, bottom) = (self.ink().width(), self.ink().height());
        self.dirty = Rect {
            left: 0,
            top: 0,
            right,
            bottom,
        };
    }

    /// The pen comes down. `width` is in paper units.
    pub fn press(&mut self, point: Point, width: f32, erase: bool) {
        self.release();
        self.soil(point, point, width, erase);
        let stroke = Stroke {
            points: vec![point],
            width,
        };
        self.live = Some(Live { stroke, erase });
    }

    /// The pen moves. Without a stroke nothing happens.
    pub fn drag(&mut self, point: Point) {
        let Some(live) = &mut self.live else { return };
        let last = live.stroke.points.last().copied().unwrap_or(point);
        if (point.x - last.x).hypot(point.y - last.y) < CLOSE {
            return;
        }
        live.stroke.points.push(point);
        let (length, width, erase) = (live.stroke.points.len(), live.stroke.width, live.erase);
        self.soil(last, point, width, erase);
        if length >= MOST_POINTS {
            self.press(point, width, erase);
        }
    }

    /// The stroke that is being drawn was none: takes its ink back.
    pub fn discard(&mut self) {
        if self.live.take().is_some() {
            self.redraw();
        }
    }

    /// The pen goes up: the stroke becomes part of the drawing.
    pub fn release(&mut self) {
        if let Some(Live { stroke, erase }) = self.live.take() {
            self.drawing.push(if erase {
                Mark::Erase(stroke)
            } else {
                Mark::Stroke(stroke)
            });
        }
    }

    /// Fills the closed outline around a point. Returns whether there was one.
    pub fn fill(&mut self, point: Point) -> bool {
        self.add(Mark::Fill(point))
    }

    /// Puts a picture on the paper, in place of what is there; this can be undone.
    pub fn picture(&mut self, picture: Ink) {
        self.release();
        self.drawing.push(Mark::Picture(picture));
        self.redraw();
    }

    /// Takes the last mark back. A stroke under the pen is ended first.
    pub fn undo(&mut self) {
        self.release();
        if self.drawing.undo() {
            self.redraw();
        }
    }

    /// Puts the mark that was taken back last on the paper again.
    pub fn redo(&mut self) {
        self.release();
        if self.drawing.redo() {
            self.redraw();
        }
    }

    /// Takes everything off the paper; this can be undone.
    pub fn clear(&mut self) {
        self.release();
        self.drawing.clear();
        self.redraw();
    }

    fn add(&mut self, mark: Mark) -> bool {
        self.release();
        let changed = self.paper.apply(&mark);
        self.dirty = self.dirty.union(changed);
        // A mark that changed nothing would make one undo look as if it did nothing.
        if !changed.is_empty() {
            self.drawing.push(mark);
        }
        !changed.is_empty()
    }

    fn soil(&mut self, from: Point, to: Point, width: f32, erase: bool) {
        let changed = self.paper.segment(from, to, width, erase);
        self.dirty = self.dirty.union(changed);
    }

    fn redraw(&mut self) {
        self.paper.clear();
        for mark in self.drawing.marks() {
            self.paper.apply(mark);
        }
        self.mark_all_dirty();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pad() -> Pad {
        let mut pad = Pad::new(Drawing::default(), 256);
        pad.take_dirty();
        pad
    }

    fn draw(pad: &mut Pad, points: &[(f32, f32)]) {
        let mut points = points.iter().map(|&(x, y)| Point::new(x, y));
        pad.press(points.next().unwrap(), 8.0, false);
        points.for_each(|point| pad.drag(point));
        pad.release();
    }

    const SQUARE: [(f32, f32); 5] = [
        (40.0, 40.0),
        (200.0, 40.0),
        (200.0, 200.0),
        (40.0, 200.0),
        (40.0, 40.0),
    ];

    #[test]
    fn a_stroke_is_on_the_paper_while_it_is_drawn() {
        let mut pad = pad();
        assert!(pad.is_blank() && pad.image().is_none());
        pad.press(Point::new(50.0, 60.0), 8.0, false);
        assert!(!pad.is_blank() && pad.drawing().is_blank());
        let dirty = pad.take_dirty();
        assert!(
            dirty.left < 50 && dirty.right > 50 && dirty.width() < 20,
            "{dirty:?}"
        );
        pad.drag(Point::new(80.0, 60.0));
        assert!(pad.image().is_some());
        pad.release();
        assert_eq!(pad.drawing().marks().len(), 1);
    }

    #[test]
    fn the_paper_is_the_same_drawn_live_and_drawn_again() {
        let mut live = pad();
        draw(&mut live, &SQUARE);
        live.press(Point::new(120.0, 30.0), 16.0, true);
        live.drag(Point::new(120.0, 60.0));
        live.release();
        let again = Pad::new(live.drawing().clone(), 256);
        assert!(live.ink() == again.ink());
    }

    #[test]
    fn undo_and_redo_bring_the_ink_back() {
        let mut pad = pad();
        draw(&mut pad, &SQUARE);
        let drawn = pad.ink().clone();
        pad.clear();
        assert!(pad.is_blank() && pad.image().is_none());
        pad.undo();
        assert!(*pad.ink() == drawn);
        pad.undo();
        assert!(pad.image().is_none());
        pad.redo();
        assert!(*pad.ink() == drawn);
    }

    #[test]
    fn a_stroke_that_was_none_leaves_nothing() {
        let mut pad = pad();
        draw(&mut pad, &SQUARE);
        let drawn = pad.ink().clone();
        pad.press(Point::new(90.0, 90.0), 8.0, true);
        pad.drag(Point::new(10.0, 20.0));
        pad.discard();
        assert!(*pad.ink() == drawn && !pad.is_drawing());
        assert_eq!(pad.drawing().marks().len(), 1);
        assert!(pad.take_dirty().width() == 256);
    }

    #[test]
    fn a_stroke_has_a_bounded_number_of_points_and_looks_the_same_drawn_again() {
        let mut pad = pad();
        pad.press(Point::new(128.0, 128.0), 2.0, false);
        for _ in 0..100_000 {
            pad.drag(Point::new(128.1, 128.0));
        }
        for step in 0..20_000_u32 {
            let angle = f64::from(step) / 50.0;
            let (x, y) = (100.0 * angle.cos(), 60.0 * angle.sin());
            pad.drag(Point::new(128.0 + x as f32, 128.0 + y as f32));
        }
        pad.release();
        let lengths = pad.drawing().marks().iter().map(|mark| match mark {
            Mark::Stroke(stroke) => stroke.points.len(),
            _ => 0,
        });
        let lengths: Vec<usize> = lengths.collect();
        assert_eq!(lengths.len(), 3);
        assert!(
            lengths.iter().all(|length| *length <= MOST_POINTS),
            "{lengths:?}"
        );
        let again = Pad::new(pad.drawing().clone(), 256);
        assert!(pad.ink() == again.ink());
    }

    #[test]
    fn undo_in_the_middle_of_a_stroke_takes_that_stroke_back() {
        let mut pad = pad();
        pad.press(Point::new(50.0, 60.0), 8.0, false);
        pad.drag(Point::new(80.0, 60.0));
        pad.undo();
        assert!(pad.is_blank() && !pad.is_drawing());
        pad.drag(Point::new(90.0, 60.0));
        assert!(pad.is_blank());
    }

    #[test]
    fn a_picture_replaces_the_drawing_and_one_undo_brings_it_back() {
        let mut pad = pad();
        let picture = |shade| Ink::new(2, 1, vec![shade, 0]).unwrap();
        pad.picture(picture(200));
        let alone = pad.ink().clone();
        pad.undo();
        draw(&mut pad, &SQUARE);
        let drawn = pad.ink().clone();
        pad.picture(picture(255));
        pad.picture(picture(200));
        assert!(*pad.ink() == alone);
        pad.undo();
        pad.undo();
        assert!(*pad.ink() == drawn);
        pad.redo();
        pad.redo();
        assert!(*pad.ink() == alone);
    }

    #[test]
    fn only_a_fill_that_fills_is_a_mark() {
        let mut pad = pad();
        draw(&mut pad, &SQUARE);
        assert!(!pad.fill(Point::new(10.0, 10.0)));
        assert_eq!(pad.drawing().marks().len(), 1);
        assert!(pad.fill(Point::new(120.0, 120.0)));
        assert_eq!(pad.drawing().marks().len(), 2);
    }
}
