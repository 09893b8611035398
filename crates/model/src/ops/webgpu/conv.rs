//! The 3×3 convolution and what follows it, in one kernel.
//!
//! An invocation computes [`TILE`] pixels of a row for four output channels (or one, where four do
//! not divide them): so each weight that it loads serves seven products, and 28, 14 and 7 pixels are
//! whole numbers of tiles. Its inner loop is written out, for a private array that is indexed in a
//! loop lives in memory. Workgroup memory has not been tried.

use super::{
    kernel::Wgsl,
    source::{bindings, constants, entry_point, lanes, relu, vector},
};
use std::fmt::Write as _;

/// How many pixels of a row an invocation computes.
const TILE: usize = 7;

/// Which of a convolution's products is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Direction {
    /// The output, from the input.
    Forward,
    /// The input's gradient, from the output's: the same sum with each tap mirrored and its matrix
    /// transposed.
    Backward,
}

/// See the [module](self). Activations are `[batch, height, width, channels]`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Conv {
    pub(super) height: usize,
    pub(super) width: usize,
    /// Channels that are read.
    pub(super) inputs: usize,
    /// Channels that are written.
    pub(super) outputs: usize,
    pub(super) direction: Direction,
    pub(super) bias: bool,
    pub(super) residual: bool,
    pub(super) relu: bool,
}

impl Conv {
    /// Invocations for one image.
    pub(super) fn invocations(&self) -> usize {
        self.height * self.width.div_ceil(TILE) * (self.outputs / self.output_lanes())
    }

    fn input_lanes(&self) -> usize {
        match self.direction {
            Direction::Forward => lanes(self.inputs),
            Direction::Backward => lanes(self.inputs).min(lanes(self.outputs)),
        }
    }

    fn output_lanes(&self) -> usize {
        match self.direction {
            Direction::Forward => lanes(self.outputs),
            Direction::Backward => self.input_lanes(),
        }
    }

    /// How many weights a load takes: they lie by the forward pass's output channels.
    fn weight_lanes(&self) -> usize {
        match self.direction {
            Direction::Forward => self.output_lanes(),
            Direction::Backward => self.input_lanes(),
        }
    }

    fn declarations(&self) -> String {
        let out = self.output_lanes();
        let mut inputs = vec![("x", self.input_lanes()), ("weights", self.weight_lanes())];
        inputs.extend(self.bias.then_some(("bias", out)));
        inputs.extend(self.residual.then_some(("residual", out)));
        constants(&[
            ("HEIGHT", self.height),
            ("WIDTH", self.width),
            ("TILES", self.width.div_ceil(TILE)),
            ("INPUTS", self.inputs / self.input_lanes()),
            ("OUTPUTS", self.outputs / out),
        ]) + &bindings(&inputs, &[("y", out)])
    }

    /// Loads the pixels that the tile's products with one row of taps need.
    fn pixels(&self) -> String {
        let zero = format!("{}(0.0)", vector(self.input_lanes()));
        let whole = self.width.is_multiple_of(TILE);
        let load = |q: usize| {
            let column = format!("left + {q}u");
            let at = |column: &str| format!("x[(line + {column}) * INPUTS + i]");
            // Columns count from the padding, so that they are never negative.
            let value = if whole && (1..=TILE).contains(&q) {
                at(&format!("{column} - 1u"))
            } else {
                let clamped = at(&format!("clamp({column}, 1u, WIDTH) - 1u"));
                format!("select({zero}, {clamped}, {column} >= 1u && {column} <= WIDTH)")
            };
            format!("      let v{q} = {value};\n")
        };
        (0..TILE + 2).map(load).collect()
    }

    /// Adds the products of one row of taps.
    fn products(&self) -> String {
        let mut text = String::new();
        for column in 0..3 {
            match self.direction {
                Direction::Forward => self.forward_products(column, &mut text),
                Direction::Backward => self.backward_products(column, &mut text),
            }
        }
        text
    }

    fn forward_products(&self, column: usize, text: &mut String) {
        let lanes = self.input_lanes();
        for lane in 0..lanes {
            let row = format!("((row * 3u + {column}u) * INPUTS + i) * {lanes}u + {lane}u");
            let part = if lanes == 4 {
                [".x", ".y", ".z", ".w"][lane]
            } else {
                ""
            };
            let _ = writeln!(text, "      {{ let w = weights[({row}) * OUTPUTS + o];");
            for p in 0..TILE {
                let _ = writeln!(text, "        a{p} += v{}{part} * w;", p + column);
            }
            text.push_str("      }\n");
        }
    }

    fn backward_products(&self, column: usize, text: &mut String) {
        let lanes = self.output_lanes();
        for lane in 0..lanes {
            let tap = format!("(8u - row * 3u - {column}u)");
            let row = format!("({tap} * OUTPUTS + o) * {lanes}u + {lane}u");
            let part = if lanes == 4 {
                [".x", ".y", ".z", ".w"][lane]
            } else {
                ""
            };
            let _ = writeln!(text, "      {{ let w = weights[({row}) * INPUTS + i];");
            for p in 0..TILE {
                let v = p + column;
                let product = if lanes == 4 {
                    format!("dot(v{v}, w)")
                } else {
                    format!("v{v} * w")
                };
                let _ = writeln!(text, "        a{p}{part} += {product};");
            }
            text.push_str("      }\n");
        }
    }

    /// What follows the sums, and the stores.
    fn epilogue(&self) -> String {
        let residual = if self.residual { " + residual[at]" } else { "" };
        let value = if self.relu {
            relu("sum", self.output_lanes())
        } else {
            "sum".to_owned()
        };
        let store = |p: usize| {
            let stores = format!(
                "let at = (first + {p}u) * OUTPUTS + o; let sum = a{p}{residual}; y[at] = {value};"
            );
            if self.width.is_multiple_of(TILE) {
                format!("  {{ {stores} }}\n")
            } else {
                format!("  if left + {p}u < WIDTH {{ {stores} }}\n")
            }
        };
        (0..TILE).map(store).collect()
    }
}

impl Wgsl for Conv {
    fn source(&self) -> String {
        let out = vector(self.output_lanes());
        let start = if self.bias {
            "bias[o]".to_owned()
        } else {
            format!("{out}(0.0)")
        };
        let sums: String = (0..TILE)
            .map(|p| format!("  var a{p} = {start};\n"))
            .collect();
        let (pixels, products, epilogue) = (self.pixels(), self.products(), self.epilogue());
        let body = format!(
            "  let o = id.x % OUTPUTS;
  let tile = id.x / OUTPUTS;
  if tile >= HEIGHT * TILES {{ return; }}
  let top = tile / TILES;
  let left = tile % TILES * {TILE}u;
  let image = id.z * HEIGHT;
{sums}  for (var row = 0u; row < 3u; row++) {{
    // Rows count from the padding too.
    if top + row < 1u || top + row > HEIGHT {{ continue; }}
    let line = (image + top + row - 1u) * WIDTH;
    for (var i = 0u; i < INPUTS; i++) {{
{pixels}{products}    }}
  }}
  let first = (image + top) * WIDTH + left;
{epilogue}"
        );
        self.declarations() + &entry_point(&body)
    }
}
