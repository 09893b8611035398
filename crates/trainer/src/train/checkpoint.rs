//! Everything that a run needs to go on: weights, their average, the optimisers, and how far it is.
//!
//! A checkpoint is a folder of its own, `checkpoints/<step>`; the file `checkpoint.json`, written
//! last, says which one counts. A kill at any moment leaves the previous one in force.

use super::optimiser::Optimiser;
use crate::{run_folder::RunFolder, training::Run};
use anyhow::{Context, Result};
use burn::{module::Module, store::ModuleRecord, tensor::Bytes};
use model::net::Model;
use serde::{Deserialize, Serialize};
use std::fs;

const POINTER: &str = "checkpoint.json";

/// How far a run is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// Finished epochs.
    pub epoch: usize,
    /// Steps done, over all epochs.
    pub step: usize,
    /// Best validation score so far; none before the first.
    pub best: Option<f64>,
    /// Finished epochs since then; absent in checkpoints of earlier versions.
    #[serde(default)]
    pub stale: usize,
    /// Images seen in the present epoch.
    pub seen: usize,
    /// Sum of their losses.
    pub loss: f64,
    /// How many of them were read right.
    pub right: usize,
}

/// A model that a step takes and puts back.
pub struct Slot(Option<Model>);

impl Slot {
    /// The model.
    #[allow(
        clippy::expect_used,
        reason = "only `Trainer::step` takes, and it puts back"
    )]
    pub fn get(&self) -> &Model {
        self.0
            .as_ref()
            .expect("the model is put back after each step")
    }

    /// Takes the model out.
    #[allow(
        clippy::expect_used,
        reason = "only `Trainer::step` takes, and it puts back"
    )]
    pub fn take(&mut self) -> Model {
        self.0
            .take()
            .expect("the model is put back after each step")
    }

    /// Puts the next model in.
    pub fn put(&mut self, model: Model) {
        self.0 = Some(model);
    }
}

/// A run in memory.
pub struct State {
    /// The weights that are trained, with gradients.
    pub model: Slot,
    /// Their running average, without.
    pub average: Slot,
    /// Both optimisers.
    pub optimiser: Optimiser,
    /// How far the run is.
    pub progress: Progress,
}

impl State {
    /// The run's checkpoint, or a new state from its seed.
    ///
    /// # Errors
    /// Where the checkpoint is damaged.
    pub fn start_or_resume(run: &Run) -> Result<Self> {
        let config = &run.config.train;
        let fresh = config.net().init(run.config.seed, &run.device);
        let pointer = run.folder.file(POINTER);
        if !pointer.exists() {
            let first = config.transfer.begin(fresh, &run.device)?;
            let optimiser = Optimiser::new(config, &first);
            let learning = config.transfer.frozen(first.clone()).train();
            let (model, average) = (Slot(Some(learning)), Slot(Some(first)));
            return Ok(Self {
                model,
                average,
                optimiser,
                progress: Progress::default(),
            });
        }
        let progress: Progress = run.folder.read_json(POINTER)?;
        let read = |name: &str| run.folder.read(&format!("{}/{name}", folder(&progress)));
        let load = |name: &str| -> Result<Model> {
            let record = ModuleRecord::from_bytes(Bytes::from_bytes_vec(read(name)?));
            let damaged = || {
                format!(
                    "the checkpoint's {name} is damaged: delete {} to start anew",
                    pointer.display()
                )
            };
            fresh
                .clone()
                .try_load_record(record.with_context(damaged)?)
                .with_context(damaged)
        };
        // A loaded model's parameters have the stored identities, which the optimisers' states go by.
        let model = config.transfer.frozen(load("model.bpk")?).train();
        let optimiser = Optimiser::new(config, &model);
        Ok(Self {
            model: Slot(Some(model)),
            average: Slot(Some(load("average.bpk")?)),
            optimiser: optimiser.with_bytes(|name| read(&file_of(name)))?,
            progress,
        })
    }

    /// Writes a checkpoint and makes it the one that counts.
    ///
    /// # Errors
    /// Where the folder cannot be written to.
    pub fn save(&self, run: &RunFolder) -> Result<()> {
        let previous: Option<Progress> = run.read_json(POINTER).ok();
        let folder_now = folder(&self.progress);
        let path = run.file(&folder_now);
        fs::create_dir_all(&path).with_context(|| format!("cannot create {}", path.display()))?;
        let write = |name: &str, bytes: &[u8]| run.write(&format!("{folder_now}/{name}"), bytes);
        let record = |model: &Model| -> Result<Vec<u8>> {
            Ok(model
                .clone()
                .into_record()
                .into_bytes()
                .context("the weights cannot be written")?
                .to_vec())
        };
        write("model.bpk", &record(&self.model.get().valid())?)?;
        write("average.bpk", &record(self.average.get())?)?;
        for (name, state) in self.optimiser.to_bytes()? {
            write(&file_of(name), &state)?;
        }
        run.write_json(POINTER, &self.progress)?;
        if let Some(old) = previous.filter(|p| p.step != self.progress.step) {
            // Only a nuisance if it stays.
            let _ = fs::remove_dir_all(run.file(&folder(&old)));
        }
        Ok(())
    }
}

/// The file of an optimiser's state.
fn file_of(optimiser: &str) -> String {
    format!("{optimiser}.bpk")
}

fn folder(progress: &Progress) -> String {
    format!("checkpoints/{}", progress.step)
}
