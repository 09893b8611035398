//! What the page and the archive say to each other: the worker that fetches, checks and unpacks the
//! published data set.

use model::published::Split;
use serde::{Deserialize, Serialize};

/// What the page asks of the archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Order {
    /// Bring this part of the data set: answered by [`Parcel`]s up to [`Parcel::Complete`] or
    /// [`Parcel::Failed`].
    Bring(Split),
}

/// What the archive sends.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub enum Parcel {
    /// The worker runs and listens: sent once, unasked.
    Started,
    /// How far the fetching is.
    Progress {
        /// Bytes that have arrived.
        received: u64,
        /// Bytes that will, about.
        expected: u64,
    },
    /// All labels, 0..10.
    Labels(#[serde(with = "serde_bytes")] Vec<u8>),
    /// The next images: 784 bytes each, those of one parcel after those of the one before.
    Images(#[serde(with = "serde_bytes")] Vec<u8>),
    /// All images have been sent.
    Complete,
    /// The part cannot be had.
    Failed {
        /// One sentence for the person who reads the page.
        sentence: String,
    },
    /// The worker is about to end by a panic: its last words.
    Died {
        /// What the panic said.
        sentence: String,
    },
}

impl std::fmt::Debug for Parcel {
    // Thousands of pixels help nobody who reads a failed test.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Started => write!(f, "Started"),
            Self::Progress { received, expected } => write!(f, "Progress({received}/{expected})"),
            Self::Labels(labels) => write!(f, "Labels({})", labels.len()),
            Self::Images(pixels) => write!(f, "Images({} bytes)", pixels.len()),
            Self::Complete => write!(f, "Complete"),
            Self::Failed { sentence } => write!(f, "Failed({sentence})"),
            Self::Died { sentence } => write!(f, "Died({sentence})"),
        }
    }
}
