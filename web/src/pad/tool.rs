//! Tools, their settings, and the keys for them.

use crate::keys::Press;
use crate::session::Choice;
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;

/// Brush sizes in paper units (the paper is 256 wide).
pub const SIZES: RangeInclusive<f32> = 2.0..=40.0;

/// The size that the brush starts with, in paper units.
pub const START_SIZE: f32 = 8.0;

/// One press of a size key, in paper units.
pub const SIZE_STEP: f32 = 2.0;

/// The eraser is this much wider than the brush, as nobody erases along a line exactly.
const ERASER_FACTOR: f32 = 2.0;

/// What the pen does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Tool {
    /// Draws lines.
    #[default]
    Brush,
    /// Takes ink away.
    Eraser,
    /// Fills closed outlines.
    Fill,
}

/// What the page remembers from visit to visit, beside the drawing.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// The tool in hand.
    pub tool: Tool,
    /// The brush's width in paper units.
    pub size: f32,
    /// Which device computes.
    pub choice: Choice,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            tool: Tool::default(),
            size: START_SIZE,
            choice: Choice::default(),
        }
    }
}

impl Settings {
    /// The width in paper units of a line drawn or erased now.
    pub fn width(&self, erase: bool) -> f32 {
        if erase {
            self.size * ERASER_FACTOR
        } else {
            self.size
        }
    }

    /// Changes the size by this many paper units, within [`SIZES`].
    pub fn resize(&mut self, by: f32) {
        self.set_size(self.size + by);
    }

    /// Sets the size in paper units, within [`SIZES`].
    pub fn set_size(&mut self, size: f32) {
        if size.is_finite() {
            self.size = size.clamp(*SIZES.start(), *SIZES.end());
        }
    }
}

/// What a key or button does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Command {
    /// Takes a tool in hand.
    Take(Tool),
    /// Changes the brush's size by this many paper units.
    Resize(f32),
    /// Takes the last mark back.
    Undo,
    /// Puts it on again.
    Redo,
    /// Takes everything off the paper.
    Clear,
    /// Shows or hides the list of keys.
    Help,
}

/// What a key means.
pub fn command_for_key(press: &Press) -> Option<Command> {
    let name = press.name();
    if press.alt {
        return None;
    }
    if press.control {
        return match (name.as_str(), press.shift) {
            ("z", false) => Some(Command::Undo),
            ("z", true) | ("y", false) => Some(Command::Redo),
            _ => None,
        };
    }
    match name.as_str() {
        "b" => Some(Command::Take(Tool::Brush)),
        "e" => Some(Command::Take(Tool::Eraser)),
        "f" => Some(Command::Take(Tool::Fill)),
        "[" => Some(Command::Resize(-SIZE_STEP)),
        "]" => Some(Command::Resize(SIZE_STEP)),
        "Delete" => Some(Command::Clear),
        "?" => Some(Command::Help),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::tests::press;

    #[test]
    fn keys_mean_what_the_help_says() {
        let with = |key, code, control, shift| {
            command_for_key(&Press {
                control,
                shift,
                ..press(key, code)
            })
        };
        let brush = Some(Command::Take(Tool::Brush));
        assert_eq!(with("B", "KeyB", false, true), brush);
        assert_eq!(with("z", "KeyZ", true, false), Some(Command::Undo));
        assert_eq!(with("Z", "KeyZ", true, true), Some(Command::Redo));
        assert_eq!(with("y", "KeyY", true, false), Some(Command::Redo));
        assert_eq!(with("Delete", "Delete", false, false), Some(Command::Clear));
        // The browser's own: reload, find, select the address.
        for key in ["r", "f", "e", "b"] {
            assert_eq!(with(key, "", true, false), None);
        }
        let with_alt = Press {
            alt: true,
            ..press("b", "KeyB")
        };
        assert_eq!(command_for_key(&with_alt), None);
    }

    #[test]
    fn keys_mean_the_same_in_every_script() {
        // Russian, Greek, Hebrew, Arabic: what the key types that is at this place.
        for (code, typed, expected) in [
            ("KeyB", ["и", "β", "נ", "لا"], Command::Take(Tool::Brush)),
            ("KeyE", ["у", "ε", "ק", "ث"], Command::Take(Tool::Eraser)),
            ("KeyF", ["а", "φ", "כ", "ب"], Command::Take(Tool::Fill)),
        ] {
            for key in typed {
                assert_eq!(command_for_key(&press(key, code)), Some(expected), "{key}");
            }
        }
        for (code, typed, expected) in [
            ("KeyZ", ["я", "ζ", "ז", "ئ"], Command::Undo),
            ("KeyY", ["н", "υ", "ט", "غ"], Command::Redo),
        ] {
            for key in typed {
                let control = Press {
                    control: true,
                    ..press(key, code)
                };
                assert_eq!(command_for_key(&control), Some(expected), "{key}");
            }
        }
    }

    #[test]
    fn sizes_stay_in_range() {
        let mut settings = Settings::default();
        settings.resize(1e6);
        assert_eq!(settings.size, *SIZES.end());
        settings.resize(-1e6);
        assert_eq!(settings.size, *SIZES.start());
        settings.set_size(f32::NAN);
        assert_eq!(settings.size, *SIZES.start());
    }
}
