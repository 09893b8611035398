//! The optimisers over all parameters of a net that learn.

use super::Optimiser;
use crate::{
    net::Model,
    ops::optimiser::{AdamWStep, adam_w, nesterov},
};
use burn::{
    module::{Module, ModuleMapper, ModuleVisitor, Param},
    optim::GradientsParams,
    tensor::{Device, Tensor, TensorData},
};

/// AdamW's decay of weights, times the learning rate a step.
const WEIGHT_DECAY: f64 = 0.01;

/// An optimiser with what it remembers from step to step.
pub(super) struct Optimisation {
    rule: Optimiser,
    /// Steps done.
    count: u32,
    /// The running means of each parameter that learns, in the order of the layers.
    moments: Vec<Moments>,
}

/// Both means of AdamW, or SGD's velocity.
type Moments = Vec<Tensor<1>>;

impl Optimisation {
    /// One that remembers nothing yet.
    pub(super) fn new(rule: Optimiser) -> Self {
        Self {
            rule,
            count: 0,
            moments: Vec::new(),
        }
    }

    /// Moves the parameters that learn against their gradients.
    pub(super) fn step(&mut self, rate: f64, model: Model, gradients: GradientsParams) -> Model {
        self.count += 1;
        let mut step = Step {
            optimisation: self,
            rate,
            gradients,
            parameter: 0,
        };
        model.map(&mut step)
    }

    /// The moments' values.
    ///
    /// # Errors
    /// Where the device gives them not back.
    pub(super) async fn values(&self) -> Result<Vec<Vec<Vec<f32>>>, String> {
        let mut all = Vec::with_capacity(self.moments.len());
        for moments in &self.moments {
            let mut values = Vec::with_capacity(moments.len());
            for moment in moments {
                let data = moment.clone().into_data_async().await;
                let data = data.map_err(|e| crate::net::driver_words(&e))?;
                values.push(data.iter::<f32>().collect());
            }
            all.push(values);
        }
        Ok(all)
    }

    /// The optimiser after `count` steps, with these moments of the parameters of `model` that learn.
    ///
    /// # Errors
    /// Where they do not fit the parameters.
    pub(super) fn resumed(
        rule: Optimiser,
        count: u32,
        values: Vec<Vec<Vec<f32>>>,
        model: &Model,
        device: &Device,
    ) -> Result<Self, String> {
        let mut sizes = Sizes(Vec::new());
        model.visit(&mut sizes);
        let fits = |(moments, size): (&Vec<Vec<f32>>, &usize)| {
            moments.len() == moment_count(rule) && moments.iter().all(|m| m.len() == *size)
        };
        // Before the first step there are none.
        let is_begun = count > 0;
        let expected = if is_begun { sizes.0.len() } else { 0 };
        if values.len() != expected || !values.iter().zip(&sizes.0).all(fits) {
            return Err("the optimiser's moments do not fit the network".into());
        }
        let moments = |values: Vec<Vec<f32>>| values.into_iter().map(|v| flat(v, device)).collect();
        Ok(Self {
            rule,
            count,
            moments: values.into_iter().map(moments).collect(),
        })
    }

    /// The moments of a parameter; zero at first.
    fn moments_of(&mut self, parameter: usize, value: &Tensor<1>) -> &mut Moments {
        while self.moments.len() <= parameter {
            let count = moment_count(self.rule);
            let zero = || flat(vec![0.0; value.dims()[0]], &value.device());
            self.moments.push((0..count).map(|_| zero()).collect());
        }
        &mut self.moments[parameter]
    }

    fn update(
        &mut self,
        index: usize,
        rate: f64,
        value: Tensor<1>,
        gradient: Tensor<1>,
    ) -> Tensor<1> {
        let step = AdamWStep::new(rate, WEIGHT_DECAY, self.count);
        let moments = self.moments_of(index, &value);
        let (value, new) = match moments.as_slice() {
            [mean, square] => {
                let (value, moments) =
                    adam_w(value, gradient, [mean.clone(), square.clone()], step);
                (value, moments.to_vec())
            }
            [velocity] => {
                let (value, velocity) = nesterov(value, gradient, velocity.clone(), rate);
                (value, vec![velocity])
            }
            _ => (value, Vec::new()),
        };
        *moments = new;
        value
    }
}

/// How many moments a parameter has.
fn moment_count(rule: Optimiser) -> usize {
    match rule {
        Optimiser::AdamW => 2,
        Optimiser::Sgd => 1,
    }
}

/// How many numbers each parameter that learns has.
struct Sizes(Vec<usize>);

impl ModuleVisitor for Sizes {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if param.val().is_require_grad() {
            self.0.push(param.dims().iter().product());
        }
    }
}

fn flat(values: Vec<f32>, device: &Device) -> Tensor<1> {
    let length = values.len();
    Tensor::from_data(TensorData::new(values, [length]), device)
}

/// One step on its way through the layers.
struct Step<'a> {
    optimisation: &'a mut Optimisation,
    rate: f64,
    gradients: GradientsParams,
    /// The next parameter that learns.
    parameter: usize,
}

impl ModuleMapper for Step<'_> {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let Some(gradient) = self.gradients.remove::<D>(param.id) else {
            return param;
        };
        let (id, tensor, mapper) = param.consume();
        let shape = tensor.dims();
        let value = self.optimisation.update(
            self.parameter,
            self.rate,
            tensor.inner().flatten(0, D - 1),
            gradient.flatten(0, D - 1),
        );
        self.parameter += 1;
        let tensor = Tensor::from_inner(value.reshape(shape)).require_grad();
        Param::from_mapped_value(id, tensor, mapper)
    }
}
