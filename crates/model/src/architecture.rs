//! The nets by name; what they are made of is in `net`, which needs the tensor library.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// The architectures by name. Files of earlier versions have other names for two of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Architecture {
    /// One hidden dense layer: `net::Mlp`.
    Mlp,
    /// Three convolutions, two dense layers: `net::DeepCnn`.
    #[serde(alias = "cnn")]
    DeepCnn,
    /// Two convolutions, two dense layers: `net::SmallCnn`.
    #[serde(alias = "convnet")]
    SmallCnn,
    /// The residual net that the page ships: `net::Compact`.
    Compact,
}

impl Architecture {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Mlp, Self::DeepCnn, Self::SmallCnn, Self::Compact];

    /// The name, as in files and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mlp => "mlp",
            Self::DeepCnn => "deep-cnn",
            Self::SmallCnn => "small-cnn",
            Self::Compact => "compact",
        }
    }
}

impl fmt::Display for Architecture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Architecture {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let current = match name {
            "cnn" => Self::DeepCnn.name(),
            "convnet" => Self::SmallCnn.name(),
            other => other,
        };
        Self::ALL
            .into_iter()
            .find(|architecture| architecture.name() == current)
            .ok_or_else(|| {
                let names = Self::ALL.map(Self::name).join(", ");
                format!("there is no architecture \"{name}\"; there are {names}")
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_earlier_versions_mean_the_same_architectures() {
        let read = |name: &str| serde_json::from_value::<Architecture>(name.into()).ok();
        for (earlier, architecture) in [
            ("cnn", Architecture::DeepCnn),
            ("convnet", Architecture::SmallCnn),
        ] {
            for name in [earlier, architecture.name()] {
                assert_eq!(
                    (name.parse(), read(name)),
                    (Ok(architecture), Some(architecture))
                );
            }
        }
    }
}
