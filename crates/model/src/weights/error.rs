//! What can be wrong with weights.

use thiserror::Error;

use super::{BUNDLE_VERSION, FORMAT_VERSION};

/// Why weights cannot be used.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum WeightsError {
    /// The bytes end too early.
    #[error("the weights end too early, after {found} bytes: get the file again")]
    Truncated {
        /// Bytes there are.
        found: usize,
    },
    /// Another kind of file.
    #[error("this is no Wardrobe weights file: choose one that the trainer wrote")]
    BadMagic,
    /// A version that this program does not know.
    #[error(
        "the weights have format version {found}, and this program reads versions {FORMAT_VERSION} and {BUNDLE_VERSION}: update it, or export the weights again"
    )]
    UnknownVersion {
        /// The file's version.
        found: u32,
    },
    /// The bytes changed since they were written.
    #[error(
        "the weights are damaged (checksum {found:08x}, should be {expected:08x}): get the file again"
    )]
    ChecksumMismatch {
        /// Stored checksum.
        expected: u32,
        /// Checksum of the bytes.
        found: u32,
    },
    /// There are bytes behind the last tensor.
    #[error("the weights have {found} bytes too many at their end: get the file again")]
    TrailingBytes {
        /// Number of these bytes.
        found: usize,
    },
    /// A tensor's name is no UTF-8.
    #[error("a tensor's name in the weights is unreadable: export them again")]
    BadName,
    /// A tensor has values of a type that this program does not know.
    #[error(
        "the values of tensor {name:?} are of type {found}, which this program does not know for it: update this program, or export the weights again"
    )]
    UnknownValueType {
        /// The tensor.
        name: String,
        /// The type's number.
        found: u8,
    },
    /// A tensor holds an infinity or NaN.
    #[error(
        "tensor {name:?} holds values that are not finite, so that training went wrong: use an earlier checkpoint, or train with a lower learning rate"
    )]
    NotFinite {
        /// The tensor.
        name: String,
    },
    /// The architecture is not known, or not the one that is wanted.
    #[error(
        "the weights are for the architecture {found:?}, but {expected} is wanted: choose other weights"
    )]
    WrongArchitecture {
        /// The wanted one, or a list of the known ones.
        expected: String,
        /// The one that the sidecar names.
        found: String,
    },
    /// The architecture has a tensor that the weights lack.
    #[error("the weights lack the tensor {name:?}: export them again for this architecture")]
    MissingTensor {
        /// The tensor.
        name: String,
    },
    /// Not every device can compute a model of these sizes.
    #[error("the model has {reason}, which this program cannot compute: choose another model")]
    BadSizes {
        /// The size that does not fit.
        reason: String,
    },
    /// The weights have a tensor that the architecture lacks.
    #[error(
        "the weights hold the tensor {name:?}, which this architecture has not: export them again"
    )]
    UnexpectedTensor {
        /// The tensor.
        name: String,
    },
    /// A tensor's shape is not the architecture's.
    #[error(
        "tensor {name:?} has the shape {found:?} where the architecture has {expected:?}: export the weights again"
    )]
    WrongShape {
        /// The tensor.
        name: String,
        /// Shape that the architecture has.
        expected: Vec<usize>,
        /// Shape in the weights.
        found: Vec<usize>,
    },
    /// The sidecar is no JSON, or lacks something.
    #[error(
        "the metadata of the weights (their JSON) cannot be read ({reason}): get the files again"
    )]
    BadSidecar {
        /// What the JSON reader says.
        reason: String,
    },
    /// Sidecar and weights, or sidecar and this program, disagree.
    #[error(
        "the metadata of the weights (their JSON) says {what} {sidecar}, but it is {actual}: get the files again, from the same export"
    )]
    Disagreement {
        /// What they disagree on.
        what: &'static str,
        /// The sidecar's value.
        sidecar: String,
        /// The value of the weights or of this program.
        actual: String,
    },
}
