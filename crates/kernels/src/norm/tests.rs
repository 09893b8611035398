use super::*;
use crate::simd::testing::with_each_vector_type;

const CHANNELS: usize = 3;

fn values(count: usize, seed: u32) -> Vec<f32> {
    (0..count as u32)
        .map(|i| ((i * 2_654_435_761 + seed * 97).wrapping_mul(40503) >> 8) as f32 / 1e7 - 0.8)
        .collect()
}

/// The definition, in f64.
fn reference(x: &[f32], gamma: &[f32], beta: &[f32], residual: &[f32]) -> Vec<f64> {
    let rows = x.len() / CHANNELS;
    let mut y = vec![0.0; x.len()];
    for c in 0..CHANNELS {
        let column: Vec<f64> = (0..rows).map(|r| f64::from(x[r * CHANNELS + c])).collect();
        let mean = column.iter().sum::<f64>() / rows as f64;
        let variance = column.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / rows as f64;
        for (r, value) in column.iter().enumerate() {
            let normal = (value - mean) / (variance + 1e-5).sqrt();
            let i = r * CHANNELS + c;
            let affine = normal * f64::from(gamma[c]) + f64::from(beta[c]);
            y[i] = (affine + f64::from(residual[i])).max(0.0);
        }
    }
    y
}

/// Compares with the definition.
fn check_forward(x: &[f32], tolerance: f64) {
    let residual = values(x.len(), 2);
    let (gamma, beta) = ([1.5, 0.5, -1.0], [0.1, -0.2, 0.3]);
    let affine = Affine {
        gamma: &gamma,
        beta: &beta,
        epsilon: 1e-5,
    };
    let expected = reference(x, &gamma, &beta, &residual);
    with_each_vector_type(|| {
        let (y, _) = forward(x, affine, Some(&residual));
        assert_eq!(y.len(), expected.len());
        for (y, expected) in y.iter().zip(&expected) {
            assert!(
                (f64::from(*y) - expected).abs() < tolerance,
                "{y} {expected}"
            );
        }
    });
}

#[test]
fn forward_is_the_definition() {
    check_forward(&values(300 * CHANNELS, 1), 1e-5);
}

#[test]
fn a_large_mean_costs_no_more_than_its_own_rounding() {
    // The mean of the squares less the square of the mean would be off by some hundredths.
    let x: Vec<f32> = values(300 * CHANNELS, 1)
        .iter()
        .map(|v| v + 3000.0)
        .collect();
    check_forward(&x, 5e-3);
}

#[test]
fn a_large_mean_leaves_the_scale_its_gradient() {
    let (mean, rows) = (3000.0, 300);
    let near: Vec<f32> = values(rows * CHANNELS, 1);
    let x: Vec<f32> = near.iter().map(|v| v + mean).collect();
    let (gamma, beta, dy) = ([1.0; CHANNELS], [9.0; CHANNELS], values(x.len(), 5));
    let affine = Affine {
        gamma: &gamma,
        beta: &beta,
        epsilon: 1e-5,
    };
    let gradient = |x: &[f32]| {
        let (y, statistics) = forward(x, affine, None);
        backward((x, &y, &dy), &statistics, affine).gamma
    };
    // What is subtracted back is the same values, rounded as near 3000.
    let back: Vec<f32> = x.iter().map(|v| v - mean).collect();
    for (got, expected) in gradient(&x).iter().zip(gradient(&back)) {
        assert!((got - expected).abs() < 0.02, "{got} {expected}");
    }
}

#[test]
fn many_channels_are_summed_as_each_alone_is() {
    let (rows, channels) = (70, 83);
    let (x, dy) = (values(rows * channels, 1), values(rows * channels, 2));
    let column = |values: &[f32], c: usize| -> Vec<f32> {
        values.iter().skip(c).step_by(channels).copied().collect()
    };
    let ones = vec![1.0; channels];
    let run = |x: &[f32], dy: &[f32], channels: usize| {
        let affine = Affine {
            gamma: &ones[..channels],
            beta: &ones[..channels],
            epsilon: 1e-5,
        };
        let (y, statistics) = forward(x, affine, None);
        let Gradient { gamma, beta, .. } = backward((x, &y, dy), &statistics, affine);
        [statistics.mean, statistics.variance, gamma, beta]
    };
    with_each_vector_type(|| {
        let all = run(&x, &dy, channels);
        for c in 0..channels {
            let alone = run(&column(&x, c), &column(&dy, c), 1);
            for (all, alone) in all.iter().zip(alone) {
                assert_eq!(all.len(), channels);
                assert!((all[c] - alone[0]).abs() < 1e-5, "{} {}", all[c], alone[0]);
            }
        }
    });
}

#[test]
fn backward_is_the_slope_of_forward() {
    let (x, residual, dy) = (
        values(40 * CHANNELS, 3),
        values(40 * CHANNELS, 4),
        values(40 * CHANNELS, 5),
    );
    let (gamma, beta) = ([1.5, 0.5, -1.0], [0.1, -0.2, 0.3]);
    let affine = Affine {
        gamma: &gamma,
        beta: &beta,
        epsilon: 1e-5,
    };
    let (y, statistics) = forward(&x, affine, Some(&residual));
    let gradient = backward((&x, &y, &dy), &statistics, affine);
    let loss = |x: &[f32], gamma: &[f32], beta: &[f32], residual: &[f32]| -> f64 {
        reference(x, gamma, beta, residual)
            .iter()
            .zip(&dy)
            .map(|(y, d)| y * f64::from(*d))
            .sum()
    };
    // The slope by central differences of the f64 definition.
    let slope = |which: usize, i: usize| {
        let side = |step: f32| {
            let mut v = [x.clone(), gamma.to_vec(), beta.to_vec(), residual.clone()];
            v[which][i] += step;
            loss(&v[0], &v[1], &v[2], &v[3])
        };
        (side(1e-3) - side(-1e-3)) / 2e-3
    };
    let close = |got: f32, expected: f64| {
        assert!((f64::from(got) - expected).abs() < 0.02, "{got} {expected}");
    };
    for i in [0, 7, 50, 119] {
        close(gradient.x[i], slope(0, i));
        close(gradient.residual[i], slope(3, i));
    }
    for c in 0..CHANNELS {
        close(gradient.gamma[c], slope(1, c));
        close(gradient.beta[c], slope(2, c));
    }
}
