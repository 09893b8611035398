//! The small kernels of the forward pass: pooling, the global average, the dense layer, the loss.

use super::{
    kernel::{WORKGROUP, Wgsl},
    source::{bindings, constants, entry_point, lanes, vector},
};

/// 2×2 max pooling of stride 2; an invocation computes four channels (or one) of a pixel.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct MaxPool {
    pub(super) height: usize,
    pub(super) width: usize,
    pub(super) channels: usize,
}

impl MaxPool {
    /// Invocations for one image.
    pub(super) fn invocations(&self) -> usize {
        (self.height / 2) * (self.width / 2) * (self.channels / lanes(self.channels))
    }
}

impl Wgsl for MaxPool {
    fn source(&self) -> String {
        let lanes = lanes(self.channels);
        let vector = vector(lanes);
        constants(&[
            ("HEIGHT", self.height),
            ("WIDTH", self.width),
            ("CHANNELS", self.channels / lanes),
            ("COUNT", self.invocations()),
        ]) + &bindings(&[("x", lanes)], &[("y", lanes)])
            // NaN where either is, which `max` may pass over.
            + &format!(
                "fn larger(a: {vector}, b: {vector}) -> {vector} {{
  return select(b, a, (a > b) | (a != a));
}}
"
            )
            + &entry_point(
                "  if id.x >= COUNT { return; }
  let channel = id.x % CHANNELS;
  let pixel = id.x / CHANNELS;
  let row = pixel / (WIDTH / 2u) * 2u;
  let column = pixel % (WIDTH / 2u) * 2u;
  let above = ((id.z * HEIGHT + row) * WIDTH + column) * CHANNELS + channel;
  let below = above + WIDTH * CHANNELS;
  y[id.z * COUNT + id.x] =
    larger(larger(x[above], x[above + CHANNELS]), larger(x[below], x[below + CHANNELS]));
",
            )
    }
}

/// The mean over an image's pixels; an invocation computes four channels (or one).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct GlobalAverage {
    /// Height × width.
    pub(super) pixels: usize,
    pub(super) channels: usize,
}

impl GlobalAverage {
    /// Invocations for one image.
    pub(super) fn invocations(&self) -> usize {
        self.channels / lanes(self.channels)
    }
}

impl Wgsl for GlobalAverage {
    fn source(&self) -> String {
        let lanes = lanes(self.channels);
        let zero = format!("{}(0.0)", vector(lanes));
        let body = format!(
            "  if id.x >= CHANNELS {{ return; }}
  var sum = {zero};
  for (var pixel = 0u; pixel < PIXELS; pixel++) {{
    sum += x[(id.z * PIXELS + pixel) * CHANNELS + id.x];
  }}
  y[id.z * CHANNELS + id.x] = sum / f32(PIXELS);
"
        );
        let values = [("PIXELS", self.pixels), ("CHANNELS", self.channels / lanes)];
        constants(&values) + &bindings(&[("x", lanes)], &[("y", lanes)]) + &entry_point(&body)
    }
}

/// A dense layer; an invocation computes one output.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Dense {
    pub(super) inputs: usize,
    pub(super) outputs: usize,
}

impl Wgsl for Dense {
    fn source(&self) -> String {
        let inputs = [("x", 1), ("weights", 1), ("bias", 1)];
        constants(&[("INPUTS", self.inputs), ("OUTPUTS", self.outputs)])
            + &bindings(&inputs, &[("y", 1)])
            + &entry_point(
                "  if id.x >= OUTPUTS { return; }
  var sum = bias[id.x];
  for (var i = 0u; i < INPUTS; i++) {
    sum += x[id.z * INPUTS + i] * weights[i * OUTPUTS + id.x];
  }
  y[id.z * OUTPUTS + id.x] = sum;
",
            )
    }
}

/// The mean cross-entropy, by a single workgroup.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct CrossEntropy {
    pub(super) classes: usize,
}

impl Wgsl for CrossEntropy {
    fn source(&self) -> String {
        let body = format!(
            "  let rows = arrayLength(&logits) / CLASSES;
  var sum = 0.0;
  for (var row = id.x; row < rows; row += {WORKGROUP}u) {{
    var most = logits[row * CLASSES];
    for (var c = 1u; c < CLASSES; c++) {{ most = max(most, logits[row * CLASSES + c]); }}
    var total = 0.0;
    for (var c = 0u; c < CLASSES; c++) {{ total += exp(logits[row * CLASSES + c] - most); }}
    let base = most + log(total);
    for (var c = 0u; c < CLASSES; c++) {{
      sum += targets[row * CLASSES + c] * (base - logits[row * CLASSES + c]);
    }}
  }}
  sums[id.x] = sum;
  workgroupBarrier();
  if id.x != 0u {{ return; }}
  for (var i = 1u; i < {WORKGROUP}u; i++) {{ sum += sums[i]; }}
  loss[0] = sum / f32(rows);
"
        );
        constants(&[("CLASSES", self.classes)])
            + &bindings(&[("logits", 1), ("targets", 1)], &[("loss", 1)])
            + &format!("var<workgroup> sums: array<f32, {WORKGROUP}>;\n")
            + &entry_point(&body)
    }
}
