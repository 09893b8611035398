//! The kernels in WGSL against the CPU's. Channels that four does not divide, and widths that a tile
//! does not, go other ways.

use super::*;
use std::sync::LazyLock;

/// A process can have it once.
static GPU: LazyLock<Device> = LazyLock::new(|| Device::wgpu_options().init().expect("a GPU"));

/// Batch, pixels, input and output channels.
const SHAPES: [(usize, [usize; 2], usize, usize); 5] = [
    (1, [28, 28], 1, 32),
    (3, [14, 14], 32, 64),
    (2, [7, 7], 64, 128),
    (3, [5, 6], 3, 8),
    (2, [6, 9], 8, 5),
];

#[test]
#[ignore = "needs a GPU, or a CPU that plays one"]
fn the_gpu_agrees_with_the_cpu_forward() {
    let cpu = cpu_device();
    for (batch, [height, width], inputs, outputs) in SHAPES {
        let run = |device: &Device| {
            let x = values([batch, height, width, inputs], 1, device);
            let weights = values([9 * inputs, outputs], 2, device);
            let bias = values([outputs], 3, device);
            let residual = values([batch, height, width, outputs], 4, device);
            let y = conv_block(x, weights, Some(bias), Some(residual), true);
            let pooled = max_pool(y.clone());
            let average = global_average(pooled.clone());
            let head = values([outputs, 10], 5, device);
            let (gamma, beta) = (values([outputs], 7, device), values([outputs], 8, device));
            let (normal, mean, variance) = batch_norm_relu(y.clone(), gamma, beta, Some(y.clone()));
            let logits = dense(average.clone(), head, values([10], 6, device));
            [
                y.flatten(0, 3),
                pooled.flatten(0, 3),
                average.flatten(0, 1),
                logits.flatten(0, 1),
                normal.flatten(0, 3),
                mean,
                variance,
            ]
        };
        let here: [Tensor<1>; 7] = run(&cpu);
        for (got, expected) in run(&GPU).into_iter().zip(here) {
            assert_close(got.to_device(&cpu), expected);
        }
    }
}

#[test]
#[ignore = "needs a GPU, or a CPU that plays one"]
fn nan_travels_on_the_gpu() {
    nan_travels(&GPU);
    #[cfg(feature = "train")]
    nan_travels_back(&GPU);
}

/// Gradients of a net of every layer, and its loss, with respect to all that can be learnt.
#[cfg(feature = "train")]
fn all_gradients(
    (batch, [height, width], inputs, outputs): (usize, [usize; 2], usize, usize),
    device: &Device,
) -> Vec<Tensor<1>> {
    let tracked = device.clone().autodiff();
    let x = values([batch, height, width, inputs], 1, &tracked).require_grad();
    let first = values([9 * inputs, outputs], 2, &tracked).require_grad();
    let second = values([9 * outputs, outputs], 3, &tracked).require_grad();
    let [gamma, beta, bias] =
        [4, 5, 6].map(|seed| values([outputs], seed, &tracked).require_grad());
    let head = values([outputs, 10], 7, &tracked).require_grad();
    let head_bias = values([10], 8, &tracked).require_grad();
    let widened = conv_block(x.clone(), first.clone(), None, None, false);
    let (y, _, _) = batch_norm_relu(widened.clone(), gamma.clone(), beta.clone(), Some(widened));
    let bias_and_residual = (Some(bias.clone()), Some(y.clone()));
    let y = conv_block(
        y,
        second.clone(),
        bias_and_residual.0,
        bias_and_residual.1,
        true,
    );
    let y = global_average(max_pool(y));
    let logits = dense(y, head.clone(), head_bias.clone());
    let targets = softmax(values([batch, 10], 9, device), 1);
    let loss = cross_entropy(logits, Tensor::from_inner(targets)) * 3.0;
    let all = loss.clone().backward();
    let none = "every input has a gradient";
    vec![
        loss.inner(),
        x.grad(&all).expect(none).flatten(0, 3),
        first.grad(&all).expect(none).flatten(0, 1),
        second.grad(&all).expect(none).flatten(0, 1),
        gamma.grad(&all).expect(none),
        beta.grad(&all).expect(none),
        bias.grad(&all).expect(none),
        head.grad(&all).expect(none).flatten(0, 1),
        head_bias.grad(&all).expect(none),
    ]
}

#[test]
#[cfg(feature = "train")]
#[ignore = "needs a GPU, or a CPU that plays one"]
fn the_gpu_agrees_with_the_cpu_backward() {
    let cpu = cpu_device();
    for shape in SHAPES {
        let expected = all_gradients(shape, &cpu);
        for (got, expected) in all_gradients(shape, &GPU).into_iter().zip(expected) {
            assert_close(got.to_device(&cpu), expected);
        }
    }
}

#[test]
#[cfg(feature = "train")]
#[ignore = "needs a GPU, or a CPU that plays one"]
fn the_gpu_agrees_with_the_cpu_on_optimisers() {
    use crate::ops::optimiser::{AdamWStep, adam_w, nesterov};
    let run = |device: &Device| {
        let value = |seed| values([1000], seed, device);
        let (mut parameter, mut moments) = (value(1), [value(2) * 0.0, value(2) * 0.0]);
        let (mut other, mut velocity) = (value(1), value(2) * 0.0);
        for count in 1..4 {
            let gradient = value(2 + count);
            let step = AdamWStep::new(0.01, 0.1, count);
            (parameter, moments) = adam_w(parameter, gradient.clone(), moments, step);
            (other, velocity) = nesterov(other, gradient, velocity, 0.01);
        }
        let [mean, square] = moments;
        [parameter, mean, square, other, velocity]
    };
    let cpu = cpu_device();
    for (got, expected) in run(&GPU).into_iter().zip(run(&cpu)) {
        assert_close(got.to_device(&cpu), expected);
    }
}

/// Some steps of training, with and without batch normalisation. The nets drift apart by rounding: AdamW
/// makes a whole step of a gradient that is next to nothing.
#[test]
#[cfg(feature = "train")]
#[ignore = "needs a GPU, or a CPU that plays one"]
fn the_gpu_trains_as_the_cpu_does() {
    use crate::teach::{Example, Layers, Optimiser, Originals, Session, Settings};
    use crate::{golden, net::Config};
    use burn::tensor::read_sync;

    let images = golden::images().into_iter().zip(0..10);
    let example = |(image, label)| Example {
        image,
        strokes: Vec::new(),
        label,
    };
    let examples: Vec<_> = images.map(example).collect();
    let run = |batch_norm, optimiser, layers, device: &Device| {
        let config = Config::Compact {
            channels: [8, 8, 16],
            batch_norm,
        };
        let settings = Settings {
            layers,
            optimiser,
            learning_rate: 0.01,
            batch_size: 8,
            steps: 5,
            replay_share: 0.0,
            strength: 1.0,
            ..Settings::default()
        };
        let net = config.init(1, device);
        let none = Originals::default();
        let mut session = Session::new(&net, settings, examples.clone(), none, device).unwrap();
        while !session.is_done() {
            read_sync(session.step()).unwrap();
        }
        let tensors = read_sync(session.net().to_tensors()).unwrap();
        let values: Vec<f32> = tensors.into_iter().flat_map(|t| t.values).collect();
        (session.history().to_vec(), values)
    };
    for (batch_norm, optimiser, layers) in [
        (true, Optimiser::AdamW, Layers::All),
        (false, Optimiser::AdamW, Layers::LastStage),
        (false, Optimiser::Sgd, Layers::Head),
    ] {
        let (history, values) = run(batch_norm, optimiser, layers, &GPU);
        let (expected, same) = run(batch_norm, optimiser, layers, &cpu_device());
        for (got, expected) in history.iter().zip(&expected) {
            let difference = (got.loss - expected.loss).abs();
            assert!(difference < 1e-3, "{got:?} {expected:?}");
        }
        let apart = values.iter().zip(same).map(|(a, b)| (a - b).abs());
        let mean = apart.sum::<f32>() / values.len() as f32;
        assert!(mean < 1e-4, "parameters are {mean} apart");
    }
}
