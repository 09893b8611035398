//! A folded net as a list of layers with their weights, checked: what [`crate::export`] writes down
//! for other programs, and what [`crate::reader`] computes in the browser without a tensor library.

mod plan;

use crate::{
    class::CLASS_COUNT,
    image::SIDE,
    weights::{self, NamedTensor, Sidecar, WeightsError},
};
use plan::Step;
use std::collections::BTreeMap;

/// One layer of a folded net. Activations are channels last.
#[derive(Clone, Debug)]
pub enum Layer {
    /// 3×3 convolution of stride 1 and padding 1, its bias, what is added, a ReLU.
    Conv {
        /// Unique in the net.
        name: &'static str,
        /// Height and width of input and output, in pixels.
        side: usize,
        /// Weights `[9 × inputs, outputs]`, tap by tap, and bias.
        affine: Affine,
        /// Name of the earlier convolution whose output is added before the ReLU.
        residual: Option<&'static str>,
    },
    /// 2×2 max pooling of stride 2.
    MaxPool {
        /// Height and width of the input, in pixels.
        side: usize,
        /// Channels.
        channels: usize,
    },
    /// The mean over all pixels.
    GlobalAverage {
        /// Height and width of the input, in pixels.
        side: usize,
        /// Channels.
        channels: usize,
    },
    /// A dense layer on everything before it.
    Dense {
        /// Unique in the net.
        name: &'static str,
        /// Pixels of the input; the order of its values is `[pixels, channels]`.
        pixels: usize,
        /// Weights `[pixels × channels, outputs]` and bias.
        affine: Affine,
        /// Whether a ReLU follows.
        relu: bool,
    },
}

/// The numbers of a layer that multiplies and adds.
#[derive(Clone, Debug)]
pub struct Affine {
    /// `[rows, outputs]`, row by row.
    pub weights: Vec<f32>,
    /// One value an output.
    pub bias: Vec<f32>,
    /// Channels of the layer's input.
    pub inputs: usize,
}

impl Affine {
    /// The last layer's, from features to logits; the tensors of every net of ours hold it by this name.
    ///
    /// # Errors
    /// Where it is not there, or does not give ten logits.
    pub fn head(tensors: &[NamedTensor]) -> Result<Self, WeightsError> {
        let named = |name: &str| {
            let tensor = tensors.iter().find(|tensor| tensor.name == name);
            let missing = || WeightsError::MissingTensor { name: name.into() };
            tensor.cloned().ok_or_else(missing)
        };
        let weights = named("head.weights")?;
        let inputs = weights.shape.first().copied().unwrap_or_default();
        Ok(Self {
            weights: values_of_shape(weights, &[inputs, CLASS_COUNT])?,
            bias: values_of_shape(named("head.bias")?, &[CLASS_COUNT])?,
            inputs,
        })
    }

    /// Channels of the layer's output.
    pub fn outputs(&self) -> usize {
        self.bias.len()
    }

    /// `x · weights + bias`, row by row of `x`, and a ReLU if asked for.
    pub fn apply(&self, x: &[f32], relu: bool) -> Vec<f32> {
        let outputs = self.outputs();
        let inputs = self.weights.len() / outputs;
        let mut y = Vec::with_capacity(x.len() / inputs * outputs);
        for row in x.chunks_exact(inputs) {
            let mut sum = self.bias.clone();
            for (value, weights) in row.iter().zip(self.weights.chunks_exact(outputs)) {
                add_product(&mut sum, *value, weights);
            }
            if relu {
                // NaN stays NaN, which `f32::max` would turn into 0.
                let cut = |value: &mut f32| *value = if *value < 0.0 { 0.0 } else { *value };
                sum.iter_mut().for_each(cut);
            }
            y.append(&mut sum);
        }
        y
    }
}

/// The mean over the pixels: from `[batch, pixels, channels]` to `[batch, channels]`.
pub fn average(pixels: usize, channels: usize, x: &[f32]) -> Vec<f32> {
    let mut means = Vec::with_capacity(x.len() / pixels);
    for image in x.chunks_exact(pixels * channels) {
        let mut sum = vec![0.0; channels];
        for pixel in image.chunks_exact(channels) {
            add_product(&mut sum, 1.0, pixel);
        }
        means.extend(sum.iter().map(|sum| sum / pixels as f32));
    }
    means
}

fn add_product(sum: &mut [f32], factor: f32, values: &[f32]) {
    for (sum, value) in sum.iter_mut().zip(values) {
        *sum += factor * value;
    }
}

/// The tensors of weights that belong to the sidecar.
///
/// # Errors
/// Where the weights are damaged, disagree with the sidecar, or hold a tensor of no values.
pub fn checked_tensors(
    weights: &[u8],
    sidecar: &Sidecar,
) -> Result<Vec<NamedTensor>, WeightsError> {
    sidecar.check(weights)?;
    let tensors = weights::decode(weights)?;
    // A layer without outputs is none, and nothing can be divided among them.
    match tensors.iter().find(|tensor| tensor.values.is_empty()) {
        Some(tensor) => Err(WeightsError::EmptyTensor {
            name: tensor.name.clone(),
        }),
        None => Ok(tensors),
    }
}

/// The layers of the net with these weights, in order of the forward pass.
///
/// # Errors
/// Where the weights are damaged, disagree with the sidecar, or are not a folded net of ours.
pub fn layers(weights: &[u8], sidecar: &Sidecar) -> Result<Vec<Layer>, WeightsError> {
    let tensors = checked_tensors(weights, sidecar)?;
    let mut builder = Builder {
        tensors: tensors.into_iter().map(|t| (t.name.clone(), t)).collect(),
        channels: 1,
        side: SIDE,
    };
    let steps = plan::steps(&sidecar.architecture)?.iter();
    let layers: Result<Vec<Layer>, WeightsError> = steps.map(|step| builder.layer(*step)).collect();
    match builder.tensors.pop_first() {
        Some((name, _)) => layers.and(Err(WeightsError::UnexpectedTensor { name })),
        None => layers,
    }
}

/// The net as far as its layers have got.
struct Builder {
    /// The weights that no layer has taken yet.
    tensors: BTreeMap<String, NamedTensor>,
    /// The last layer's channels,
    channels: usize,
    /// and its height and width.
    side: usize,
}

impl Builder {
    fn layer(&mut self, step: Step) -> Result<Layer, WeightsError> {
        let (side, channels) = (self.side, self.channels);
        let layer = match step {
            Step::Conv { name, residual } => {
                let affine = self.take(name, 9)?;
                Layer::Conv {
                    name,
                    side,
                    affine,
                    residual,
                }
            }
            Step::MaxPool => {
                self.side /= 2;
                Layer::MaxPool { side, channels }
            }
            Step::GlobalAverage => {
                self.side = 1;
                Layer::GlobalAverage { side, channels }
            }
            Step::Dense { name, relu } => {
                let pixels = side * side;
                let affine = self.take(name, pixels)?;
                self.side = 1;
                Layer::Dense {
                    name,
                    pixels,
                    affine,
                    relu,
                }
            }
        };
        Ok(layer)
    }

    /// A layer's weights, which have `rows` rows an input channel, and its bias.
    fn take(&mut self, name: &str, rows: usize) -> Result<Affine, WeightsError> {
        let mut take = |name: String| match self.tensors.remove(&name) {
            Some(tensor) => Ok(tensor),
            None => Err(WeightsError::MissingTensor { name }),
        };
        let (weights, bias) = (
            take(format!("{name}.weights"))?,
            take(format!("{name}.bias"))?,
        );
        let (inputs, outputs) = (self.channels, bias.values.len());
        self.channels = outputs;
        Ok(Affine {
            weights: values_of_shape(weights, &[rows * inputs, outputs])?,
            bias: values_of_shape(bias, &[outputs])?,
            inputs,
        })
    }
}

fn values_of_shape(tensor: NamedTensor, expected: &[usize]) -> Result<Vec<f32>, WeightsError> {
    if tensor.shape == expected {
        return Ok(tensor.values);
    }
    Err(WeightsError::WrongShape {
        name: tensor.name,
        expected: expected.to_vec(),
        found: tensor.shape,
    })
}
