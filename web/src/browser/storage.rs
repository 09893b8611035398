//! The drawing and the settings in the browser's storage, so that a reload loses nothing.
//!
//! Each tab keeps a drawing of its own, which a reload brings back, and leaves a copy for the next tab: so
//! tabs do not overwrite each other's. Of the settings, the last choice counts for all tabs.

use leptos::prelude::window;
use lz4_flex::block::{compress_prepend_size, decompress, uncompressed_size};
use serde::{Serialize, de::DeserializeOwned};
use std::sync::atomic::{AtomicBool, Ordering};
use web_sys::Storage;

/// Whether the drawing was stored when it was last to be.
static DRAWING_IS_STORED: AtomicBool = AtomicBool::new(true);

/// Whether a reload brings the drawing back.
pub fn drawing_is_stored() -> bool {
    DRAWING_IS_STORED.load(Ordering::Relaxed)
}

/// The format of what is stored, the first character of each entry: postcard, compressed by LZ4.
const VERSION: char = '2';

/// The format before that: postcard.
const UNCOMPRESSED: char = '1';

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

    /// Whether each tab has one of its own.
    fn is_a_tab_s_own(self) -> bool {
        match self {
            Self::Drawing => true,
            Self::DrawnAt | Self::Settings => false,
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

/// Bytes as text, one character a byte: the storage holds text only. Compressed, as a picture is mostly
/// blank paper.
fn to_text<T: Serialize>(value: &T) -> Option<String> {
    let bytes = compress_prepend_size(&postcard::to_allocvec(value).ok()?);
    Some(
        std::iter::once(VERSION)
            .chain(bytes.into_iter().map(char::from))
            .collect(),
    )
}

pub(crate) fn from_text<T: DeserializeOwned>(text: &str) -> Option<T> {
    let mut letters = text.chars();
    let version = letters.next()?;
    let bytes = letters.map(|letter| u8::try_from(letter).ok());
    let bytes = bytes.collect::<Option<Vec<u8>>>()?;
    match version {
        VERSION => postcard::from_bytes(&decompressed(&bytes)?).ok(),
        UNCOMPRESSED => postcard::from_bytes(&bytes).ok(),
        _ => None,
    }
}

fn decompressed(bytes: &[u8]) -> Option<Vec<u8>> {
    let (size, rest) = uncompressed_size(bytes).ok()?;
    // A damaged size is not to ask for gigabytes: a byte of LZ4 stands for 255 at most.
    (size <= 255 * rest.len())
        .then(|| decompress(rest, size).ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::drawing::{Drawing, Ink, Mark, Point, Stroke};

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
        assert!(from_text::<Drawing>("2").is_none());
        assert!(from_text::<Drawing>("2\u{FF}\u{FF}\u{FF}\u{FF}damage").is_none());
        let bytes = postcard::to_allocvec(&drawing).unwrap();
        let earlier: String = std::iter::once('1')
            .chain(bytes.into_iter().map(char::from))
            .collect();
        let back: Drawing = from_text(&earlier).unwrap();
        assert_eq!(back.marks(), drawing.marks());
    }

    #[test]
    fn six_pictures_leave_room_in_the_storage() {
        let mut drawing = Drawing::default();
        for number in 1..=6 {
            // Lines of ink of all shades on a tenth of the paper.
            let pixel = |index: usize| {
                if (index / 1024).is_multiple_of(10) {
                    index as u8
                } else {
                    0
                }
            };
            let pixels = (0..1024 * 1024)
                .map(|index| pixel(number * index))
                .collect();
            drawing.push(Mark::Picture(Ink::new(1024, 1024, pixels).unwrap()));
        }
        for undone in [false, true] {
            let text = to_text(&drawing).unwrap();
            assert!(text.len() < 1_000_000, "{} {undone}", text.len());
            assert!(from_text::<Drawing>(&text) == Some(drawing.clone()));
            while drawing.undo() {}
        }
    }
}
