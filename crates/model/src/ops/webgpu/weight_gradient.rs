//! The gradient of a 3×3 convolution's weights.
//!
//! An invocation goes along the lines of one part of the batch with four input channels (or one), four
//! output channels (or one) and the three taps of a row: for each pixel it loads one value of the
//! output's gradient and one of the input, the other two being its last ones, for three outer products.
//! The parts' sums are added by a second dispatch.

use super::{
    kernel::{Grid, Wgsl, launch},
    source::{bindings, constants, entry_point, lanes, vector},
    sums::totals,
};
use burn::backend::wgpu::CubeTensor;
use burn::tensor::Shape;
use std::fmt::Write as _;

/// So many invocations keep a large GPU busy.
const ENOUGH: usize = 16_384;

/// The most parts: no more than lines, of which a batch of 32 has some hundreds.
const MOST_PARTS: usize = 256;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct WeightGradient {
    height: usize,
    width: usize,
    inputs: usize,
    outputs: usize,
}

impl WeightGradient {
    /// Invocations for one part.
    fn invocations(&self) -> usize {
        3 * (self.inputs / lanes(self.inputs)) * (self.outputs / lanes(self.outputs))
    }

    fn parts(&self) -> usize {
        ENOUGH.div_ceil(self.invocations()).min(MOST_PARTS)
    }

    /// One line for each input lane and tap column.
    fn each(&self, line: impl Fn(usize, &str, usize) -> String) -> String {
        let parts: &[&str] = match lanes(self.inputs) {
            4 => &[".x", ".y", ".z", ".w"],
            _ => &[""],
        };
        let mut text = String::new();
        for column in 0..3 {
            for (lane, part) in parts.iter().enumerate() {
                let _ = writeln!(text, "{}", line(column, part, lane));
            }
        }
        text
    }
}

impl Wgsl for WeightGradient {
    fn source(&self) -> String {
        let (input, output) = (lanes(self.inputs), lanes(self.outputs));
        let (zero, start) = (vector(input), vector(output));
        let sums = self.each(|column, _, lane| format!("  var a{column}{lane} = {start}(0.0);"));
        let products = self.each(|column, part, lane| {
            let value = ["left", "middle", "right"][column];
            format!("      a{column}{lane} += {value}{part} * d;")
        });
        let stores = self.each(|column, _, lane| {
            let row = format!("base + {column}u * INPUTS * {input}u + {lane}u");
            format!("  y[({row}) * OUTPUTS + o] = a{column}{lane};")
        });
        let body = format!(
            "  let o = id.x % OUTPUTS;
  let i = id.x / OUTPUTS % INPUTS;
  let row = id.x / (OUTPUTS * INPUTS) % 3u;
  let part = id.x / (OUTPUTS * INPUTS * 3u);
  if part >= PARTS {{ return; }}
  let lines = arrayLength(&dy) / (WIDTH * OUTPUTS);
  let share = (lines + PARTS - 1u) / PARTS;
{sums}  for (var line = part * share; line < min((part + 1u) * share, lines); line++) {{
    // Rows count from the padding, so that they are never negative.
    let top = line % HEIGHT + row;
    if top < 1u || top > HEIGHT {{ continue; }}
    let start = (line + row - 1u) * WIDTH;
    var left = {zero}(0.0);
    var middle = x[start * INPUTS + i];
    for (var column = 0u; column < WIDTH; column++) {{
      var right = {zero}(0.0);
      if column + 1u < WIDTH {{ right = x[(start + column + 1u) * INPUTS + i]; }}
      let d = dy[(line * WIDTH + column) * OUTPUTS + o];
{products}      left = middle;
      middle = right;
    }}
  }}
  let base = ((part * 3u + row) * 3u * INPUTS + i) * {input}u;
{stores}"
        );
        constants(&[
            ("HEIGHT", self.height),
            ("WIDTH", self.width),
            ("INPUTS", self.inputs / input),
            ("OUTPUTS", self.outputs / output),
            ("PARTS", self.parts()),
        ]) + &bindings(&[("x", input), ("dy", output)], &[("y", output)])
            + &entry_point(&body)
    }
}

/// The gradient with respect to the weights: `[9 × inputs, outputs]`.
pub(super) fn weight_gradient(x: &CubeTensor, dy: &CubeTensor) -> CubeTensor {
    let [_, height, width, inputs] = x.meta.shape().dims();
    let outputs = dy.meta.shape()[3];
    let kernel = WeightGradient {
        height,
        width,
        inputs,
        outputs,
    };
    let (count, grid) = (kernel.parts(), kernel.parts() * kernel.invocations());
    let shape = Shape::new([count * 9 * inputs, outputs]);
    let [parts] = launch(kernel, &[x, dy], [shape], Grid::flat(grid));
    let [total] = totals(&parts, count, &Shape::new([9 * inputs, outputs]));
    total
}
