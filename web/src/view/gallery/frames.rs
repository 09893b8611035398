//! Painting when the browser is about to show a frame, as large as the element is.

use crate::browser::optional::observe_size;
use leptos::prelude::*;
use web_sys::Element;

/// At most one painting a frame, however many events ask for one.
#[derive(Clone, Copy)]
pub(super) struct Frames(StoredValue<bool>);

impl Frames {
    /// No frame is asked for yet.
    pub(super) fn new() -> Self {
        Self(StoredValue::new(false))
    }

    /// Has `paint` called with the next frame, unless a frame is due already.
    pub(super) fn request(self, paint: impl FnOnce() + 'static) {
        if self.0.get_value() {
            return;
        }
        self.0.set_value(true);
        request_animation_frame(move || {
            self.0.try_set_value(false);
            paint();
        });
    }
}

/// Tells an element's inner width and height now, and whenever they change; not while it is hidden.
pub(super) fn follow_size(element: &Element, tell: impl Fn((f64, f64)) + 'static) {
    let observed = element.clone();
    let mut told = (0.0, 0.0);
    observe_size(element, move || {
        let size = (
            f64::from(observed.client_width()),
            f64::from(observed.client_height()),
        );
        if size.0 > 0.0 && size != told {
            told = size;
            tell(size);
        }
    });
}
