//! What a net makes of an image.

use crate::class::CLASS_COUNT;
use crate::evidence::{Evidence, PLACES};
use crate::folded::{self, Affine};

/// What a net makes of one image.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// One number a class.
    pub logits: [f32; CLASS_COUNT],
    /// What the head saw: 128 numbers in `compact`.
    pub features: Vec<f32>,
}

/// A closer look at one image.
#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    /// One number a class.
    pub logits: [f32; CLASS_COUNT],
    /// What speaks for each class; `None` for nets whose head is not linear in the image's places.
    pub evidence: Option<Evidence>,
}

impl Look {
    /// From the last stage's output, `[places, channels]`, of a net that averages it for its head.
    pub fn at_stage(stage: &[f32], head: &Affine) -> Self {
        let features = folded::average(PLACES, head.inputs, stage);
        Self {
            evidence: Evidence::new(stage, &head.weights),
            ..Self::at_features(&features, head)
        }
    }

    /// From what the head sees.
    pub fn at_features(features: &[f32], head: &Affine) -> Self {
        let logits = head.apply(features, false);
        Self {
            logits: std::array::from_fn(|class| logits.get(class).copied().unwrap_or(f32::NAN)),
            evidence: None,
        }
    }
}
