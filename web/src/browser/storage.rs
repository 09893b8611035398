//! The drawing and the settings in the browser's storage, so that a reload loses nothing.

use leptos::prelude::window;
use serde::{Serialize, de::DeserializeOwned};
use web_sys::Storage;

/// The format of what is stored, the first character of each entry.
const VERSION: char = '1';

/// What is stored, each under a key of its own.
#[derive(Clone, Copy, Debug)]
pub enum Slot {
    /// The drawing.
    Drawing,
    /// When it was stored, in milliseconds since 1970.
    DrawnAt,
    /// Tool, size and device.
    Settings,
}

impl Slot {
    fn key(self) -> &'static str {
        match self {
            Self::Drawing => "wardrobe.drawing",
            Self::DrawnAt => "wardrobe.drawn-at",
            Self::Settings => "wardrobe.settings",
        }
    }
}

/// What is said where nothing can be stored.
pub const FULL: &str = "The browser's storage is full or switched off, so a reload would lose this drawing. Drawing goes on as before.";

/// Stores a value.
///
/// # Errors
/// One sentence when the storage is full or closed to this page.
pub fn save<T: Serialize>(slot: Slot, value: &T) -> Result<(), String> {
    let text = to_text(value).ok_or(FULL)?;
    let stored = storage().map(|storage| storage.set_item(slot.key(), &text));
    match stored {
        Some(Ok(())) => Ok(()),
        _ => Err(FULL.to_owned()),
    }
}

/// Loads what was stored; `None` if nothing was.
///
/// # Errors
/// One sentence when what is stored cannot be read.
pub fn load<T: DeserializeOwned>(slot: Slot) -> Result<Option<T>, String> {
    let Some(text) = storage().and_then(|storage| storage.get_item(slot.key()).ok().flatten())
    else {
        return Ok(None);
    };
    match from_text(&text) {
        Some(value) => Ok(Some(value)),
        None => Err("The drawing saved by an earlier version of this page could not be read, so the paper is blank.".to_owned()),
    }
}

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
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

pub(crate) fn from_text<T: DeserializeOwned>(text: &str) -> Option<T> {
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
