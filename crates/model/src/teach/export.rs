//! The trained net as files: weights in half precision, and their sidecar.

use super::Settings;
use crate::weights::{Sidecar, ValidationSet, crc32};
#[cfg(feature = "net")]
use crate::{
    class::CLASS_NAMES,
    image::{MEAN, STD},
    weights::{FORMAT_VERSION, NamedTensor, Temperature},
};
use serde_json::json;

/// The sidecar of `weights` that were made from `taught`'s by teaching: figures that were measured on the
/// net as it was are left out, and the settings are kept as `fine_tuning` in its configuration.
pub fn sidecar_after(taught: &Sidecar, weights: &[u8], settings: &Settings) -> Sidecar {
    let mut sidecar = taught.clone();
    sidecar.crc32 = crc32(weights);
    sidecar.metrics.clear();
    // Teaching mixes in images that were held out of nothing but the usual split.
    sidecar.validation = taught.validation.map(|own| {
        let usual = ValidationSet::USUAL;
        if own.includes(usual) {
            usual
        } else {
            ValidationSet::Empty
        }
    });
    if let Some(config) = sidecar.config.as_object_mut() {
        config.insert("fine_tuning".into(), json!(settings));
    }
    sidecar
}

/// The sidecar of `weights` that hold these tensors and were made from random ones, with the settings kept
/// as `training` in its configuration. Confidence has not been fitted: a class's probability is what the
/// net says. `None` for settings that are not for training from scratch.
#[cfg(feature = "net")]
pub fn sidecar_from_scratch(
    tensors: &[NamedTensor],
    weights: &[u8],
    settings: &Settings,
) -> Option<Sidecar> {
    let scratch = settings.scratch()?;
    let architecture = scratch.architecture;
    let mut config = json!(architecture.config().with_batch_norm(false));
    if let Some(config) = config.as_object_mut() {
        config.insert("training".into(), json!(settings));
    }
    Some(Sidecar {
        format_version: FORMAT_VERSION,
        architecture: architecture.to_string(),
        config,
        folded: true,
        mean: MEAN,
        std: STD,
        class_names: CLASS_NAMES.map(String::from).to_vec(),
        temperature: Temperature {
            photo: 1.0,
            drawing: 1.0,
        },
        confidence: None,
        metrics: std::collections::BTreeMap::new(),
        data_hash: crate::published::data_hash(),
        validation: Some(ValidationSet::Random {
            images: scratch.validation_images,
            seed: crate::published::SPLIT_SEED,
        }),
        seed: settings.seed,
        crc32: crc32(weights),
        parameters: tensors.iter().map(|tensor| tensor.values.len()).sum(),
    })
}
