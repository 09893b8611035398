//! A folded net on the CPU by the kernels alone: what reads drawings in the browser where there is no
//! WebGPU, and everywhere until WebGPU is ready.
//!
//! burn trains and explains the nets and runs them on GPUs; all that a folded net needs on the CPU is a
//! dozen calls of our kernels. Without a tensor library in it the browser's module is a third as
//! large, and the first prediction comes sooner. The tests compare its logits with burn's.

use crate::{
    class::CLASS_COUNT,
    folded::{self, Affine, Layer},
    image::Image,
    reading::{Look, Reading},
    weights::{Sidecar, WeightsError},
};
use kernels::{
    conv::{self, Epilogue},
    pool,
};
use std::{collections::BTreeMap, rc::Rc};

const _: () = assert!(crate::config::CHANNEL_STEP == conv::CHANNEL_STEP);

/// A net that reads images on the CPU.
#[derive(Clone, Debug)]
pub struct Reader {
    /// All layers but the last,
    body: Vec<Layer>,
    /// which makes logits of the features.
    head: Affine,
    sidecar: Sidecar,
}

impl Reader {
    /// Checks the weights against their sidecar and lays them out for the kernels.
    ///
    /// # Errors
    /// Where the weights are damaged or disagree with the sidecar.
    pub fn from_weights(weights: &[u8], sidecar: &Sidecar) -> Result<Self, WeightsError> {
        let mut body = folded::layers(weights, sidecar)?;
        let head = match body.pop() {
            Some(Layer::Dense { affine, .. }) if affine.outputs() == CLASS_COUNT => affine,
            _ => {
                return Err(WeightsError::MissingTensor {
                    name: "head.weights".into(),
                });
            }
        };
        body.iter_mut().for_each(prepare);
        Ok(Self {
            body,
            head,
            sidecar: sidecar.clone(),
        })
    }

    /// What is known about the weights.
    pub fn sidecar(&self) -> &Sidecar {
        &self.sidecar
    }

    /// The logits of each image and the features that led to them, in the images' order.
    pub fn readings(&self, images: &[Image]) -> Vec<Reading> {
        let x = images.iter().flat_map(Image::normalised).collect();
        let features = forward(&self.body, x, images.len());
        let width = self.head.weights.len() / CLASS_COUNT;
        let reading = |features: &[f32]| Reading {
            logits: Look::at_features(features, &self.head).logits,
            features: features.to_vec(),
        };
        features.chunks_exact(width).map(reading).collect()
    }

    /// The logits of each image, one row of ten an image.
    pub fn logits(&self, images: &[Image]) -> Vec<[f32; CLASS_COUNT]> {
        let readings = self.readings(images).into_iter();
        readings.map(|reading| reading.logits).collect()
    }

    /// The logits of an image and what in it speaks for each class.
    pub fn look(&self, image: &Image) -> Look {
        let averages = matches!(self.body.last(), Some(Layer::GlobalAverage { .. }));
        let body = &self.body[..self.body.len() - usize::from(averages)];
        let last = forward(body, image.normalised().to_vec(), 1);
        if averages {
            Look::at_stage(&last, &self.head)
        } else {
            Look::at_features(&last, &self.head)
        }
    }
}

/// Lays a convolution's weights out for many calls of the kernels.
fn prepare(layer: &mut Layer) {
    if let Layer::Conv { affine, .. } = layer
        && affine.inputs.is_multiple_of(conv::CHANNEL_STEP)
    {
        affine.weights = conv::transform_weights(affine.inputs, affine.outputs(), &affine.weights);
    }
}

/// What the last of the layers yields, one row an image.
fn forward(layers: &[Layer], x: Vec<f32>, batch: usize) -> Vec<f32> {
    if batch == 0 {
        return Vec::new();
    }
    let mut x = Rc::new(x);
    // Outputs that a later layer adds to its own.
    let mut kept: BTreeMap<&str, Rc<Vec<f32>>> = BTreeMap::new();
    for layer in layers {
        x = Rc::new(match layer {
            Layer::Conv {
                side,
                affine,
                residual,
                ..
            } => {
                let residual = residual.and_then(|name| kept.remove(name));
                convolve(affine, batch, *side, &x, residual.as_deref())
            }
            Layer::MaxPool { side, channels } => {
                let shape = pool::Shape {
                    batch,
                    height: *side,
                    width: *side,
                    channels: *channels,
                };
                pool::forward(shape, &x)
            }
            Layer::GlobalAverage { side, channels } => folded::average(side * side, *channels, &x),
            Layer::Dense { affine, relu, .. } => affine.apply(&x, *relu),
        });
        if let Layer::Conv { name, .. } = layer
            && is_added(name, layers)
        {
            kept.insert(name, Rc::clone(&x));
        }
    }
    Rc::unwrap_or_clone(x)
}

/// Whether a layer adds the output of the one of this name to its own.
fn is_added(name: &str, layers: &[Layer]) -> bool {
    let adds = |layer: &Layer| matches!(layer, Layer::Conv { residual: Some(added), .. } if *added == name);
    layers.iter().any(adds)
}

fn convolve(
    affine: &Affine,
    batch: usize,
    side: usize,
    x: &[f32],
    residual: Option<&Vec<f32>>,
) -> Vec<f32> {
    let shape = conv::Shape {
        batch,
        height: side,
        width: side,
        inputs: affine.inputs,
        outputs: affine.outputs(),
    };
    let epilogue = Epilogue {
        bias: Some(&affine.bias),
        residual: residual.map(Vec::as_slice),
        relu: true,
    };
    if affine.weights.len() == shape.weights_len() {
        conv::forward(shape, x, &affine.weights, epilogue)
    } else {
        conv::forward_transformed(shape, x, &affine.weights, epilogue)
    }
}
