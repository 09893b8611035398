//! A net with its weights on a device, ready to read images.

use super::{Config, Model, Prepared};
use crate::{
    class::CLASS_COUNT,
    folded::{Affine, checked_tensors},
    image::{Image, SIDE},
    reading::Look,
    weights::{NamedTensor, Sidecar, WeightsError},
};
use burn::tensor::{Device, Tensor, TensorData};
use thiserror::Error;

/// A device that fails.
#[derive(Clone, Debug, Error)]
pub enum NetError {
    /// No device could be had.
    #[error("this device cannot be used: {reason}")]
    Device {
        /// What the device's driver said.
        reason: String,
    },
    /// The device took the work and gave nothing back.
    #[error("the device stopped in the middle of its work: {reason}")]
    Read {
        /// What the device's driver said.
        reason: String,
    },
}

/// Images as the nets' input: `[images, 28, 28, 1]`, normalised.
pub fn batch_tensor(images: &[Image], device: &Device) -> Tensor<4> {
    let values: Vec<f32> = images.iter().flat_map(Image::normalised).collect();
    Tensor::from_data(
        TensorData::new(values, [images.len(), SIDE, SIDE, 1]),
        device,
    )
}

/// The net of these weights as it can be taught on, after checking them against their sidecar.
///
/// # Errors
/// Where the weights are damaged, disagree with the sidecar, or are of another net.
pub fn model_from_weights(
    weights: &[u8],
    sidecar: &Sidecar,
    device: &Device,
) -> Result<Model, WeightsError> {
    model_from_tensors(checked_tensors(weights, sidecar)?, sidecar, device)
}

fn model_from_tensors(
    tensors: Vec<NamedTensor>,
    sidecar: &Sidecar,
    device: &Device,
) -> Result<Model, WeightsError> {
    Config::of(sidecar)?.init(0, device).with_tensors(tensors)
}

/// A net with its weights on a device, batch normalisation folded.
#[derive(Clone, Debug)]
pub struct Net {
    model: Prepared,
    /// The last layer once more, where the CPU can reach it.
    head: Affine,
    sidecar: Sidecar,
    device: Device,
}

impl Net {
    /// Checks the weights against their sidecar and puts them on the device.
    ///
    /// # Errors
    /// Where the weights are damaged, disagree with the sidecar, or are of another net.
    pub fn from_weights(
        weights: &[u8],
        sidecar: &Sidecar,
        device: &Device,
    ) -> Result<Self, WeightsError> {
        let tensors = checked_tensors(weights, sidecar)?;
        let head = Affine::head(&tensors)?;
        Ok(Self {
            model: model_from_tensors(tensors, sidecar, device)?.prepared(),
            head,
            sidecar: sidecar.clone(),
            device: device.clone(),
        })
    }

    /// What is known about the weights.
    pub fn sidecar(&self) -> &Sidecar {
        &self.sidecar
    }

    /// Where the weights are.
    pub fn device(&self) -> &Device {
        &self.device
    }

    /// The net itself, prepared for this device.
    pub fn model(&self) -> &Prepared {
        &self.model
    }

    /// The logits of each image, one row of ten an image.
    ///
    /// # Errors
    /// Where the device fails.
    pub async fn logits(&self, images: &[Image]) -> Result<Vec<[f32; CLASS_COUNT]>, NetError> {
        let logits = self.model.forward(batch_tensor(images, &self.device));
        rows(&read(logits).await?)
    }

    /// The logits of an image and what in it speaks for each class. One read, as every read of a GPU
    /// waits for all its work: of the last stage, from which the rest is a moment's work for the CPU.
    ///
    /// # Errors
    /// Where the device fails.
    pub async fn look(&self, image: &Image) -> Result<Look, NetError> {
        let x = batch_tensor(std::slice::from_ref(image), &self.device);
        if let Some(stage) = self.model.last_stage(x.clone()) {
            return Ok(Look::at_stage(&read(stage).await?, &self.head));
        }
        let features = read(self.model.features(x)).await?;
        Ok(Look::at_features(&features, &self.head))
    }

    /// [`Self::logits`] for devices that can be waited for: all of them natively, the CPU in the
    /// browser.
    ///
    /// # Errors
    /// Where the device fails.
    pub fn logits_blocking(&self, images: &[Image]) -> Result<Vec<[f32; CLASS_COUNT]>, NetError> {
        let logits = self.model.forward(batch_tensor(images, &self.device));
        let values: Vec<f32> = logits.into_data().iter::<f32>().collect();
        rows(&values)
    }
}

/// What a device's driver says, without the chain of causes and the backtrace around it.
pub(crate) fn driver_words(error: &impl std::fmt::Display) -> String {
    const LONGEST: usize = 160;
    let text = error.to_string();
    let cause = text.rsplit("Caused by:").next().unwrap_or_default();
    let line = cause.lines().map(str::trim).find(|line| !line.is_empty());
    let line = line.unwrap_or("it does not say why").trim_end_matches('.');
    line.chars().take(LONGEST).collect()
}

/// A tensor's values, waited for without blocking.
///
/// # Errors
/// Where the device fails.
pub(super) async fn read<const D: usize>(tensor: Tensor<D>) -> Result<Vec<f32>, NetError> {
    let data = tensor.into_data_async().await;
    let data = data.map_err(|error| NetError::Read {
        reason: driver_words(&error),
    })?;
    Ok(data.iter::<f32>().collect())
}

fn rows(values: &[f32]) -> Result<Vec<[f32; CLASS_COUNT]>, NetError> {
    let (rows, rest) = values.as_chunks::<CLASS_COUNT>();
    match rest {
        [] => Ok(rows.to_vec()),
        _ => Err(NetError::Read {
            reason: format!("{} values are no rows of {CLASS_COUNT}", values.len()),
        }),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn of_a_driver_s_words_the_innermost_cause_is_kept() {
        let chain =
            "An error happened during execution\nCaused by:\n  Buffer is lost.\n   0: backtrace\n";
        assert_eq!(super::driver_words(&chain), "Buffer is lost");
        assert_eq!(super::driver_words(&""), "it does not say why");
    }
}
