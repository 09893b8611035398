//! The JSON file beside the weights.

use std::collections::BTreeMap;
use std::fmt::Debug;

use serde::{Deserialize, Deserializer, Serialize};

use super::{FORMAT_VERSION, WeightsError, crc32};
use crate::architecture::Architecture;
use crate::class::CLASS_NAMES;
use crate::confidence::Confidence;
use crate::image::{MEAN, STD};
use crate::published::{DEFAULT_VALIDATION, SPLIT_SEED};

/// What the weights are for and where they come from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sidecar {
    /// Version of the format, [`FORMAT_VERSION`].
    pub format_version: u32,
    /// Name of the architecture; what earlier versions called otherwise is read under its present name.
    #[serde(deserialize_with = "present_name")]
    pub architecture: String,
    /// The architecture's and the training's hyper-parameters.
    pub config: serde_json::Value,
    /// Whether batch norm has been folded into the convolutions.
    pub folded: bool,
    /// Mean that the pixels were normalised with.
    pub mean: f32,
    /// Standard deviation that the pixels were normalised with.
    pub std: f32,
    /// Names of the classes, in the order of the logits.
    pub class_names: Vec<String>,
    /// Calibration of the probabilities.
    pub temperature: Temperature,
    /// What may be said of an image beyond its probabilities; older sidecars lack it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<Confidence>,
    /// Figures by name, measured on these weights, or on those that were rounded to eight bits to make them.
    pub metrics: BTreeMap<String, f64>,
    /// Identity of the training data: the four files' MD5 sums, joined.
    pub data_hash: String,
    /// The images that can judge the model; older sidecars lack it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validation: Option<ValidationSet>,
    /// Seed of the training run.
    pub seed: u64,
    /// CRC-32 that stands at the end of the weights, see [`crc32`].
    pub crc32: u32,
    /// Number of trained numbers in the net.
    pub parameters: usize,
}

/// Which of the published training images were held out, so that a model did not learn from them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum ValidationSet {
    /// Those that [`held_out_indices`](crate::published::held_out_indices) chooses.
    Random {
        /// How many.
        images: usize,
        /// The seed that chooses them.
        seed: u64,
    },
    /// One of several folds, into which the images were dealt.
    Fold {
        /// Which, from 0.
        number: usize,
        /// Of how many.
        of: usize,
    },
    /// None: what one training held out another one learned from.
    Empty,
}

impl ValidationSet {
    /// What is held out unless somebody says otherwise.
    pub const USUAL: Self = Self::Random {
        images: DEFAULT_VALIDATION,
        seed: SPLIT_SEED,
    };

    /// Whether all of these images are among those of `self`.
    pub fn includes(self, other: Self) -> bool {
        match (self, other) {
            // A seed puts the images into one order, of which the first are held out.
            (
                Self::Random { images, seed },
                Self::Random {
                    images: fewer,
                    seed: same,
                },
            ) => seed == same && fewer <= images,
            _ => self == other,
        }
    }
}

/// What logits are divided by before the softmax, so that confidence is the chance of being right.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Temperature {
    /// For photos as in Fashion-MNIST.
    pub photo: f32,
    /// For drawings.
    pub drawing: f32,
}

fn present_name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let name = String::deserialize(deserializer)?;
    let known: Result<Architecture, _> = name.parse();
    Ok(known.map_or(name, |architecture| architecture.name().into()))
}

/// Read first and alone: the rest may look different in another version.
#[derive(Deserialize)]
struct Version {
    format_version: u32,
}

impl Sidecar {
    /// Reads a sidecar.
    ///
    /// # Errors
    /// When the text is no JSON, of another version, or lacks a field.
    pub fn parse(json: &str) -> Result<Self, WeightsError> {
        let bad = |error: serde_json::Error| WeightsError::BadSidecar {
            reason: error.to_string(),
        };
        match serde_json::from_str(json).map_err(bad)? {
            Version {
                format_version: FORMAT_VERSION,
            } => serde_json::from_str(json).map_err(bad),
            Version {
                format_version: found,
            } => Err(WeightsError::UnknownVersion { found }),
        }
    }

    /// Checks that this sidecar belongs to these weights and to this program.
    ///
    /// # Errors
    /// When version, checksum, class names, normalisation or temperatures do not fit.
    pub fn check(&self, weights: &[u8]) -> Result<(), WeightsError> {
        if self.format_version != FORMAT_VERSION {
            return Err(WeightsError::UnknownVersion {
                found: self.format_version,
            });
        }
        agree("the checksum", &self.crc32, &crc32(weights))?;
        agree(
            "the class names",
            &self.class_names,
            &CLASS_NAMES.map(String::from).to_vec(),
        )?;
        agree("the mean", &self.mean, &MEAN)?;
        agree("the standard deviation", &self.std, &STD)?;
        for temperature in [self.temperature.photo, self.temperature.drawing] {
            if !(temperature.is_finite() && temperature > 0.0) {
                return disagree("the temperature", &temperature, &"always a positive number");
            }
        }
        Ok(())
    }
}

fn agree<T: PartialEq + Debug>(
    what: &'static str,
    sidecar: &T,
    actual: &T,
) -> Result<(), WeightsError> {
    if sidecar == actual {
        Ok(())
    } else {
        disagree(what, sidecar, actual)
    }
}

fn disagree(
    what: &'static str,
    sidecar: &dyn Debug,
    actual: &dyn Debug,
) -> Result<(), WeightsError> {
    Err(WeightsError::Disagreement {
        what,
        sidecar: format!("{sidecar:?}"),
        actual: format!("{actual:?}"),
    })
}
