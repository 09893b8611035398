//! Batch normalisation by the batch's own statistics, in three dispatches forward and three backward.

use super::{
    kernel::{Grid, Wgsl, launch},
    source::{bindings, constants, each_value, entry_point, lanes, relu, vector},
    sums::{CutSums, PARTS, Terms, each_part, parts_grid, totals},
};
use crate::ops::{EPSILON, NormGradients, SavedNorm};
use burn::backend::{Cube, wgpu::CubeTensor};
use burn::tensor::Shape;

/// For each part of the places: the mean, and the sum of squares about that mean.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct PartialStatistics {
    channels: usize,
}

impl Wgsl for PartialStatistics {
    fn source(&self) -> String {
        let lanes = lanes(self.channels);
        let body = format!(
            "{each}  var sum = {zero}(0.0);
  for (var place = first; place < last; place++) {{ sum += x[place * CHANNELS + c]; }}
  let mean = sum / f32(max(last - first, 1u));
  var squares = {zero}(0.0);
  for (var place = first; place < last; place++) {{
    let d = x[place * CHANNELS + c] - mean;
    squares += d * d;
  }}
  parts[part * 2u * CHANNELS + c] = mean;
  parts[(part * 2u + 1u) * CHANNELS + c] = squares;
",
            each = each_part("x"),
            zero = vector(lanes),
        );
        constants(&[("CHANNELS", self.channels / lanes)])
            + &bindings(&[("x", lanes)], &[("parts", lanes)])
            + &entry_point(&body)
    }
}

/// Mean and variance of all places from those of the parts (Chan, Golub and LeVeque, 1979). `x` tells
/// how many places there are.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Statistics {
    channels: usize,
}

impl Wgsl for Statistics {
    fn source(&self) -> String {
        let body = format!(
            "  let c = id.x;
  if c >= CHANNELS {{ return; }}
  let places = arrayLength(&x) / CHANNELS;
  let share = (places + {last}u) / {PARTS}u;
  var total = 0.0;
  for (var part = 0u; part < {PARTS}u; part++) {{
    let count = min((part + 1u) * share, places) - min(part * share, places);
    total += f32(count) * parts[part * 2u * CHANNELS + c];
  }}
  let average = total / f32(places);
  var squares = 0.0;
  for (var part = 0u; part < {PARTS}u; part++) {{
    let count = min((part + 1u) * share, places) - min(part * share, places);
    let d = parts[part * 2u * CHANNELS + c] - average;
    squares += parts[(part * 2u + 1u) * CHANNELS + c] + f32(count) * d * d;
  }}
  mean[c] = average;
  variance[c] = squares / f32(places);
",
            last = PARTS - 1,
        );
        constants(&[("CHANNELS", self.channels)])
            + &bindings(&[("x", 1), ("parts", 1)], &[("mean", 1), ("variance", 1)])
            + &entry_point(&body)
    }
}

/// Normalises, scales, shifts, adds the residual and cuts by the ReLU.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Normalise {
    channels: usize,
    residual: bool,
}

impl Wgsl for Normalise {
    fn source(&self) -> String {
        let lanes = lanes(self.channels);
        let mut inputs = vec![("x", lanes), ("gamma", lanes), ("beta", lanes)];
        inputs.extend([("mean", lanes), ("variance", lanes)]);
        inputs.extend(self.residual.then_some(("residual", lanes)));
        let residual = if self.residual { " + residual[at]" } else { "" };
        let body = format!(
            "{each}  let c = at % CHANNELS;
  let scale = gamma[c] * inverseSqrt(variance[c] + {EPSILON:?});
  let value = (x[at] - mean[c]) * scale + beta[c]{residual};
  y[at] = {relu};
",
            each = each_value("x"),
            relu = relu("value", lanes),
        );
        constants(&[("CHANNELS", self.channels / lanes)])
            + &bindings(&inputs, &[("y", lanes)])
            + &entry_point(&body)
    }
}

/// The input's gradient, from the output's that the ReLU has been applied to and the sums over it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct NormaliseGradient {
    channels: usize,
}

impl Wgsl for NormaliseGradient {
    fn source(&self) -> String {
        let lanes = lanes(self.channels);
        let names = ["x", "dy", "gamma", "mean", "variance", "dgamma", "dbeta"];
        let body = format!(
            "{each}  let c = at % CHANNELS;
  let places = f32(arrayLength(&x) / CHANNELS);
  let scale = inverseSqrt(variance[c] + {EPSILON:?});
  let normal = (x[at] - mean[c]) * scale;
  dx[at] = gamma[c] * scale * (dy[at] - (dbeta[c] + normal * dgamma[c]) / places);
",
            each = each_value("x"),
        );
        constants(&[("CHANNELS", self.channels / lanes)])
            + &bindings(&names.map(|name| (name, lanes)), &[("dx", lanes)])
            + &entry_point(&body)
    }
}

/// See [`crate::ops::batch_norm_relu`]. All tensors are in order.
pub(super) fn batch_norm_relu(
    x: &CubeTensor,
    gamma: &CubeTensor,
    beta: &CubeTensor,
    residual: Option<&CubeTensor>,
) -> (CubeTensor, CubeTensor, CubeTensor) {
    let shape = x.meta.shape().clone();
    let channels = shape[3];
    let parts = Shape::new([PARTS, 2, channels]);
    let kernel = PartialStatistics { channels };
    let [parts] = launch(kernel, &[x], [parts], parts_grid(channels));
    let each = || Shape::new([channels]);
    let kernel = Statistics { channels };
    let [mean, variance] = launch(kernel, &[x, &parts], [each(), each()], Grid::flat(channels));
    let kernel = Normalise {
        channels,
        residual: residual.is_some(),
    };
    let mut inputs = vec![x, gamma, beta, &mean, &variance];
    inputs.extend(residual);
    let grid = Grid::of_values(shape.num_elements() / lanes(channels));
    let [y] = launch(kernel, &inputs, [shape], grid);
    (y, mean, variance)
}

/// See [`crate::ops::Gradients::batch_norm_relu_gradients`]. All tensors are in order.
pub(super) fn gradients(saved: &SavedNorm<Cube>, dy: &CubeTensor) -> NormGradients<Cube> {
    let SavedNorm {
        x,
        y,
        gamma,
        mean,
        variance,
    } = saved;
    let shape = x.meta.shape().clone();
    let channels = shape[3];
    let kernel = CutSums {
        channels,
        terms: Terms::Normal,
    };
    let outputs = [shape.clone(), Shape::new([PARTS, 2, channels])];
    let grid = parts_grid(channels);
    let [cut, parts] = launch(kernel, &[y, dy, x, mean, variance], outputs, grid);
    let [dbeta, dgamma] = totals(&parts, PARTS, &Shape::new([channels]));
    let inputs = [x, &cut, gamma, mean, variance, &dgamma, &dbeta];
    let grid = Grid::of_values(shape.num_elements() / lanes(channels));
    let [dx] = launch(NormaliseGradient { channels }, &inputs, [shape], grid);
    NormGradients {
        x: dx,
        gamma: dgamma,
        beta: dbeta,
        residual: cut,
    }
}
