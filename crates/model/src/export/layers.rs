//! The nets as lists of layers, for programs that know no net of ours by name.

use crate::weights::WeightsError;

/// One layer of a folded net.
#[derive(Clone, Copy, Debug)]
pub(super) enum Layer {
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

use Layer::{Dense, GlobalAverage, MaxPool};

const fn conv(name: &'static str) -> Layer {
    Layer::Conv {
        name,
        residual: None,
    }
}

const HEAD: Layer = Dense {
    name: "head",
    relu: false,
};

const HIDDEN: Layer = Dense {
    name: "hidden",
    relu: true,
};

/// See `net::Mlp`.
const MLP: &[Layer] = &[HIDDEN, HEAD];

/// See `net::Cnn`.
const CNN: &[Layer] = &[
    conv("first"),
    MaxPool,
    conv("second"),
    MaxPool,
    conv("third"),
    HIDDEN,
    HEAD,
];

/// See `net::Compact`.
const COMPACT: &[Layer] = &[
    conv("stem"),
    conv("early"),
    MaxPool,
    conv("middle.widen"),
    conv("middle.first"),
    Layer::Conv {
        name: "middle.second",
        residual: Some("middle.widen"),
    },
    MaxPool,
    conv("late.widen"),
    conv("late.first"),
    Layer::Conv {
        name: "late.second",
        residual: Some("late.widen"),
    },
    GlobalAverage,
    HEAD,
];

/// The layers of the architecture of this name.
///
/// # Errors
/// Where there is no such architecture.
pub(super) fn layers(architecture: &str) -> Result<&'static [Layer], WeightsError> {
    let nets = [("mlp", MLP), ("cnn", CNN), ("compact", COMPACT)];
    match nets.iter().find(|(name, _)| *name == architecture) {
        Some((_, layers)) => Ok(layers),
        None => Err(WeightsError::WrongArchitecture {
            expected: nets.map(|(name, _)| name).join(", "),
            found: architecture.to_owned(),
        }),
    }
}
