//! Why something cannot begin or go on; the page shows these words.

use model::net::NetError;
use model::teach::{OriginalsError, TeachError};
use model::weights::WeightsError;
use thiserror::Error;

/// See the [module](self).
#[derive(Debug, Error)]
pub(super) enum Failure {
    #[error(transparent)]
    Weights(#[from] WeightsError),
    #[error(transparent)]
    Originals(#[from] OriginalsError),
    #[error(transparent)]
    Teach(#[from] TeachError),
    #[error(transparent)]
    Net(#[from] NetError),
    #[error("the device gave the weights not back: {0}")]
    Read(String),
    #[error("the settings of the network cannot be written: {0}")]
    Sidecar(#[from] serde_json::Error),
    #[error("{0}")]
    Photos(String),
}

impl Failure {
    /// Whether the device is to blame, not what it was given.
    pub(super) fn is_of_device(&self) -> bool {
        matches!(
            self,
            Self::Net(_) | Self::Read(_) | Self::Teach(TeachError::Device { .. })
        )
    }
}
