//! The small kernels of the backward pass.

use super::{
    kernel::Wgsl,
    source::{bindings, constants, each_value, entry_point, lanes, vector},
};

/// The gradient of 2×2 max pooling: it goes to the first of the four pixels that was largest. An
/// invocation computes four channels (or one) of an input pixel.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct MaxPoolGradient {
    pub(super) height: usize,
    pub(super) width: usize,
    pub(super) channels: usize,
}

impl MaxPoolGradient {
    /// Invocations for one image.
    pub(super) fn invocations(&self) -> usize {
        self.height * self.width * (self.channels / lanes(self.channels))
    }
}

impl Wgsl for MaxPoolGradient {
    fn source(&self) -> String {
        let lanes = lanes(self.channels);
        let zero = format!("{}(0.0)", vector(lanes));
        let body = format!(
            "  if id.x >= COUNT {{ return; }}
  let channel = id.x % CHANNELS;
  let row = id.x / CHANNELS / WIDTH;
  let column = id.x / CHANNELS % WIDTH;
  let at = id.z * COUNT + id.x;
  if row / 2u >= HEIGHT / 2u || column / 2u >= WIDTH / 2u {{ dx[at] = {zero}; return; }}
  let window = ((id.z * (HEIGHT / 2u) + row / 2u) * (WIDTH / 2u) + column / 2u) * CHANNELS + channel;
  let corner = ((id.z * HEIGHT + row / 2u * 2u) * WIDTH + column / 2u * 2u) * CHANNELS + channel;
  let most = y[window];
  let place = row % 2u * 2u + column % 2u;
  // Where the output is NaN, so is all of the window's gradient.
  var gradient = select({zero}, dy[window], x[at] == most);
  if place > 0u {{ gradient = select(gradient, {zero}, x[corner] == most); }}
  if place > 1u {{ gradient = select(gradient, {zero}, x[corner + CHANNELS] == most); }}
  if place > 2u {{ gradient = select(gradient, {zero}, x[corner + WIDTH * CHANNELS] == most); }}
  dx[at] = select(gradient, most, most != most);
"
        );
        constants(&[
            ("HEIGHT", self.height),
            ("WIDTH", self.width),
            ("CHANNELS", self.channels / lanes),
            ("COUNT", self.invocations()),
        ]) + &bindings(
            &["x", "y", "dy"].map(|name| (name, lanes)),
            &[("dx", lanes)],
        ) + &entry_point(&body)
    }
}

/// The gradient of the mean over an image's pixels; an invocation computes four channels (or one).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct GlobalAverageGradient {
    /// Height × width.
    pub(super) pixels: usize,
    pub(super) channels: usize,
}

impl Wgsl for GlobalAverageGradient {
    fn source(&self) -> String {
        let lanes = lanes(self.channels);
        let body = "  if id.x >= PIXELS * CHANNELS { return; }
  dx[id.z * PIXELS * CHANNELS + id.x] = dy[id.z * CHANNELS + id.x % CHANNELS] / f32(PIXELS);
";
        let values = [("PIXELS", self.pixels), ("CHANNELS", self.channels / lanes)];
        constants(&values) + &bindings(&[("dy", lanes)], &[("dx", lanes)]) + &entry_point(body)
    }
}

/// The gradient of a dense layer's input; an invocation computes one value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct DenseInputGradient {
    pub(super) inputs: usize,
    pub(super) outputs: usize,
}

impl Wgsl for DenseInputGradient {
    fn source(&self) -> String {
        constants(&[("INPUTS", self.inputs), ("OUTPUTS", self.outputs)])
            + &bindings(&[("weights", 1), ("dy", 1)], &[("dx", 1)])
            + &entry_point(
                "  if id.x >= INPUTS { return; }
  var sum = 0.0;
  for (var o = 0u; o < OUTPUTS; o++) {
    sum += weights[id.x * OUTPUTS + o] * dy[id.z * OUTPUTS + o];
  }
  dx[id.z * INPUTS + id.x] = sum;
",
            )
    }
}

/// The gradients of a dense layer's weights and bias; an invocation computes one of either.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct DenseGradients {
    pub(super) inputs: usize,
    pub(super) outputs: usize,
}

impl Wgsl for DenseGradients {
    fn source(&self) -> String {
        constants(&[("INPUTS", self.inputs), ("OUTPUTS", self.outputs)])
            + &bindings(&[("x", 1), ("dy", 1)], &[("weights", 1), ("bias", 1)])
            + &entry_point(
                "  // The bias is a last row of weights, whose input is always one.
  let i = id.x / OUTPUTS;
  let o = id.x % OUTPUTS;
  if i > INPUTS { return; }
  var sum = 0.0;
  for (var row = 0u; row < arrayLength(&dy) / OUTPUTS; row++) {
    let d = dy[row * OUTPUTS + o];
    if i < INPUTS { sum += x[row * INPUTS + i] * d; } else { sum += d; }
  }
  if i < INPUTS { weights[id.x] = sum; } else { bias[o] = sum; }
",
            )
    }
}

/// The gradient of the mean cross-entropy; an invocation computes a row.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct CrossEntropyGradient {
    pub(super) classes: usize,
}

impl Wgsl for CrossEntropyGradient {
    fn source(&self) -> String {
        constants(&[("CLASSES", self.classes)])
            + &bindings(
                &["logits", "targets", "dy"].map(|name| (name, 1)),
                &[("dx", 1)],
            )
            + &entry_point(
                "  let rows = arrayLength(&logits) / CLASSES;
  if id.x >= rows { return; }
  let first = id.x * CLASSES;
  var most = logits[first];
  for (var c = 1u; c < CLASSES; c++) { most = max(most, logits[first + c]); }
  var total = 0.0;
  for (var c = 0u; c < CLASSES; c++) { total += exp(logits[first + c] - most); }
  for (var c = 0u; c < CLASSES; c++) {
    let probability = exp(logits[first + c] - most) / total;
    dx[first + c] = (probability - targets[first + c]) * dy[0] / f32(rows);
  }
",
            )
    }
}

/// Cuts a gradient where the ReLU cut the output; NaN where the output is NaN.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Cut;

impl Wgsl for Cut {
    fn source(&self) -> String {
        bindings(&[("y", 1), ("dy", 1)], &[("dx", 1)])
            + &entry_point(&(each_value("dy") + "  dx[at] = select(y[at], dy[at], y[at] > 0.0);\n"))
    }
}
