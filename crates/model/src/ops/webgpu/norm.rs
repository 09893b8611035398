//! Batch normalisation by the batch's own statistics: the mean, the mean square about it, and the
//! normalised values with residual and ReLU, in five dispatches.

use super::{
    kernel::{Wgsl, launch},
    source::{bindings, constants, entry_point, lanes, vector},
};
use crate::ops::EPSILON;
use burn::backend::wgpu::CubeTensor;
use burn::tensor::Shape;

/// Into how many parts the places of a batch are shared out, for enough invocations.
const PARTS: usize = 64;

/// Parts of a mean over all places: of the values, or of their squares about a centre. An invocation
/// adds four channels (or one) of one part.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct PartialMeans {
    channels: usize,
    centred: bool,
}

impl Wgsl for PartialMeans {
    fn source(&self) -> String {
        let lanes = lanes(self.channels);
        let mut inputs = vec![("x", lanes)];
        inputs.extend(self.centred.then_some(("centre", lanes)));
        let term = if self.centred {
            "let d = value - centre[id.x]; sum += d * d;"
        } else {
            "sum += value;"
        };
        let body = format!(
            "  if id.x >= CHANNELS {{ return; }}
  let places = arrayLength(&x) / CHANNELS;
  let share = (places + PARTS - 1u) / PARTS;
  var sum = {zero}(0.0);
  for (var i = id.z * share; i < min((id.z + 1u) * share, places); i++) {{
    let value = x[i * CHANNELS + id.x];
    {term}
  }}
  y[id.z * CHANNELS + id.x] = sum / f32(places);
",
            zero = vector(lanes),
        );
        constants(&[("CHANNELS", self.channels / lanes), ("PARTS", PARTS)])
            + &bindings(&inputs, ("y", lanes))
            + &entry_point(&body)
    }
}

/// Adds the parts of a mean.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Total {
    channels: usize,
}

impl Wgsl for Total {
    fn source(&self) -> String {
        constants(&[("CHANNELS", self.channels), ("PARTS", PARTS)])
            + &bindings(&[("x", 1)], ("y", 1))
            + &entry_point(
                "  if id.x >= CHANNELS { return; }
  var sum = 0.0;
  for (var part = 0u; part < PARTS; part++) { sum += x[part * CHANNELS + id.x]; }
  y[id.x] = sum;
",
            )
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
            "  let at = id.z * ROW + id.x;
  if id.x >= ROW || at >= arrayLength(&x) {{ return; }}
  let c = at % CHANNELS;
  let scale = gamma[c] / sqrt(variance[c] + {EPSILON:?});
  y[at] = max((x[at] - mean[c]) * scale + beta[c]{residual}, {zero}(0.0));
",
            zero = vector(lanes),
        );
        constants(&[("CHANNELS", self.channels / lanes), ("ROW", ROW)])
            + &bindings(&inputs, ("y", lanes))
            + &entry_point(&body)
    }
}

/// How many values a layer of invocations takes: a dispatch has at most 65,535 workgroups a side.
const ROW: usize = 1 << 16;

/// The mean over all places, of the values or of their squares about `centre`: `[channels]`.
fn mean(x: &CubeTensor, centre: Option<&CubeTensor>) -> CubeTensor {
    let channels = x.meta.shape()[3];
    let kernel = PartialMeans {
        channels,
        centred: centre.is_some(),
    };
    let mut inputs = vec![x];
    inputs.extend(centre);
    let width = channels / lanes(channels);
    let parts = launch(kernel, &inputs, Shape::new([PARTS, channels]), width, PARTS);
    let total = Total { channels };
    launch(total, &[&parts], Shape::new([channels]), channels, 1)
}

/// See [`crate::ops::batch_norm_relu`]. All tensors are in order.
pub(super) fn batch_norm_relu(
    x: &CubeTensor,
    gamma: &CubeTensor,
    beta: &CubeTensor,
    residual: Option<&CubeTensor>,
) -> (CubeTensor, CubeTensor, CubeTensor) {
    let average = mean(x, None);
    let variance = mean(x, Some(&average));
    let shape = x.meta.shape().clone();
    let kernel = Normalise {
        channels: shape[3],
        residual: residual.is_some(),
    };
    let values = shape.num_elements() / lanes(shape[3]);
    let mut inputs = vec![x, gamma, beta, &average, &variance];
    inputs.extend(residual);
    let y = launch(
        kernel,
        &inputs,
        shape,
        values.min(ROW),
        values.div_ceil(ROW),
    );
    (y, average, variance)
}
