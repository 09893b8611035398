//! What pointers, wheel and keys do on the map's canvas.

use super::chart::Sheet;
use crate::gallery::{DIM, Deed, Hand, ImageId, Tool};
use leptos::ev;
use leptos::prelude::*;

/// How far from an image, in pixels, it is still pointed at.
const REACH: f64 = 10.0;

impl Sheet {
    /// Whether dragging draws around a part of the map.
    pub(super) fn selects(self) -> bool {
        self.hand.with(|hand| hand.tool == Tool::Select)
    }

    /// A pointer is down.
    pub(super) fn down(self, event: &ev::PointerEvent) {
        if event.button() != 0 {
            return;
        }
        if let Some(canvas) = self.canvas.get_untracked() {
            // Refused only for a pointer that is gone already.
            let _ = canvas.set_pointer_capture(event.pointer_id());
        }
        self.point(None);
        self.hand
            .update(|hand| hand.down(event.pointer_id(), point_of(event)));
    }

    /// A pointer has moved.
    pub(super) fn moved(self, event: &ev::PointerEvent) {
        let (id, point) = (event.pointer_id(), point_of(event));
        // A pointer in the air changes nothing on the map.
        if self.hand.with_untracked(Hand::is_down) {
            self.hand.update(|hand| drop(hand.moved(id, point)));
        } else {
            let deed = self.hand.try_update_untracked(|hand| hand.moved(id, point));
            self.carry_out(deed.flatten());
        }
    }

    /// A pointer is up again.
    pub(super) fn up(self, event: &ev::PointerEvent) {
        let deed = self
            .hand
            .try_update(|hand| hand.up(event.pointer_id(), point_of(event)));
        self.carry_out(deed.flatten());
    }

    /// The wheel was turned.
    pub(super) fn wheel(self, event: &ev::WheelEvent) {
        event.prevent_default();
        let point = [event.offset_x(), event.offset_y()].map(f64::from);
        self.hand.update(|hand| hand.wheel(event.delta_y(), point));
    }

    /// A key was pressed.
    pub(super) fn key(self, event: &ev::KeyboardEvent) {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let known = self
            .hand
            .try_update(|hand| hand.key(&event.key()))
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
