//! The operations' gradients on the GPU.

use super::{
    contiguous,
    conv::{Conv, Direction},
    dimensions, image_by_image,
    kernel::{Grid, launch},
    norm, small_gradients as small,
    sums::cut_sums,
    weight_gradient::weight_gradient,
};
use crate::ops::{ConvGradients, Gradients, NormGradients, SavedConv, SavedNorm, Wanted};
use burn::backend::{Cube, tensor::FloatTensor, wgpu::CubeTensor};
use burn::tensor::Shape;

impl Gradients for Cube {
    fn conv_gradients(
        x: FloatTensor<Self>,
        weights: FloatTensor<Self>,
        dy: FloatTensor<Self>,
        wanted: Wanted,
    ) -> (Option<FloatTensor<Self>>, Option<FloatTensor<Self>>) {
        let (x, weights, dy) = (contiguous(x), contiguous(weights), contiguous(dy));
        (
            wanted.input.then(|| input_gradient(&x, &weights, &dy)),
            wanted.weights.then(|| weight_gradient(&x, &dy)),
        )
    }

    fn conv_block_gradients(
        saved: SavedConv<Self>,
        dy: FloatTensor<Self>,
        wanted: Wanted,
    ) -> ConvGradients<Self> {
        let dy = contiguous(dy);
        let (residual, bias) = match saved.cut {
            Some(y) if wanted.bias => {
                let [cut, sums] = cut_sums(&y, &dy);
                (cut, Some(sums))
            }
            Some(y) => (cut(&y, &dy), None),
            None => {
                let sums = || crate::ops::generic::channel_sums::<Self>(dy.clone());
                (dy.clone(), wanted.bias.then(sums))
            }
        };
        let (input, weights) =
            Self::conv_gradients(saved.x, saved.weights, residual.clone(), wanted);
        ConvGradients {
            input,
            weights,
            bias,
            residual,
        }
    }

    fn batch_norm_relu_gradients(
        saved: SavedNorm<Self>,
        dy: FloatTensor<Self>,
    ) -> NormGradients<Self> {
        let saved = SavedNorm {
            x: contiguous(saved.x),
            gamma: contiguous(saved.gamma),
            ..saved
        };
        norm::gradients(&saved, &contiguous(dy))
    }

    fn max_pool_gradient(
        x: FloatTensor<Self>,
        y: FloatTensor<Self>,
        dy: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        let (x, dy) = (contiguous(x), contiguous(dy));
        let [_, height, width, channels] = dimensions(&x);
        let kernel = small::MaxPoolGradient {
            height,
            width,
            channels,
        };
        let invocations = kernel.invocations();
        let shape = x.meta.shape().clone();
        image_by_image(kernel, &[&x, &y, &dy], shape, invocations)
    }

    fn global_average_gradient(shape: Shape, dy: FloatTensor<Self>) -> FloatTensor<Self> {
        let dy = contiguous(dy);
        let [_, height, width, channels] = shape.dims();
        let kernel = small::GlobalAverageGradient {
            pixels: height * width,
            channels,
        };
        image_by_image(kernel, &[&dy], shape, height * width * channels)
    }

    fn dense_input_gradient(
        weights: FloatTensor<Self>,
        dy: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        let (weights, dy) = (contiguous(weights), contiguous(dy));
        let [inputs, outputs] = weights.meta.shape().dims();
        let batch = dy.meta.shape()[0];
        let kernel = small::DenseInputGradient { inputs, outputs };
        let shape = Shape::new([batch, inputs]);
        image_by_image(kernel, &[&weights, &dy], shape, inputs)
    }

    fn dense_gradients(
        x: FloatTensor<Self>,
        dy: FloatTensor<Self>,
    ) -> (FloatTensor<Self>, FloatTensor<Self>) {
        let (x, dy) = (contiguous(x), contiguous(dy));
        let (inputs, outputs) = (x.meta.shape()[1], dy.meta.shape()[1]);
        let kernel = small::DenseGradients { inputs, outputs };
        let shapes = [Shape::new([inputs, outputs]), Shape::new([outputs])];
        let grid = Grid::flat((inputs + 1) * outputs);
        let [weights, bias] = launch(kernel, &[&x, &dy], shapes, grid);
        (weights, bias)
    }

    fn cross_entropy_gradient(
        logits: FloatTensor<Self>,
        targets: FloatTensor<Self>,
        dy: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        let inputs = [logits, targets, dy].map(contiguous);
        let shape = inputs[0].meta.shape().clone();
        let [batch, classes] = shape.dims();
        let kernel = small::CrossEntropyGradient { classes };
        let [dx] = launch(kernel, &inputs.each_ref(), [shape], Grid::flat(batch));
        dx
    }
}

fn cut(y: &CubeTensor, dy: &CubeTensor) -> CubeTensor {
    let shape = dy.meta.shape().clone();
    let grid = Grid::of_values(shape.num_elements());
    let [dx] = launch(small::Cut, &[y, dy], [shape], grid);
    dx
}

fn input_gradient(x: &CubeTensor, weights: &CubeTensor, dy: &CubeTensor) -> CubeTensor {
    let [_, height, width, inputs] = dimensions(dy);
    let shape = x.meta.shape().clone();
    let kernel = Conv {
        height,
        width,
        inputs,
        outputs: shape[3],
        direction: Direction::Backward,
        bias: false,
        residual: false,
        relu: false,
    };
    let invocations = kernel.invocations();
    image_by_image(kernel, &[dy, weights], shape, invocations)
}
