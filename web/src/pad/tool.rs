//! Tools, their settings, and the keys for them.

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

/// What a key means; `control` is Ctrl, or Command on a Mac.
pub fn command_for_key(key: &str, control: bool, shift: bool) -> Option<Command> {
    let key = key.to_lowercase();
    if control {
        return match (key.as_str(), shift) {
            ("z", false) => Some(Command::Undo),
            ("z", true) | ("y", false) => Some(Command::Redo),
            _ => None,
        };
    }
    match key.as_str() {
        "b" => Some(Command::Take(Tool::Brush)),
        "e" => Some(Command::Take(Tool::Eraser)),
        "f" => Some(Command::Take(Tool::Fill)),
        "[" => Some(Command::Resize(-SIZE_STEP)),
        "]" => Some(Command::Resize(SIZE_STEP)),
        "delete" => Some(Command::Clear),
        "?" => Some(Command::Help),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_mean_what_the_help_says() {
        assert_eq!(
            command_for_key("B", false, true),
            Some(Command::Take(Tool::Brush))
        );
        assert_eq!(command_for_key("z", true, false), Some(Command::Undo));
        assert_eq!(command_for_key("Z", true, true), Some(Command::Redo));
        assert_eq!(command_for_key("y", true, false), Some(Command::Redo));
        assert_eq!(
            command_for_key("Delete", false, false),
            Some(Command::Clear)
        );
        // The browser's own: reload, find, select the address.
        for key in ["r", "f", "e", "b"] {
            assert_eq!(command_for_key(key, true, false), None);
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
