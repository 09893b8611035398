//! A mild bending of the whole picture, as no hand is exact.

use rand::Rng;

use super::field::{Field, SIDE};

/// Number of nodes along an edge at which the elastic shift is drawn.
const NODES: usize = 6;
const CELL: f32 = (SIDE - 1) as f32 / (NODES - 1) as f32;

type Shift = (f32, f32);

/// The field turned (standard deviation 6 degrees), sheared and bent a little.
pub(super) fn warped(field: &Field, rng: &mut impl Rng) -> Field {
    let [across, down] = affine(rng);
    let strength = rng.random_range(0.0..5.0);
    let mut draw = || rng.random_range(-1.0..1.0f32) * strength;
    let nodes: [[Shift; NODES]; NODES] =
        std::array::from_fn(|_| std::array::from_fn(|_| (draw(), draw())));
    let half = (SIDE - 1) as f32 / 2.0;
    let mut result = Vec::with_capacity(SIDE * SIDE);
    for row in 0..SIDE {
        let shifts = shifts_of_row(&nodes, row);
        let y = row as f32 - half;
        for (column, shift) in shifts.iter().enumerate() {
            let x = column as f32 - half;
            result.push(field.sample(
                half + x * across.0 + y * across.1 + shift.0,
                half + x * down.0 + y * down.1 + shift.1,
            ));
        }
    }
    Field(result)
}

/// The rows of the matrix that takes a place in the result to one in the source. It shrinks the
/// picture by a tenth, so that nothing is turned out of it.
fn affine(rng: &mut impl Rng) -> [Shift; 2] {
    // The sum of three uniform numbers is near enough to a normal one.
    let mut normal = || (0..3).map(|_| rng.random_range(-1.0..1.0f32)).sum::<f32>();
    let (sin, cos) = (6.0 * normal()).to_radians().sin_cos();
    let shear = 0.05 * normal();
    let stretch = 1.0 + 0.05 * normal();
    let size = 1.1;
    [
        (size * cos * stretch, size * (shear - sin)),
        (size * sin, size * cos / stretch),
    ]
}

/// The elastic shift of every pixel of a row, smooth between the nodes.
fn shifts_of_row(nodes: &[[Shift; NODES]; NODES], row: usize) -> [Shift; SIDE] {
    let (upper, part) = cell(row);
    let line: [Shift; NODES] =
        std::array::from_fn(|node| mixed(nodes[upper][node], nodes[upper + 1][node], part));
    std::array::from_fn(|column| {
        let (left, part) = cell(column);
        mixed(line[left], line[left + 1], part)
    })
}

/// The node before a pixel, and the eased way from there to the next.
fn cell(pixel: usize) -> (usize, f32) {
    let position = pixel as f32 / CELL;
    let node = (position as usize).min(NODES - 2);
    let part = position - node as f32;
    (node, part * part * (3.0 - 2.0 * part))
}

fn mixed(a: Shift, b: Shift, part: f32) -> Shift {
    (a.0 + (b.0 - a.0) * part, a.1 + (b.1 - a.1) * part)
}
