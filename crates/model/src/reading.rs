//! What a net makes of an image.

use crate::class::CLASS_COUNT;

/// What a net makes of one image.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// One number a class.
    pub logits: [f32; CLASS_COUNT],
    /// What the head saw: 128 numbers in `compact`.
    pub features: Vec<f32>,
}
