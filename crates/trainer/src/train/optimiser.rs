//! The two optimisers of a run: Muon for the hidden layers' matrices, AdamW for all else.

use super::config::TrainConfig;
use anyhow::{Context, Result};
use burn::{
    module::{Module, ModuleVisitor, Param, ParamId},
    optim::{AdamWConfig, GradientsParams, ModuleOptimizer, MuonConfig, decay::WeightDecayConfig},
    tensor::{Bytes, Gradients, Tensor},
};
use model::{class::CLASS_COUNT, net::Model};

/// Fewest rows of a matrix that Muon takes: the first layer has nine, one a tap.
const MUON_ROWS: usize = 10;

/// Both optimisers with their states.
pub struct Optimiser {
    muon: ModuleOptimizer,
    adamw: ModuleOptimizer,
    matrices: Vec<ParamId>,
    others: Vec<ParamId>,
}

impl Optimiser {
    /// New optimisers for this model's parameters.
    pub fn new(config: &TrainConfig, model: &Model) -> Self {
        let mut sorted = Sort::default();
        model.visit(&mut sorted);
        let decay = WeightDecayConfig::new(config.weight_decay as f32);
        Self {
            muon: MuonConfig::new().with_weight_decay(Some(decay)).init(),
            adamw: AdamWConfig::new()
                .with_weight_decay(config.adamw_weight_decay as f32)
                .init(),
            matrices: sorted.matrices,
            others: sorted.others,
        }
    }

    /// One step at `factor` times the highest learning rates.
    pub fn step(
        &mut self,
        config: &TrainConfig,
        factor: f64,
        model: Model,
        mut gradients: Gradients,
    ) -> Model {
        let matrices = GradientsParams::from_params(&mut gradients, &model, &self.matrices);
        let others = GradientsParams::from_params(&mut gradients, &model, &self.others);
        let model = self
            .muon
            .step(factor * config.learning_rate, model, matrices);
        self.adamw
            .step(factor * config.adamw_learning_rate, model, others)
    }

    /// The states, for a checkpoint: Muon's and AdamW's.
    ///
    /// # Errors
    /// Where a state cannot be read back from the device.
    pub fn to_bytes(&self) -> Result<[Vec<u8>; 2]> {
        let bytes = |optimiser: &ModuleOptimizer| -> Result<Vec<u8>> {
            Ok(optimiser
                .into_bytes()
                .context("the optimiser's state cannot be written")?
                .to_vec())
        };
        Ok([bytes(&self.muon)?, bytes(&self.adamw)?])
    }

    /// The same optimisers with the states of a checkpoint.
    ///
    /// # Errors
    /// Where the bytes are no optimiser's state.
    pub fn with_bytes(self, [muon, adamw]: [Vec<u8>; 2]) -> Result<Self> {
        let load = |optimiser: ModuleOptimizer, bytes| {
            optimiser
                .from_bytes(Bytes::from_bytes_vec(bytes))
                .context("the checkpoint's optimiser state is damaged")
        };
        Ok(Self {
            muon: load(self.muon, muon)?,
            adamw: load(self.adamw, adamw)?,
            ..self
        })
    }
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
