//! Which net, and its sizes: what a sidecar says about them is checked here, for every device alike.

use crate::architecture::Architecture;
use crate::class::CLASS_COUNT;
use crate::image::{PIXELS, SIDE};
use crate::weights::{Sidecar, WeightsError};
use serde::{Deserialize, Serialize};

/// The kernels compute whole groups of so many channels.
pub(crate) const CHANNEL_STEP: usize = 32;

/// More channels than these make activations that exceed what WebGPU binds at once by default.
const MOST_CHANNELS: usize = 512;

/// Numbers in all matrices of a model: 64 MiB in single precision, 35 times those of the pretrained model.
const MOST_VALUES: usize = 1 << 24;

/// An architecture and its sizes; what a sidecar keeps, and what a model is made from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "architecture", rename_all = "kebab-case")]
pub enum Config {
    /// Flatten, one hidden dense layer with ReLU, dense.
    Mlp {
        /// Units of the hidden layer.
        hidden: usize,
    },
    /// Three 3×3 convolutions with ReLU, max pooling after the first two, two dense layers.
    #[serde(alias = "cnn")]
    DeepCnn {
        /// Filters of each convolution.
        filters: usize,
        /// Units of the hidden dense layer.
        hidden: usize,
        /// As for [`Self::Compact`]; absent where files of earlier versions have none.
        #[serde(default)]
        batch_norm: bool,
    },
    /// Two blocks of a 3×3 convolution with ReLU and a max pooling, two dense layers.
    #[serde(alias = "convnet")]
    SmallCnn {
        /// Filters of both convolutions.
        filters: [usize; 2],
        /// Units of the hidden dense layer.
        hidden: usize,
        /// As for [`Self::Compact`].
        batch_norm: bool,
    },
    /// The residual net that the page ships.
    Compact {
        /// Channels at 28×28, at 14×14 and at 7×7 pixels.
        channels: [usize; 3],
        /// Whether batch normalisation follows each convolution. While it does, the net is for
        /// training only; [`Model::fold`] turns it into biases.
        batch_norm: bool,
    },
}

impl Architecture {
    /// The usual sizes, ready for training.
    pub fn config(self) -> Config {
        match self {
            Self::Mlp => Config::Mlp { hidden: 128 },
            Self::DeepCnn => Config::DeepCnn {
                filters: 64,
                hidden: 128,
                batch_norm: false,
            },
            Self::SmallCnn => Config::SmallCnn {
                filters: [32, 64],
                hidden: 128,
                batch_norm: false,
            },
            Self::Compact => Config::Compact {
                channels: [32, 64, 128],
                batch_norm: true,
            },
        }
    }
}

impl Config {
    /// The architecture's name.
    pub fn architecture(&self) -> Architecture {
        match self {
            Self::Mlp { .. } => Architecture::Mlp,
            Self::DeepCnn { .. } => Architecture::DeepCnn,
            Self::SmallCnn { .. } => Architecture::SmallCnn,
            Self::Compact { .. } => Architecture::Compact,
        }
    }

    /// The same net with or without batch normalisation; `mlp` has no convolutions to normalise.
    pub fn with_batch_norm(mut self, on: bool) -> Self {
        match &mut self {
            Self::Mlp { .. } => {}
            Self::DeepCnn { batch_norm, .. }
            | Self::SmallCnn { batch_norm, .. }
            | Self::Compact { batch_norm, .. } => *batch_norm = on,
        }
        self
    }

    /// Multiplications with addition that one image costs.
    pub fn multiply_adds(&self) -> usize {
        /// Places at 28×28, 14×14 and 7×7 pixels.
        const PLACES: [usize; 3] = [SIDE * SIDE, SIDE * SIDE / 4, SIDE * SIDE / 16];
        let conv =
            |stage: usize, inputs: usize, outputs: usize| PLACES[stage] * 9 * inputs * outputs;
        match *self {
            Self::Mlp { hidden } => PIXELS * hidden + hidden * CLASS_COUNT,
            Self::DeepCnn {
                filters, hidden, ..
            } => {
                let convs =
                    conv(0, 1, filters) + conv(1, filters, filters) + conv(2, filters, filters);
                convs + PLACES[2] * filters * hidden + hidden * CLASS_COUNT
            }
            Self::SmallCnn {
                filters: [a, b],
                hidden,
                ..
            } => {
                let convs = conv(0, 1, a) + conv(1, a, b);
                convs + PLACES[2] * b * hidden + hidden * CLASS_COUNT
            }
            Self::Compact {
                channels: [a, b, c],
                ..
            } => {
                let early = conv(0, 1, a) + conv(0, a, a);
                let middle = conv(1, a, b) + 2 * conv(1, b, b);
                let late = conv(2, b, c) + 2 * conv(2, c, c);
                early + middle + late + c * CLASS_COUNT
            }
        }
    }

    /// The config that a sidecar states.
    ///
    /// # Errors
    /// Where it is none, is of another architecture than the sidecar, or has sizes that not every device can
    /// compute.
    pub fn of(sidecar: &Sidecar) -> Result<Self, WeightsError> {
        let architecture: Architecture =
            sidecar
                .architecture
                .parse()
                .map_err(|_| WeightsError::WrongArchitecture {
                    expected: Architecture::ALL.map(Architecture::name).join(", "),
                    found: sidecar.architecture.clone(),
                })?;
        let config: Self = serde_json::from_value(sidecar.config.clone()).map_err(|error| {
            WeightsError::BadSidecar {
                reason: error.to_string(),
            }
        })?;
        if config.architecture() != architecture {
            return Err(WeightsError::WrongArchitecture {
                expected: config.architecture().name().into(),
                found: sidecar.architecture.clone(),
            });
        }
        match config.fault() {
            Some(reason) => Err(WeightsError::BadSizes { reason }),
            None => Ok(config),
        }
    }

    /// Why not every device can compute such a model, if so.
    fn fault(&self) -> Option<String> {
        let (channels, hidden, batch_norm) = match self {
            Self::Mlp { hidden } => (&[][..], *hidden, false),
            Self::DeepCnn {
                filters,
                hidden,
                batch_norm,
            } => (std::slice::from_ref(filters), *hidden, *batch_norm),
            Self::SmallCnn {
                filters,
                hidden,
                batch_norm,
            } => (&filters[..], *hidden, *batch_norm),
            Self::Compact {
                channels,
                batch_norm,
            } => (&channels[..], 1, *batch_norm),
        };
        let fits = |channels: &usize| {
            (1..=MOST_CHANNELS).contains(channels) && channels.is_multiple_of(CHANNEL_STEP)
        };
        if let Some(channels) = channels.iter().find(|channels| !fits(channels)) {
            return Some(format!(
                "{channels} channels, where a multiple of {CHANNEL_STEP} up to {MOST_CHANNELS} is needed"
            ));
        }
        // The bound keeps the products below from overflowing.
        if !(1..=MOST_VALUES).contains(&hidden) {
            return Some(format!("{hidden} units in the hidden layer"));
        }
        let values: u64 = self.affine().iter().map(Affine::values).sum();
        if values > MOST_VALUES as u64 {
            return Some(format!(
                "{values} weights, where at most {MOST_VALUES} are taken"
            ));
        }
        batch_norm.then(|| "batch normalisation that has not been folded".to_owned())
    }

    /// The layers that multiply and add, in order of the forward pass.
    pub(crate) fn affine(&self) -> Vec<Affine> {
        /// Pixels of the last stage of convolutions, seven by seven.
        const PLACES: usize = PIXELS / 16;
        let layers: Vec<[usize; 3]> = match *self {
            Self::Mlp { hidden } => vec![[PIXELS, 1, hidden], [1, hidden, CLASS_COUNT]],
            Self::DeepCnn {
                filters: f, hidden, ..
            } => vec![
                [9, 1, f],
                [9, f, f],
                [9, f, f],
                [PLACES, f, hidden],
                [1, hidden, CLASS_COUNT],
            ],
            Self::SmallCnn {
                filters: [a, b],
                hidden,
                ..
            } => vec![
                [9, 1, a],
                [9, a, b],
                [PLACES, b, hidden],
                [1, hidden, CLASS_COUNT],
            ],
            Self::Compact {
                channels: [a, b, c],
                ..
            } => {
                let early = [[9, 1, a], [9, a, a]];
                let middle = [[9, a, b], [9, b, b], [9, b, b]];
                let late = [[9, b, c], [9, c, c], [9, c, c], [1, c, CLASS_COUNT]];
                [&early[..], &middle, &late].concat()
            }
        };
        let affine = |[places, inputs, outputs]: [usize; 3]| Affine {
            places,
            inputs,
            outputs,
        };
        layers.into_iter().map(affine).collect()
    }
}

/// The sizes of a layer that multiplies and adds: its matrix is `[places × inputs, outputs]`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Affine {
    /// Taps of a convolution, or pixels that a dense layer looks at.
    pub(crate) places: usize,
    /// Channels of the input.
    pub(crate) inputs: usize,
    /// Channels of the output.
    pub(crate) outputs: usize,
}

impl Affine {
    /// The shape of the matrix.
    pub(crate) fn shape(&self) -> [usize; 2] {
        [self.places * self.inputs, self.outputs]
    }

    fn values(&self) -> u64 {
        [self.places, self.inputs, self.outputs]
            .map(|size| size as u64)
            .iter()
            .product()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn multiply_adds_are_counted_layer_by_layer() {
        // By hand: 784·9·(32 + 32·32) + 196·9·(32·64 + 2·64·64) + 49·9·(64·128 + 2·128·128) + 1280.
        assert_eq!(Architecture::Compact.config().multiply_adds(), 43_579_136);
        assert_eq!(Architecture::Mlp.config().multiply_adds(), 101_632);
        // 784·9·32 + 196·9·32·64 + 49·64·128 + 1280.
        let small_cnn = Architecture::SmallCnn.config();
        assert_eq!(small_cnn.multiply_adds(), 4_241_152);
    }
}
