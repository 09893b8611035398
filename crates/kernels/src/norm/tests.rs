use super::*;

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

#[test]
fn forward_is_the_definition() {
    let (x, residual) = (values(300 * CHANNELS, 1), values(300 * CHANNELS, 2));
    let (gamma, beta) = ([1.5, 0.5, -1.0], [0.1, -0.2, 0.3]);
    let affine = Affine {
        gamma: &gamma,
        beta: &beta,
        epsilon: 1e-5,
    };
    let (y, _) = forward(&x, affine, Some(&residual));
    for (y, expected) in y.iter().zip(reference(&x, &gamma, &beta, &residual)) {
        assert!((f64::from(*y) - expected).abs() < 1e-5, "{y} {expected}");
    }
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
