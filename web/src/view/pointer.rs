//! From pointer events to strokes: mouse, touch and pen.

use crate::browser::optional;
use crate::desk::Desk;
use crate::pad::{Pad, StrokeStep, Strokes, Tool};
use crate::pointers::{ERASER, Input, Kind, Phase};
use leptos::ev;
use leptos::prelude::*;
use model::drawing::{PAPER, Point};
use web_sys::PointerEvent;

/// What a mouse counts as, which knows no pressure; touch screens report all sorts of numbers.
const EVEN_PRESSURE: f32 = 0.5;

/// What an event says, as the rules want it.
pub(super) fn input(event: &PointerEvent, phase: Phase) -> Input {
    Input {
        id: event.pointer_id(),
        kind: Kind::of(&event.pointer_type()),
        phase,
        primary: event.is_primary(),
        buttons: event.buttons(),
        time: event.time_stamp(),
    }
}

/// Calls `leave` whenever the window loses its pointers: to another window, tab or program.
pub(super) fn on_leave(leave: impl Fn() + Copy + 'static) {
    let blurred = window_event_listener(ev::blur, move |_| leave());
    let hidden = window_event_listener(ev::visibilitychange, move |_| leave());
    on_cleanup(move || {
        blurred.remove();
        hidden.remove();
    });
}

/// The pointer that draws.
#[derive(Clone, Copy)]
pub(super) struct Pen {
    desk: Desk,
    strokes: StoredValue<Strokes>,
    /// Where the fill tool came down: it fills when it is up again, as it may be the first finger of two.
    filling: StoredValue<Option<Point>>,
    /// Where a mouse or pen hovers, in paper units.
    pub(super) hover: RwSignal<Option<(f32, f32)>>,
}

impl Pen {
    pub(super) fn new(desk: Desk) -> Self {
        let pen = Self {
            desk,
            strokes: StoredValue::default(),
            filling: StoredValue::new(None),
            hover: RwSignal::new(None),
        };
        on_leave(move || {
            if pen
                .strokes
                .try_update_value(Strokes::leave)
                .flatten()
                .is_some()
            {
                pen.end();
            }
        });
        pen
    }

    pub(super) fn hear(self, event: &PointerEvent, phase: Phase) {
        if phase == Phase::Move {
            self.follow(event);
        }
        let input = input(event, phase);
        let steps = self
            .strokes
            .try_update_value(|strokes| strokes.update(&input));
        for step in steps.unwrap_or_default() {
            match step {
                StrokeStep::Begin => self.begin(event),
                StrokeStep::Extend => self.extend(event),
                StrokeStep::End => self.end(),
                StrokeStep::TakeBack => {
                    self.filling.set_value(None);
                    self.desk.draw(Pad::discard);
                }
            }
        }
    }

    /// Fingers touch the paper. Two of them scroll and zoom the page, but not while one draws.
    pub(super) fn touched(self, event: &ev::TouchEvent) {
        if self.strokes.with_value(Strokes::is_drawing) && optional::touch_count(event) > 1 {
            event.prevent_default();
        }
    }

    pub(super) fn left(self) {
        self.hover.set(None);
    }

    fn begin(self, event: &PointerEvent) {
        let Some(point) = self.point(event) else {
            return;
        };
        if let Some(canvas) = self.desk.canvas.get_untracked() {
            // Refused only when the pointer has just gone; then the stroke ends with its next event.
            let _ = canvas.set_pointer_capture(event.pointer_id());
        }
        let settings = self.desk.settings.get_untracked();
        let eraser_end = event.buttons() & ERASER != 0;
        if settings.tool == Tool::Fill && !eraser_end {
            self.filling.set_value(Some(point));
            return;
        }
        let erase = settings.tool == Tool::Eraser || eraser_end;
        self.desk
            .draw(|pad| pad.press(point, settings.width(erase), erase));
    }

    fn extend(self, event: &PointerEvent) {
        let events = optional::coalesced(event);
        let points: Vec<Point> = events
            .iter()
            .filter_map(|event| self.point(event))
            .collect();
        self.desk
            .draw(|pad| points.into_iter().for_each(|point| pad.drag(point)));
    }

    fn end(self) {
        match self.filling.try_update_value(Option::take).flatten() {
            Some(point) => self.fill(point),
            None => drop(self.desk.mark(Pad::release)),
        }
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
