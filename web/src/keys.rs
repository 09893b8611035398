//! Keys as shortcuts want them: by the letter on the key, and by its place on the keyboard where that is not
//! Latin.

/// A key that was pressed, as a browser describes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Press {
    /// What it types, or its name.
    pub key: String,
    /// Which one it is on the keyboard, by what it types on an American one; empty where that is not known.
    pub code: String,
    /// With Ctrl, or Command on a Mac.
    pub control: bool,
    /// With Alt, or Option on a Mac.
    pub alt: bool,
    /// With the shift key.
    pub shift: bool,
}

impl Press {
    /// Whether neither Ctrl nor Alt is pressed as well.
    pub fn is_plain(&self) -> bool {
        !self.control && !self.alt
    }

    /// The key's name, or what it types, in small letters: on keyboards for other scripts what it would type
    /// on an American one.
    pub fn name(&self) -> String {
        let types_nothing_yet = matches!(self.key.as_str(), "" | "Dead" | "Unidentified");
        let name = match self.key.is_ascii() && !types_nothing_yet {
            true => self.key.clone(),
            false => self.by_place().unwrap_or_else(|| self.key.clone()),
        };
        match name.chars().count() {
            1 => name.to_lowercase(),
            _ => name,
        }
    }

    /// The digit of a key of the upper row or the number pad, also where the upper row types its digits with
    /// the shift key alone.
    pub fn digit(&self) -> Option<u8> {
        let typed = self.key.parse().ok();
        let unshifted = self.code.strip_prefix("Digit").filter(|_| !self.shift);
        typed
            .or_else(|| unshifted?.parse().ok())
            .filter(|digit| *digit < 10)
    }

    fn by_place(&self) -> Option<String> {
        let place = match (self.code.as_str(), self.shift) {
            ("BracketLeft", _) => "[",
            ("BracketRight", _) => "]",
            ("Slash", true) => "?",
            ("Minus", false) => "-",
            ("Equal", _) => "+",
            (code, shift) => {
                let digit = code.strip_prefix("Digit").filter(|_| !shift);
                code.strip_prefix("Key").or(digit)?
            }
        };
        Some(place.to_owned())
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A key without any other.
    pub(crate) fn press(key: &str, code: &str) -> Press {
        Press {
            key: key.to_owned(),
            code: code.to_owned(),
            ..Press::default()
        }
    }

    #[test]
    fn a_key_of_another_script_is_named_by_its_place() {
        for (key, code, name) in [
            ("я", "KeyZ", "z"),
            ("Н", "KeyY", "y"),
            ("ζ", "KeyZ", "z"),
            ("נ", "KeyB", "b"),
            // One key, two letters.
            ("لا", "KeyB", "b"),
            ("х", "BracketLeft", "["),
            ("ü", "BracketLeft", "["),
            ("Dead", "BracketLeft", "["),
            ("٠", "Digit0", "0"),
            ("à", "Digit0", "0"),
        ] {
            assert_eq!(press(key, code).name(), name, "{key}");
        }
        let question = Press {
            shift: true,
            ..press("؟", "Slash")
        };
        assert_eq!(question.name(), "?");
    }

    #[test]
    fn a_latin_key_is_named_by_its_letter_wherever_it_is() {
        for (key, code, name) in [
            ("z", "KeyW", "z"),
            ("Z", "KeyY", "z"),
            ("[", "BracketRight", "["),
            ("?", "Digit7", "?"),
            ("-", "Digit6", "-"),
            ("Delete", "Delete", "Delete"),
            ("ArrowDown", "ArrowDown", "ArrowDown"),
            ("b", "", "b"),
            ("я", "", "я"),
        ] {
            assert_eq!(press(key, code).name(), name, "{key}");
        }
    }

    #[test]
    fn digits_are_those_of_the_upper_row_whatever_they_type() {
        for (key, code, digit) in [
            ("3", "Digit3", Some(3)),
            ("3", "Numpad3", Some(3)),
            ("\"", "Digit3", Some(3)),
            ("à", "Digit0", Some(0)),
            ("٣", "Digit3", Some(3)),
            ("+", "Digit1", Some(1)),
            ("7", "", Some(7)),
            ("F3", "F3", None),
            ("x", "KeyX", None),
            ("End", "Numpad1", None),
        ] {
            assert_eq!(press(key, code).digit(), digit, "{key}");
        }
        let shifted = |key| Press {
            shift: true,
            ..press(key, "Digit3")
        };
        assert_eq!(shifted("#").digit(), None);
        assert_eq!(shifted("3").digit(), Some(3));
    }
}
