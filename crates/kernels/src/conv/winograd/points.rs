//! The transforms of F(4×4, 3×3): a tile of 4×4 outputs from 36 products instead of 144.
//!
//! From A. Lavin and S. Gray, "Fast algorithms for convolutional neural networks" (2016): tile and
//! weights are evaluated as polynomials at the points 0, ±1, ±2 and ∞, multiplied point by point, and
//! interpolated. Each transform is a one-dimensional one, over the rows and over the columns. The
//! gradients' transforms are the same matrices transposed.

use crate::simd::Lanes;

/// Rows and columns of a tile of outputs.
pub(super) const TILE: usize = 4;

/// Rows and columns of the inputs that a tile depends on, and of its points.
pub(super) const SPAN: usize = 6;

/// Points of a tile.
pub(super) const POINTS: usize = SPAN * SPAN;

/// Rows and columns of the weights.
pub(super) const TAPS: usize = 3;

/// A one-dimensional transform. A trait rather than a function to pass on: a call by way of `Fn` is
/// not compiled for the processor that `dispatch` found.
pub(super) trait Transform<const FROM: usize, const TO: usize> {
    fn apply<V: Lanes>(values: [V; FROM]) -> [V; TO];
}

/// Does a transform for the rows of `values`, then for its columns. The result is transposed; a second
/// transform turns it back, and products point by point do not mind.
#[inline(always)]
pub(super) fn twice<T: Transform<FROM, TO>, V: Lanes, const FROM: usize, const TO: usize>(
    values: [[V; FROM]; FROM],
) -> [[V; TO]; TO] {
    let zero = V::splat(0.0);
    let mut rows = [[zero; TO]; FROM];
    for r in 0..FROM {
        rows[r] = T::apply(values[r]);
    }
    let mut columns = [[zero; TO]; TO];
    for c in 0..TO {
        let mut column = [zero; FROM];
        for r in 0..FROM {
            column[r] = rows[r][c];
        }
        columns[c] = T::apply(column);
    }
    columns
}

#[inline(always)]
fn times<V: Lanes>(factor: f32, v: V) -> V {
    v.mul(V::splat(factor))
}

/// `a + factor × b`
#[inline(always)]
fn plus<V: Lanes>(a: V, factor: f32, b: V) -> V {
    a.add_product(V::splat(factor), b)
}

/// Inputs to points (Bᵀ).
pub(super) struct Input;

impl Transform<SPAN, SPAN> for Input {
    #[inline(always)]
    fn apply<V: Lanes>([d0, d1, d2, d3, d4, d5]: [V; SPAN]) -> [V; SPAN] {
        let (even, odd) = (plus(d4, -4.0, d2), plus(d3, -4.0, d1));
        let (far_even, far_odd) = (d4.sub(d2), times(2.0, d3.sub(d1)));
        [
            plus(plus(d4, 4.0, d0), -5.0, d2),
            even.add(odd),
            even.sub(odd),
            far_even.add(far_odd),
            far_even.sub(far_odd),
            plus(plus(d5, 4.0, d1), -5.0, d3),
        ]
    }
}

/// Weights to points (G), one row a point.
pub(super) const WEIGHTS: [[f32; TAPS]; SPAN] = [
    [1.0 / 4.0, 0.0, 0.0],
    [-1.0 / 6.0, -1.0 / 6.0, -1.0 / 6.0],
    [-1.0 / 6.0, 1.0 / 6.0, -1.0 / 6.0],
    [1.0 / 24.0, 1.0 / 12.0, 1.0 / 6.0],
    [1.0 / 24.0, -1.0 / 12.0, 1.0 / 6.0],
    [0.0, 0.0, 1.0],
];

/// Points to outputs (Aᵀ).
pub(super) struct Output;

impl Transform<SPAN, TILE> for Output {
    #[inline(always)]
    fn apply<V: Lanes>([m0, m1, m2, m3, m4, m5]: [V; SPAN]) -> [V; TILE] {
        let (near, near_odd) = (m1.add(m2), m1.sub(m2));
        let (far, far_odd) = (m3.add(m4), m3.sub(m4));
        [
            m0.add(near).add(far),
            plus(near_odd, 2.0, far_odd),
            plus(near, 4.0, far),
            plus(near_odd, 8.0, far_odd).add(m5),
        ]
    }
}

/// The outputs' gradient to points (A).
pub(super) struct OutputGradient;

impl Transform<TILE, SPAN> for OutputGradient {
    #[inline(always)]
    fn apply<V: Lanes>([y0, y1, y2, y3]: [V; TILE]) -> [V; SPAN] {
        let (even, odd) = (y0.add(y2), y1.add(y3));
        let (far_even, far_odd) = (plus(y0, 4.0, y2), plus(times(2.0, y1), 8.0, y3));
        [
            y0,
            even.add(odd),
            even.sub(odd),
            far_even.add(far_odd),
            far_even.sub(far_odd),
            y3,
        ]
    }
}

/// Points to the weights' gradient (Gᵀ).
pub(super) struct WeightsGradient;

impl Transform<SPAN, TAPS> for WeightsGradient {
    #[inline(always)]
    fn apply<V: Lanes>([u0, u1, u2, u3, u4, u5]: [V; SPAN]) -> [V; TAPS] {
        let (near, far) = (u1.add(u2), u3.add(u4));
        let odd = plus(times(1.0 / 6.0, u2.sub(u1)), 1.0 / 12.0, u3.sub(u4));
        let near = times(-1.0 / 6.0, near);
        [
            plus(plus(near, 0.25, u0), 1.0 / 24.0, far),
            odd,
            plus(near, 1.0 / 6.0, far).add(u5),
        ]
    }
}
