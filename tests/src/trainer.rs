//! The trainer, called as a person calls it.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use crate::root;

/// Runs `cargo run -p trainer --` with these words and returns what it prints.
///
/// # Errors
/// When it fails; what it says about that has then been printed.
pub fn trainer(words: &[&str]) -> Result<String> {
    let output = Command::new("cargo")
        .args(["run", "--quiet", "--package", "trainer", "--"])
        .args(words)
        .current_dir(root())
        .stderr(Stdio::inherit())
        .output()
        .context("cargo could not be started")?;
    let text = String::from_utf8(output.stdout)?;
    ensure!(
        output.status.success(),
        "trainer {} failed: {text}",
        words.join(" ")
    );
    Ok(text)
}

/// Trains `compact` briefly, the same way each time, and returns the run's folder below `runs`.
///
/// # Errors
/// When the trainer fails, as it does without the data.
pub fn train(runs: &Path, images: usize, epochs: usize) -> Result<PathBuf> {
    let (images, epochs) = (images.to_string(), epochs.to_string());
    let runs_flag = runs.display().to_string();
    trainer(&[
        "train",
        "--train-images",
        &images,
        "--validation-images",
        "200",
        "--epochs",
        &epochs,
        "--runs",
        &runs_flag,
        "--name",
        "test",
    ])?;
    Ok(runs.join("1-test"))
}
