//! The optimisers of a run: one for all parameters, or Muon for the hidden layers' matrices and AdamW
//! for all else.

use super::config::TrainConfig;
use anyhow::{Context, Result};
use burn::{
    module::{Module, ModuleVisitor, Param, ParamId},
    optim::{
        AdamConfig, AdamWConfig, GradientsParams, ModuleOptimizer, MuonConfig, SgdConfig,
        decay::WeightDecayConfig, momentum::MomentumConfig,
    },
    tensor::{Bytes, Tensor},
};
use clap::ValueEnum;
use model::{class::CLASS_COUNT, net::Model};
use serde::{Deserialize, Serialize};

/// Fewest rows of a matrix that Muon takes: the first layer has nine, one a tap.
const MUON_ROWS: usize = 10;

/// Adam's guard against a division by zero, as Keras has it.
const ADAM_EPSILON: f32 = 1e-7;

/// Which optimiser trains.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OptimiserName {
    /// Muon for the hidden layers' matrices, AdamW for all else
    Muon,
    /// Adam with decoupled weight decay
    Adamw,
    /// Adam; weight decay is an L2 penalty
    Adam,
    /// Stochastic gradient descent with Nesterov's momentum; weight decay is an L2 penalty
    Sgd,
}

/// All optimisers with their states.
pub struct Optimiser(Vec<Part>);

/// An optimiser and what it trains.
struct Part {
    /// What its state's file is called.
    name: &'static str,
    optimiser: ModuleOptimizer,
    parameters: Vec<ParamId>,
    /// At the highest point of the schedule.
    learning_rate: f64,
}

impl Optimiser {
    /// New optimisers for this model's parameters.
    pub fn new(config: &TrainConfig, model: &Model) -> Self {
        let mut sorted = Sort::default();
        model.visit(&mut sorted);
        let Sort { matrices, others } = sorted;
        let part = |name, optimiser, parameters, learning_rate| Part {
            name,
            optimiser,
            parameters,
            learning_rate,
        };
        let main =
            |name, optimiser, parameters| part(name, optimiser, parameters, config.learning_rate);
        let all = [matrices.clone(), others.clone()].concat();
        let decay = config.weight_decay as f32;
        let penalty = Some(WeightDecayConfig::new(decay));
        Self(match config.optimiser {
            OptimiserName::Muon => {
                let muon = MuonConfig::new().with_weight_decay(penalty).init();
                let adamw = adamw(config.adamw_weight_decay as f32);
                vec![
                    main("muon", muon, matrices),
                    part("adamw", adamw, others, config.adamw_learning_rate),
                ]
            }
            OptimiserName::Adamw => vec![main("adamw", adamw(decay), all)],
            OptimiserName::Adam => {
                let adam = AdamConfig::new()
                    .with_epsilon(ADAM_EPSILON)
                    .with_weight_decay(penalty);
                vec![main("adam", adam.init(), all)]
            }
            OptimiserName::Sgd => {
                let momentum = (config.momentum > 0.0).then_some(MomentumConfig {
                    momentum: config.momentum,
                    dampening: 0.0,
                    nesterov: true,
                });
                let sgd = SgdConfig::new()
                    .with_weight_decay(penalty)
                    .with_momentum(momentum);
                vec![main("sgd", sgd.init(), all)]
            }
        })
    }

    /// One step at `factor` times the highest learning rates.
    pub fn step(&mut self, factor: f64, model: Model, mut gradients: GradientsParams) -> Model {
        let ours: Vec<_> = self
            .0
            .iter()
            .map(|part| Take::from(&mut gradients, &model, &part.parameters))
            .collect();
        let step = |model, (part, gradients): (&mut Part, _)| {
            part.optimiser
                .step(factor * part.learning_rate, model, gradients)
        };
        self.0.iter_mut().zip(ours).fold(model, step)
    }

    /// The states by name, for a checkpoint.
    ///
    /// # Errors
    /// Where a state cannot be read back from the device.
    pub fn to_bytes(&self) -> Result<Vec<(&'static str, Vec<u8>)>> {
        let bytes = |part: &Part| -> Result<_> {
            let bytes = part.optimiser.into_bytes();
            let bytes = bytes.context("the optimiser's state cannot be written")?;
            Ok((part.name, bytes.to_vec()))
        };
        self.0.iter().map(bytes).collect()
    }

    /// The same optimisers with the states of a checkpoint, which `read` gives by name.
    ///
    /// # Errors
    /// Where a state is not there, or its bytes are no optimiser's state.
    pub fn with_bytes(self, read: impl Fn(&str) -> Result<Vec<u8>>) -> Result<Self> {
        let load = |part: Part| -> Result<Part> {
            let bytes = Bytes::from_bytes_vec(read(part.name)?);
            let optimiser = part.optimiser.from_bytes(bytes);
            Ok(Part {
                optimiser: optimiser.context("the checkpoint's optimiser state is damaged")?,
                ..part
            })
        };
        Ok(Self(self.0.into_iter().map(load).collect::<Result<_>>()?))
    }
}

/// Takes the gradients of some parameters out of those of all.
struct Take<'a> {
    all: &'a mut GradientsParams,
    parameters: &'a [ParamId],
    taken: GradientsParams,
}

impl<'a> Take<'a> {
    fn from(
        all: &'a mut GradientsParams,
        model: &Model,
        parameters: &'a [ParamId],
    ) -> GradientsParams {
        let taken = GradientsParams::new();
        let mut take = Take {
            all,
            parameters,
            taken,
        };
        model.visit(&mut take);
        take.taken
    }
}

impl ModuleVisitor for Take<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if self.parameters.contains(&param.id)
            && let Some(gradient) = self.all.remove::<D>(param.id)
        {
            self.taken.register(param.id, gradient);
        }
    }
}

fn adamw(weight_decay: f32) -> ModuleOptimizer {
    AdamWConfig::new().with_weight_decay(weight_decay).init()
}

#[derive(Default)]
struct Sort {
    matrices: Vec<ParamId>,
    others: Vec<ParamId>,
}

impl ModuleVisitor for Sort {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let hidden = matches!(param.dims()[..], [rows, columns] if rows >= MUON_ROWS && columns != CLASS_COUNT);
        if hidden {
            self.matrices.push(param.id);
        } else {
            self.others.push(param.id);
        }
    }
}
