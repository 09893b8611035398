//! Steps that several workers share, each of which takes a part of the batch: data-parallel training by
//! burn's own workers, the ones that its `Learner` has for several devices.

use super::step::{Learnt, Lesson};
use anyhow::{Result, anyhow};
use burn::data::{
    dataloader::{DataLoaderIterator, Progress},
    dataset::DatasetError,
};
use burn::module::Module;
use burn::optim::GradientsAccumulator;
use burn::tensor::{Device, ExecutionError, Tensor};
use burn::train::train::MultiDevicesTrainStep;
use burn::train::{InferenceStep, ItemLazy, TrainOutput, TrainStep};
use model::net::Model;

/// Burn's workers, and how many there are.
pub struct Workers {
    workers: MultiDevicesTrainStep<Learner>,
    count: usize,
}

impl Workers {
    /// So many workers on this device.
    pub fn new(count: usize, device: &Device) -> Self {
        let devices = vec![device.clone().autodiff(); count];
        Self {
            workers: MultiDevicesTrainStep::new(&devices),
            count,
        }
    }

    /// What the batch teaches, of which each worker takes a part: the same as without workers, up to
    /// the order of sums and to batch normalisation, which sees each part for itself.
    ///
    /// # Errors
    /// Where a worker fails.
    pub fn learn(&self, model: &Model, lesson: Lesson) -> Result<Learnt> {
        let learner = Learner { net: model.clone() };
        let mut parts: Vec<_> = lesson
            .parts(self.count)
            .into_iter()
            .map(One::boxed)
            .collect();
        // Every worker wants to be asked, and one without a part says that it has none.
        parts.resize_with(self.count, || Box::new(One(None)));
        let (answers, _) = self
            .workers
            .step(&mut parts, &learner)
            .map_err(|error| anyhow!("{error}"))?;
        let mut answers: Vec<_> = answers.into_iter().map(|answer| answer.output).collect();
        // They come as they are finished, but sums depend on the order.
        answers.sort_by_key(|answer| answer.item.place);
        let mut gradients = GradientsAccumulator::new();
        let (mut losses, mut logits) = (Vec::new(), Vec::new());
        for TrainOutput { grads, item } in answers {
            gradients.accumulate(&learner, grads);
            losses.push(item.loss);
            logits.push(item.logits);
        }
        Ok(Learnt {
            loss: Tensor::cat(losses, 0).sum(),
            logits: Tensor::cat(logits, 0),
            gradients: gradients.grads(),
        })
    }
}

/// A model as burn's workers know one.
#[derive(Module, Debug)]
struct Learner {
    net: Model,
}

impl TrainStep for Learner {
    type Input = Lesson;
    type Output = Answer;

    fn step(&self, part: Lesson) -> TrainOutput<Answer> {
        let place = part.place;
        let Learnt {
            loss,
            logits,
            gradients,
        } = part.learn(&self.net);
        let item = Answer {
            place,
            loss,
            logits,
        };
        TrainOutput {
            grads: gradients,
            item,
        }
    }
}

/// Burn wants one of every learner; a run validates by itself.
impl InferenceStep for Learner {
    type Input = Lesson;
    type Output = Answer;

    fn step(&self, part: Lesson) -> Answer {
        let place = part.place;
        let logits = self.net.forward(part.x).0;
        Answer {
            place,
            loss: Tensor::zeros([1], &logits.device()),
            logits,
        }
    }
}

/// What a worker found out about its part, which is the `place`th.
struct Answer {
    place: usize,
    loss: Tensor<1>,
    logits: Tensor<2>,
}

impl ItemLazy for Answer {
    fn sync(self) -> Result<Self, ExecutionError> {
        Ok(self)
    }
}

/// Gives a worker its part, once.
struct One(Option<Lesson>);

impl One {
    fn boxed(part: Lesson) -> Box<dyn DataLoaderIterator<Lesson>> {
        Box::new(One(Some(part)))
    }
}

impl Iterator for One {
    type Item = Result<Lesson, DatasetError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.take().map(Ok)
    }
}

impl DataLoaderIterator<Lesson> for One {
    fn progress(&self) -> Progress {
        Progress::new(usize::from(self.0.is_none()), 1, None)
    }
}
