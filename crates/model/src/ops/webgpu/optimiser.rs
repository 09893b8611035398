//! An optimiser's step on one tensor, in one dispatch.

use super::{
    contiguous,
    kernel::{Grid, Wgsl, launch_with},
    source::{bindings, each_value, entry_point},
};
use crate::ops::optimiser::{AdamWStep, BETA_1, BETA_2, EPSILON, MOMENTUM, OptimiserOps};
use burn::backend::{Cube, tensor::FloatTensor};

/// Declares the numbers that change from step to step.
fn numbers(binding: usize) -> String {
    format!("@group(0) @binding({binding}) var<uniform> step: vec4f;\n")
}

/// Rate, kept share and both corrections are the step's numbers.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct AdamW;

impl Wgsl for AdamW {
    fn source(&self) -> String {
        let inputs = ["parameter", "gradient", "mean", "square"].map(|name| (name, 1));
        let outputs = ["new_parameter", "new_mean", "new_square"].map(|name| (name, 1));
        let body = format!(
            "{each}  let g = gradient[at];
  let m = mean[at] * {BETA_1:?} + g * {rest_1:?};
  let s = square[at] * {BETA_2:?} + g * g * {rest_2:?};
  let direction = (m / step.z) / (sqrt(s / step.w) + {EPSILON:?});
  new_parameter[at] = parameter[at] * step.y - direction * step.x;
  new_mean[at] = m;
  new_square[at] = s;
",
            each = each_value("parameter"),
            rest_1 = 1.0 - BETA_1,
            rest_2 = 1.0 - BETA_2,
        );
        bindings(&inputs, &outputs) + &numbers(7) + &entry_point(&body)
    }
}

/// The rate is the step's first number.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Nesterov;

impl Wgsl for Nesterov {
    fn source(&self) -> String {
        let inputs = ["parameter", "gradient", "velocity"].map(|name| (name, 1));
        let outputs = ["new_parameter", "new_velocity"].map(|name| (name, 1));
        let body = format!(
            "{each}  let v = velocity[at] * {MOMENTUM:?} + gradient[at];
  new_parameter[at] = parameter[at] - (v * {MOMENTUM:?} + gradient[at]) * step.x;
  new_velocity[at] = v;
",
            each = each_value("parameter"),
        );
        bindings(&inputs, &outputs) + &numbers(5) + &entry_point(&body)
    }
}

impl OptimiserOps for Cube {
    fn adam_w(
        parameter: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        mean: FloatTensor<Self>,
        square: FloatTensor<Self>,
        step: AdamWStep,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        let inputs = [parameter, gradient, mean, square].map(contiguous);
        let shape = inputs[0].meta.shape().clone();
        let grid = Grid::of_values(shape.num_elements());
        let numbers = [step.rate, step.kept, step.correction_1, step.correction_2];
        let [parameter, mean, square] = launch_with(
            AdamW,
            &inputs.each_ref(),
            [shape.clone(), shape.clone(), shape],
            grid,
            Some(numbers),
        );
        (parameter, mean, square)
    }

    fn nesterov(
        parameter: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        velocity: FloatTensor<Self>,
        rate: f32,
    ) -> (FloatTensor<Self>, FloatTensor<Self>) {
        let inputs = [parameter, gradient, velocity].map(contiguous);
        let shape = inputs[0].meta.shape().clone();
        let grid = Grid::of_values(shape.num_elements());
        let numbers = [rate, 0.0, 0.0, 0.0];
        let [parameter, velocity] = launch_with(
            Nesterov,
            &inputs.each_ref(),
            [shape.clone(), shape],
            grid,
            Some(numbers),
        );
        (parameter, velocity)
    }
}
