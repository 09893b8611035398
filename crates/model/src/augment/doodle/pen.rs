//! The hand that draws: steady or shaky, in one go or in pieces.

use std::cell::RefCell;
use std::f32::consts::TAU;

use rand::{Rng, RngCore};

use crate::drawing::{Point, Stroke};

/// Nominal width of all strokes, in paper units; the augmentation sets another one.
const WIDTH: f32 = 8.0;

/// A corner of a line: x, y and the bow of the edge that leads here, which is how far the edge's
/// middle lies to the right of somebody walking along it, as a part of its length.
pub(super) type Node = (f32, f32, f32);

/// Draws lines in one style, which is chosen at random when the pen is made. Cells, so that a
/// measure can be chosen in the middle of a call: `pen.dot(0.0, pen.between(1.0, 2.0), 0.0)`.
pub(super) struct Pen<'a> {
    rng: RefCell<&'a mut dyn RngCore>,
    strokes: RefCell<Vec<Stroke>>,
    /// How far corners are off.
    wobble: f32,
    /// How much straight edges are bowed.
    sway: f32,
    /// Factor on the bows that were asked for; 0 draws straight lines only.
    softness: f32,
    /// Probability that the pen is lifted at a corner.
    lift: f64,
    /// Probability of each detail.
    detail: f64,
    /// Factor on the left half's width.
    left: f32,
    /// Factor on all widths.
    stretch: f32,
}

impl<'a> Pen<'a> {
    pub(super) fn new(rng: &'a mut dyn RngCore) -> Self {
        let mut pen = Self {
            rng: RefCell::new(rng),
            strokes: RefCell::default(),
            wobble: 0.0,
            sway: 0.0,
            softness: 1.0,
            lift: 0.0,
            detail: 0.5,
            left: 1.0,
            stretch: 1.0,
        };
        pen.detail = f64::from(pen.between(0.15, 0.85));
        pen.stretch = pen.between(0.85, 1.15);
        if pen.chance(0.3) {
            pen.softness = pen.pick([0.0, 1.0, 1.0]);
        } else {
            pen.wobble = pen.between(0.5, 3.5);
            pen.sway = pen.between(0.0, 0.05);
            pen.softness = pen.between(0.6, 1.4);
            pen.lift = pen.pick([0.0, 0.0, 0.1, 0.4, 0.8]);
            pen.left = pen.between(0.94, 1.06);
        }
        pen
    }

    pub(super) fn into_strokes(self) -> Vec<Stroke> {
        self.strokes.into_inner()
    }

    /// A number from `low` to `high`.
    pub(super) fn between(&self, low: f32, high: f32) -> f32 {
        self.rng.borrow_mut().random_range(low..=high)
    }

    /// A whole number from `low` to `high`.
    pub(super) fn count(&self, low: usize, high: usize) -> usize {
        self.rng.borrow_mut().random_range(low..=high)
    }

    pub(super) fn chance(&self, probability: f64) -> bool {
        self.rng.borrow_mut().random_bool(probability)
    }

    /// Whether to draw a detail; some drawings have many, some hardly any.
    pub(super) fn detail(&self) -> bool {
        self.chance(self.detail)
    }

    /// One of `choices`, all equally likely.
    pub(super) fn pick<T: Copy, const N: usize>(&self, choices: [T; N]) -> T {
        choices[self.rng.borrow_mut().random_range(0..N)]
    }

    /// Whether the pen draws straight edges only.
    pub(super) fn is_straight(&self) -> bool {
        self.softness == 0.0
    }

    /// Draws an open line through `nodes`; the first one's bow does not count.
    pub(super) fn line(&self, nodes: &[Node]) {
        let Some(&first) = nodes.first() else { return };
        let start = self.place(first);
        self.trace(start, &nodes[1..], None);
    }

    /// Draws a line through `nodes` and back to the first one, along an edge with that one's bow.
    pub(super) fn closed(&self, nodes: &[Node]) {
        let Some(&first) = nodes.first() else { return };
        let start = self.place(first);
        let rest: Vec<Node> = nodes[1..].iter().copied().chain([first]).collect();
        // People mostly meet the start, but not always.
        let end = self.chance(0.6).then_some(start);
        self.trace(start, &rest, end);
    }

    /// Draws a line and its mirror image.
    pub(super) fn both(&self, nodes: &[Node]) {
        self.line(nodes);
        self.line(&mirror(nodes));
    }

    /// Draws a closed line and its mirror image.
    pub(super) fn both_closed(&self, nodes: &[Node]) {
        self.closed(nodes);
        self.closed(&mirror(nodes));
    }

    /// Draws an upright rectangle around (`x`, `y`), given half its width and height.
    pub(super) fn rectangle(&self, (x, y): (f32, f32), (w, h): (f32, f32)) {
        self.closed(&[
            (x - w, y - h, 0.0),
            (x + w, y - h, 0.0),
            (x + w, y + h, 0.0),
            (x - w, y + h, 0.0),
        ]);
    }

    /// Draws an ellipse.
    pub(super) fn ring(&self, (x, y): (f32, f32), (rx, ry): (f32, f32)) {
        let steps = 8 + (rx + ry) as usize / 2;
        let overlap = if self.wobble > 0.0 {
            self.between(-0.02, 0.06)
        } else {
            0.0
        };
        let points = (0..=steps).map(|step| {
            let turn = TAU * (1.0 + overlap) * step as f32 / steps as f32;
            self.point(x + rx * turn.sin(), y - ry * turn.cos())
        });
        let points = points.collect();
        self.push(points);
    }

    /// Draws a button or an eyelet: a dot or a small ring.
    pub(super) fn dot(&self, x: f32, y: f32, radius: f32) {
        if radius > 1.0 {
            self.ring((x, y), (radius, radius));
        } else {
            let point = self.place((x, y, 0.0));
            self.push(vec![point]);
        }
    }

    /// Mirrors all that was drawn so far.
    pub(super) fn turn_over(&self) {
        let mut strokes = self.strokes.borrow_mut();
        for point in strokes.iter_mut().flat_map(|stroke| &mut stroke.points) {
            point.x = -point.x;
        }
    }

    fn trace(&self, start: Point, nodes: &[Node], end: Option<Point>) {
        let mut points = vec![start];
        for (index, &node) in nodes.iter().enumerate() {
            let is_last = index + 1 == nodes.len();
            let to = end.filter(|_| is_last).unwrap_or_else(|| self.place(node));
            self.edge(&mut points, to, node.2);
            if !is_last && self.chance(self.lift) {
                self.push(std::mem::take(&mut points));
                points.push(self.place(node));
            }
        }
        self.push(points);
    }

    /// Adds an edge to a line: a quadratic curve.
    fn edge(&self, points: &mut Vec<Point>, to: Point, bow: f32) {
        let Some(&from) = points.last() else { return };
        let (dx, dy) = (to.x - from.x, to.y - from.y);
        let bow = 2.0 * (bow * self.softness + self.between(-self.sway, self.sway));
        let control = (
            (from.x + to.x) / 2.0 - dy * bow,
            (from.y + to.y) / 2.0 + dx * bow,
        );
        let steps = 2 + ((dx * dx + dy * dy).sqrt() * (1.0 + bow.abs()) / 7.0) as usize;
        for step in 1..=steps {
            let t = step as f32 / steps as f32;
            let along = |a: f32, b: f32, c: f32| {
                (1.0 - t) * (1.0 - t) * a + 2.0 * t * (1.0 - t) * b + t * t * c
            };
            points.push(Point::new(
                along(from.x, control.0, to.x),
                along(from.y, control.1, to.y),
            ));
        }
    }

    /// Where a corner ends up.
    fn place(&self, (x, y, _): Node) -> Point {
        let (dx, dy) = (
            self.between(-self.wobble, self.wobble),
            self.between(-self.wobble, self.wobble),
        );
        self.point(x + dx, y + dy)
    }

    fn point(&self, x: f32, y: f32) -> Point {
        let side = if x < 0.0 { self.left } else { 1.0 };
        Point::new(x * side * self.stretch, y)
    }

    fn push(&self, points: Vec<Point>) {
        self.strokes.borrow_mut().push(Stroke {
            points,
            width: WIDTH,
        });
    }
}

/// The mirror image, walked in the same direction.
fn mirror(nodes: &[Node]) -> Vec<Node> {
    nodes.iter().map(|&(x, y, bow)| (-x, y, -bow)).collect()
}

/// The outline whose right half is given, from the top to the bottom: down on the right, up on the
/// left. `bottom` and `top` are the bows of the edges across, which run left and right.
pub(super) fn around(half: &[Node], bottom: f32, top: f32) -> Vec<Node> {
    let mut nodes = half.to_vec();
    let mut bow = bottom;
    for &(x, y, next) in half.iter().rev() {
        nodes.push((-x, y, bow));
        bow = next;
    }
    if let Some(first) = nodes.first_mut() {
        first.2 = top;
    }
    nodes
}
