//! Reading many images: logits, and the features that led to them.

use super::{Net, NetError, batch_tensor, read};
use crate::image::Image;
use crate::reading::Reading;
use burn::tensor::Tensor;

impl Net {
    /// The logits of each image, as [`Self::logits`] gives them, with its features.
    ///
    /// # Errors
    /// Where the device fails.
    pub async fn readings(&self, images: &[Image]) -> Result<Vec<Reading>, NetError> {
        let batch = batch_tensor(images, self.device());
        let features = self.model().features(batch);
        let logits = self.model().head().forward(features.clone());
        // Put together, they are one read: each read of a GPU waits for all its work.
        let both = Tensor::cat(vec![logits, features], 1);
        let width = both.dims()[1];
        let values = read(both).await?;
        Ok(values.chunks_exact(width).filter_map(reading).collect())
    }
}

fn reading(row: &[f32]) -> Option<Reading> {
    let (logits, features) = row.split_first_chunk()?;
    Some(Reading {
        logits: *logits,
        features: features.to_vec(),
    })
}

#[cfg(test)]
mod tests {
    use crate::golden;
    use crate::net::{Architecture, Net, cpu_device};
    use crate::weights::Sidecar;

    #[test]
    fn readings_have_the_logits_and_what_the_head_saw() {
        let weights = include_bytes!("../../../../assets/compact.weights");
        let sidecar = Sidecar::parse(include_str!("../../../../assets/compact.json")).unwrap();
        let net = Net::from_weights(weights, &sidecar, &cpu_device()).unwrap();
        assert_eq!(sidecar.architecture, Architecture::Compact.name());
        let images = golden::images();
        let logits = net.logits_blocking(&images).unwrap();
        let readings = pollster::block_on(net.readings(&images)).unwrap();
        let read: Vec<_> = readings.iter().map(|reading| reading.logits).collect();
        assert_eq!(read, logits);
        assert!(readings.iter().all(|reading| reading.features.len() == 128));
    }
}
