//! Images per second in training, as the trainer itself logs them.

use std::env::temp_dir;
use std::fs;
use std::process;

use anyhow::{Context, Result};
use serde_json::Value;
use tests::trainer::train;

use crate::WARDROBE;
use crate::figure::Figure;

/// Enough that the first steps, which fill caches, hardly count.
const IMAGES: usize = 5120;

pub(crate) fn figures() -> Result<Vec<Figure>> {
    let runs = temp_dir().join(format!("wardrobe-bench-{}", process::id()));
    let rate = rate(&train(&runs, IMAGES, 1)?.join("log.jsonl"));
    // What stays behind of a failed clean-up is a few megabytes in the system's temporary folder.
    let _ = fs::remove_dir_all(&runs);
    Ok(vec![Figure {
        runtime: WARDROBE,
        device: "CPU, native",
        what: "training".into(),
        value: rate?,
        unit: "images/s",
    }])
}

fn rate(log: &std::path::Path) -> Result<f64> {
    let text = fs::read_to_string(log)?;
    let epoch: Value = serde_json::from_str(text.lines().last().context("an empty log")?)?;
    epoch["images_per_second"]
        .as_f64()
        .context("no images_per_second in the log")
}
