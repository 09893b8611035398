//! What a net gets right, on a list of images.

use super::Labelled;
use crate::{
    metrics::ConfusionMatrix,
    net::{NetError, Prepared, batch_tensor},
};
use burn::tensor::Device;

/// Images that go through the net at once.
const BATCH: usize = 50;

/// How often each class is taken for which.
///
/// # Errors
/// Where the device fails.
pub async fn measure(
    model: &Prepared,
    images: &Labelled,
    device: &Device,
) -> Result<ConfusionMatrix, NetError> {
    measure_telling(model, images, device, async |_| {}).await
}

/// [`measure`], which tells how many images have been looked at, now and then, and waits for the
/// telling.
///
/// # Errors
/// Where the device fails.
pub async fn measure_telling(
    model: &Prepared,
    images: &Labelled,
    device: &Device,
    tell: impl AsyncFn(usize),
) -> Result<ConfusionMatrix, NetError> {
    let mut confusion = ConfusionMatrix::new();
    let mut done = 0;
    let chunks = images.images().chunks(BATCH);
    for (images, labels) in chunks.zip(images.labels().chunks(BATCH)) {
        let logits = model.forward(batch_tensor(images, device));
        let predicted = logits.argmax(1).into_data_async().await;
        let predicted = predicted.map_err(|e| NetError::Read {
            reason: crate::net::driver_words(&e),
        })?;
        for (predicted, &label) in predicted.iter::<i64>().zip(labels) {
            confusion.add(usize::from(label), usize::try_from(predicted).unwrap_or(0));
        }
        done += images.len();
        tell(done).await;
    }
    Ok(confusion)
}
