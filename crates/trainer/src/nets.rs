//! Trained nets from files, on a device.

use std::fmt;
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::ValueEnum;
use model::class::CLASS_COUNT;
use model::image::Image;
use model::net::Net;
use model::prediction::Prediction;
use model::weights::Sidecar;
use serde::{Deserialize, Serialize};

use crate::files;
use crate::progress;
use crate::usage::UsageError;

/// The weights the page ships, seen from the repository's root.
pub const SHIPPED: &str = "assets/compact.weights";

/// How many images go through a net at once.
const BATCH: usize = 250;

/// What computes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DeviceName {
    /// The processor, on all its cores
    Cpu,
    /// The graphics card
    Wgpu,
}

impl DeviceName {
    /// The device itself. To be called once: a graphics card starts only once in a process.
    ///
    /// # Errors
    /// If this build has no support for it, or there is none.
    pub fn start(self) -> Result<burn::tensor::Device> {
        match self {
            DeviceName::Cpu => Ok(model::net::cpu_device()),
            #[cfg(feature = "wgpu")]
            DeviceName::Wgpu => pollster::block_on(model::net::gpu_device())
                .context("there is no usable graphics card: use --device cpu"),
            #[cfg(not(feature = "wgpu"))]
            DeviceName::Wgpu => Err(UsageError::new(
                "this build cannot use the graphics card: \
                 start it as `cargo run -p trainer --features wgpu -- --device wgpu`",
            )
            .into()),
        }
    }
}

impl fmt::Display for DeviceName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            DeviceName::Cpu => "cpu",
            DeviceName::Wgpu => "wgpu",
        })
    }
}

/// What images show; each kind has its own calibration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// Drawings, as on the page
    Drawing,
    /// Photos of a garment, as in Fashion-MNIST
    Photo,
}

/// The flag that names a net.
#[derive(Debug, Clone, clap::Args)]
pub struct WeightsFile {
    /// Weights to use; their sidecar lies beside them and ends in .json
    #[arg(long, value_name = "FILE", default_value = SHIPPED)]
    pub weights: PathBuf,
}

impl WeightsFile {
    /// The bytes of the file, and its sidecar. Whether they fit together has not been looked at.
    ///
    /// # Errors
    /// If one of them is not there, or the sidecar not for this program.
    pub fn read(&self) -> Result<(Vec<u8>, Sidecar)> {
        let sidecar_path = self.weights.with_extension("json");
        for path in [&self.weights, &sidecar_path] {
            if !path.is_file() {
                let sentence = format!(
                    "there are no weights at {}: train some with `cargo run -p trainer`, or name others with --weights",
                    path.display()
                );
                return Err(UsageError::new(sentence).into());
            }
        }
        let sidecar = Sidecar::parse(&files::read_text(&sidecar_path)?)
            .with_context(|| format!("in {}", sidecar_path.display()))?;
        Ok((files::read(&self.weights)?, sidecar))
    }

    /// The net in the file, on the device.
    ///
    /// # Errors
    /// If the file or its sidecar is not there, damaged, or not for this program.
    pub fn load(&self, device: DeviceName) -> Result<Loaded> {
        let (weights, sidecar) = self.read()?;
        let net = Net::from_weights(&weights, &sidecar, &device.start()?)
            .with_context(|| format!("in {}", self.weights.display()))?;
        Ok(Loaded { net })
    }
}

/// A net that is ready to predict.
pub struct Loaded {
    net: Net,
}

impl Loaded {
    /// What is known about the net's weights.
    pub fn sidecar(&self) -> &Sidecar {
        self.net.sidecar()
    }

    /// One calibrated prediction an image, in their order.
    ///
    /// # Errors
    /// If the device fails.
    pub fn predict(&self, images: &[Image], kind: Kind) -> Result<Vec<Prediction>> {
        let temperature = match kind {
            Kind::Drawing => self.sidecar().temperature.drawing,
            Kind::Photo => self.sidecar().temperature.photo,
        };
        let calibrated = |logits: &[f32; CLASS_COUNT]| Prediction::from_logits(logits, temperature);
        let mut predictions = Vec::with_capacity(images.len());
        let bar = progress::bar(images.len(), "predicting");
        for batch in images.chunks(BATCH) {
            let logits = self.net.logits_blocking(batch)?;
            predictions.extend(logits.iter().map(calibrated));
            bar.inc(batch.len() as u64);
        }
        bar.finish_and_clear();
        Ok(predictions)
    }
}
