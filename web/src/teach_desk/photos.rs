//! Images of the data set as examples, whether or not the room has been entered.

use super::{TRAY, TeachDesk};
use crate::teach::Tray;
use leptos::prelude::*;
use leptos::task::spawn_local;
use model::image::Image;
use model::teach::Example;

impl TeachDesk {
    /// Brings the examples as they were left, once.
    pub(super) async fn bring_tray(self) {
        if self.tray_is_here.get_value() {
            return;
        }
        let stored = self.loaded::<Tray>(TRAY).await;
        // Another call may have been faster, and examples added since.
        if !self.tray_is_here.get_value() {
            let stored = stored.unwrap_or_default();
            let came_early = self.tray.with_untracked(|tray| !tray.is_empty());
            self.tray
                .update(|tray| *tray = std::mem::take(tray).after(stored));
            self.tray_is_here.set_value(true);
            if came_early {
                self.store_tray();
            }
        }
    }

    /// Adds an image to the examples, under the label that its publishers gave it.
    pub fn add_photo(self, image: Image, label: u8) {
        let example = Example {
            image,
            strokes: Vec::new(),
            label,
        };
        spawn_local(async move {
            self.bring_tray().await;
            self.change_tray(|tray| {
                tray.add(example);
            });
        });
    }
}
