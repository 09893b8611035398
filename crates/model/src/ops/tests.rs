//! The kernels against burn's own operations, forward and backward.

use super::*;
use crate::net::cpu_device;
use burn::tensor::{
    Device, Tensor, TensorData,
    activation::{log_softmax, relu, softmax},
};

fn values<const D: usize>(shape: [usize; D], seed: u32, device: &Device) -> Tensor<D> {
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / 8_388_608.0 - 1.0
    };
    let count = shape.iter().product();
    Tensor::from_data(
        TensorData::new((0..count).map(|_| next()).collect::<Vec<f32>>(), shape),
        device,
    )
}

fn assert_close<const D: usize>(got: Tensor<D>, expected: Tensor<D>) {
    assert_eq!(got.dims(), expected.dims());
    let scale = expected.clone().abs().max().into_scalar::<f32>().max(1.0);
    let difference = (got - expected).abs().max().into_scalar::<f32>();
    assert!(
        difference <= 1e-5 * scale,
        "differs by {difference} where values reach {scale}"
    );
}

#[cfg(feature = "wgpu")]
mod gpu;

/// The layers written with burn's own differentiable operations, channels last like ours.
mod plain {
    use super::*;
    use burn::tensor::{
        module,
        ops::{ConvOptions, MaxPoolOptions},
    };

    pub(super) fn conv(x: Tensor<4>, weights: Tensor<2>) -> Tensor<4> {
        let [rows, outputs] = weights.dims();
        let weights = weights
            .reshape([3, 3, rows / 9, outputs])
            .permute([3, 2, 0, 1]);
        let options = ConvOptions::new([1, 1], [1, 1], [1, 1], 1);
        module::conv2d(x.permute([0, 3, 1, 2]), weights, None, options).permute([0, 2, 3, 1])
    }

    pub(super) fn norm(x: Tensor<4>, gamma: Tensor<1>, beta: Tensor<1>) -> Tensor<4> {
        let [batch, height, width, channels] = x.dims();
        let rows = x.reshape([batch * height * width, channels]);
        let centred = rows.clone() - rows.mean_dim(0);
        let variance = centred.clone().powi_scalar(2).mean_dim(0);
        let normal = centred / (variance + EPSILON).sqrt();
        (normal * gamma.unsqueeze() + beta.unsqueeze()).reshape([batch, height, width, channels])
    }

    pub(super) fn pool(x: Tensor<4>) -> Tensor<4> {
        module::max_pool2d(x.permute([0, 3, 1, 2]), MaxPoolOptions::new([2, 2]))
            .permute([0, 2, 3, 1])
    }

    pub(super) fn average(x: Tensor<4>) -> Tensor<2> {
        let [batch, _, _, channels] = x.dims();
        x.mean_dim(1).mean_dim(2).reshape([batch, channels])
    }
}

#[test]
fn kernels_agree_with_burn_forward() {
    let device = cpu_device();
    // 33 outputs are more than the kernels cover: that way is tested too.
    for outputs in [32, 33, 64] {
        let x = values([3, 7, 6, 32], 1, &device);
        let weights = values([9 * 32, outputs], 2, &device);
        let (bias, residual) = (
            values([outputs], 3, &device),
            values([3, 7, 6, outputs], 4, &device),
        );
        let expected =
            plain::conv(x.clone(), weights.clone()) + bias.clone().unsqueeze() + residual.clone();
        let got = conv_block(x.clone(), weights.clone(), Some(bias), Some(residual), true);
        assert_close(got, relu(expected));
        assert_close(
            conv_block(x.clone(), weights.clone(), None, None, false),
            plain::conv(x, weights),
        );
    }
    let x = values([2, 6, 4, 32], 5, &device);
    assert_close(max_pool(x.clone()), plain::pool(x.clone()));
    assert_close(global_average(x.clone()), plain::average(x));
    let (x, weights) = (values([3, 32], 6, &device), values([32, 10], 7, &device));
    let bias = values([10], 8, &device);
    let expected = x.clone().matmul(weights.clone()) + bias.clone().unsqueeze();
    assert_close(dense(x, weights, bias), expected);
}

/// The gradients of `build`'s output, weighted at random, with respect to each of four inputs.
#[cfg(feature = "train")]
fn gradients(
    build: impl Fn(Tensor<4>, Tensor<2>, Tensor<1>, Tensor<1>, Tensor<4>) -> Tensor<4>,
) -> (Tensor<4>, Tensor<2>, Tensor<1>, Tensor<1>, Tensor<4>) {
    let device = cpu_device().autodiff();
    let x = values([4, 6, 8, 32], 1, &device).require_grad();
    let weights = values([9 * 32, 32], 2, &device).require_grad();
    let gamma = values([32], 3, &device).require_grad();
    let beta = values([32], 4, &device).require_grad();
    let residual = values([4, 6, 8, 32], 5, &device).require_grad();
    let y = build(
        x.clone(),
        weights.clone(),
        gamma.clone(),
        beta.clone(),
        residual.clone(),
    );
    let weighting = values(y.dims(), 6, &device);
    let all = (y * weighting).sum().backward();
    let none = "every input has a gradient";
    (
        x.grad(&all).expect(none),
        weights.grad(&all).expect(none),
        gamma.grad(&all).expect(none),
        beta.grad(&all).expect(none),
        residual.grad(&all).expect(none),
    )
}

#[test]
#[cfg(feature = "train")]
fn kernels_agree_with_burn_backward() {
    // A training layer and pooling, then an inference layer (gamma serves as its bias).
    let got = gradients(|x, weights, gamma, beta, residual| {
        let x = conv_block(x, weights.clone(), None, None, false);
        let (x, _, _) = batch_norm_relu(x, gamma.clone(), beta.clone(), Some(residual.clone()));
        let x = conv_block(x, weights, Some(gamma.clone()), Some(residual), true);
        let (x, _, _) = batch_norm_relu(x, gamma, beta, None);
        max_pool(x)
    });
    let expected = gradients(|x, weights, gamma, beta, residual| {
        let x = plain::conv(x, weights.clone());
        let x = relu(plain::norm(x, gamma.clone(), beta.clone()) + residual.clone());
        let x = relu(plain::conv(x, weights) + gamma.clone().unsqueeze() + residual);
        let x = relu(plain::norm(x, gamma, beta));
        plain::pool(x)
    });
    assert_close(got.0, expected.0);
    assert_close(got.1, expected.1);
    assert_close(got.2, expected.2);
    assert_close(got.3, expected.3);
    assert_close(got.4, expected.4);
}

/// `tensor` with NaN as its first value.
fn with_nan<const D: usize>(tensor: Tensor<D>) -> Tensor<D> {
    let (device, shape) = (tensor.device(), tensor.dims());
    let mut values: Vec<f32> = tensor.into_data().iter::<f32>().collect();
    values[0] = f32::NAN;
    Tensor::from_data(TensorData::new(values, shape), &device)
}

fn assert_nan<const D: usize>(tensor: Tensor<D>, what: &str) {
    let data = tensor.into_data();
    assert!(data.iter::<f32>().any(f32::is_nan), "{what}: NaN is lost");
}

/// A run that diverges must not look sound: NaN in any input shows in the output.
fn nan_travels(device: &Device) {
    // 33 outputs go the generic way on the CPU, one by one on the GPU.
    for outputs in [32, 33] {
        let x = values([2, 4, 6, 32], 1, device);
        let weights = values([9 * 32, outputs], 2, device);
        let bias = values([outputs], 3, device);
        let residual = values([2, 4, 6, outputs], 4, device);
        for which in 0..4 {
            let (mut x, mut weights) = (x.clone(), weights.clone());
            let (mut bias, mut residual) = (bias.clone(), residual.clone());
            match which {
                0 => x = with_nan(x),
                1 => weights = with_nan(weights),
                2 => bias = with_nan(bias),
                _ => residual = with_nan(residual),
            }
            let y = conv_block(x, weights, Some(bias), Some(residual), true);
            assert_nan(y, &format!("convolution, input {which}"));
        }
        let y = with_nan(residual);
        let (normal, mean, variance) = batch_norm_relu(y.clone(), bias.clone(), bias, None);
        assert_nan(normal, "normalisation");
        assert_nan(mean, "mean");
        assert_nan(variance, "variance");
        for (turn, flipped) in [y.clone(), y.clone().flip([1, 2])].into_iter().enumerate() {
            assert_nan(max_pool(flipped), &format!("pooling, turn {turn}"));
        }
        assert_nan(global_average(y), "average");
    }
    let (x, weights) = (values([3, 32], 6, device), values([32, 10], 7, device));
    let logits = dense(with_nan(x), weights, values([10], 8, device));
    assert_nan(logits.clone(), "dense layer");
    let targets = softmax(values([3, 10], 9, device), 1);
    assert_nan(cross_entropy(logits, targets), "loss");
}

#[test]
fn nan_travels_through_every_operation() {
    nan_travels(&cpu_device());
}

/// NaN in the input shows in every gradient of a layer of each kind.
#[cfg(feature = "train")]
fn nan_travels_back(device: &Device) {
    let device = device.clone().autodiff();
    let x = with_nan(values([2, 4, 6, 32], 1, &device)).require_grad();
    let weights = values([9 * 32, 32], 2, &device).require_grad();
    let gamma = values([32], 3, &device).require_grad();
    let y = conv_block(x.clone(), weights.clone(), Some(gamma.clone()), None, true);
    let (y, _, _) = batch_norm_relu(y, gamma.clone(), gamma.clone(), None);
    let all = max_pool(y).sum().backward();
    let none = "every input has a gradient";
    assert_nan(x.grad(&all).expect(none), "input");
    assert_nan(weights.grad(&all).expect(none), "weights");
    assert_nan(gamma.grad(&all).expect(none), "scale");
}

#[test]
#[cfg(feature = "train")]
fn nan_travels_through_every_gradient() {
    nan_travels_back(&cpu_device());
}

#[test]
fn prepared_weights_give_the_same() {
    let device = cpu_device();
    // The first cannot be prepared: it is handed on as it is.
    for inputs in [1, 32, 64] {
        let x = values([2, 7, 7, inputs], 21, &device);
        let weights = values([9 * inputs, 32], 22, &device);
        let prepared = conv_block(x.clone(), prepare(weights.clone()), None, None, true);
        assert_close(prepared, conv_block(x, weights, None, None, true));
    }
}

#[test]
#[cfg(feature = "train")]
fn the_head_agrees_with_burn_backward() {
    let device = cpu_device().autodiff();
    type Loss = fn(Tensor<2>, Tensor<2>) -> Tensor<1>;
    let run = |head: fn(Tensor<4>, Tensor<2>, Tensor<1>) -> Tensor<2>, loss: Loss| {
        let x = values([4, 6, 8, 32], 1, &device).require_grad();
        let weights = values([32, 10], 2, &device).require_grad();
        let bias = values([10], 3, &device).require_grad();
        let y = head(x.clone(), weights.clone(), bias.clone());
        let targets = softmax(values([4, 10], 4, &device), 1);
        let all = (loss(y, targets) * 3.0).backward();
        let none = "every input has a gradient";
        (
            x.grad(&all).expect(none),
            weights.grad(&all).expect(none),
            bias.grad(&all).expect(none),
        )
    };
    let got = run(
        |x, weights, bias| dense(global_average(x), weights, bias),
        cross_entropy,
    );
    let expected = run(
        |x, weights, bias| plain::average(x).matmul(weights) + bias.unsqueeze(),
        |logits, targets| (log_softmax(logits, 1) * targets).sum() / -4.0,
    );
    assert_close(got.0, expected.0);
    assert_close(got.1, expected.1);
    assert_close(got.2, expected.2);
}
