//! The settings of a run, kept in its folder.

use std::path::PathBuf;

use anyhow::Result;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::data::Split;
use crate::drawings::{self, Drawings};
use crate::folds::Fold;
use crate::opinions;
use crate::run_folder::{self, RunFolder};
use crate::settings;
use crate::train::config::TrainConfig;
use crate::usage::UsageError;

/// The settings of a run, kept in its folder as `config.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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
    /// The settings in a run's folder.
    ///
    /// # Errors
    /// If they cannot be read, or are none.
    pub fn read(folder: &RunFolder) -> Result<RunConfig> {
        let path = folder.file(run_folder::CONFIG);
        let mut config: Map<String, Value> = folder.read_json(run_folder::CONFIG)?;
        let refuse = |error: UsageError| UsageError::in_file(&path, &error);
        // Runs of earlier versions have fewer settings; what is missing had its default's meaning.
        let train: TrainConfig = settings::parse(&config).map_err(refuse)?;
        let held_out: Split = settings::parse(&config).map_err(refuse)?;
        config.extend(settings::object(&train)?);
        config.extend(settings::object(&held_out)?);
        let config = serde_json::from_value(Value::Object(config));
        Ok(config.map_err(|error| UsageError::in_file(&path, &error))?)
    }

    /// # Errors
    /// A usage error if there are opinions of no drawings.
    pub fn check_opinions(&self) -> Result<()> {
        if self.train.opinions.is_some() && self.drawings.is_none() {
            let sentence = "--opinions are of people's drawings: name their folder by --drawings";
            return Err(UsageError::new(sentence).into());
        }
        Ok(())
    }

    /// The drawings with the opinions of them, where they are trained on.
    ///
    /// # Errors
    /// If they are not there, or there are opinions of no drawings.
    pub fn drawings(&self) -> Result<Option<Drawings>> {
        self.check_opinions()?;
        let (folder, opinions) = (self.drawings.as_deref(), self.train.opinions.as_deref());
        let mut drawings = folder.map(drawings::load).transpose()?;
        if let (Some(drawings), Some(path)) = (&mut drawings, opinions) {
            opinions::attach(path, &mut drawings.train)?;
        }
        Ok(drawings)
    }
}
