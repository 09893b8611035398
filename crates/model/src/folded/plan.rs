//! Which layers each architecture has once it is folded. What they compute is defined in `net`, with
//! which the tests compare.

use crate::architecture::Architecture;

/// One layer, without its weights.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step {
    /// 3×3 convolution of stride 1 and padding 1, its bias, what is added, a ReLU.
    Conv {
        /// Its tensors are `NAME.weights` and `NAME.bias`.
        name: &'static str,
        /// Name of the earlier convolution whose output is added before the ReLU.
        residual: Option<&'static str>,
    },
    /// 2×2 max pooling of stride 2.
    MaxPool,
    /// The mean over all pixels.
    GlobalAverage,
    /// A dense layer on everything before it.
    Dense {
        /// Its tensors are `NAME.weights` and `NAME.bias`.
        name: &'static str,
        /// Whether a ReLU follows.
        relu: bool,
    },
}

impl Step {
    /// What its tensors are named after, if it has any.
    pub(super) fn name(&self) -> Option<&'static str> {
        match self {
            Self::Conv { name, .. } | Self::Dense { name, .. } => Some(name),
            Self::MaxPool | Self::GlobalAverage => None,
        }
    }
}

use Step::{Dense, GlobalAverage, MaxPool};

const fn conv(name: &'static str) -> Step {
    Step::Conv {
        name,
        residual: None,
    }
}

const HEAD: Step = Dense {
    name: "head",
    relu: false,
};

const HIDDEN: Step = Dense {
    name: "hidden",
    relu: true,
};

/// See `net::Mlp`.
const MLP: &[Step] = &[HIDDEN, HEAD];

/// See `net::DeepCnn`.
const DEEP_CNN: &[Step] = &[
    conv("first"),
    MaxPool,
    conv("second"),
    MaxPool,
    conv("third"),
    HIDDEN,
    HEAD,
];

/// See `net::SmallCnn`.
const SMALL_CNN: &[Step] = &[
    conv("first"),
    MaxPool,
    conv("second"),
    MaxPool,
    HIDDEN,
    HEAD,
];

/// See `net::Compact`.
const COMPACT: &[Step] = &[
    conv("stem"),
    conv("early"),
    MaxPool,
    conv("middle.widen"),
    conv("middle.first"),
    Step::Conv {
        name: "middle.second",
        residual: Some("middle.widen"),
    },
    MaxPool,
    conv("late.widen"),
    conv("late.first"),
    Step::Conv {
        name: "late.second",
        residual: Some("late.widen"),
    },
    GlobalAverage,
    HEAD,
];

/// The layers of an architecture.
pub(super) fn steps(architecture: Architecture) -> &'static [Step] {
    match architecture {
        Architecture::Mlp => MLP,
        Architecture::DeepCnn => DEEP_CNN,
        Architecture::SmallCnn => SMALL_CNN,
        Architecture::Compact => COMPACT,
    }
}
