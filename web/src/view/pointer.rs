//! From pointer events to strokes: mouse, touch and pen.

use crate::desk::Desk;
use crate::pad::Tool;
use leptos::prelude::*;
use model::drawing::{PAPER, Point};
use wasm_bindgen::JsCast;
use web_sys::PointerEvent;

/// What a mouse counts as, which knows no pressure; touch screens report all sorts of numbers.
const EVEN_PRESSURE: f32 = 0.5;

/// The main button, a finger, or a pen's tip.
const MAIN_BUTTON: i16 = 0;

/// A pen's eraser end.
const ERASER_BUTTON: i16 = 5;

/// The pointer that draws.
#[derive(Clone, Copy)]
pub(super) struct Pen {
    desk: Desk,
    /// The pointer whose stroke is under way; others are ignored meanwhile.
    pointer: StoredValue<Option<i32>>,
    /// Where a mouse or pen hovers, in paper units.
    pub(super) hover: RwSignal<Option<(f32, f32)>>,
}

impl Pen {
    pub(super) fn new(desk: Desk) -> Self {
        Self {
            desk,
            pointer: StoredValue::new(None),
            hover: RwSignal::new(None),
        }
    }

    pub(super) fn down(self, event: &PointerEvent) {
        let starts = event.is_primary() && matches!(event.button(), MAIN_BUTTON | ERASER_BUTTON);
        let Some(point) = self
            .point(event)
            .filter(|_| starts && self.pointer.get_value().is_none())
        else {
            return;
        };
        let settings = self.desk.settings.get_untracked();
        if settings.tool == Tool::Fill && event.button() == MAIN_BUTTON {
            self.fill(point);
            return;
        }
        if let Some(canvas) = self.desk.canvas.get_untracked() {
            // Refused only when the pointer has just gone; then the stroke ends with its next event.
            let _ = canvas.set_pointer_capture(event.pointer_id());
        }
        self.pointer.set_value(Some(event.pointer_id()));
        let erase = settings.tool == Tool::Eraser || event.button() == ERASER_BUTTON;
        self.desk
            .draw(|pad| pad.press(point, settings.width(erase), erase));
    }

    pub(super) fn moved(self, event: &PointerEvent) {
        self.follow(event);
        if self.pointer.get_value() != Some(event.pointer_id()) {
            return;
        }
        // Several positions may have been measured since the last event.
        let mut points: Vec<Point> = event
            .get_coalesced_events()
            .iter()
            .filter_map(|event| self.point(event.unchecked_ref()))
            .collect();
        if points.is_empty() {
            points.extend(self.point(event));
        }
        self.desk
            .draw(|pad| points.into_iter().for_each(|point| pad.drag(point)));
    }

    pub(super) fn up(self, event: &PointerEvent) {
        if self.pointer.get_value() == Some(event.pointer_id()) {
            self.pointer.set_value(None);
            self.desk.mark(crate::pad::Pad::release);
        }
    }

    pub(super) fn left(self) {
        self.hover.set(None);
    }

    fn fill(self, point: Point) {
        if self.desk.mark(|pad| pad.fill(point)) == Some(false) {
            self.desk.hint("There is no closed outline here to fill. Close the gap in it, or tap inside another one.");
        }
    }

    /// The brush's outline follows a mouse; under a finger it would only be hidden.
    fn follow(self, event: &PointerEvent) {
        let hovers = event.pointer_type() != "touch";
        self.hover.set(
            self.point(event)
                .filter(|_| hovers)
                .map(|point| (point.x, point.y)),
        );
    }

    /// Where on the paper an event happened.
    fn point(self, event: &PointerEvent) -> Option<Point> {
        let frame = self.desk.canvas.get_untracked()?.get_bounding_client_rect();
        let units = |from_edge: f64, edge: f64| (from_edge / edge) as f32 * PAPER;
        let x = units(f64::from(event.client_x()) - frame.left(), frame.width());
        let y = units(f64::from(event.client_y()) - frame.top(), frame.height());
        let has_pressure = event.pointer_type() == "pen" && event.pressure() > 0.0;
        let pressure = if has_pressure {
            event.pressure()
        } else {
            EVEN_PRESSURE
        };
        (x.is_finite() && y.is_finite()).then_some(Point { x, y, pressure })
    }
}
