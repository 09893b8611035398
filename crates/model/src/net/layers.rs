//! The layers that the nets are made of.

use crate::ops::{self, EPSILON};
use burn::{
    module::{Module, Param},
    tensor::{Device, Tensor, TensorData, activation},
};
use rand::Rng;
use rand_chacha::ChaCha8Rng;

/// Uniform values with the variance that He et al. (2015) derive for layers followed by a ReLU.
fn he_uniform(
    rows: usize,
    columns: usize,
    fan_in: usize,
    rng: &mut ChaCha8Rng,
    device: &Device,
) -> Param<Tensor<2>> {
    let bound = (6.0 / fan_in as f32).sqrt();
    let values: Vec<f32> = (0..rows * columns)
        .map(|_| rng.random_range(-bound..bound))
        .collect();
    Param::from_tensor(Tensor::from_data(
        TensorData::new(values, [rows, columns]),
        device,
    ))
}

fn constant(value: f32, length: usize, device: &Device) -> Param<Tensor<1>> {
    // Filled here: a device would need a kernel for it.
    let values = TensorData::new(vec![value; length], [length]);
    Param::from_tensor(Tensor::from_data(values, device))
}

/// Mean and biased variance of each channel, as a batch normalisation saw them.
#[derive(Clone, Debug)]
pub struct Statistics {
    /// `[channels]`
    pub mean: Tensor<1>,
    /// `[channels]`
    pub variance: Tensor<1>,
}

/// What a batch normalisation learns.
#[derive(Module, Debug)]
pub struct Norm {
    /// Scale, `[channels]`.
    pub gamma: Param<Tensor<1>>,
    /// Shift, `[channels]`.
    pub beta: Param<Tensor<1>>,
}

/// A 3×3 convolution of stride 1 and padding 1, then a batch normalisation or a bias, the residual
/// if there is one, and a ReLU.
#[derive(Module, Debug)]
pub struct ConvLayer {
    /// `[9 × inputs, outputs]`
    pub weights: Param<Tensor<2>>,
    /// `[outputs]`; where there is no normalisation.
    pub bias: Option<Param<Tensor<1>>>,
    /// Where there is no bias.
    pub norm: Option<Norm>,
}

impl ConvLayer {
    /// Random weights; normalisation starts as the identity, the bias at zero.
    pub fn init(
        inputs: usize,
        outputs: usize,
        batch_norm: bool,
        rng: &mut ChaCha8Rng,
        device: &Device,
    ) -> Self {
        let norm = || Norm {
            gamma: constant(1.0, outputs, device),
            beta: constant(0.0, outputs, device),
        };
        Self {
            weights: he_uniform(9 * inputs, outputs, 9 * inputs, rng, device),
            bias: (!batch_norm).then(|| constant(0.0, outputs, device)),
            norm: batch_norm.then(norm),
        }
    }

    /// Normalises by the batch's own statistics, which it appends to `statistics`.
    ///
    /// # Shapes
    /// - x: `[batch, height, width, inputs]`
    /// - residual and output: `[batch, height, width, outputs]`
    pub fn forward(
        &self,
        x: Tensor<4>,
        residual: Option<Tensor<4>>,
        statistics: &mut Vec<Statistics>,
    ) -> Tensor<4> {
        let weights = self.weights.val();
        let Some(norm) = &self.norm else {
            let bias = self.bias.as_ref().map(Param::val);
            return ops::conv_block(x, weights, bias, residual, true);
        };
        let x = ops::conv_block(x, weights, None, None, false);
        let (y, mean, variance) =
            ops::batch_norm_relu(x, norm.gamma.val(), norm.beta.val(), residual);
        statistics.push(Statistics { mean, variance });
        y
    }

    /// The same layer with its normalisation by fixed statistics turned into weights and a bias.
    pub fn fold(&self, statistics: &Statistics) -> Self {
        let Some(norm) = &self.norm else {
            return self.clone();
        };
        let scale = norm.gamma.val() / (statistics.variance.clone() + EPSILON).sqrt();
        let bias = norm.beta.val() - statistics.mean.clone() * scale.clone();
        Self {
            weights: Param::from_tensor(self.weights.val() * scale.unsqueeze()),
            bias: Some(Param::from_tensor(bias)),
            norm: None,
        }
    }

    /// The same layer for inference alone, its weights as the device wants them.
    pub fn prepared(&self) -> Self {
        Self {
            weights: Param::from_tensor(ops::prepare(self.weights.val())),
            ..self.clone()
        }
    }
}

/// A dense layer.
#[derive(Module, Debug)]
pub struct Dense {
    /// `[inputs, outputs]`
    pub weights: Param<Tensor<2>>,
    /// `[outputs]`
    pub bias: Param<Tensor<1>>,
}

impl Dense {
    /// Random weights, bias at zero.
    pub fn init(inputs: usize, outputs: usize, rng: &mut ChaCha8Rng, device: &Device) -> Self {
        Self {
            weights: he_uniform(inputs, outputs, inputs, rng, device),
            bias: constant(0.0, outputs, device),
        }
    }

    /// # Shapes
    /// - x: `[batch, inputs]`
    /// - output: `[batch, outputs]`
    pub fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        ops::dense(x, self.weights.val(), self.bias.val())
    }

    /// [`Self::forward`] and a ReLU.
    pub fn forward_relu(&self, x: Tensor<2>) -> Tensor<2> {
        activation::relu(self.forward(x))
    }
}
