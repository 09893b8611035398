//! Classes by name.

use std::str::FromStr;

use model::class::{CLASS_COUNT, CLASS_NAMES};

/// A class, named on the command line as in Fashion-MNIST or by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClassName(pub usize);

impl FromStr for ClassName {
    type Err = String;

    fn from_str(name: &str) -> Result<ClassName, String> {
        let by_name = CLASS_NAMES
            .iter()
            .position(|known| known.eq_ignore_ascii_case(name));
        let by_number = name
            .parse()
            .ok()
            .filter(|&number: &usize| number < CLASS_COUNT);
        by_name.or(by_number).map(ClassName).ok_or_else(|| {
            format!(
                "there is no class \"{name}\"; there are {}, or 0 to 9",
                CLASS_NAMES.join(", ")
            )
        })
    }
}
