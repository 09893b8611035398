//! Pieces that the kernels' sources are put together from.

use super::kernel::{ROW, WORKGROUP};

/// How inputs are bound. Natively, tensors share buffers, and WebGPU has one use for a buffer within
/// a dispatch; in the browser each has its own, and one tensor may be two inputs if both only read.
const READ: &str = if cfg!(target_family = "wasm") {
    "read"
} else {
    "read_write"
};

/// How many of `channels` one load or store takes: four if that divides them.
pub(super) fn lanes(channels: usize) -> usize {
    if channels.is_multiple_of(4) { 4 } else { 1 }
}

/// The type of `lanes` numbers.
pub(super) fn vector(lanes: usize) -> &'static str {
    if lanes == 4 { "vec4f" } else { "f32" }
}

/// An expression for `value`, or 0 where that is negative. WGSL's `max` may give 0 for NaN; a comparison does
/// not, unless a driver takes it that there is none, which the standard allows.
pub(super) fn relu(value: &str, lanes: usize) -> String {
    let zero = format!("{}(0.0)", vector(lanes));
    format!("select({value}, {zero}, {value} < {zero})")
}

/// `const NAME = value;`, a line each.
pub(super) fn constants(values: &[(&str, usize)]) -> String {
    values
        .iter()
        .map(|(name, value)| format!("const {name} = {value}u;\n"))
        .collect()
}

/// Declares inputs and outputs, name and lanes each, bound in that order. A kernel has at most eight:
/// WebGPU promises no more.
pub(super) fn bindings(inputs: &[(&str, usize)], outputs: &[(&str, usize)]) -> String {
    let uses = std::iter::repeat_n(READ, inputs.len());
    let uses = uses.chain(std::iter::repeat_n("read_write", outputs.len()));
    let all = inputs.iter().chain(outputs).zip(uses).enumerate();
    all.map(|(index, ((name, lanes), access))| {
        let element = vector(*lanes);
        format!("@group(0) @binding({index}) var<storage, {access}> {name}: array<{element}>;\n")
    })
    .collect()
}

/// The start of a body that runs once for each value of `array`, on [`super::kernel::Grid::of_values`]:
/// `at` is the value's place.
pub(super) fn each_value(array: &str) -> String {
    format!(
        "  let at = id.z * {ROW}u + id.x;\n  \
         if id.x >= {ROW}u || at >= arrayLength(&{array}) {{ return; }}\n"
    )
}

/// The entry point; `id.x` counts invocations, `id.z` layers.
pub(super) fn entry_point(body: &str) -> String {
    format!(
        "@compute @workgroup_size({WORKGROUP})\n\
         fn main(@builtin(global_invocation_id) id: vec3u) {{\n{body}}}\n"
    )
}
