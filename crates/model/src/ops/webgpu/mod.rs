//! The operations on the GPU, by kernels of our own in WGSL.
//!
//! Tensors are in order (burn's views are copied first) and of single precision.

mod conv;
mod gradients;
mod kernel;
mod norm;
#[cfg(feature = "train")]
mod optimiser;
mod small;
mod small_gradients;
mod source;
mod sums;
mod weight_gradient;

use super::{LayerOps, Optional};
use burn::backend::{Cube, cubecl::dtype_to_storage_type, tensor::FloatTensor, wgpu::CubeTensor};
use burn::tensor::Shape;
use conv::{Conv, Direction};
use kernel::{Grid, Wgsl, launch};

/// The tensor in order; copied only where it is a view.
fn contiguous(tensor: CubeTensor) -> CubeTensor {
    if tensor.is_contiguous() {
        return tensor;
    }
    let (client, device, dtype) = (tensor.client.clone(), tensor.device.clone(), tensor.dtype);
    let storage = dtype_to_storage_type(dtype);
    let copy = burn::cubecl::std::tensor::into_contiguous(&client, tensor.binding(), storage);
    CubeTensor::new(client, copy.handle, *copy.metadata, device, dtype)
}

/// `[batch, height, width, channels]`
fn dimensions(tensor: &CubeTensor) -> [usize; 4] {
    tensor.meta.shape().dims()
}

/// Runs a kernel on so many invocations an image; its output's first dimension counts the images.
fn image_by_image<K: Wgsl>(
    kernel: K,
    inputs: &[&CubeTensor],
    output: Shape,
    invocations: usize,
) -> CubeTensor {
    let grid = Grid {
        invocations,
        layers: output[0],
    };
    let [output] = launch(kernel, inputs, [output], grid);
    output
}

impl LayerOps for Cube {
    fn conv_block(
        x: FloatTensor<Self>,
        weights: FloatTensor<Self>,
        bias: Optional<Self>,
        residual: Optional<Self>,
        relu: bool,
    ) -> FloatTensor<Self> {
        let (x, weights) = (contiguous(x), contiguous(weights));
        let bias = bias.into_option().map(contiguous);
        let residual = residual.into_option().map(contiguous);
        let [batch, height, width, inputs] = dimensions(&x);
        let outputs = weights.meta.shape()[1];
        let kernel = Conv {
            height,
            width,
            inputs,
            outputs,
            direction: Direction::Forward,
            bias: bias.is_some(),
            residual: residual.is_some(),
            relu,
        };
        let invocations = kernel.invocations();
        let mut tensors = vec![&x, &weights];
        tensors.extend(bias.as_ref());
        tensors.extend(residual.as_ref());
        let shape = Shape::new([batch, height, width, outputs]);
        image_by_image(kernel, &tensors, shape, invocations)
    }

    fn batch_norm_relu(
        x: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        residual: Optional<Self>,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        let (x, gamma, beta) = (contiguous(x), contiguous(gamma), contiguous(beta));
        let residual = residual.into_option().map(contiguous);
        norm::batch_norm_relu(&x, &gamma, &beta, residual.as_ref())
    }

    fn max_pool(x: FloatTensor<Self>) -> FloatTensor<Self> {
        let x = contiguous(x);
        let [batch, height, width, channels] = dimensions(&x);
        let kernel = small::MaxPool {
            height,
            width,
            channels,
        };
        let invocations = kernel.invocations();
        let shape = Shape::new([batch, height / 2, width / 2, channels]);
        image_by_image(kernel, &[&x], shape, invocations)
    }

    fn global_average(x: FloatTensor<Self>) -> FloatTensor<Self> {
        let x = contiguous(x);
        let [batch, height, width, channels] = dimensions(&x);
        let kernel = small::GlobalAverage {
            pixels: height * width,
            channels,
        };
        let invocations = kernel.invocations();
        let shape = Shape::new([batch, channels]);
        image_by_image(kernel, &[&x], shape, invocations)
    }

    fn dense(
        x: FloatTensor<Self>,
        weights: FloatTensor<Self>,
        bias: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        let (x, weights, bias) = (contiguous(x), contiguous(weights), contiguous(bias));
        let [batch, inputs] = x.meta.shape().dims();
        let outputs = weights.meta.shape()[1];
        let kernel = small::Dense { inputs, outputs };
        let shape = Shape::new([batch, outputs]);
        image_by_image(kernel, &[&x, &weights, &bias], shape, outputs)
    }

    fn cross_entropy(logits: FloatTensor<Self>, targets: FloatTensor<Self>) -> FloatTensor<Self> {
        let (logits, targets) = (contiguous(logits), contiguous(targets));
        let classes = logits.meta.shape()[1];
        let kernel = small::CrossEntropy { classes };
        let [loss] = launch(
            kernel,
            &[&logits, &targets],
            [Shape::new([1])],
            Grid::flat(1),
        );
        loss
    }
}
