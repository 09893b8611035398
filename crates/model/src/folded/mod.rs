//! A folded net as a list of layers with their weights, checked: what [`crate::export`] writes down
//! for other programs, and what [`crate::reader`] computes in the browser without a tensor library.

mod plan;

use crate::{
    class::CLASS_COUNT,
    config::Config,
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

/// The tensors of weights that belong to the sidecar and are a folded net of the sizes that it states. All
/// that takes weights in, on every device, goes through this.
///
/// # Errors
/// Where the weights are damaged, disagree with the sidecar, or are of sizes that not every device can
/// compute.
pub fn checked_tensors(
    weights: &[u8],
    sidecar: &Sidecar,
) -> Result<Vec<NamedTensor>, WeightsError> {
    sidecar.check(weights)?;
    let config = Config::of(sidecar)?;
    let tensors = weights::decode(weights)?;
    let mut expected = expected_shapes(&config);
    for tensor in &tensors {
        match expected.remove(&tensor.name) {
            Some(shape) if shape == tensor.shape => {}
            Some(shape) => {
                return Err(WeightsError::WrongShape {
                    name: tensor.name.clone(),
                    expected: shape,
                    found: tensor.shape.clone(),
                });
            }
            None => {
                return Err(WeightsError::UnexpectedTensor {
                    name: tensor.name.clone(),
                });
            }
        }
    }
    match expected.into_keys().next() {
        Some(name) => Err(WeightsError::MissingTensor { name }),
        None => Ok(tensors),
    }
}

/// Each tensor of a folded net with its shape.
fn expected_shapes(config: &Config) -> BTreeMap<String, Vec<usize>> {
    let names = plan::steps(config.architecture())
        .iter()
        .filter_map(Step::name);
    let layers = names.zip(config.affine());
    layers
        .flat_map(|(name, layer)| {
            [
                (format!("{name}.weights"), layer.shape().to_vec()),
                (format!("{name}.bias"), vec![layer.outputs]),
            ]
        })
        .collect()
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
    let steps = plan::steps(Config::of(sidecar)?.architecture()).iter();
    steps.map(|step| builder.layer(*step)).collect()
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
                let affine = self.take(name)?;
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
                let affine = self.take(name)?;
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

    /// A layer's weights and bias, whose shapes have been checked.
    fn take(&mut self, name: &str) -> Result<Affine, WeightsError> {
        let mut take = |end: &str| {
            let name = format!("{name}.{end}");
            let tensor = self.tensors.remove(&name);
            tensor
                .map(|tensor| tensor.values)
                .ok_or(WeightsError::MissingTensor { name })
        };
        let (weights, bias) = (take("weights")?, take("bias")?);
        let inputs = std::mem::replace(&mut self.channels, bias.len());
        Ok(Affine {
            weights,
            bias,
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
