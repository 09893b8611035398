//! What a batch, or a part of one, teaches.

use super::dropout::dropout;
#[cfg(feature = "workers")]
use burn::{module::Module, tensor::Device};
use burn::{
    optim::GradientsParams,
    tensor::{Tensor, activation::log_softmax},
};
use model::net::Model;
use rand_chacha::ChaCha8Rng;

/// A batch or a part of one, ready to be learnt from.
pub struct Lesson {
    /// `[images, 28, 28, 1]`, recording gradients
    pub x: Tensor<4>,
    /// `[images, 10]`
    pub targets: Tensor<2>,
    /// What the sum of the losses is divided by. Parts of a batch have the batch's, so that their
    /// gradients add up to its own.
    pub whole: f64,
    /// How likely a feature is dropped, and what decides.
    pub dropout: Option<(f64, ChaCha8Rng)>,
}

/// What was learnt.
pub struct Learnt {
    /// `[1]`
    pub loss: Tensor<1>,
    /// `[images, 10]`
    pub logits: Tensor<2>,
    /// Of the loss by each parameter.
    pub gradients: GradientsParams,
}

impl Lesson {
    /// The loss, and which way it falls.
    pub fn learn(self, model: &Model) -> Learnt {
        let logits = match self.dropout {
            None => model.forward(self.x).0,
            Some((rate, mut rng)) => {
                let features = dropout(&model.features(self.x).0, rate, &mut rng);
                model.head().forward(features)
            }
        };
        let targets = Tensor::from_inner(self.targets);
        let loss = (log_softmax(logits.clone(), 1) * targets).sum() / -self.whole;
        let gradients = GradientsParams::from_grads(loss.backward(), model);
        Learnt {
            loss: loss.inner(),
            logits: logits.inner(),
            gradients,
        }
    }

    /// This lesson in up to `count` parts of nearly the same size.
    #[cfg(feature = "workers")]
    pub fn parts(self, count: usize) -> Vec<Lesson> {
        let images = self.targets.dims()[0];
        let size = images.div_ceil(count);
        let part = |(place, first): (usize, usize)| {
            let size = size.min(images - first);
            // Each part drops features of its own.
            let dropout = self.dropout.clone().map(|(rate, mut rng)| {
                rng.set_stream(place as u64);
                (rate, rng)
            });
            Lesson {
                x: self.x.clone().narrow(0, first, size),
                targets: self.targets.clone().narrow(0, first, size),
                whole: self.whole,
                dropout,
            }
        };
        (0..images).step_by(size).enumerate().map(part).collect()
    }

    /// This lesson on another device.
    #[cfg(feature = "workers")]
    pub fn moved_to(self, device: &Device) -> Self {
        Self {
            x: self.x.to_device(device),
            targets: self.targets.to_device(device),
            ..self
        }
    }
}

#[cfg(feature = "workers")]
impl Learnt {
    /// What `module` learnt, on another device.
    pub fn moved_to(self, device: &Device, module: &impl Module) -> Self {
        Self {
            loss: self.loss.to_device(device),
            logits: self.logits.to_device(device),
            gradients: self.gradients.to_device(device, module),
        }
    }
}
