//! Images per second in training, as the trainer itself logs them.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;
use tempfile::TempDir;
use tests::trainer::train;

use crate::WARDROBE;
use crate::figure::Figure;

/// Enough that the first steps, which fill caches, hardly count.
const IMAGES: usize = 5120;

pub(crate) fn figures() -> Result<Vec<Figure>> {
    eprintln!("measuring training …");
    let runs = TempDir::new()?;
    let run = train(runs.path(), IMAGES, 1)?;
    Ok(vec![Figure {
        runtime: WARDROBE,
        device: "CPU, native",
        what: "training".into(),
        value: rate(&run.join("log.jsonl"))?,
        unit: "images/s",
    }])
}

fn rate(log: &Path) -> Result<f64> {
    let text = fs::read_to_string(log)?;
    let epoch: Value = serde_json::from_str(text.lines().last().context("an empty log")?)?;
    epoch["images_per_second"]
        .as_f64()
        .context("no images_per_second in the log")
}
