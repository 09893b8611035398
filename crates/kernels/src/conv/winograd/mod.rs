//! Convolution by Winograd's minimal filtering: a third to a quarter of the multiplications, for
//! which tiles of the image are transformed to points, multiplied by the weights' points, and
//! transformed back ([`points`]).
//!
//! The tiles of a few images are taken together, so that the weights' points, which are four times as
//! many as the weights, are read from memory once for all of them.

mod forward;
mod gradient;
mod points;
mod scratch;
mod tiling;
mod weights;

pub(super) use forward::forward;
pub(super) use gradient::weight_gradient;
pub use weights::transform_weights;

use super::{CHANNEL_STEP, Shape};

/// Whether a convolution goes this way: vectors of input channels must come out even.
pub(super) fn suits(shape: Shape) -> bool {
    shape.inputs.is_multiple_of(CHANNEL_STEP) && shape.outputs.is_multiple_of(CHANNEL_STEP)
}
