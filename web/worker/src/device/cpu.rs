//! The CPU.

use model::class::CLASS_COUNT;
use model::image::Image;
pub(crate) use model::reader::Reader as Net;
use model::reading::{Look, Reading};
use model::weights::{Sidecar, WeightsError};
pub(crate) use std::convert::Infallible as Error;

pub(crate) async fn load(weights: &[u8], sidecar: &Sidecar) -> Result<Net, WeightsError> {
    Net::from_weights(weights, sidecar)
}

/// A net to take the place of `_former`.
pub(crate) fn replace(
    _former: &Net,
    weights: &[u8],
    sidecar: &Sidecar,
) -> Result<Net, WeightsError> {
    Net::from_weights(weights, sidecar)
}

pub(crate) async fn logits(net: &Net, images: &[Image]) -> Result<Vec<[f32; CLASS_COUNT]>, Error> {
    Ok(net.logits(images))
}

pub(crate) async fn readings(net: &Net, images: &[Image]) -> Result<Vec<Reading>, Error> {
    Ok(net.readings(images))
}

pub(crate) async fn look(net: &Net, image: &Image) -> Result<Look, Error> {
    Ok(net.look(image))
}
