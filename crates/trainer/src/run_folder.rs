//! A training run's folder, `runs/<number>-<name>`: config, log, checkpoints, weights.

use std::fs::{self, File, TryLockError};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::files;
use crate::progress::EpochReport;
use crate::usage::UsageError;

/// The settings of the run, written once when it starts.
pub const CONFIG: &str = "config.json";
/// The command that started the run, and on what.
pub const ENVIRONMENT: &str = "environment.json";
/// One JSON object a line, one line an epoch.
pub const LOG: &str = "log.jsonl";
/// What came of the run, written when it has come to its end.
pub const METRICS: &str = "metrics.json";
/// The course of the loss and of the accuracies, drawn anew after each epoch.
pub const CURVES: [&str; 2] = ["loss.svg", "accuracy.svg"];

/// A folder that belongs to one training run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunFolder {
    path: PathBuf,
}

impl RunFolder {
    /// Creates the next `<number>-<name>` in `runs`, which is created as well if need be.
    ///
    /// # Errors
    /// If `name` is not a plain file name, or the folder cannot be created.
    pub fn create(runs: &Path, name: &str) -> Result<RunFolder> {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        if name.is_empty() || !name.chars().all(plain) {
            let sentence =
                format!("{name:?} cannot name a run: use letters, digits, '-', '_' and '.'");
            return Err(UsageError::new(sentence).into());
        }
        files::create_folder(runs)?;
        loop {
            let path = runs.join(format!("{}-{name}", next_number(runs)?));
            match fs::create_dir(&path) {
                Ok(()) => return Ok(RunFolder { path }),
                // Another run took the number between our look and our creation.
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => {
                    return Err(error).with_context(|| format!("cannot create {}", path.display()));
                }
            }
        }
    }

    /// The existing run folder at `path`, to go on with.
    ///
    /// # Errors
    /// If it is not a folder with a config.
    pub fn open(path: &Path) -> Result<RunFolder> {
        if !path.join(CONFIG).is_file() {
            let sentence = format!(
                "{} is not a run folder: it holds no {CONFIG}",
                path.display()
            );
            return Err(UsageError::new(sentence).into());
        }
        Ok(RunFolder {
            path: path.to_owned(),
        })
    }

    /// Keeps other processes from training in this folder, until it is dropped or the process ends.
    ///
    /// # Errors
    /// A usage error if one is at it.
    pub fn lock(&self) -> Result<File> {
        let file = self.lock_file()?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(TryLockError::WouldBlock) => {
                let sentence = format!(
                    "another process trains in {}: wait for it, or stop it",
                    self.path.display()
                );
                Err(UsageError::new(sentence).into())
            }
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }

    /// [`Self::lock`], once no other process has it.
    ///
    /// # Errors
    /// If the folder cannot be written to.
    pub fn wait_for_lock(&self) -> Result<File> {
        let file = self.lock_file()?;
        file.lock()?;
        Ok(file)
    }

    fn lock_file(&self) -> Result<File> {
        let path = self.file("lock");
        File::create(&path).with_context(|| format!("cannot write {}", path.display()))
    }

    /// The path of the folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The path of the file `name` in the folder.
    pub fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// Writes the file `name`, whole or not at all.
    ///
    /// # Errors
    /// If the folder cannot be written to.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<()> {
        files::write_atomic(&self.file(name), bytes)
    }

    /// Writes `value` as indented JSON to the file `name`, whole or not at all.
    ///
    /// # Errors
    /// If the folder cannot be written to.
    pub fn write_json(&self, name: &str, value: &impl Serialize) -> Result<()> {
        files::write_json(&self.file(name), value)
    }

    /// The bytes of the file `name`.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn read(&self, name: &str) -> Result<Vec<u8>> {
        files::read(&self.file(name))
    }

    /// The value in the JSON file `name`.
    ///
    /// # Errors
    /// If it cannot be read, or holds something else.
    pub fn read_json<T: DeserializeOwned>(&self, name: &str) -> Result<T> {
        files::read_json(&self.file(name))
    }

    /// Writes the log of these epochs, whole: whatever was in it before, a damaged line or one of an epoch
    /// that a run that goes on does again, is gone.
    ///
    /// # Errors
    /// If the folder cannot be written to.
    pub fn write_log(&self, epochs: &[EpochReport]) -> Result<()> {
        let mut text = String::new();
        for epoch in epochs {
            text.push_str(&serde_json::to_string(epoch)?);
            text.push('\n');
        }
        self.write(LOG, text.as_bytes())
    }
}

/// The epochs in the log of the run in this folder, without lines that are damaged; none if there is no such
/// run.
pub fn log(run: &Path) -> Vec<EpochReport> {
    let bytes = files::read(&run.join(LOG)).unwrap_or_default();
    let epoch = |line| serde_json::from_slice(line).ok();
    bytes
        .split(|byte| *byte == b'\n')
        .filter_map(epoch)
        .collect()
}

/// The folders `<number>-<name>` in `runs` that a run has begun in.
pub fn named(runs: &Path, name: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(runs).into_iter().flatten().flatten();
    let is_named_so = |path: &PathBuf| {
        let file = path.file_name().unwrap_or_default().to_string_lossy();
        file.split_once('-').is_some_and(|(_, rest)| rest == name) && path.join(CONFIG).is_file()
    };
    let paths = entries.map(|entry| entry.path());
    paths.filter(is_named_so).collect()
}

/// One more than the largest number that a folder in `runs` begins with.
fn next_number(runs: &Path) -> Result<u32> {
    let entries = fs::read_dir(runs).with_context(|| format!("cannot list {}", runs.display()))?;
    let largest = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter_map(|name| name.split('-').next()?.parse::<u32>().ok())
        .max();
    Ok(largest.map_or(1, |number| number.saturating_add(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_numbered_and_never_reused() -> Result<()> {
        let runs = tempfile::tempdir()?;
        let first = RunFolder::create(runs.path(), "compact")?;
        assert_eq!(first.path(), runs.path().join("1-compact"));
        fs::create_dir(runs.path().join("9-older"))?;
        let second = RunFolder::create(runs.path(), "compact")?;
        assert_eq!(second.path(), runs.path().join("10-compact"));
        Ok(())
    }

    #[test]
    fn a_name_cannot_leave_the_runs_folder() -> Result<()> {
        let runs = tempfile::tempdir()?;
        for name in ["", "../assets", "a/b", "two words"] {
            let error = RunFolder::create(runs.path(), name).expect_err(name);
            assert!(error.downcast_ref::<UsageError>().is_some(), "{name}");
        }
        Ok(())
    }

    #[test]
    fn a_damaged_line_of_the_log_is_left_out() -> Result<()> {
        let runs = tempfile::tempdir()?;
        let run = RunFolder::create(runs.path(), "damaged")?;
        let report = |epoch| EpochReport {
            epoch,
            epochs: 3,
            loss: 0.5,
            train_accuracy: 0.0,
            validation_accuracy: 0.0,
            drawings: None,
            learning_rate: 0.0,
            images_per_second: 0.0,
            seconds: 0.0,
        };
        let epochs = [1, 2, 3].map(report);
        run.write_log(&epochs)?;
        assert_eq!(log(run.path()), epochs);
        let mut bytes = fs::read(run.file(LOG))?;
        bytes[4] = 0xff;
        bytes.extend(b"{\"epoch\": 4, ");
        fs::write(run.file(LOG), bytes)?;
        assert_eq!(log(run.path()), epochs[1..]);
        Ok(())
    }

    #[test]
    fn one_at_a_time_trains_in_a_folder() -> Result<()> {
        let runs = tempfile::tempdir()?;
        let run = RunFolder::create(runs.path(), "locked")?;
        let lock = run.lock()?;
        let refused = run.lock().expect_err("a lock is held").to_string();
        assert!(refused.contains("another process trains in"), "{refused}");
        drop(lock);
        run.wait_for_lock()?;
        Ok(())
    }

    #[test]
    fn only_a_run_folder_can_be_opened() -> Result<()> {
        let runs = tempfile::tempdir()?;
        assert!(RunFolder::open(runs.path()).is_err());
        let run = RunFolder::create(runs.path(), "new")?;
        run.write_json(CONFIG, &7)?;
        assert_eq!(RunFolder::open(run.path())?.read_json::<u32>(CONFIG)?, 7);
        Ok(())
    }
}
