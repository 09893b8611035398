//! Everything that a run needs to go on: weights, their average, the optimisers, and how far it is.
//!
//! A checkpoint is a folder of its own, `checkpoints/<step>`. Its manifest, written last, has the checksums
//! of its files, of the run's settings and of itself: a folder without one was never finished. The last two
//! checkpoints are kept, so that a run whose newest is damaged goes on from the one before.

use super::optimiser::Optimiser;
use crate::output::print_note;
use crate::progress::EpochReport;
use crate::run_folder::{self, RunFolder};
use crate::training::Run;
use crate::usage::UsageError;
use crate::{files, train::config::TrainConfig};
use anyhow::{Context, Result, bail, ensure};
use burn::{module::Module, store::ModuleRecord, tensor::Bytes};
use model::net::Model;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;

/// The folder of all checkpoints.
const FOLDER: &str = "checkpoints";

/// A checkpoint's manifest.
const MANIFEST: &str = "manifest.json";

/// What earlier versions kept in the run's folder instead.
const EARLIER: &str = "checkpoint.json";

/// How many checkpoints are kept.
const KEPT: usize = 2;

/// How far a run is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// Finished epochs.
    pub epoch: usize,
    /// Steps done, over all epochs.
    pub step: usize,
    /// Best validation score so far; none before the first.
    pub best: Option<f64>,
    /// Finished epochs since then.
    pub stale: usize,
    /// Images seen in the present epoch.
    pub seen: usize,
    /// Sum of their losses.
    pub loss: f64,
    /// How many of them were read right.
    pub right: usize,
    /// The finished epochs' figures: the log is written from them, so a damaged one is mended.
    pub log: Vec<EpochReport>,
}

/// What a checkpoint consists of.
#[derive(Serialize, Deserialize)]
struct Manifest {
    progress: Progress,
    /// The checksum of each file in the folder.
    files: BTreeMap<String, u32>,
    /// The checksum of the run's settings, which a run that goes on goes by.
    config_crc32: u32,
    /// The checksum of all this.
    crc32: u32,
}

impl Manifest {
    fn new(progress: Progress, files: BTreeMap<String, u32>, config: &[u8]) -> Result<Self> {
        let mut manifest = Self {
            progress,
            files,
            config_crc32: crc32fast::hash(config),
            crc32: 0,
        };
        manifest.crc32 = manifest.own_crc32()?;
        Ok(manifest)
    }

    fn own_crc32(&self) -> Result<u32> {
        let parts = (&self.progress, &self.files, self.config_crc32);
        Ok(crc32fast::hash(&serde_json::to_vec(&parts)?))
    }
}

/// The undamaged files of a checkpoint.
struct Checkpoint {
    manifest: Manifest,
    files: BTreeMap<String, Vec<u8>>,
}

impl Checkpoint {
    /// The checkpoint of this step.
    ///
    /// # Errors
    /// Where one of its files is not there or not as it was written.
    fn read(run: &RunFolder, step: usize) -> Result<Self> {
        let folder = folder(step);
        let manifest: Manifest = run.read_json(&format!("{folder}/{MANIFEST}"))?;
        let is_whole = manifest.own_crc32()? == manifest.crc32 && manifest.progress.step == step;
        ensure!(is_whole, "{folder}/{MANIFEST} is damaged");
        let mut files = BTreeMap::new();
        for (name, crc32) in &manifest.files {
            let bytes = run.read(&format!("{folder}/{name}"))?;
            let is_whole = crc32fast::hash(&bytes) == *crc32;
            ensure!(is_whole, "{folder}/{name} is damaged");
            files.insert(name.clone(), bytes);
        }
        Ok(Self { manifest, files })
    }

    /// The newest that is not damaged, if there are any. Says what it passes over.
    ///
    /// # Errors
    /// Where all are damaged, or the run's settings are not those that it began with.
    fn newest(run: &RunFolder) -> Result<Option<Self>> {
        let steps = finished_steps(run)?;
        let mut damage = Vec::new();
        for &step in steps.iter().rev() {
            match Self::read(run, step) {
                Ok(checkpoint) => {
                    for sentence in damage {
                        print_note!("{sentence}: going on from the checkpoint before, step {step}");
                    }
                    checkpoint.check_config(run)?;
                    return Ok(Some(checkpoint));
                }
                Err(error) => damage.push(format!("{error:#}")),
            }
        }
        match damage.first() {
            None => Ok(None),
            Some(sentence) => {
                let path = run.file(FOLDER);
                bail!(
                    "no checkpoint is whole ({sentence}): delete {} to train from the beginning",
                    path.display()
                )
            }
        }
    }

    fn check_config(&self, run: &RunFolder) -> Result<()> {
        let config = run.read(run_folder::CONFIG)?;
        if crc32fast::hash(&config) == self.manifest.config_crc32 {
            return Ok(());
        }
        let sentence = format!(
            "{} has changed since the run began: bring it back as it was, or begin another run with other settings",
            run.file(run_folder::CONFIG).display()
        );
        Err(UsageError::new(sentence).into())
    }

    fn file(&self, name: &str) -> Result<Vec<u8>> {
        let bytes = self.files.get(name).cloned();
        bytes.with_context(|| format!("the checkpoint has no {name}"))
    }
}

/// The steps of the checkpoints that were written to their end, lowest first.
fn finished_steps(run: &RunFolder) -> Result<Vec<usize>> {
    let has_manifest = |step: &usize| run.file(&folder(*step)).join(MANIFEST).exists();
    let mut steps = steps(run)?;
    steps.retain(has_manifest);
    Ok(steps)
}

/// The steps that there is a folder of, lowest first.
fn steps(run: &RunFolder) -> Result<Vec<usize>> {
    let path = run.file(FOLDER);
    let entries = match fs::read_dir(&path) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error).with_context(|| format!("cannot list {}", path.display())),
    };
    let step = |entry: fs::DirEntry| entry.file_name().to_str()?.parse().ok();
    let mut steps: Vec<usize> = entries.flatten().filter_map(step).collect();
    steps.sort_unstable();
    Ok(steps)
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
    /// The run's newest checkpoint that is whole, or a new state from its seed. What a kill left half-written
    /// is removed.
    ///
    /// # Errors
    /// Where all checkpoints are damaged, or of other settings.
    pub fn start_or_resume(run: &Run) -> Result<Self> {
        let config = &run.config.train;
        let fresh = config.net().init(run.config.seed, &run.device);
        files::sweep_parts(run.folder.path())?;
        let finished = finished_steps(&run.folder)?;
        let earlier = run.folder.file(EARLIER);
        if finished.is_empty() && earlier.exists() {
            let sentence = format!(
                "{} is of an earlier version of this program, whose checkpoints have no checksums: go on with that \
                 version, or begin another run",
                earlier.display()
            );
            return Err(UsageError::new(sentence).into());
        }
        for step in steps(&run.folder)? {
            if !finished.contains(&step) {
                remove(&run.folder, step);
            }
        }
        let Some(checkpoint) = Checkpoint::newest(&run.folder)? else {
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
        };
        Self::resumed(config, &fresh, checkpoint)
    }

    fn resumed(config: &TrainConfig, fresh: &Model, checkpoint: Checkpoint) -> Result<Self> {
        let load = |name: &str| -> Result<Model> {
            let other = || format!("the checkpoint's {name} is of another version of this program");
            let record = ModuleRecord::from_bytes(Bytes::from_bytes_vec(checkpoint.file(name)?));
            let record = record.with_context(other)?;
            fresh.clone().try_load_record(record).with_context(other)
        };
        // A loaded model's parameters have the stored identities, which the optimisers' states go by.
        let model = config.transfer.frozen(load("model.bpk")?).train();
        let optimiser = Optimiser::new(config, &model);
        Ok(Self {
            model: Slot(Some(model)),
            average: Slot(Some(load("average.bpk")?)),
            optimiser: optimiser.with_bytes(|name| checkpoint.file(&file_of(name)))?,
            progress: checkpoint.manifest.progress,
        })
    }

    /// Writes a checkpoint, and removes all but the last ones.
    ///
    /// # Errors
    /// Where the folder cannot be written to.
    pub fn save(&self, run: &RunFolder) -> Result<()> {
        let record = |model: &Model| -> Result<Vec<u8>> {
            Ok(model
                .clone()
                .into_record()
                .into_bytes()
                .context("the weights cannot be written")?
                .to_vec())
        };
        let mut files = vec![
            ("model.bpk".to_owned(), record(&self.model.get().valid())?),
            ("average.bpk".to_owned(), record(self.average.get())?),
        ];
        for (name, state) in self.optimiser.to_bytes()? {
            files.push((file_of(name), state));
        }
        write(run, &self.progress, &files)
    }
}

/// Writes a checkpoint of these files.
fn write(run: &RunFolder, progress: &Progress, files: &[(String, Vec<u8>)]) -> Result<()> {
    let (step, name) = (progress.step, folder(progress.step));
    if finished_steps(run)?.contains(&step) {
        // Saved twice without a step between, as where a run is stopped at the end of an epoch: it must
        // not count while its files are written.
        remove(run, step);
    }
    files::create_folder(&run.file(&name))?;
    let mut sums = BTreeMap::new();
    for (file, bytes) in files {
        run.write(&format!("{name}/{file}"), bytes)?;
        sums.insert(file.clone(), crc32fast::hash(bytes));
    }
    let manifest = Manifest::new(progress.clone(), sums, &run.read(run_folder::CONFIG)?)?;
    run.write_json(&format!("{name}/{MANIFEST}"), &manifest)?;
    // A damaged one that was passed over may be of a later step than this.
    for &other in steps(run)?.iter().filter(|&&other| other > step) {
        remove(run, other);
    }
    for &old in finished_steps(run)?.iter().rev().skip(KEPT) {
        remove(run, old);
    }
    Ok(())
}

/// Removes a checkpoint, its manifest first.
fn remove(run: &RunFolder, step: usize) {
    let path = run.file(&folder(step));
    // Only a nuisance if it stays.
    let _ = fs::remove_file(path.join(MANIFEST));
    let _ = fs::remove_dir_all(path);
}

/// The file of an optimiser's state.
fn file_of(optimiser: &str) -> String {
    format!("{optimiser}.bpk")
}

fn folder(step: usize) -> String {
    format!("{FOLDER}/{step}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    /// A run with checkpoints of these steps, and the files of the last one.
    fn run(steps: &[usize]) -> Result<(tempfile::TempDir, RunFolder, Vec<PathBuf>)> {
        let runs = tempfile::tempdir()?;
        let run = RunFolder::create(runs.path(), "run")?;
        run.write(run_folder::CONFIG, b"{}")?;
        for &step in steps {
            let progress = Progress {
                step,
                loss: 0.1 + step as f64,
                ..Progress::default()
            };
            let files = ["model.bpk", "adamw.bpk"].map(|name| {
                let bytes = format!("{name} {step}").into_bytes();
                (name.to_owned(), bytes)
            });
            write(&run, &progress, &files)?;
        }
        let last = run.file(&folder(steps[steps.len() - 1]));
        let files = [MANIFEST, "model.bpk", "adamw.bpk"].map(|name| last.join(name));
        Ok((runs, run, files.to_vec()))
    }

    fn newest_step(run: &RunFolder) -> Result<Option<usize>> {
        Ok(Checkpoint::newest(run)?.map(|checkpoint| checkpoint.manifest.progress.step))
    }

    #[test]
    fn the_last_two_are_kept() -> Result<()> {
        let (_runs, run, _) = run(&[2, 10, 30])?;
        assert_eq!(steps(&run)?, [10, 30]);
        assert_eq!(newest_step(&run)?, Some(30));
        Ok(())
    }

    #[test]
    fn any_flipped_bit_leads_to_the_checkpoint_before() -> Result<()> {
        let (_runs, run, files) = run(&[10, 30])?;
        for path in files {
            let whole = fs::read(&path)?;
            for bit in 0..8 * whole.len() {
                let mut bytes = whole.clone();
                bytes[bit / 8] ^= 1 << (bit % 8);
                fs::write(&path, bytes)?;
                let step = newest_step(&run)?;
                // White space in the manifest means nothing.
                let is_manifest = path.ends_with(MANIFEST);
                assert!(step == Some(10) || is_manifest, "{} {bit}", path.display());
                if let Some(30) = step {
                    let read = Checkpoint::read(&run, 30)?;
                    assert_eq!(read.manifest.progress.loss.to_bits(), 30.1f64.to_bits());
                }
            }
            for length in 0..whole.len() {
                fs::write(&path, &whole[..length])?;
                let step = newest_step(&run)?;
                // The last line's end may be missing.
                assert!(step == Some(10) || length + 1 == whole.len());
            }
            fs::remove_file(&path)?;
            assert_eq!(newest_step(&run)?, Some(10));
            fs::write(&path, whole)?;
        }
        Ok(())
    }

    #[test]
    fn where_all_are_damaged_a_sentence_says_what_to_do() -> Result<()> {
        let (_runs, run, files) = run(&[30])?;
        fs::write(&files[1], "other")?;
        let error = newest_step(&run).expect_err("it is damaged").to_string();
        assert!(
            error.contains("checkpoints/30/model.bpk is damaged"),
            "{error}"
        );
        assert!(error.contains("to train from the beginning"), "{error}");
        Ok(())
    }

    #[test]
    fn settings_that_have_changed_are_refused() -> Result<()> {
        let (_runs, run, _) = run(&[30])?;
        run.write(run_folder::CONFIG, b"{\"seed\": 2}")?;
        let error = newest_step(&run).expect_err("they have changed");
        assert!(error.is::<UsageError>(), "{error}");
        Ok(())
    }

    #[test]
    fn a_checkpoint_that_was_passed_over_does_not_outlive_the_next() -> Result<()> {
        let (_runs, run, files) = run(&[10, 30])?;
        fs::write(&files[1], "other")?;
        let progress = Progress {
            step: 20,
            ..Progress::default()
        };
        write(&run, &progress, &[])?;
        assert_eq!(steps(&run)?, [10, 20]);
        Ok(())
    }
}
