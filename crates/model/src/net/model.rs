//! The nets behind one type, and their tensors by name.

use super::{
    Compact, Config, DeepCnn, Mlp, Prepared, SmallCnn,
    layers::{ConvLayer, Dense, Statistics},
};
use crate::weights::{NamedTensor, WeightsError};
use burn::{
    module::{Module, ModuleMapper, ModuleVisitor, Param},
    tensor::{Device, Tensor, TensorData},
};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use std::collections::{BTreeMap, VecDeque};

/// One of the nets.
#[derive(Module, Debug)]
#[allow(
    clippy::large_enum_variant,
    reason = "there is one of them, and it holds handles only"
)]
pub enum Model {
    /// See [`Mlp`].
    Mlp(Mlp),
    /// See [`DeepCnn`].
    DeepCnn(DeepCnn),
    /// See [`SmallCnn`].
    SmallCnn(SmallCnn),
    /// See [`Compact`].
    Compact(Compact),
}

impl Config {
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

impl Model {
    /// Logits, and the statistics of each batch normalisation (none once folded).
    ///
    /// # Shapes
    /// - x: `[batch, 28, 28, 1]`, normalised
    /// - output: `[batch, 10]`
    pub fn forward(&self, x: Tensor<4>) -> (Tensor<2>, Vec<Statistics>) {
        let (features, statistics) = self.features(x);
        (self.head().forward(features), statistics)
    }

    /// What the head sees, `[batch, features]`, and the statistics of each batch normalisation.
    pub fn features(&self, x: Tensor<4>) -> (Tensor<2>, Vec<Statistics>) {
        match self {
            Self::Mlp(net) => (net.features(x), Vec::new()),
            Self::DeepCnn(net) => net.features(x),
            Self::SmallCnn(net) => net.features(x),
            Self::Compact(net) => net.features(x),
        }
    }

    /// The layer from the features to the logits.
    pub fn head(&self) -> &Dense {
        match self {
            Self::Mlp(net) => net.head(),
            Self::DeepCnn(net) => net.head(),
            Self::SmallCnn(net) => net.head(),
            Self::Compact(net) => net.head(),
        }
    }

    /// The net for inference: every normalisation, with the statistics given in order of the
    /// layers, folded into weights and biases.
    pub fn fold(&self, statistics: &[Statistics]) -> Self {
        let mut folded = self.clone();
        for (layer, statistics) in folded.conv_layers_mut().into_iter().zip(statistics) {
            *layer = layer.fold(statistics);
        }
        folded
    }

    /// The model for inference alone, its weights as the device wants them; see [`crate::ops::prepare`].
    pub fn prepared(&self) -> Prepared {
        let mut model = self.clone();
        for layer in model.conv_layers_mut() {
            *layer = layer.prepared();
        }
        Prepared(model)
    }

    /// In order of the forward pass.
    fn conv_layers_mut(&mut self) -> Vec<&mut ConvLayer> {
        match self {
            Self::Mlp(_) => Vec::new(),
            Self::DeepCnn(net) => net.conv_layers_mut(),
            Self::SmallCnn(net) => net.conv_layers_mut(),
            Self::Compact(net) => net.conv_layers_mut(),
        }
    }

    /// The same net, of which only those tensors learn whose names `learns` accepts.
    pub fn learn_only(self, learns: impl Fn(&str) -> bool) -> Self {
        self.map(&mut Freeze {
            path: Path::default(),
            learns,
        })
    }

    /// This net's numbers times `share` plus `other`'s times the rest. Both are of one architecture, on
    /// one device, and without gradients.
    pub fn mixed(self, other: &Self, share: f64) -> Self {
        let mut values = Values::default();
        other.visit(&mut values);
        self.map(&mut Mix {
            values: values.0,
            share,
        })
    }

    /// All tensors by name, in the order of the layers. Reads wait for the device without blocking.
    ///
    /// # Errors
    /// Where the device fails to give a tensor back.
    pub async fn to_tensors(&self) -> Result<Vec<NamedTensor>, String> {
        let mut collected = Collect::default();
        self.visit(&mut collected);
        let mut tensors = Vec::with_capacity(collected.tensors.len());
        for (name, shape, tensor) in collected.tensors {
            let data = tensor
                .into_data_async()
                .await
                .map_err(|e| super::driver_words(&e))?;
            tensors.push(NamedTensor {
                name,
                shape,
                values: data.iter::<f32>().collect(),
            });
        }
        Ok(tensors)
    }

    /// The same net with these tensors for its own.
    ///
    /// # Errors
    /// Where a tensor is missing, of another shape, or not of this net.
    pub fn with_tensors(self, tensors: Vec<NamedTensor>) -> Result<Self, WeightsError> {
        let mut replace = Replace {
            path: Path::default(),
            tensors: tensors.into_iter().map(|t| (t.name.clone(), t)).collect(),
            error: None,
        };
        let model = self.map(&mut replace);
        if let Some(error) = replace.error {
            return Err(error);
        }
        match replace.tensors.into_keys().next() {
            Some(name) => Err(WeightsError::UnexpectedTensor { name }),
            None => Ok(model),
        }
    }
}

/// The names of the modules on the way to a parameter. The enum's variant is left out: the sidecar
/// names the architecture.
#[derive(Default)]
struct Path(Vec<String>);

impl Path {
    fn enter(&mut self, name: &str) {
        self.0.push(name.to_owned());
    }

    fn exit(&mut self) {
        self.0.pop();
    }

    fn name(&self) -> String {
        let variants = ["Mlp", "DeepCnn", "SmallCnn", "Compact"];
        let names: Vec<&str> = self
            .0
            .iter()
            .map(String::as_str)
            .filter(|n| !variants.contains(n))
            .collect();
        names.join(".")
    }
}

#[derive(Default)]
struct Collect {
    path: Path,
    tensors: Vec<(String, Vec<usize>, Tensor<1>)>,
}

impl ModuleVisitor for Collect {
    fn enter_module(&mut self, name: &str, _container: &str) {
        self.path.enter(name);
    }

    fn exit_module(&mut self, _name: &str, _container: &str) {
        self.path.exit();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let value = param.val();
        let shape = value.dims().to_vec();
        self.tensors
            .push((self.path.name(), shape, value.flatten(0, D - 1)));
    }
}

#[derive(Default)]
struct Values(VecDeque<Tensor<1>>);

impl ModuleVisitor for Values {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        self.0.push_back(param.val().flatten(0, D - 1));
    }
}

struct Mix {
    values: VecDeque<Tensor<1>>,
    share: f64,
}

impl ModuleMapper for Mix {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        // Both models have the same layers, so their parameters come in the same order.
        let Some(other) = self.values.pop_front() else {
            return param;
        };
        let share = self.share;
        param.map(|own| {
            let other = other.reshape(own.dims());
            own * share + other * (1.0 - share)
        })
    }
}

struct Freeze<F> {
    path: Path,
    learns: F,
}

impl<F: Fn(&str) -> bool> ModuleMapper for Freeze<F> {
    fn enter_module(&mut self, name: &str, _container: &str) {
        self.path.enter(name);
    }

    fn exit_module(&mut self, _name: &str, _container: &str) {
        self.path.exit();
    }

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        param.set_require_grad((self.learns)(&self.path.name()))
    }
}

struct Replace {
    path: Path,
    tensors: BTreeMap<String, NamedTensor>,
    error: Option<WeightsError>,
}

impl ModuleMapper for Replace {
    fn enter_module(&mut self, name: &str, _container: &str) {
        self.path.enter(name);
    }

    fn exit_module(&mut self, _name: &str, _container: &str) {
        self.path.exit();
    }

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let name = self.path.name();
        let value = param.val();
        let expected = value.dims().to_vec();
        match self.tensors.remove(&name) {
            None => {
                self.error
                    .get_or_insert(WeightsError::MissingTensor { name });
                param
            }
            Some(found) if found.shape != expected => {
                self.error.get_or_insert(WeightsError::WrongShape {
                    name,
                    expected,
                    found: found.shape,
                });
                param
            }
            Some(found) => {
                let data = TensorData::new(found.values, found.shape);
                Param::initialized(param.id, Tensor::from_data(data, &value.device()))
            }
        }
    }
}
