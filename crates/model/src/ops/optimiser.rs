//! An optimiser's step on one tensor, as a second extension of burn's backends: composed of burn's own
//! operations unless a backend has a kernel for the whole.
//!
//! Tensors are flat, record nothing, and are of one length.

use burn::backend::{Backend, Dispatch, Flex, backend_extension, tensor::FloatTensor};
use burn::tensor::Tensor;

/// Share of the old mean of gradients that AdamW keeps.
pub(super) const BETA_1: f32 = 0.9;

/// Share of the old mean of squared gradients that AdamW keeps.
pub(super) const BETA_2: f32 = 0.999;

/// Added to the root of the mean square against division by zero.
pub(super) const EPSILON: f32 = 1e-5;

/// Share of the velocity that Nesterov's method keeps.
pub(super) const MOMENTUM: f32 = 0.9;

/// What a step of AdamW depends on, besides the gradient.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AdamWStep {
    /// Learning rate.
    pub(super) rate: f32,
    /// Share of the parameter that weight decay leaves.
    pub(super) kept: f32,
    /// How much of the true mean the running mean holds by now.
    pub(super) correction_1: f32,
    /// The same of the mean square.
    pub(super) correction_2: f32,
}

impl AdamWStep {
    /// The step that comes as the `count`th, from 1, with this learning rate and weight decay.
    pub fn new(rate: f64, weight_decay: f64, count: u32) -> Self {
        let count = i32::try_from(count).unwrap_or(i32::MAX);
        Self {
            rate: rate as f32,
            kept: (1.0 - rate * weight_decay) as f32,
            correction_1: 1.0 - BETA_1.powi(count),
            correction_2: 1.0 - BETA_2.powi(count),
        }
    }
}

/// What our optimisers need.
#[backend_extension(
    Flex,
    Cube: cfg(feature = "wgpu"),
    Remote: cfg(feature = "remote"),
)]
pub trait OptimiserOps: Backend {
    /// See [`adam_w`].
    fn adam_w(
        parameter: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        mean: FloatTensor<Self>,
        square: FloatTensor<Self>,
        step: AdamWStep,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        generic_adam_w::<Self>(parameter, gradient, [mean, square], step)
    }

    /// See [`nesterov`].
    fn nesterov(
        parameter: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        velocity: FloatTensor<Self>,
        rate: f32,
    ) -> (FloatTensor<Self>, FloatTensor<Self>) {
        generic_nesterov::<Self>(parameter, gradient, velocity, rate)
    }
}

impl OptimiserOps for Flex {}

#[cfg(feature = "remote")]
impl OptimiserOps for burn::backend::Remote {}

/// `share` of `old`, and the rest of `new`.
fn running<B: Backend>(old: FloatTensor<B>, new: FloatTensor<B>, share: f32) -> FloatTensor<B> {
    B::float_add(
        B::float_mul_scalar(old, share.into()),
        B::float_mul_scalar(new, (1.0 - share).into()),
    )
}

fn generic_adam_w<B: Backend>(
    parameter: FloatTensor<B>,
    gradient: FloatTensor<B>,
    [mean, square]: [FloatTensor<B>; 2],
    step: AdamWStep,
) -> (FloatTensor<B>, FloatTensor<B>, FloatTensor<B>) {
    let squared = B::float_mul(gradient.clone(), gradient.clone());
    let mean = running::<B>(mean, gradient, BETA_1);
    let square = running::<B>(square, squared, BETA_2);
    let direction = B::float_div_scalar(mean.clone(), step.correction_1.into());
    let scale = B::float_div_scalar(square.clone(), step.correction_2.into());
    let scale = B::float_add_scalar(B::float_sqrt(scale), EPSILON.into());
    let change = B::float_mul_scalar(B::float_div(direction, scale), step.rate.into());
    let kept = B::float_mul_scalar(parameter, step.kept.into());
    (B::float_sub(kept, change), mean, square)
}

fn generic_nesterov<B: Backend>(
    parameter: FloatTensor<B>,
    gradient: FloatTensor<B>,
    velocity: FloatTensor<B>,
    rate: f32,
) -> (FloatTensor<B>, FloatTensor<B>) {
    let kept = |velocity| B::float_mul_scalar(velocity, MOMENTUM.into());
    let velocity = B::float_add(kept(velocity), gradient.clone());
    let change = B::float_add(kept(velocity.clone()), gradient);
    let change = B::float_mul_scalar(change, rate.into());
    (B::float_sub(parameter, change), velocity)
}

/// A step of AdamW (Loshchilov and Hutter, 2019). `mean` and `square` are the running means of gradient
/// and squared gradient, zero at first. Yields the new parameter, mean and square.
pub fn adam_w(
    parameter: Tensor<1>,
    gradient: Tensor<1>,
    [mean, square]: [Tensor<1>; 2],
    step: AdamWStep,
) -> (Tensor<1>, [Tensor<1>; 2]) {
    let (parameter, mean, square) = <Dispatch as OptimiserOps>::adam_w(
        parameter.into_dispatch(),
        gradient.into_dispatch(),
        mean.into_dispatch(),
        square.into_dispatch(),
        step,
    );
    (
        Tensor::from_dispatch(parameter),
        [mean, square].map(Tensor::from_dispatch),
    )
}

/// A step of gradient descent with Nesterov's momentum. `velocity` is zero at first. Yields the new
/// parameter and velocity.
pub fn nesterov(
    parameter: Tensor<1>,
    gradient: Tensor<1>,
    velocity: Tensor<1>,
    rate: f64,
) -> (Tensor<1>, Tensor<1>) {
    let (parameter, velocity) = <Dispatch as OptimiserOps>::nesterov(
        parameter.into_dispatch(),
        gradient.into_dispatch(),
        velocity.into_dispatch(),
        rate as f32,
    );
    (
        Tensor::from_dispatch(parameter),
        Tensor::from_dispatch(velocity),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::cpu_device;
    use burn::optim::{AdamWConfig, Optimizer, SgdConfig, momentum::MomentumConfig};

    const RATE: f64 = 0.01;

    fn tensor(values: [f32; 4]) -> Tensor<1> {
        Tensor::from_data(values, &cpu_device())
    }

    fn gradients() -> [Tensor<1>; 3] {
        [
            tensor([1.0, -2.0, 0.0, 1e-4]),
            tensor([0.5, 2.0, -3.0, 0.0]),
            tensor([-1.0, 0.1, 1.0, 1e-4]),
        ]
    }

    fn start() -> Tensor<1> {
        tensor([0.3, -0.2, 0.5, 1.0])
    }

    fn assert_same(got: Tensor<1>, expected: Tensor<1>) {
        let difference = (got - expected).abs().max().into_scalar::<f32>();
        assert!(difference < 1e-7, "{difference}");
    }

    #[test]
    fn adam_w_agrees_with_burn_s() {
        let burn = AdamWConfig::new().with_weight_decay(0.1).build();
        let (mut expected, mut state) = (start(), None);
        let (mut got, mut moments) = (start(), [tensor([0.0; 4]), tensor([0.0; 4])]);
        for (index, gradient) in gradients().into_iter().enumerate() {
            (expected, state) = burn.step(RATE, expected, gradient.clone(), state);
            let step = AdamWStep::new(RATE, 0.1, index as u32 + 1);
            (got, moments) = adam_w(got, gradient, moments, step);
            assert_same(got.clone(), expected.clone());
        }
    }

    #[test]
    fn nesterov_agrees_with_burn_s() {
        let momentum = MomentumConfig {
            momentum: f64::from(MOMENTUM),
            dampening: 0.0,
            nesterov: true,
        };
        let burn = SgdConfig::new().with_momentum(Some(momentum)).build();
        let (mut expected, mut state) = (start(), None);
        let (mut got, mut velocity) = (start(), tensor([0.0; 4]));
        for gradient in gradients() {
            (expected, state) = burn.step(RATE, expected, gradient.clone(), state);
            (got, velocity) = nesterov(got, gradient, velocity, RATE);
            assert_same(got.clone(), expected.clone());
        }
    }
}
