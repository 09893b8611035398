//! Which net, and its sizes.

use super::{Compact, DeepCnn, Mlp, Model, SmallCnn};
use crate::architecture::Architecture;
use crate::class::CLASS_COUNT;
use crate::image::{PIXELS, SIDE};
use burn::tensor::Device;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

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

    /// The numbers that its matrices hold together, or `None` where one would be empty or they would be more
    /// than can be counted: sizes from elsewhere may be any.
    pub(super) fn matrix_values(&self) -> Option<usize> {
        self.matrices()
            .into_iter()
            .try_fold(0usize, |sum, [a, b, c]| {
                let values = a.checked_mul(b)?.checked_mul(c)?;
                sum.checked_add(values).filter(|_| values > 0)
            })
    }

    /// The sizes of each matrix: taps or places, inputs, outputs.
    fn matrices(&self) -> Vec<[usize; 3]> {
        /// Places of the last stage of convolutions, seven by seven.
        const PLACES: usize = PIXELS / 16;
        let dense = |filters, hidden| [[PLACES, filters, hidden], [1, hidden, CLASS_COUNT]];
        match *self {
            Self::Mlp { hidden } => vec![[1, PIXELS, hidden], [1, hidden, CLASS_COUNT]],
            Self::DeepCnn {
                filters: f, hidden, ..
            } => [&[[9, 1, f], [9, f, f], [9, f, f]][..], &dense(f, hidden)].concat(),
            Self::SmallCnn {
                filters: [a, b],
                hidden,
                ..
            } => [&[[9, 1, a], [9, a, b]][..], &dense(b, hidden)].concat(),
            Self::Compact {
                channels: [a, b, c],
                ..
            } => {
                let early = [[9, 1, a], [9, a, a]];
                let middle = [[9, a, b], [9, b, b], [9, b, b]];
                let late = [[9, b, c], [9, c, c], [9, c, c], [1, c, CLASS_COUNT]];
                [&early[..], &middle, &late].concat()
            }
        }
    }

    /// A model with random weights: the same from the same seed, on every device.
    pub fn init(&self, seed: u64, device: &Device) -> Model {
        let rng = &mut ChaCha8Rng::seed_from_u64(seed);
        match *self {
            Self::Mlp { hidden } => Model::Mlp(Mlp::init(hidden, rng, device)),
            Self::DeepCnn {
                filters,
                hidden,
                batch_norm,
            } => Model::DeepCnn(DeepCnn::init(filters, hidden, batch_norm, rng, device)),
            Self::SmallCnn {
                filters,
                hidden,
                batch_norm,
            } => Model::SmallCnn(SmallCnn::init(filters, hidden, batch_norm, rng, device)),
            Self::Compact {
                channels,
                batch_norm,
            } => Model::Compact(Compact::init(channels, batch_norm, rng, device)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::cpu_device;

    #[test]
    fn multiply_adds_are_counted_layer_by_layer() {
        // By hand: 784·9·(32 + 32·32) + 196·9·(32·64 + 2·64·64) + 49·9·(64·128 + 2·128·128) + 1280.
        assert_eq!(Architecture::Compact.config().multiply_adds(), 43_579_136);
        assert_eq!(Architecture::Mlp.config().multiply_adds(), 101_632);
        // 784·9·32 + 196·9·32·64 + 49·64·128 + 1280.
        let small_cnn = Architecture::SmallCnn.config();
        assert_eq!(small_cnn.multiply_adds(), 4_241_152);
    }

    #[test]
    fn matrices_are_counted_as_they_are_made() {
        for architecture in Architecture::ALL {
            let config = architecture.config();
            let tensors = pollster::block_on(config.init(1, &cpu_device()).to_tensors());
            let tensors = tensors.expect("tensors").into_iter();
            let matrices = tensors.filter(|tensor| tensor.shape.len() == 2);
            let count = matrices.map(|matrix| matrix.values.len()).sum();
            assert_eq!(config.matrix_values(), Some(count), "{architecture}");
        }
        for hidden in [0, usize::MAX] {
            assert_eq!(Config::Mlp { hidden }.matrix_values(), None);
        }
    }
}
