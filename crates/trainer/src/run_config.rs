//! The settings of a run, kept in its folder.

use std::path::PathBuf;

use anyhow::Result;
use serde::{Deserialize, Serialize};

use crate::data::Split;
use crate::drawings::{self, Drawings};
use crate::folds::Fold;
use crate::opinions;
use crate::train::config::TrainConfig;
use crate::usage::UsageError;

/// What `config.json` has beside the settings of [`TrainConfig`]; `train --config` leaves these alone.
pub const OWN_NAMES: [&str; 6] = [
    "fold",
    "seed",
    "validation_images",
    "split_seed",
    "drawings",
    "drawings_crc32",
];

/// The settings of a run, kept in its folder as `config.json`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RunConfig {
    /// The part of the data that the run does not learn from, where it is to judge that part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fold: Option<Fold>,
    /// Seed of everything random.
    pub seed: u64,
    /// Which training images are held out.
    #[serde(flatten)]
    pub held_out: Split,
    /// The folder of drawings, if they are trained on.
    pub drawings: Option<PathBuf>,
    /// Checksum of what was in it, where that tells runs apart: a fold's net must not judge drawings that
    /// it has learnt since they lay in another fold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drawings_crc32: Option<u32>,
    /// What is trained and how.
    #[serde(flatten)]
    pub train: TrainConfig,
}

impl RunConfig {
    /// The drawings with the opinions of them, where they are trained on.
    ///
    /// # Errors
    /// If they are not there, or there are opinions of no drawings.
    pub fn drawings(&self) -> Result<Option<Drawings>> {
        let (folder, opinions) = (self.drawings.as_deref(), self.train.opinions.as_deref());
        let mut drawings = folder.map(drawings::load).transpose()?;
        match (&mut drawings, opinions) {
            (Some(drawings), Some(path)) => opinions::attach(path, &mut drawings.train)?,
            (None, Some(_)) => {
                let sentence =
                    "--opinions are of people's drawings: name their folder by --drawings";
                return Err(UsageError::new(sentence).into());
            }
            (_, None) => {}
        }
        Ok(drawings)
    }
}
