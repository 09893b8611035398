//! Trained nets from files, on a device.

mod class_name;
mod device;

use std::path::{Path, PathBuf};

use anyhow::Result;
use burn::tensor::Device;
use clap::ValueEnum;
use model::class::{CLASS_COUNT, CLASS_NAMES};
use model::confidence::{Judgement, Rules};
use model::image::Image;
use model::net::{Config, Model, Net, batch_tensor, model_from_weights};
use model::prediction::Prediction;
use model::weights::{Sidecar, unbundle};

use crate::files;
use crate::progress;
use crate::sheet::Tile;
use crate::usage::UsageError;
pub use class_name::ClassName;
pub use device::DeviceName;

/// The golden logits' file, beside the weights in a run's folder and in `assets/`.
pub const GOLDEN: &str = "golden.json";

/// The weights the page ships, seen from the repository's root.
pub const SHIPPED: &str = "assets/compact.weights";

/// How many images go through a net at once.
const BATCH: usize = 250;

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
    /// Weights to use: one file that holds all, as the page saves it, or one with its sidecar beside it,
    /// which ends in .json
    #[arg(long, value_name = "FILE", default_value = SHIPPED)]
    pub weights: PathBuf,
}

impl WeightsFile {
    /// The weights file at `path`.
    pub fn new(path: &Path) -> WeightsFile {
        WeightsFile {
            weights: path.to_owned(),
        }
    }

    /// The path of the sidecar beside the weights.
    pub fn sidecar_path(&self) -> PathBuf {
        self.weights.with_extension("json")
    }

    /// The weights in the file, and their sidecar. Whether they fit together has not been checked.
    ///
    /// # Errors
    /// If the file or the sidecar is missing, damaged, or not for this program.
    pub fn read(&self) -> Result<(Vec<u8>, Sidecar)> {
        let bytes = self.bytes()?;
        if let Some((weights, sidecar)) = self.unbundle(&bytes)? {
            let sidecar = Sidecar::parse(sidecar)
                .map_err(|error| UsageError::in_file(&self.weights, &error))?;
            return Ok((weights.to_vec(), sidecar));
        }
        let path = self.sidecar_path();
        if !path.is_file() {
            let sentence = format!(
                "{} holds weights alone, and {} is missing: put that file beside it, or name a file that holds both",
                self.weights.display(),
                path.display()
            );
            return Err(UsageError::new(sentence).into());
        }
        let sidecar = Sidecar::parse(&files::read_text(&path)?)
            .map_err(|error| UsageError::in_file(&path, &error))?;
        Ok((bytes, sidecar))
    }

    /// Whether the one file holds the sidecar as well.
    ///
    /// # Errors
    /// If the file is missing or damaged.
    pub fn is_bundle(&self) -> Result<bool> {
        Ok(self.unbundle(&self.bytes()?)?.is_some())
    }

    fn unbundle<'a>(&self, bytes: &'a [u8]) -> Result<Option<(&'a [u8], &'a str)>> {
        let parts = unbundle(bytes);
        Ok(parts.map_err(|error| UsageError::in_file(&self.weights, &error))?)
    }

    fn bytes(&self) -> Result<Vec<u8>> {
        if self.weights.is_file() {
            return files::read(&self.weights);
        }
        let sentence = format!(
            "there are no weights at {}: train some with `cargo run -p trainer`, or name others",
            self.weights.display()
        );
        Err(UsageError::new(sentence).into())
    }

    /// The net in the file, on the device.
    ///
    /// # Errors
    /// If the file or its sidecar is not there, damaged, or not for this program.
    pub fn load(&self, device: DeviceName) -> Result<Loaded> {
        self.load_on(&device.start()?)
    }

    /// [`Self::load`] on a device that runs already.
    ///
    /// # Errors
    /// As there.
    pub fn load_on(&self, device: &Device) -> Result<Loaded> {
        let (weights, sidecar) = self.read()?;
        let net = Net::from_weights(&weights, &sidecar, device)
            .map_err(|error| UsageError::in_file(&self.weights, &error))?;
        Ok(Loaded {
            net,
            bytes: weights.len(),
        })
    }

    /// The net in the file as it can be taught on, and its sidecar.
    ///
    /// # Errors
    /// As [`Self::load`].
    pub fn load_to_teach(&self, device: &Device) -> Result<(Model, Sidecar)> {
        let (weights, sidecar) = self.read()?;
        let model = model_from_weights(&weights, &sidecar, device)
            .map_err(|error| UsageError::in_file(&self.weights, &error))?;
        Ok((model, sidecar))
    }
}

/// What a net says of one image.
#[derive(Debug, Clone)]
pub struct Reading {
    /// One number a class, before any calibration.
    pub logits: [f32; CLASS_COUNT],
    /// The calibrated probabilities.
    pub prediction: Prediction,
    /// What may be said beyond them.
    pub judgement: Judgement,
}

impl Reading {
    /// What these logits say, by these rules.
    pub fn new(logits: [f32; CLASS_COUNT], temperature: f32, rules: &Rules) -> Reading {
        let prediction = Prediction::from_logits(&logits, temperature);
        Reading {
            logits,
            prediction,
            judgement: rules.judge(&logits, &prediction),
        }
    }

    /// The image with this reading below it, and the class that it is if another one was read.
    pub fn tile(&self, image: Image, actual: Option<u8>) -> Tile {
        let (class, confidence) = self.prediction.top();
        let percent = (100.0 * confidence).round();
        let mut captions = vec![format!("{} {percent}%", CLASS_NAMES[class])];
        let is_wrong = actual.is_some_and(|label| !self.is_right(label));
        captions.push(match actual.filter(|_| is_wrong) {
            Some(label) => format!("is {}", CLASS_NAMES[usize::from(label)]),
            None => String::new(),
        });
        Tile {
            image,
            captions,
            verdict: actual.map(|label| self.is_right(label)),
        }
    }

    /// Whether the top class is the one of this label, 0..10.
    pub fn is_right(&self, label: u8) -> bool {
        self.prediction.top().0 == usize::from(label)
    }
}

/// A net that is ready to predict.
pub struct Loaded {
    net: Net,
    bytes: usize,
}

impl Loaded {
    /// What is known about the net's weights.
    pub fn sidecar(&self) -> &Sidecar {
        self.net.sidecar()
    }

    /// The net itself.
    pub fn net(&self) -> &Net {
        &self.net
    }

    /// The net's architecture and sizes.
    ///
    /// # Errors
    /// If the sidecar's config is not one, which loading would have refused.
    pub fn config(&self) -> Result<Config> {
        Ok(serde_json::from_value(self.sidecar().config.clone())?)
    }

    /// How many bytes the weights file has.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// One reading an image, in their order.
    ///
    /// # Errors
    /// If the device fails.
    pub fn read(&self, images: &[Image], kind: Kind) -> Result<Vec<Reading>> {
        let temperature = self.sidecar().temperature;
        let confidence = self.sidecar().confidence.unwrap_or_default();
        let (temperature, rules) = match kind {
            Kind::Drawing => (temperature.drawing, confidence.drawing),
            Kind::Photo => (temperature.photo, confidence.photo),
        };
        let logits = self.logits(images)?;
        Ok(logits
            .into_iter()
            .map(|logits| Reading::new(logits, temperature, &rules))
            .collect())
    }

    /// One row of logits an image, in their order.
    ///
    /// # Errors
    /// If the device fails.
    pub fn logits(&self, images: &[Image]) -> Result<Vec<[f32; CLASS_COUNT]>> {
        let mut logits = Vec::with_capacity(images.len());
        let bar = progress::bar(images.len(), "predicting");
        for batch in images.chunks(BATCH) {
            logits.extend(self.net.logits_blocking(batch)?);
            bar.inc(batch.len() as u64);
        }
        bar.finish_and_clear();
        Ok(logits)
    }

    /// What the net's last layer sees of each image, in their order.
    ///
    /// # Errors
    /// If the device fails.
    pub fn features(&self, images: &[Image]) -> Result<Vec<Vec<f32>>> {
        let mut features = Vec::with_capacity(images.len());
        let bar = progress::bar(images.len(), "looking at images");
        for batch in images.chunks(BATCH) {
            let x = batch_tensor(batch, self.net.device());
            let data = self.net.model().features(x).into_data();
            let values: Vec<f32> = data.iter::<f32>().collect();
            features.extend(
                values
                    .chunks(values.len() / batch.len())
                    .map(<[f32]>::to_vec),
            );
            bar.inc(batch.len() as u64);
        }
        bar.finish_and_clear();
        Ok(features)
    }
}
