//! The files that a run leaves for the page and for `evaluate`: weights, sidecar, golden logits.

use super::validation::Validation;
use crate::{nets::GOLDEN, training::Run};
use anyhow::{Result, anyhow};
use model::{
    class::CLASS_NAMES,
    golden::{self, GoldenLogits},
    image::{MEAN, STD},
    net::{Model, Net},
    weights::{self, FORMAT_VERSION, NamedTensor, Sidecar},
};
use std::collections::BTreeMap;

/// Writes a folded net: `<architecture>.weights`, `<architecture>.json` and `golden.json`.
///
/// # Errors
/// Where the device fails or the folder cannot be written to.
pub fn write(run: &Run, net: &Model, validation: &Validation) -> Result<()> {
    let architecture = run.config.train.architecture;
    let tensors =
        blocking(net.to_tensors()).map_err(|e| anyhow!("the weights cannot be read back: {e}"))?;
    let bytes = weights::encode(&tensors);
    let mut sidecar = sidecar(run, &tensors, &bytes)?;
    // What counts is the net as it will be loaded, rounded to half precision.
    let rounded = Net::from_weights(&bytes, &sidecar, &run.device)?;
    let scores = validation.score(rounded.model(), &run.device)?;
    let (temperature, confidence) = validation.calibration(rounded.model(), &run.device)?;
    sidecar.temperature = temperature;
    sidecar.confidence = Some(confidence);
    sidecar
        .metrics
        .insert("validation_accuracy".into(), scores.photos);
    if let Some([humans, icons]) = scores.drawings {
        sidecar
            .metrics
            .insert(super::DRAWINGS_METRIC.into(), humans);
        sidecar
            .metrics
            .insert("icons_validation_macro_accuracy".into(), icons);
    }
    let golden = GoldenLogits {
        logits: rounded.logits_blocking(&golden::images())?,
    };
    run.folder.write_json(GOLDEN, &golden)?;
    run.folder
        .write(&format!("{architecture}.weights"), &bytes)?;
    run.folder
        .write_json(&format!("{architecture}.json"), &sidecar)
}

fn sidecar(run: &Run, tensors: &[NamedTensor], bytes: &[u8]) -> Result<Sidecar> {
    let config = run.config.train.net().with_batch_norm(false);
    Ok(Sidecar {
        format_version: FORMAT_VERSION,
        architecture: run.config.train.architecture.to_string(),
        config: serde_json::to_value(config)?,
        folded: true,
        mean: MEAN,
        std: STD,
        class_names: CLASS_NAMES.map(String::from).to_vec(),
        temperature: weights::Temperature {
            photo: 1.0,
            drawing: 1.0,
        },
        confidence: None,
        metrics: BTreeMap::new(),
        data_hash: model::published::data_hash(),
        validation: Some(run.validation),
        seed: run.config.seed,
        crc32: weights::crc32(bytes),
        parameters: tensors.iter().map(|t| t.values.len()).sum(),
    })
}

/// The value of a future on a device that can be waited for.
fn blocking<T>(future: impl Future<Output = T>) -> T {
    burn::tensor::read_sync(future)
}
