//! Beginning with the weights of another net, and which layers learn.

use crate::nets::WeightsFile;
use crate::usage::UsageError;
use anyhow::{Context, Result};
use burn::tensor::Device;
use clap::Args;
use model::{net::Model, weights::NamedTensor};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// Flags about other weights and frozen layers.
#[derive(Clone, Debug, Default, PartialEq, Args, Serialize, Deserialize)]
#[command(next_help_heading = "Other weights, frozen layers")]
pub struct Transfer {
    /// Begin with these weights, of the same architecture, instead of random ones
    #[arg(long, value_name = "WEIGHTS")]
    pub from: Option<PathBuf>,
    /// With --from: layers that begin with random weights all the same, for instance head
    #[arg(long, value_name = "LAYERS", value_delimiter = ',', requires = "from")]
    pub fresh: Vec<String>,
    /// Layers that do not learn, for instance stem,early,middle.widen
    #[arg(long, value_name = "LAYERS", value_delimiter = ',')]
    pub freeze: Vec<String>,
}

impl Transfer {
    /// What a run begins with: `random`, the weights of `--from`, or both.
    ///
    /// # Errors
    /// Where the file does not hold such a net, or a layer is named that the net does not have.
    pub fn begin(&self, random: Model, device: &Device) -> Result<Model> {
        let own = tensors(&random)?;
        self.check_layers(&own)?;
        let Some(path) = &self.from else {
            return Ok(random);
        };
        let (given, sidecar) = WeightsFile::new(path).load_to_teach(device)?;
        let refuse = || {
            UsageError::new(format!(
                "{} holds the net {} {}: choose it by --architecture, or other weights",
                path.display(),
                sidecar.architecture,
                sidecar.config
            ))
        };
        let mut tensors = tensors(&given)?;
        for tensor in &mut tensors {
            if self.is_fresh(&tensor.name) {
                let own = own.iter().find(|own| own.name == tensor.name);
                *tensor = own.ok_or_else(refuse)?.clone();
            }
        }
        let model = random.with_tensors(tensors);
        model.ok().ok_or_else(refuse).context("--from does not fit")
    }

    /// The model, of which the layers learn that are not frozen, and only those.
    pub fn frozen(&self, model: Model) -> Model {
        // Even if none is frozen: tensors from a file do not learn unless told to.
        model.learn_only(|name| !is_of(&self.freeze, name))
    }

    fn is_fresh(&self, tensor: &str) -> bool {
        is_of(&self.fresh, tensor)
    }

    fn check_layers(&self, tensors: &[NamedTensor]) -> Result<()> {
        let is_there =
            |layer: &&String| tensors.iter().any(|t| is_of(&[(*layer).clone()], &t.name));
        if let Some(layer) = self.freeze.iter().chain(&self.fresh).find(|l| !is_there(l)) {
            let mut layers: Vec<&str> = tensors
                .iter()
                .filter_map(|t| t.name.split('.').next())
                .collect();
            layers.dedup();
            let sentence = format!(
                "the net has no layer {layer:?}; it has {}",
                layers.join(", ")
            );
            return Err(UsageError::new(sentence).into());
        }
        if tensors.iter().all(|t| is_of(&self.freeze, &t.name)) {
            return Err(UsageError::new("--freeze names every layer: nothing would learn").into());
        }
        Ok(())
    }
}

/// Whether the tensor belongs to one of these layers.
fn is_of(layers: &[String], tensor: &str) -> bool {
    layers.iter().any(|layer| {
        tensor
            .strip_prefix(layer.as_str())
            .is_some_and(|rest| rest.starts_with('.'))
    })
}

fn tensors(model: &Model) -> Result<Vec<NamedTensor>> {
    burn::tensor::read_sync(model.to_tensors())
        .map_err(anyhow::Error::msg)
        .context("the weights cannot be read back")
}
