//! What pointers, wheel and keys do on the map's canvas.

use super::chart::Sheet;
use crate::gallery::{DIM, Deed, Hand, ImageId, Tool};
use crate::pointers::{Change, Phase, Pointers};
use crate::view::keys::press_of;
use crate::view::pointer::input;
use leptos::ev;
use leptos::prelude::*;

/// How far from an image, in pixels, it is still pointed at.
const REACH: f64 = 10.0;

impl Sheet {
    /// Whether dragging draws around a part of the map.
    pub(super) fn selects(self) -> bool {
        self.hand.with(|hand| hand.tool == Tool::Select)
    }

    /// A pointer says something.
    pub(super) fn hear(self, event: &ev::PointerEvent, phase: Phase) {
        let (id, point) = (event.pointer_id(), point_of(event));
        let input = input(event, phase);
        let changes = self
            .pointers
            .try_update_value(|pointers| pointers.update(&input));
        for change in changes.unwrap_or_default() {
            match change {
                Change::Began(id) => self.down(id, point, input.time),
                Change::Moved(id) => self.hand.update(|hand| drop(hand.moved(id, point))),
                Change::Ended(ended) if ended == id && phase == Phase::Up => {
                    let deed = self.hand.try_update(|hand| hand.up(id, point));
                    self.carry_out(deed.flatten());
                }
                Change::Ended(id) | Change::Withdrawn(id) => {
                    self.hand.update(|hand| hand.lost(id));
                }
            }
        }
        // A pointer in the air changes nothing on the map.
        if phase == Phase::Move && !self.hand.with_untracked(Hand::is_down) {
            let deed = self.hand.try_update_untracked(|hand| hand.moved(id, point));
            self.carry_out(deed.flatten());
        }
    }

    /// All pointers are gone.
    pub(super) fn leave(self) {
        let changes = self.pointers.try_update_value(Pointers::leave);
        for change in changes.unwrap_or_default() {
            if let Change::Ended(id) = change {
                self.hand.update(|hand| hand.lost(id));
            }
        }
    }

    fn down(self, id: i32, point: [f64; 2], time: f64) {
        if let Some(canvas) = self.canvas.get_untracked() {
            // Refused only for a pointer that is gone already.
            let _ = canvas.set_pointer_capture(id);
        }
        self.point(None);
        self.hand.update(|hand| hand.down(id, point, time));
    }

    /// The wheel was turned.
    pub(super) fn wheel(self, event: &ev::WheelEvent) {
        event.prevent_default();
        let point = [event.offset_x(), event.offset_y()].map(f64::from);
        self.hand.update(|hand| hand.wheel(event.delta_y(), point));
    }

    /// A key was pressed.
    pub(super) fn key(self, event: &ev::KeyboardEvent) {
        let press = press_of(event);
        if !press.is_plain() {
            return;
        }
        let known = self
            .hand
            .try_update(|hand| hand.key(&press.name()))
            .flatten();
        if let Some(deed) = known {
            event.prevent_default();
            self.carry_out(deed);
        }
    }

    fn carry_out(self, deed: Option<Deed>) {
        match deed {
            None => {}
            Some(Deed::Point(place)) => self.point(self.image_at(place)),
            Some(Deed::Open(place)) => {
                if let Some(id) = self.image_at(place) {
                    self.desk.glance(|query| query.image = Some(id));
                }
            }
            Some(Deed::Select(region)) => self.desk.look(|query| query.region = Some(region)),
        }
    }

    /// This image is pointed at now.
    pub(super) fn point(self, image: Option<ImageId>) {
        if self.pointed.get_untracked() != image {
            self.pointed.set(image);
        }
    }

    /// The image at a place of the map, among those that are not left out.
    fn image_at(self, place: [f64; 2]) -> Option<ImageId> {
        let reach = REACH / self.hand.with_untracked(|hand| hand.lens.scale());
        let shades = self.shades.read_value();
        let is_bright = |id: ImageId| shades.get(id.number()).is_some_and(|shade| *shade < DIM);
        self.desk
            .gallery
            .with_untracked(|gallery| gallery.map()?.nearest(place, reach, is_bright))
    }
}

fn point_of(event: &ev::PointerEvent) -> [f64; 2] {
    [event.offset_x(), event.offset_y()].map(f64::from)
}
