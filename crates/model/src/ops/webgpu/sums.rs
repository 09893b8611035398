//! Sums over all places of a batch, a channel each: in parts, for enough invocations, and then the parts'.

use super::{
    kernel::{Grid, Wgsl, launch},
    source::{bindings, constants, entry_point, lanes, vector},
};
use burn::backend::wgpu::CubeTensor;
use burn::tensor::Shape;

/// Into how many parts the places of a batch are shared out.
pub(super) const PARTS: usize = 64;

/// The start of a body that an invocation runs for four channels (or one), `c`, of one `part`: its
/// places are those from `first` to before `last`, of `places`.
pub(super) fn each_part(array: &str) -> String {
    format!(
        "  let c = id.x % CHANNELS;
  let part = id.x / CHANNELS;
  if part >= {PARTS}u {{ return; }}
  let places = arrayLength(&{array}) / CHANNELS;
  let share = (places + {last}u) / {PARTS}u;
  let first = min(part * share, places);
  let last = min(first + share, places);
",
        last = PARTS - 1,
    )
}

/// As many invocations as [`each_part`] wants.
pub(super) fn parts_grid(channels: usize) -> Grid {
    Grid::flat(PARTS * (channels / lanes(channels)))
}

/// What is summed of an output's gradient that a ReLU cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Terms {
    /// The gradient.
    Plain,
    /// The gradient, and its products with the normalised input.
    Normal,
}

/// Cuts the gradient where the ReLU cut the output, and adds up parts of what is left.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct CutSums {
    pub(super) channels: usize,
    pub(super) terms: Terms,
}

impl Wgsl for CutSums {
    fn source(&self) -> String {
        let lanes = lanes(self.channels);
        let zero = format!("{}(0.0)", vector(lanes));
        let mut inputs = vec![("y", lanes), ("dy", lanes)];
        let (mut start, mut term, mut end) = (String::new(), "", "");
        if self.terms == Terms::Normal {
            inputs.extend([("x", lanes), ("mean", lanes), ("variance", lanes)]);
            start = format!(
                "  let scale = inverseSqrt(variance[c] + {:?});\n  var products = {zero};\n",
                crate::ops::EPSILON
            );
            term = "    products += d * (x[at] - mean[c]) * scale;\n";
            end = "  parts[(part * 2u + 1u) * CHANNELS + c] = products;\n";
        }
        let rows = 1 + usize::from(self.terms == Terms::Normal);
        let body = format!(
            "{each}{start}  var sum = {zero};
  for (var place = first; place < last; place++) {{
    let at = place * CHANNELS + c;
    // `y` is positive, zero or NaN.
    let d = select(y[at], dy[at], y[at] > {zero});
    cut[at] = d;
    sum += d;
{term}  }}
  parts[part * {rows}u * CHANNELS + c] = sum;
{end}",
            each = each_part("dy"),
        );
        constants(&[("CHANNELS", self.channels / lanes)])
            + &bindings(&inputs, &[("cut", lanes), ("parts", lanes)])
            + &entry_point(&body)
    }
}

/// Adds parts: `parts` rows of `rows` × `columns` values.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Total {
    parts: usize,
    rows: usize,
    columns: usize,
}

impl Wgsl for Total {
    fn source(&self) -> String {
        let lanes = lanes(self.columns);
        let stores: String = (0..self.rows)
            .map(|row| format!("  if row == {row}u {{ y{row}[column] = sum; }}\n"))
            .collect();
        let body = format!(
            "  let column = id.x % COLUMNS;
  let row = id.x / COLUMNS;
  if row >= ROWS {{ return; }}
  var sum = {zero}(0.0);
  for (var part = 0u; part < PARTS; part++) {{ sum += x[part * ROWS * COLUMNS + id.x]; }}
{stores}",
            zero = vector(lanes),
        );
        let names: Vec<String> = (0..self.rows).map(|row| format!("y{row}")).collect();
        let outputs: Vec<_> = names.iter().map(|name| (name.as_str(), lanes)).collect();
        let values = [("PARTS", self.parts), ("ROWS", self.rows)];
        constants(&values)
            + &constants(&[("COLUMNS", self.columns / lanes)])
            + &bindings(&[("x", lanes)], &outputs)
            + &entry_point(&body)
    }
}

/// The sums over `parts` parts of several outputs, each of this shape.
pub(super) fn totals<const N: usize>(
    parts: &CubeTensor,
    count: usize,
    shape: &Shape,
) -> [CubeTensor; N] {
    let columns = shape.num_elements();
    let kernel = Total {
        parts: count,
        rows: N,
        columns,
    };
    let grid = Grid::flat(N * columns / lanes(columns));
    launch(
        kernel,
        &[parts],
        std::array::from_fn(|_| shape.clone()),
        grid,
    )
}

/// The gradient `dy` cut where the ReLU cut `y`, and its sums over all places: `[channels]`.
pub(super) fn cut_sums(y: &CubeTensor, dy: &CubeTensor) -> [CubeTensor; 2] {
    let shape = dy.meta.shape().clone();
    let channels = shape[3];
    let kernel = CutSums {
        channels,
        terms: Terms::Plain,
    };
    let parts = Shape::new([PARTS, channels]);
    let [cut, parts] = launch(kernel, &[y, dy], [shape, parts], parts_grid(channels));
    let [sums] = totals(&parts, PARTS, &Shape::new([channels]));
    [cut, sums]
}
