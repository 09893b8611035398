//! The operations on the CPU, by our kernels. A convolution that they do not cover (an odd number of
//! channels) goes the generic way.

use super::{EPSILON, Gradients, LayerOps, NormGradients, Optional, SavedNorm, Wanted, generic};
use burn::backend::{Flex, TensorMetadata, flex::FlexTensor, tensor::FloatTensor};
use burn::tensor::{Shape, TensorData};
use kernels::{
    conv::{self, Epilogue},
    norm, pool,
};
use std::borrow::Cow;

/// The values in order; copied only where the tensor is a permuted view.
fn values(tensor: &FlexTensor) -> Cow<'_, [f32]> {
    match tensor.as_slice::<f32>() {
        Some(values) => Cow::Borrowed(values),
        None => Cow::Owned(tensor.to_contiguous().storage::<f32>().to_vec()),
    }
}

fn tensor(values: Vec<f32>, shape: Shape) -> FlexTensor {
    FlexTensor::from_data(TensorData::new(values, shape))
}

fn conv_shape(x: &FlexTensor, weights: &FlexTensor) -> conv::Shape {
    let [batch, height, width, inputs] = x.shape().dims();
    conv::Shape {
        batch,
        height,
        width,
        inputs,
        outputs: weights.shape()[1],
    }
}

fn pool_shape(x: &FlexTensor) -> pool::Shape {
    let [batch, height, width, channels] = x.shape().dims();
    pool::Shape {
        batch,
        height,
        width,
        channels,
    }
}

impl LayerOps for Flex {
    fn prepare(weights: FloatTensor<Self>) -> FloatTensor<Self> {
        let [rows, outputs] = weights.shape().dims();
        let inputs = rows / conv::TAPS;
        if !inputs.is_multiple_of(conv::CHANNEL_STEP) || !outputs.is_multiple_of(conv::CHANNEL_STEP)
        {
            return weights;
        }
        let points = conv::transform_weights(inputs, outputs, &values(&weights));
        let rows = points.len() / outputs;
        tensor(points, Shape::new([rows, outputs]))
    }

    fn conv_block(
        x: FloatTensor<Self>,
        weights: FloatTensor<Self>,
        bias: Optional<Self>,
        residual: Optional<Self>,
        relu: bool,
    ) -> FloatTensor<Self> {
        let (bias, residual) = (bias.into_option(), residual.into_option());
        let shape = conv_shape(&x, &weights);
        if !shape.is_supported() {
            return generic::conv_block::<Self>(x, weights, bias, residual, relu);
        }
        let (bias, residual) = (bias.as_ref().map(values), residual.as_ref().map(values));
        let epilogue = Epilogue {
            bias: bias.as_deref(),
            residual: residual.as_deref(),
            relu,
        };
        let (x, weights) = (values(&x), values(&weights));
        let y = if weights.len() == shape.weights_len() {
            conv::forward(shape, &x, &weights, epilogue)
        } else {
            conv::forward_transformed(shape, &x, &weights, epilogue)
        };
        tensor(
            y,
            Shape::new([shape.batch, shape.height, shape.width, shape.outputs]),
        )
    }

    fn batch_norm_relu(
        x: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        residual: Optional<Self>,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        let residual = residual.into_option();
        let (gamma, beta) = (values(&gamma), values(&beta));
        let affine = norm::Affine {
            gamma: &gamma,
            beta: &beta,
            epsilon: EPSILON as f32,
        };
        let residual = residual.as_ref().map(values);
        let (y, statistics) = norm::forward(&values(&x), affine, residual.as_deref());
        let channels = Shape::new([gamma.len()]);
        let y = tensor(y, x.shape());
        (
            y,
            tensor(statistics.mean, channels.clone()),
            tensor(statistics.variance, channels),
        )
    }

    fn max_pool(x: FloatTensor<Self>) -> FloatTensor<Self> {
        let shape = pool_shape(&x);
        let y = pool::forward(shape, &values(&x));
        tensor(
            y,
            Shape::new([
                shape.batch,
                shape.height / 2,
                shape.width / 2,
                shape.channels,
            ]),
        )
    }

    fn global_average(x: FloatTensor<Self>) -> FloatTensor<Self> {
        generic::global_average::<Self>(x)
    }

    fn dense(
        x: FloatTensor<Self>,
        weights: FloatTensor<Self>,
        bias: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        generic::dense::<Self>(x, weights, bias)
    }

    fn cross_entropy(logits: FloatTensor<Self>, targets: FloatTensor<Self>) -> FloatTensor<Self> {
        generic::cross_entropy::<Self>(logits, targets)
    }
}

impl Gradients for Flex {
    fn conv_gradients(
        x: FloatTensor<Self>,
        weights: FloatTensor<Self>,
        dy: FloatTensor<Self>,
        wanted: Wanted,
    ) -> (Option<FloatTensor<Self>>, Option<FloatTensor<Self>>) {
        let shape = conv_shape(&x, &weights);
        let covered = !wanted.input || shape.inputs.is_multiple_of(conv::CHANNEL_STEP);
        if !shape.is_supported() || !covered {
            return generic::conv_gradients::<Self>(x, weights, dy, wanted);
        }
        let dy = values(&dy);
        let dx = wanted.input.then(|| {
            let dx = conv::input_gradient(shape, &values(&weights), &dy);
            tensor(dx, x.shape())
        });
        let dw = wanted.weights.then(|| {
            let dw = conv::weight_gradient(shape, &values(&x), &dy);
            tensor(dw, weights.shape())
        });
        (dx, dw)
    }

    fn batch_norm_relu_gradients(
        saved: SavedNorm<Self>,
        dy: FloatTensor<Self>,
    ) -> NormGradients<Self> {
        let gamma = values(&saved.gamma);
        let affine = norm::Affine {
            gamma: &gamma,
            beta: &gamma,
            epsilon: EPSILON as f32,
        };
        let statistics = norm::Statistics {
            mean: values(&saved.mean).into(),
            variance: values(&saved.variance).into(),
        };
        let (x, y, dy) = (values(&saved.x), values(&saved.y), values(&dy));
        let gradient = norm::backward((&x, &y, &dy), &statistics, affine);
        let (shape, channels) = (saved.x.shape(), Shape::new([gamma.len()]));
        NormGradients {
            x: tensor(gradient.x, shape.clone()),
            gamma: tensor(gradient.gamma, channels.clone()),
            beta: tensor(gradient.beta, channels),
            residual: tensor(gradient.residual, shape),
        }
    }

    fn max_pool_gradient(
        x: FloatTensor<Self>,
        y: FloatTensor<Self>,
        dy: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        let shape = pool_shape(&x);
        let dx = pool::backward(shape, &values(&x), &values(&y), &values(&dy));
        tensor(dx, x.shape())
    }
}
