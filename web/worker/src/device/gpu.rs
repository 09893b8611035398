//! WebGPU.

use model::class::CLASS_COUNT;
use model::image::Image;
pub(crate) use model::net::{Net, NetError};
use model::reading::{Look, Reading};
use model::weights::{Sidecar, WeightsError};

/// Why the device gave nothing.
pub(crate) type Error = NetError;

/// Once in a worker's life: a second start of the GPU fails.
pub(crate) async fn load(weights: &[u8], sidecar: &Sidecar) -> Result<Net, crate::answer::Failure> {
    let device = model::net::gpu_device().await?;
    Ok(Net::from_weights(weights, sidecar, &device)?)
}

/// A net to take the place of `former`, on the same device: that one was tested.
pub(crate) fn replace(
    former: &Net,
    weights: &[u8],
    sidecar: &Sidecar,
) -> Result<Net, WeightsError> {
    Net::from_weights(weights, sidecar, former.device())
}

pub(crate) async fn logits(net: &Net, images: &[Image]) -> Result<Vec<[f32; CLASS_COUNT]>, Error> {
    net.logits(images).await
}

pub(crate) async fn readings(net: &Net, images: &[Image]) -> Result<Vec<Reading>, Error> {
    net.readings(images).await
}

pub(crate) async fn look(net: &Net, image: &Image) -> Result<Look, Error> {
    net.look(image).await
}
