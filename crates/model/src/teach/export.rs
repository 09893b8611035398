//! The taught net as files: weights in half precision, and their sidecar.

use super::Settings;
use crate::weights::{Sidecar, crc32};
use serde_json::json;

/// The sidecar of `weights` that were made from `taught`'s by teaching: figures that were measured on the
/// net as it was are left out, and the settings are kept as `fine_tuning` in its configuration.
pub fn sidecar_after(taught: &Sidecar, weights: &[u8], settings: &Settings) -> Sidecar {
    let mut sidecar = taught.clone();
    sidecar.crc32 = crc32(weights);
    sidecar.metrics.clear();
    if let Some(config) = sidecar.config.as_object_mut() {
        config.insert("fine_tuning".into(), json!(settings));
    }
    sidecar
}
