use super::*;
use crate::simd::{Lanes, dispatch, testing::with_each_vector_type};

pub(crate) fn values(count: usize, seed: u32) -> Vec<f32> {
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / 8_388_608.0 - 1.0
    };
    (0..count).map(|_| next()).collect()
}

/// Largest difference from the definition, as a share of the largest value: the way by points
/// multiplies some rounding errors by 64.
const TOLERANCE: f32 = 3e-5;

/// The definition of the convolution: calls `visit(x, w, y)` for every product of the sum.
pub(crate) fn each_product(shape: Shape, mut visit: impl FnMut(usize, usize, usize)) {
    let Shape {
        batch,
        height,
        width,
        inputs,
        outputs,
    } = shape;
    for pixel in 0..batch * height * width {
        let (image, row, column) = (
            pixel / (height * width),
            pixel / width % height,
            pixel % width,
        );
        for tap in 0..TAPS {
            let (r, c) = (
                (row + tap / 3).wrapping_sub(1),
                (column + tap % 3).wrapping_sub(1),
            );
            if r >= height || c >= width {
                continue;
            }
            for (i, o) in (0..inputs).flat_map(|i| (0..outputs).map(move |o| (i, o))) {
                let x = ((image * height + r) * width + c) * inputs + i;
                visit(x, (tap * inputs + i) * outputs + o, pixel * outputs + o);
            }
        }
    }
}

fn assert_close(got: &[f32], expected: &[f32], tolerance: f32) {
    assert_eq!(got.len(), expected.len(), "number of values");
    let largest = expected.iter().fold(1.0f32, |l, v| l.max(v.abs()));
    let tolerance = tolerance * largest;
    for (i, (a, b)) in got.iter().zip(expected).enumerate() {
        assert!((a - b).abs() <= tolerance, "value {i}: {a} instead of {b}");
    }
}

/// The last two, one for each way, are small enough for Miri, which is some thousand times slower.
fn shapes() -> Vec<Shape> {
    let mut shapes = vec![
        Shape {
            batch: 3,
            height: 7,
            width: 7,
            inputs: 32,
            outputs: 64,
        },
        Shape {
            batch: 1,
            height: 5,
            width: 9,
            inputs: 1,
            outputs: 32,
        },
        Shape {
            batch: 2,
            height: 2,
            width: 3,
            inputs: 12,
            outputs: 32,
        },
        Shape {
            // More than are taken together.
            batch: 300,
            height: 5,
            width: 3,
            inputs: 32,
            outputs: 32,
        },
        Shape {
            batch: 1,
            height: 1,
            width: 2,
            inputs: 32,
            outputs: 32,
        },
        Shape {
            batch: 5,
            height: 1,
            width: 1,
            inputs: 6,
            outputs: 96,
        },
    ];
    if cfg!(miri) {
        shapes.drain(..shapes.len() - 2);
    }
    shapes
}

/// Does `check` for each shape, with each vector type.
fn with_every_shape(check: impl Fn(Shape)) {
    with_each_vector_type(|| shapes().into_iter().for_each(&check));
}

#[test]
fn forward_is_the_definition() {
    with_every_shape(|shape| {
        let (x, w) = (values(shape.input_len(), 1), values(shape.weights_len(), 2));
        let (bias, residual) = (values(shape.outputs, 3), values(shape.output_len(), 4));
        let mut expected = residual.clone();
        each_product(shape, |i, j, k| expected[k] += x[i] * w[j]);
        for (i, value) in expected.iter_mut().enumerate() {
            *value = (*value + bias[i % shape.outputs]).max(0.0);
        }
        let epilogue = Epilogue {
            bias: Some(&bias),
            residual: Some(&residual),
            relu: true,
        };
        let y = forward(shape, &x, &w, epilogue);
        assert_close(&y, &expected, TOLERANCE);
    });
}

#[test]
fn gradients_are_the_definition() {
    with_every_shape(|shape| {
        let (x, w) = (values(shape.input_len(), 5), values(shape.weights_len(), 6));
        let dy = values(shape.output_len(), 7);
        let (mut expected_dx, mut expected_dw) = (vec![0.0; x.len()], vec![0.0; w.len()]);
        each_product(shape, |i, j, k| {
            expected_dx[i] += w[j] * dy[k];
            expected_dw[j] += x[i] * dy[k];
        });
        let dw = weight_gradient(shape, &x, &dy);
        assert_close(&dw, &expected_dw, TOLERANCE);
        if shape.inputs.is_multiple_of(CHANNEL_STEP) {
            let dx = input_gradient(shape, &w, &dy);
            assert_close(&dx, &expected_dx, TOLERANCE);
        }
    });
}

#[test]
fn every_vector_type_agrees_with_scalar_arithmetic() {
    struct Sum<'a>(&'a [f32]);
    impl crate::simd::Task for Sum<'_> {
        type Output = Vec<f32>;
        #[inline(always)]
        #[allow(unsafe_code)]
        fn run<V: Lanes>(self) -> Vec<f32> {
            let mut out = vec![0.0; self.0.len()];
            for (from, to) in self
                .0
                .chunks_exact(V::LANES)
                .zip(out.chunks_exact_mut(V::LANES))
            {
                // SAFETY: both chunks have LANES values.
                unsafe {
                    let v = V::load(from.as_ptr());
                    let v = V::splat(0.5)
                        .add_product(v, V::splat(2.0))
                        .add(v)
                        .max(V::splat(0.0));
                    v.store(to.as_mut_ptr());
                }
            }
            out
        }
    }
    let x = values(64, 8);
    let expected: Vec<f32> = x.iter().map(|v| (0.5 + v * 2.0 + v).max(0.0)).collect();
    with_each_vector_type(|| assert_close(&dispatch(Sum(&x)), &expected, 1e-6));
}
