//! What the page and the archive say to each other: the worker that fetches, checks and unpacks the
//! published data set, and that finds what is alike in it.

use model::published::Split;
use serde::{Deserialize, Serialize};

/// What the page asks of the archive.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Order {
    /// Bring this part of the data set: answered by [`Parcel`]s up to [`Parcel::Complete`] or
    /// [`Parcel::Failed`].
    Bring(Split),
    /// Keep what a net's head saw of some images.
    Keep {
        /// The net's number.
        net: u32,
        /// The images' numbers among all 70,000.
        images: Vec<u32>,
        /// Each image's features, as [`model::likeness`] keeps them.
        features: Vec<Vec<i8>>,
    },
    /// Forget all features of this net.
    Forget {
        /// The net's number.
        net: u32,
    },
    /// Find what is most like something: answered by [`Parcel::Alike`].
    Find(Search),
}

/// A search among the images whose features are kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Search {
    /// The number of the net whose features are compared.
    pub net: u32,
    /// What the others are compared with.
    pub of: Of,
    /// How many are to be found.
    pub count: u32,
    /// A bit for each image, from the lowest of the first byte on: whether it may be found.
    #[serde(with = "serde_bytes")]
    pub wanted: Vec<u8>,
}

/// What images are compared with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Of {
    /// The image of this number.
    Image(u32),
    /// Something with these features.
    Features(Vec<i8>),
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
    /// What is most like what was asked about, the most alike first.
    Alike {
        /// The images' numbers, each with its cosine (-1 to 1).
        images: Vec<(u32, f32)>,
        /// How long the search took, in milliseconds.
        milliseconds: f64,
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
            Self::Alike { images, .. } => write!(f, "Alike({} images)", images.len()),
            Self::Complete => write!(f, "Complete"),
            Self::Failed { sentence } => write!(f, "Failed({sentence})"),
            Self::Died { sentence } => write!(f, "Died({sentence})"),
        }
    }
}
