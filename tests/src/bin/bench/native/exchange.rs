//! What PyTorch's side starts from: our weights, images and settings, in plain files.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use serde_json::json;
use tests::root;

use super::wardrobe::{self, Wardrobe};

/// The folder of the files.
pub(crate) fn folder() -> PathBuf {
    root().join("target/peers/exchange")
}

/// Writes `exchange.json` and `exchange.f32`; see `tests/peers/pytorch.py`.
pub(crate) fn write(ours: &Wardrobe) -> Result<()> {
    let tensors = ours.tensors()?;
    let names: Vec<_> = tensors.iter().map(|t| (&t.name, &t.shape)).collect();
    let settings = json!({
        "threads": threads(),
        "learning_rate": wardrobe::LEARNING_RATE,
        "epsilon": wardrobe::EPSILON,
        "weight_decay": wardrobe::WEIGHT_DECAY,
        "label_smoothing": wardrobe::LABEL_SMOOTHING,
        "tensors": names,
    });
    let values = tensors.iter().flat_map(|t| &t.values);
    let bytes: Vec<u8> = values.flat_map(|value| value.to_le_bytes()).collect();
    let folder = folder();
    fs::create_dir_all(&folder)
        .and_then(|()| fs::write(folder.join("exchange.json"), settings.to_string()))
        .and_then(|()| fs::write(folder.join("exchange.f32"), bytes))
        .with_context(|| format!("{} cannot be written to", folder.display()))
}

/// Threads that both sides compute on: as many as the machine runs at once.
pub(crate) fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}
