//! Dropout (Srivastava et al. 2014) on what a net's head sees.

use burn::tensor::{Tensor, TensorData};
use rand::Rng;

/// The features with each number replaced by 0 with the probability `rate`, and the others made
/// larger so that their mean stays. Drawn here rather than on the device, whose random numbers a run
/// that goes on could not take up again.
///
/// # Shapes
/// - features and output: `[batch, features]`
pub fn dropout(features: &Tensor<2>, rate: f64, rng: &mut impl Rng) -> Tensor<2> {
    let [rows, columns] = features.dims();
    let kept = (1.0 / (1.0 - rate)) as f32;
    let mask: Vec<f32> = (0..rows * columns)
        .map(|_| if rng.random_bool(rate) { 0.0 } else { kept })
        .collect();
    let mask = TensorData::new(mask, [rows, columns]);
    features.clone() * Tensor::from_data(mask, &features.device())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    #[test]
    fn a_share_is_dropped_and_the_mean_stays() {
        let ones = Tensor::<2>::ones([100, 100], &model::net::cpu_device());
        let dropped = dropout(&ones, 0.25, &mut ChaCha8Rng::seed_from_u64(1));
        let values: Vec<f32> = dropped.into_data().iter::<f32>().collect();
        let zeros = values.iter().filter(|v| **v == 0.0).count();
        let mean = values.iter().sum::<f32>() / values.len() as f32;
        assert!((2300..2700).contains(&zeros), "{zeros}");
        assert!((mean - 1.0).abs() < 0.03, "{mean}");
    }
}
