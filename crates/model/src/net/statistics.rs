//! The statistics that a batch normalisation is folded with: over some batches, not of one.

use super::{Model, batch_tensor, layers::Statistics};
use crate::image::Image;
use burn::tensor::{Device, Tensor};

/// The statistics of each of the net's normalisations over some equally large batches of training
/// images: those that training saw belong to earlier weights.
pub fn gather_statistics(
    net: &Model,
    batches: impl Iterator<Item = Vec<Image>>,
    device: &Device,
) -> Vec<Statistics> {
    let all: Vec<Vec<Statistics>> = batches
        .map(|images| net.forward(batch_tensor(&images, device)).1)
        .collect();
    let layers = all.first().map_or(0, Vec::len);
    (0..layers)
        .map(|layer| pooled(all.iter().map(|batch| &batch[layer])))
        .collect()
}

/// Mean and variance over several equally large batches: the variances' mean and the means'
/// variance add up.
fn pooled<'a>(batches: impl Iterator<Item = &'a Statistics>) -> Statistics {
    let (means, variances): (Vec<_>, Vec<_>) = batches
        .map(|s| {
            (
                s.mean.clone().unsqueeze::<2>(),
                s.variance.clone().unsqueeze::<2>(),
            )
        })
        .unzip();
    let means = Tensor::cat(means, 0);
    let mean = means.clone().mean_dim(0);
    let between = (means - mean.clone()).powi_scalar(2).mean_dim(0);
    let variance = Tensor::cat(variances, 0).mean_dim(0) + between;
    Statistics {
        mean: mean.flatten(0, 1),
        variance: variance.flatten(0, 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pooling_two_batches_is_taking_both_at_once() {
        let device = crate::net::cpu_device();
        let one = |mean: f32, variance: f32| Statistics {
            mean: Tensor::from_data([mean], &device),
            variance: Tensor::from_data([variance], &device),
        };
        // 1, 3 and 5, 7: together mean 4, variance 5.
        let both = [one(2.0, 1.0), one(6.0, 1.0)];
        let pooled = pooled(both.iter());
        assert!((pooled.mean.into_scalar::<f32>() - 4.0).abs() < 1e-6);
        assert!((pooled.variance.into_scalar::<f32>() - 5.0).abs() < 1e-6);
    }
}
