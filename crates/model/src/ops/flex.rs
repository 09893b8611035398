//! The operations on the CPU, by our kernels. A convolution that they do not cover (an odd number of
//! channels) goes the generic way.

use super::{EPSILON, Gradients, LayerOps, NormGradients, Optional, SavedNorm, generic};
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
        let mut points = vec![0.0; conv::transformed_len(inputs, outputs)];
        conv::transform_weights(inputs, outputs, &values(&weights), &mut points);
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
        let mut y = vec![0.0; shape.output_len()];
        let (x, weights) = (values(&x), values(&weights));
        if weights.len() == shape.weights_len() {
            conv::forward(shape, &x, &weights, epilogue, &mut y);
        } else {
            conv::forward_transformed(shape, &x, &weights, epilogue, &mut y);
        }
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
        let input = values(&x);
        let mut y = vec![0.0; input.len()];
        let statistics = norm::forward(&input, affine, residual.as_deref(), &mut y);
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
        let mut y = vec![0.0; shape.output_len()];
        pool::forward(shape, &values(&x), &mut y);
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
}

impl Gradients for Flex {
    fn conv_gradients(
        x: FloatTensor<Self>,
        weights: FloatTensor<Self>,
        dy: FloatTensor<Self>,
        needs_input: bool,
    ) -> (Option<FloatTensor<Self>>, FloatTensor<Self>) {
        let shape = conv_shape(&x, &weights);
        let covered = !needs_input || shape.inputs.is_multiple_of(conv::CHANNEL_STEP);
        if !shape.is_supported() || !covered {
            return generic::conv_gradients::<Self>(x, weights, dy, needs_input);
        }
        let dy = values(&dy);
        let dx = needs_input.then(|| {
            let mut dx = vec![0.0; shape.input_len()];
            conv::input_gradient(shape, &values(&weights), &dy, &mut dx);
            tensor(dx, x.shape())
        });
        let mut dw = vec![0.0; shape.weights_len()];
        conv::weight_gradient(shape, &values(&x), &dy, &mut dw);
        (dx, tensor(dw, weights.shape()))
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
        let (mut dx, mut residual) = (vec![0.0; x.len()], vec![0.0; x.len()]);
        let gradient = norm::backward((&x, &y, &dy), &statistics, affine, (&mut dx, &mut residual));
        let (shape, channels) = (saved.x.shape(), Shape::new([gamma.len()]));
        NormGradients {
            x: tensor(dx, shape.clone()),
            gamma: tensor(gradient.gamma, channels.clone()),
            beta: tensor(gradient.beta, channels),
            residual: tensor(residual, shape),
        }
    }

    fn max_pool_gradient(
        x: FloatTensor<Self>,
        y: FloatTensor<Self>,
        dy: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        let shape = pool_shape(&x);
        let mut dx = vec![0.0; shape.input_len()];
        pool::backward(shape, &values(&x), &values(&y), &values(&dy), &mut dx);
        tensor(dx, x.shape())
    }
}
