//! The operations' gradients, recorded for burn's backward pass. An operation has as many parents
//! as it was given tensors; the optional ones (bias, residual) come last.

use super::{Gradients, LayerOps, Optional, SavedNorm, generic};
use burn::backend::{
    Autodiff, AutodiffBackend, Backend, TensorMetadata,
    autodiff::{
        checkpoint::{base::Checkpointer, strategy::CheckpointStrategy},
        grads::Gradients as Recorded,
        ops::{Backward, Ops, OpsKind},
    },
    tensor::FloatTensor,
};
use burn::tensor::Shape;

/// A tensor whose making is recorded.
type Tracked<B, C> = FloatTensor<Autodiff<B, C>>;

#[derive(Debug)]
struct ConvBlock;

/// What the gradient of a convolution block needs.
#[derive(Clone, Debug)]
struct SavedConv<B: Backend> {
    x: FloatTensor<B>,
    weights: FloatTensor<B>,
    /// The output, where a ReLU cut it.
    cut: Option<FloatTensor<B>>,
    has_bias: bool,
}

impl<B: Gradients, const N: usize> Backward<B, N> for ConvBlock {
    type State = SavedConv<B>;

    fn backward(
        self,
        ops: Ops<Self::State, N>,
        grads: &mut Recorded,
        _checkpointer: &mut Checkpointer,
    ) {
        let dy = grads.consume::<B>(&ops.node);
        let SavedConv {
            x,
            weights,
            cut,
            has_bias,
        } = ops.state;
        let dy = match cut {
            Some(y) => B::relu_backward(y, dy),
            None => dy,
        };
        let (dx, dw) = B::conv_gradients(x, weights, dy.clone(), ops.parents[0].is_some());
        if let (Some(node), Some(dx)) = (&ops.parents[0], dx) {
            grads.register::<B>(node.id, dx);
        }
        if let Some(node) = &ops.parents[1] {
            grads.register::<B>(node.id, dw);
        }
        for (index, node) in ops.parents.iter().enumerate().skip(2) {
            let Some(node) = node else { continue };
            let gradient = if has_bias && index == 2 {
                generic::channel_sums::<B>(dy.clone())
            } else {
                dy.clone()
            };
            grads.register::<B>(node.id, gradient);
        }
    }
}

#[derive(Debug)]
struct BatchNormRelu;

impl<B: Gradients, const N: usize> Backward<B, N> for BatchNormRelu {
    type State = SavedNorm<B>;

    fn backward(
        self,
        ops: Ops<Self::State, N>,
        grads: &mut Recorded,
        _checkpointer: &mut Checkpointer,
    ) {
        let dy = grads.consume::<B>(&ops.node);
        let gradients = B::batch_norm_relu_gradients(ops.state, dy);
        let all = [
            gradients.x,
            gradients.gamma,
            gradients.beta,
            gradients.residual,
        ];
        for (node, gradient) in ops.parents.iter().zip(all) {
            if let Some(node) = node {
                grads.register::<B>(node.id, gradient);
            }
        }
    }
}

#[derive(Debug)]
struct MaxPool;

impl<B: Gradients> Backward<B, 1> for MaxPool {
    type State = (FloatTensor<B>, FloatTensor<B>);

    fn backward(
        self,
        ops: Ops<Self::State, 1>,
        grads: &mut Recorded,
        _checkpointer: &mut Checkpointer,
    ) {
        let dy = grads.consume::<B>(&ops.node);
        let (x, y) = ops.state;
        if let Some(node) = &ops.parents[0] {
            grads.register::<B>(node.id, B::max_pool_gradient(x, y, dy));
        }
    }
}

#[derive(Debug)]
struct GlobalAverage;

impl<B: Gradients> Backward<B, 1> for GlobalAverage {
    /// The input's shape.
    type State = Shape;

    fn backward(
        self,
        ops: Ops<Self::State, 1>,
        grads: &mut Recorded,
        _checkpointer: &mut Checkpointer,
    ) {
        let dy = grads.consume::<B>(&ops.node);
        if let Some(node) = &ops.parents[0] {
            let dx = generic::global_average_gradient::<B>(ops.state, dy);
            grads.register::<B>(node.id, dx);
        }
    }
}

#[derive(Debug)]
struct Dense;

impl<B: Gradients> Backward<B, 3> for Dense {
    /// Input and weights.
    type State = (FloatTensor<B>, FloatTensor<B>);

    fn backward(
        self,
        ops: Ops<Self::State, 3>,
        grads: &mut Recorded,
        _checkpointer: &mut Checkpointer,
    ) {
        let dy = grads.consume::<B>(&ops.node);
        let (x, weights) = ops.state;
        let gradients = generic::dense_gradients::<B>(x, weights, dy);
        for (node, gradient) in ops.parents.iter().zip(gradients) {
            if let Some(node) = node {
                grads.register::<B>(node.id, gradient);
            }
        }
    }
}

/// Records `output` as made by `operation` from `parents`.
fn record<B, C, O, const N: usize>(
    operation: O,
    parents: [&Tracked<B, C>; N],
    output: FloatTensor<B>,
    state: O::State,
) -> Tracked<B, C>
where
    B: Backend,
    C: CheckpointStrategy,
    O: Backward<B, N>,
{
    match operation
        .prepare::<C>(parents.map(|parent| parent.node()))
        .compute_bound()
        .stateful()
    {
        OpsKind::Tracked(prepared) => prepared.finish(state, output),
        OpsKind::UnTracked(prepared) => prepared.finish(output),
    }
}

impl<B: Gradients, C: CheckpointStrategy> LayerOps for Autodiff<B, C> {
    fn conv_block(
        x: FloatTensor<Self>,
        weights: FloatTensor<Self>,
        bias: Optional<Self>,
        residual: Optional<Self>,
        relu: bool,
    ) -> FloatTensor<Self> {
        let (bias, residual) = (bias.into_option(), residual.into_option());
        let y = B::conv_block(
            x.primitive().clone(),
            weights.primitive().clone(),
            bias.as_ref().map(|b| b.primitive().clone()).into(),
            residual.as_ref().map(|r| r.primitive().clone()).into(),
            relu,
        );
        let state = SavedConv {
            x: x.primitive().clone(),
            weights: weights.primitive().clone(),
            cut: relu.then(|| y.clone()),
            has_bias: bias.is_some(),
        };
        match (&bias, &residual) {
            (None, None) => record::<B, C, _, 2>(ConvBlock, [&x, &weights], y, state),
            (Some(third), None) | (None, Some(third)) => {
                record::<B, C, _, 3>(ConvBlock, [&x, &weights, third], y, state)
            }
            (Some(bias), Some(residual)) => {
                record::<B, C, _, 4>(ConvBlock, [&x, &weights, bias, residual], y, state)
            }
        }
    }

    fn batch_norm_relu(
        x: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        residual: Optional<Self>,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        let residual = residual.into_option();
        let (y, mean, variance) = B::batch_norm_relu(
            x.primitive().clone(),
            gamma.primitive().clone(),
            beta.primitive().clone(),
            residual.as_ref().map(|r| r.primitive().clone()).into(),
        );
        let state = SavedNorm {
            x: x.primitive().clone(),
            y: y.clone(),
            gamma: gamma.primitive().clone(),
            mean: mean.clone(),
            variance: variance.clone(),
        };
        let y = match &residual {
            None => record::<B, C, _, 3>(BatchNormRelu, [&x, &gamma, &beta], y, state),
            Some(residual) => {
                record::<B, C, _, 4>(BatchNormRelu, [&x, &gamma, &beta, residual], y, state)
            }
        };
        (y, Self::from_inner(mean), Self::from_inner(variance))
    }

    fn max_pool(x: FloatTensor<Self>) -> FloatTensor<Self> {
        let y = B::max_pool(x.primitive().clone());
        let state = (x.primitive().clone(), y.clone());
        record::<B, C, _, 1>(MaxPool, [&x], y, state)
    }

    fn global_average(x: FloatTensor<Self>) -> FloatTensor<Self> {
        let y = B::global_average(x.primitive().clone());
        let shape = x.primitive().shape();
        record::<B, C, _, 1>(GlobalAverage, [&x], y, shape)
    }

    fn dense(
        x: FloatTensor<Self>,
        weights: FloatTensor<Self>,
        bias: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        let (input, matrix) = (x.primitive().clone(), weights.primitive().clone());
        let y = B::dense(input.clone(), matrix.clone(), bias.primitive().clone());
        record::<B, C, _, 3>(Dense, [&x, &weights, &bias], y, (input, matrix))
    }
}
