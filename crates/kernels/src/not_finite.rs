//! NaN and infinity travel through every kernel, with each vector type: a run that diverges must not look
//! sound.

use crate::conv::{
    self, Epilogue,
    tests::{each_product, values},
};
use crate::simd::testing::with_each_vector_type;
use crate::{norm, pool};

const ODD: [f32; 3] = [f32::NAN, f32::INFINITY, f32::NEG_INFINITY];

/// Sizes for the definition, and for points.
const SHAPES: [conv::Shape; 2] = [
    conv::Shape {
        batch: 1,
        height: 3,
        width: 5,
        inputs: 3,
        outputs: 32,
    },
    conv::Shape {
        batch: 2,
        height: 5,
        width: 2,
        inputs: 32,
        outputs: 32,
    },
];

/// Where the definition gives no finite value, neither may a kernel. Elsewhere it may: the way by points
/// takes a tile's values together.
fn assert_travels(got: &[f32], expected: &[f32], what: &str) {
    assert_eq!(got.len(), expected.len(), "{what}");
    for (i, (got, expected)) in got.iter().zip(expected).enumerate() {
        let is_hidden = !expected.is_finite() && got.is_finite();
        assert!(!is_hidden, "{what}, value {i}: {got} hides {expected}");
    }
}

/// At least one value is not finite.
fn assert_shows(got: &[f32], what: &str) {
    assert!(got.iter().any(|v| !v.is_finite()), "{what}: all is finite");
}

/// Calls `check` with one value of one of `inputs` odd, for each of the inputs and some places.
fn with_odd_values(inputs: &[Vec<f32>], check: impl Fn(&[Vec<f32>], &str)) {
    for odd in ODD {
        for which in 0..inputs.len() {
            let length = inputs[which].len();
            for place in [0, length / 3, length - 1] {
                let mut inputs = inputs.to_vec();
                inputs[which][place] = odd;
                check(&inputs, &format!("{odd} at {place} of input {which}"));
            }
        }
    }
}

fn relu(value: f32) -> f32 {
    if value < 0.0 { 0.0 } else { value }
}

#[test]
fn through_the_convolution() {
    for shape in SHAPES {
        let inputs = [
            values(shape.input_len(), 1),
            values(shape.weights_len(), 2),
            values(shape.outputs, 3),
            values(shape.output_len(), 4),
        ];
        with_each_vector_type(|| {
            with_odd_values(&inputs, |inputs, what| {
                let [x, w, bias, residual] = inputs else {
                    unreachable!()
                };
                let mut expected = residual.clone();
                each_product(shape, |i, j, k| expected[k] += x[i] * w[j]);
                for (i, value) in expected.iter_mut().enumerate() {
                    *value = relu(*value + bias[i % shape.outputs]);
                }
                let epilogue = Epilogue {
                    bias: Some(bias),
                    residual: Some(residual),
                    relu: true,
                };
                assert_travels(&conv::forward(shape, x, w, epilogue), &expected, what);
            });
        });
    }
}

#[test]
fn through_the_convolutions_gradients() {
    for shape in SHAPES {
        let inputs = [
            values(shape.input_len(), 1),
            values(shape.weights_len(), 2),
            values(shape.output_len(), 3),
        ];
        with_each_vector_type(|| {
            with_odd_values(&inputs, |inputs, what| {
                let [x, w, dy] = inputs else { unreachable!() };
                let (mut dx, mut dw) = (vec![0.0; x.len()], vec![0.0; w.len()]);
                each_product(shape, |i, j, k| {
                    dx[i] += w[j] * dy[k];
                    dw[j] += x[i] * dy[k];
                });
                assert_travels(&conv::weight_gradient(shape, x, dy), &dw, what);
                if shape.inputs.is_multiple_of(conv::CHANNEL_STEP) {
                    assert_travels(&conv::input_gradient(shape, w, dy), &dx, what);
                }
            });
        });
    }
}

#[test]
fn through_the_normalisation() {
    let (rows, channels) = (70, 5);
    let count = rows * channels;
    let inputs = [
        values(count, 1),
        vec![1.0; channels],
        vec![9.0; channels],
        values(count, 2),
    ];
    with_each_vector_type(|| {
        with_odd_values(&inputs, |inputs, what| {
            let [x, gamma, beta, residual] = inputs else {
                unreachable!()
            };
            let affine = norm::Affine {
                gamma,
                beta,
                epsilon: 1e-5,
            };
            let (y, statistics) = norm::forward(x, affine, Some(residual));
            if !what.starts_with("-inf") {
                assert_shows(&y, what);
            }
            if x.iter().any(|v| !v.is_finite()) {
                assert_shows(&y, what);
                assert_shows(&statistics.mean, what);
                assert_shows(&statistics.variance, what);
            }
        });
    });
}

#[test]
fn through_the_normalisations_gradients() {
    let (rows, channels) = (70, 5);
    let count = rows * channels;
    // All of `y` is positive, so that the ReLU cuts nothing.
    let y = values(count, 2).iter().map(|v| v + 2.0).collect();
    let inputs = [
        values(count, 1),
        y,
        values(count, 3),
        vec![0.1; channels],
        vec![0.5; channels],
        vec![1.0; channels],
    ];
    with_each_vector_type(|| {
        with_odd_values(&inputs, |inputs, what| {
            let [x, y, dy, mean, variance, gamma] = inputs else {
                unreachable!()
            };
            let affine = norm::Affine {
                gamma,
                beta: gamma,
                epsilon: 1e-5,
            };
            let statistics = norm::Statistics {
                mean: mean.clone(),
                variance: variance.clone(),
            };
            let gradient = norm::backward((x, y, dy), &statistics, affine);
            // An infinite `y` has a slope, an infinite variance none: they lead to finite gradients.
            let is_nan = inputs.iter().flatten().any(|v| v.is_nan());
            if is_nan || !(y.iter().chain(variance)).any(|v| v.is_infinite()) {
                assert_shows(&gradient.x, what);
            }
        });
    });
}

#[test]
fn through_the_pooling() {
    let shape = pool::Shape {
        batch: 2,
        height: 4,
        width: 6,
        channels: 5,
    };
    let x = values(shape.input_len(), 1);
    let y = pool::forward(shape, &x);
    let inputs = [x, y.clone(), values(y.len(), 2)];
    with_each_vector_type(|| {
        with_odd_values(&inputs, |inputs, what| {
            let [x, y, dy] = inputs else { unreachable!() };
            let pooled = pool::forward(shape, x);
            let is_nan = |values: &[f32]| values.iter().any(|v| v.is_nan());
            assert_eq!(is_nan(&pooled), is_nan(x), "{what}");
            if is_nan(x) {
                assert_shows(&pool::backward(shape, x, &pooled, dy), what);
            }
            if is_nan(y) || dy.iter().any(|v| !v.is_finite()) {
                assert_shows(&pool::backward(shape, x, y, dy), what);
            }
        });
    });
}
