//! The operations' gradients, recorded for burn's backward pass. An operation has as many parents
//! as it was given tensors; the optional ones (bias, residual) come last.

use super::{Gradients, LayerOps, Optional, SavedConv, SavedNorm, Wanted};
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

impl<B: Gradients, const N: usize> Backward<B, N> for ConvBlock {
    /// What is saved, and whether there is a bias.
    type State = (SavedConv<B>, bool);

    fn backward(
        self,
        ops: Ops<Self::State, N>,
        grads: &mut Recorded,
        _checkpointer: &mut Checkpointer,
    ) {
        let dy = grads.consume::<B>(&ops.node);
        let (saved, has_bias) = ops.state;
        let wanted = Wanted {
            input: ops.parents[0].is_some(),
            weights: ops.parents[1].is_some(),
            bias: has_bias && ops.parents[2].is_some(),
        };
        let gradients = B::conv_block_gradients(saved, dy, wanted);
        let mut all = vec![gradients.input, gradients.weights];
        all.extend(has_bias.then_some(gradients.bias));
        all.push(Some(gradients.residual));
        for (node, gradient) in ops.parents.iter().zip(all) {
            if let (Some(node), Some(gradient)) = (node, gradient) {
                grads.register::<B>(node.id, gradient);
            }
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
            let dx = B::global_average_gradient(ops.state, dy);
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
        if let Some(node) = &ops.parents[0] {
            let dx = B::dense_input_gradient(weights, dy.clone());
            grads.register::<B>(node.id, dx);
        }
        if ops.parents[1].is_none() && ops.parents[2].is_none() {
            return;
        }
        let (dw, db) = B::dense_gradients(x, dy);
        for (node, gradient) in ops.parents[1..].iter().zip([dw, db]) {
            if let Some(node) = node {
                grads.register::<B>(node.id, gradient);
            }
        }
    }
}

#[derive(Debug)]
struct CrossEntropy;

impl<B: Gradients> Backward<B, 1> for CrossEntropy {
    /// Logits and targets.
    type State = (FloatTensor<B>, FloatTensor<B>);

    fn backward(
        self,
        ops: Ops<Self::State, 1>,
        grads: &mut Recorded,
        _checkpointer: &mut Checkpointer,
    ) {
        let dy = grads.consume::<B>(&ops.node);
        let (logits, targets) = ops.state;
        if let Some(node) = &ops.parents[0] {
            let gradient = B::cross_entropy_gradient(logits, targets, dy);
            grads.register::<B>(node.id, gradient);
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
        };
        let state = (state, bias.is_some());
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

    fn cross_entropy(logits: FloatTensor<Self>, targets: FloatTensor<Self>) -> FloatTensor<Self> {
        let (rows, targets) = (logits.primitive().clone(), targets.primitive().clone());
        let loss = B::cross_entropy(rows.clone(), targets.clone());
        record::<B, C, _, 1>(CrossEntropy, [&logits], loss, (rows, targets))
    }
}
