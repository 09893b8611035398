//! Which pixels of an image made a net decide as it did. Which places did, [`crate::evidence`] says.

use super::{Model, batch_tensor};
use crate::{
    class::CLASS_COUNT,
    image::{Image, PIXELS},
};
use burn::{
    module::Module,
    tensor::{Device, Tensor},
};

/// Integrated gradients (Sundararajan et al. 2017): how much each pixel, compared with background,
/// adds to the logit of `class`. The pixels' shares add up to the logit's difference from that of
/// a blank image, the nearer the more `steps` there are. `None` where the device gives no gradient.
pub fn integrated_gradients(
    model: &Model,
    image: &Image,
    class: usize,
    steps: usize,
    device: &Device,
) -> Option<[f32; PIXELS]> {
    let device = device.clone().autodiff();
    let blank = batch_tensor(&[Image::blank()], &device);
    let difference = batch_tensor(std::slice::from_ref(image), &device) - blank.clone();
    let shares: Vec<f32> = (0..steps)
        .map(|step| (step as f32 + 0.5) / steps as f32)
        .collect();
    let shares = Tensor::<1>::from_data(shares.as_slice(), &device).reshape([steps, 1, 1, 1]);
    let on_the_way = (blank + difference.clone() * shares)
        .detach()
        .require_grad();
    let (logits, _) = model.clone().train().forward(on_the_way.clone());
    let gradients = logits
        .narrow(1, class.min(CLASS_COUNT - 1), 1)
        .sum()
        .backward();
    let mean = on_the_way.grad(&gradients)?.mean_dim(0);
    let values: Vec<f32> = (mean * difference.inner())
        .into_data()
        .iter::<f32>()
        .collect();
    values.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::SIDE;
    use crate::net::{Config, batch_tensor, cpu_device};

    fn image() -> Image {
        Image(std::array::from_fn(|pixel| {
            let (row, column) = (pixel / SIDE, pixel % SIDE);
            if row > 5 && column > 8 {
                (row * column % 250) as u8
            } else {
                0
            }
        }))
    }

    fn logit(model: &Model, image: &Image, class: usize) -> f32 {
        let (logits, _) = model.forward(batch_tensor(std::slice::from_ref(image), &cpu_device()));
        logits.narrow(1, class, 1).into_scalar()
    }

    fn folded() -> Model {
        let config = Config::Compact {
            channels: [4, 6, 8],
            batch_norm: false,
        };
        config.init(3, &cpu_device())
    }

    #[test]
    fn the_pixels_shares_add_up_to_the_logit_and_background_has_none() {
        for model in [folded(), Config::Mlp { hidden: 9 }.init(3, &cpu_device())] {
            let image = image();
            let shares = integrated_gradients(&model, &image, 4, 200, &cpu_device()).unwrap();
            let expected = logit(&model, &image, 4) - logit(&model, &Image::blank(), 4);
            let found: f32 = shares.iter().sum();
            assert!(
                (found - expected).abs() < 0.02 * expected.abs().max(0.1),
                "{found} {expected}"
            );
            assert!(shares[..5 * SIDE].iter().all(|&share| share == 0.0));
        }
    }
}
