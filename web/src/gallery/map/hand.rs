//! Moving about on the map, and choosing a part of it: by mouse, finger or pen, by wheel, and by keys.

use super::Lens;
use crate::gallery::{Region, Step};
use crate::pointers::GESTURE;

/// A line goes on once the pointer is so many pixels away: a hand that rests adds nothing to its shape.
const CLOSE: f64 = 2.0;

/// The most places that a line has while it is drawn.
const LONGEST: usize = 2_048;

/// A pointer that travels less than this, in pixels, was pressed in one place.
const STILL: f64 = 4.0;

/// How far a key moves the cursor, in pixels.
const STRIDE: f64 = 16.0;

/// How much larger a key makes the map.
const ZOOM: f64 = 1.5;

/// How far the wheel turns, in its own pixels, until the map is e times as large.
const WHEEL: f64 = 400.0;

/// What dragging does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tool {
    /// It moves the map.
    #[default]
    Move,
    /// It draws around a part of the map.
    Select,
}

/// What follows from an event.
#[derive(Clone, Debug, PartialEq)]
pub enum Deed {
    /// This place is pointed at.
    Point([f64; 2]),
    /// The image at this place is to be opened.
    Open([f64; 2]),
    /// This part of the map was chosen.
    Select(Region),
}

/// A hand on the map. Points are in the window's pixels, places in the map's units.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Hand {
    /// What is seen.
    pub lens: Lens,
    /// What dragging does.
    pub tool: Tool,
    /// The pointers that are down.
    fingers: Vec<(i32, [f64; 2])>,
    /// How far the first of them has travelled.
    travelled: f64,
    /// When it came down, in milliseconds.
    since: f64,
    line: Vec<[f64; 2]>,
    cursor: Option<[f64; 2]>,
    corner: Option<[f64; 2]>,
}

impl Hand {
    /// The places that a pointer has drawn a line through.
    pub fn line(&self) -> &[[f64; 2]] {
        &self.line
    }

    /// Where the keys have moved to.
    pub fn cursor(&self) -> Option<[f64; 2]> {
        self.cursor
    }

    /// The other corner of a rectangle that the keys have begun.
    pub fn corner(&self) -> Option<[f64; 2]> {
        self.corner
    }

    /// Whether a pointer is down.
    pub fn is_down(&self) -> bool {
        !self.fingers.is_empty()
    }

    /// A pointer is down, at a time in milliseconds.
    pub fn down(&mut self, id: i32, point: [f64; 2], time: f64) {
        // As on the paper: later, a second finger touches a line that is being drawn by accident.
        if !self.line.is_empty() && time - self.since >= GESTURE {
            return;
        }
        self.cursor = None;
        self.corner = None;
        self.line.clear();
        if self.fingers.is_empty() {
            self.travelled = 0.0;
            self.since = time;
            if self.tool == Tool::Select {
                self.line.push(self.lens.to_map(point));
            }
        }
        self.fingers.push((id, point));
    }

    /// A pointer has moved.
    pub fn moved(&mut self, id: i32, point: [f64; 2]) -> Option<Deed> {
        let Some(index) = self.fingers.iter().position(|finger| finger.0 == id) else {
            return Some(Deed::Point(self.lens.to_map(point)));
        };
        let before = self.fingers[index].1;
        let by = [point[0] - before[0], point[1] - before[1]];
        self.fingers[index].1 = point;
        self.travelled += by[0].hypot(by[1]);
        match self.fingers[..] {
            [_] if self.tool == Tool::Select => self.draw_to(point),
            [_] => self.lens = self.lens.moved(by),
            [(_, one), (_, other)] => {
                let still = if index == 0 { other } else { one };
                self.pinch(still, before, point);
            }
            _ => {}
        }
        None
    }

    /// The line goes on to a point, if there is one: after a pinch there is none.
    fn draw_to(&mut self, point: [f64; 2]) {
        let Some(last) = self.line.last() else { return };
        let [x, y] = self.lens.to_window(*last);
        if (point[0] - x).hypot(point[1] - y) >= CLOSE {
            self.line.push(self.lens.to_map(point));
        }
        if self.line.len() > LONGEST {
            // What is left out lies between its neighbours, near enough.
            let mut is_kept = false;
            self.line.retain(|_| {
                is_kept = !is_kept;
                is_kept
            });
        }
    }

    /// One finger is still, another has moved.
    fn pinch(&mut self, still: [f64; 2], before: [f64; 2], now: [f64; 2]) {
        let apart = |point: [f64; 2]| (point[0] - still[0]).hypot(point[1] - still[1]).max(1.0);
        self.lens = self.lens.zoomed(apart(now) / apart(before), still);
    }

    /// A pointer is up again.
    pub fn up(&mut self, id: i32, point: [f64; 2]) -> Option<Deed> {
        let was_down = self.fingers.iter().any(|finger| finger.0 == id);
        self.fingers.retain(|finger| finger.0 != id);
        if !was_down || !self.fingers.is_empty() {
            // The hand is still on the map: what is left of a pinch opens and selects nothing.
            self.travelled = f64::INFINITY;
            return None;
        }
        let line = std::mem::take(&mut self.line);
        if self.travelled < STILL {
            return Some(Deed::Open(self.lens.to_map(point)));
        }
        Region::around(&line).map(Deed::Select)
    }

    /// A pointer was taken away, as by a call that comes in: it opens and selects nothing.
    pub fn lost(&mut self, id: i32) {
        self.fingers.retain(|finger| finger.0 != id);
        self.line.clear();
        self.travelled = f64::INFINITY;
    }

    /// The wheel was turned by so many of its pixels, downwards positive.
    pub fn wheel(&mut self, by: f64, point: [f64; 2]) {
        self.lens = self.lens.zoomed((-by / WHEEL).exp(), point);
    }

    /// Zooms about the cursor, or about the middle where there is none.
    pub fn zoom(&mut self, by: f64) {
        let middle = self.lens.window().map(|edge| edge / 2.0);
        let point = self
            .cursor
            .map_or(middle, |place| self.lens.to_window(place));
        self.lens = self.lens.zoomed(by, point);
    }

    /// Zooms in by one step.
    pub fn nearer(&mut self) {
        self.zoom(ZOOM);
    }

    /// Zooms out by one step.
    pub fn farther(&mut self) {
        self.zoom(1.0 / ZOOM);
    }

    /// A key was pressed. `None`: the map does not know it.
    pub fn key(&mut self, key: &str) -> Option<Option<Deed>> {
        let deed = match key {
            "+" | "=" => {
                self.nearer();
                None
            }
            "-" => {
                self.farther();
                None
            }
            "0" => {
                self.lens = self.lens.whole();
                None
            }
            " " => self.corner_or_rectangle(),
            "Enter" if self.corner.is_some() => self.corner_or_rectangle(),
            "Enter" => self.cursor.map(Deed::Open),
            "Escape" => {
                // Nothing to give up: the key may mean something to others.
                self.corner.take()?;
                None
            }
            _ => self.step(Step::of_key(key)?)?,
        };
        Some(deed)
    }

    fn step(&mut self, step: Step) -> Option<Option<Deed>> {
        let by = match step {
            Step::Left => [-STRIDE, 0.0],
            Step::Right => [STRIDE, 0.0],
            Step::Up => [0.0, -STRIDE],
            Step::Down => [0.0, STRIDE],
            Step::PageUp => [0.0, -4.0 * STRIDE],
            Step::PageDown => [0.0, 4.0 * STRIDE],
            Step::Home | Step::End => return None,
        };
        let middle = self.lens.window().map(|edge| edge / 2.0);
        let from = self
            .cursor
            .map_or(middle, |place| self.lens.to_window(place));
        let place = self.lens.to_map([from[0] + by[0], from[1] + by[1]]);
        let place = place.map(|coordinate| coordinate.clamp(0.0, f64::from(model::map::LARGEST)));
        self.lens = self.lens.showing(place);
        self.cursor = Some(place);
        Some(Some(Deed::Point(place)))
    }

    /// Begins a rectangle at the cursor, or ends it there.
    fn corner_or_rectangle(&mut self) -> Option<Deed> {
        let cursor = self.cursor?;
        let Some(corner) = self.corner.take() else {
            self.corner = Some(cursor);
            return None;
        };
        Region::rectangle(corner, cursor).map(Deed::Select)
    }
}

#[cfg(test)]
mod tests;
