//! The nets by name; what they are made of is in `net`, which needs the tensor library.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// The architectures by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Architecture {
    /// One hidden dense layer: `net::Mlp`.
    Mlp,
    /// Three convolutions, two dense layers: `net::Cnn`.
    Cnn,
    /// Two convolutions, two dense layers: `net::Convnet`.
    Convnet,
    /// The residual net that the page ships: `net::Compact`.
    Compact,
}

impl Architecture {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Mlp, Self::Cnn, Self::Convnet, Self::Compact];

    /// The name, as in files and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mlp => "mlp",
            Self::Cnn => "cnn",
            Self::Convnet => "convnet",
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
        Self::ALL
            .into_iter()
            .find(|a| a.name() == name)
            .ok_or_else(|| {
                format!(
                    "there is no architecture \"{name}\"; there are mlp, cnn, convnet and compact"
                )
            })
    }
}
