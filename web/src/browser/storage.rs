//! The drawing and the settings in the browser's storage, so that a reload loses nothing.
//!
//! Each tab keeps a drawing of its own, which a reload brings back, and leaves a copy for the next tab: so
//! tabs do not overwrite each other's. Of the settings, the last choice counts for all tabs.

use leptos::prelude::window;
use serde::{Serialize, de::DeserializeOwned};
use std::sync::atomic::{AtomicBool, Ordering};
use web_sys::Storage;

/// Whether the drawing was stored when it was last to be.
static DRAWING_IS_STORED: AtomicBool = AtomicBool::new(true);

/// Whether a reload brings the drawing back.
pub fn drawing_is_stored() -> bool {
    DRAWING_IS_STORED.load(Ordering::Relaxed)
}

/// The format of what is stored, the first character of each entry.
const VERSION: char = '1';

/// What is stored, each under a key of its own.
#[derive(Clone, Copy, Debug)]
pub enum Slot {
    /// The drawing.
    Drawing,
    /// Tool, size and device.
    Settings,
}

impl Slot {
    fn key(self) -> &'static str {
        match self {
            Self::Drawing => "wardrobe.drawing",
            Self::Settings => "wardrobe.settings",
        }
    }

    /// Whether each tab has one of its own.
    fn is_a_tab_s_own(self) -> bool {
        match self {
            Self::Drawing => true,
            Self::Settings => false,
        }
    }
}

/// Stores a value.
///
/// # Errors
/// One sentence when the storage is full or closed to this page.
pub fn save<T: Serialize>(slot: Slot, value: &T) -> Result<(), String> {
    const FULL: &str = "The browser's storage is full or switched off, so a reload would lose this drawing. Drawing goes on as before.";
    let text = to_text(value).ok_or(FULL)?;
    let store = |storage: &Storage| storage.set_item(slot.key(), &text).ok();
    if slot.is_a_tab_s_own()
        && let Some(own) = own_storage()
        && store(&own).is_none()
    {
        // An older one would be preferred to the copy below.
        let _ = own.remove_item(slot.key());
    }
    let stored = shared_storage().and_then(|shared| store(&shared));
    if slot.is_a_tab_s_own() {
        DRAWING_IS_STORED.store(stored.is_some(), Ordering::Relaxed);
    }
    stored.ok_or(FULL.to_owned())
}

/// Loads what was stored; `None` if nothing was.
///
/// # Errors
/// One sentence when what is stored cannot be read.
pub fn load<T: DeserializeOwned>(slot: Slot) -> Result<Option<T>, String> {
    let item = |storage: Storage| storage.get_item(slot.key()).ok().flatten();
    let own = own_storage().filter(|_| slot.is_a_tab_s_own());
    let Some(text) = own
        .and_then(item)
        .or_else(|| shared_storage().and_then(item))
    else {
        return Ok(None);
    };
    match from_text(&text) {
        Some(value) => Ok(Some(value)),
        None => Err("The drawing saved by an earlier version of this page could not be read, so the paper is blank.".to_owned()),
    }
}

/// What all tabs share, also those to come.
fn shared_storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

/// What a tab keeps until it is closed.
fn own_storage() -> Option<Storage> {
    window().session_storage().ok().flatten()
}

/// Postcard bytes as text, one character a byte: the storage holds text only.
fn to_text<T: Serialize>(value: &T) -> Option<String> {
    let bytes = postcard::to_allocvec(value).ok()?;
    Some(
        std::iter::once(VERSION)
            .chain(bytes.into_iter().map(char::from))
            .collect(),
    )
}

fn from_text<T: DeserializeOwned>(text: &str) -> Option<T> {
    let bytes = text
        .strip_prefix(VERSION)?
        .chars()
        .map(|letter| u8::try_from(letter).ok());
    postcard::from_bytes(&bytes.collect::<Option<Vec<u8>>>()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::drawing::{Drawing, Mark, Point, Stroke};

    #[test]
    fn a_drawing_comes_back_and_damage_is_noticed() {
        let mut drawing = Drawing::default();
        let points = vec![Point::new(1.5, 2.5), Point::new(200.0, -3.0)];
        drawing.push(Mark::Stroke(Stroke { points, width: 8.0 }));
        let text = to_text(&drawing).unwrap();
        let back: Drawing = from_text(&text).unwrap();
        assert_eq!(back.marks(), drawing.marks());
        let cut: String = text.chars().take(9).collect();
        assert!(from_text::<Drawing>(&cut).is_none());
        assert!(from_text::<Drawing>("0older").is_none());
        assert!(from_text::<Drawing>("1…").is_none());
    }
}
