//! Steps that several workers share, each of which takes a part of the batch: data-parallel training by
//! burn's own workers, the ones that its `Learner` has for several devices. As with burn's
//! `OptimMainDevice`, parameters and parts go to the workers' devices and the gradients come back.

use super::step::{Learnt, Lesson};
use crate::training::Run;
use anyhow::{Error, Result, anyhow};
use burn::data::{
    dataloader::{DataLoaderIterator, Progress},
    dataset::DatasetError,
};
use burn::module::Module;
use burn::optim::GradientsAccumulator;
use burn::tensor::{Device, ExecutionError, Tensor};
use burn::train::train::{MultiDeviceStepError, MultiDevicesTrainStep, WorkerFailure};
use burn::train::{InferenceStep, ItemLazy, TrainOutput, TrainStep};
use model::net::Model;
use std::panic;

/// Burn's workers.
pub struct Workers {
    workers: MultiDevicesTrainStep<Learner>,
    /// What to say of each if it fails.
    failures: Vec<String>,
    /// Where all they find out comes together.
    main: Device,
}

impl Workers {
    /// The workers of this run, of which there is one at least.
    pub fn new(run: &Run) -> Self {
        let devices: Vec<Device> = run.workers.iter().cloned().map(Device::autodiff).collect();
        let parallel = &run.config.train.parallel;
        let here =
            (1..=parallel.workers).map(|number| format!("worker {number} of this machine failed"));
        let there = parallel.remote.iter();
        let there = there.map(|address| format!("the worker at {address} answers no more"));
        Self {
            workers: MultiDevicesTrainStep::new(&devices),
            failures: here.chain(there).collect(),
            main: run.device.clone(),
        }
    }

    /// What the batch teaches, of which each worker takes a part: the same as without workers, up to
    /// the order of sums and to batch normalisation, which sees each part for itself.
    ///
    /// # Errors
    /// Where a worker fails.
    pub fn learn(&self, model: &Model, lesson: Lesson) -> Result<Learnt> {
        let learner = Learner { net: model.clone() };
        let answers = self.ask(&learner, lesson)?;
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

    /// What each worker found out, in the order of the parts.
    fn ask(&self, learner: &Learner, lesson: Lesson) -> Result<Vec<TrainOutput<Answer>>> {
        let count = self.failures.len();
        let parts = lesson.parts(count).into_iter().enumerate();
        let one = |(place, lesson)| {
            let main = self.main.clone();
            One::boxed(Part {
                place,
                lesson,
                main,
            })
        };
        let mut parts: Vec<_> = parts.map(one).collect();
        // Every worker wants to be asked, and one without a part says that it has none.
        parts.resize_with(count, || Box::new(One(None)));
        let answers = without_panic_messages(|| self.workers.step(&mut parts, learner));
        let (answers, _) = answers.map_err(|error| self.explain(error))?;
        let mut answers: Vec<_> = answers.into_iter().map(|answer| answer.output).collect();
        // They come as they are finished, but sums depend on the order.
        answers.sort_by_key(|answer| answer.item.place);
        Ok(answers)
    }

    fn explain(&self, error: MultiDeviceStepError) -> Error {
        let failures = match error {
            MultiDeviceStepError::Workers(failures) => failures,
            MultiDeviceStepError::Dataset(error) => return anyhow!("{error}"),
        };
        let sentence = |failure: &WorkerFailure| {
            let reason = failure.message.lines().next().unwrap_or_default();
            format!("{} ({reason})", self.failures[failure.device_id])
        };
        let sentences: Vec<String> = failures.iter().map(sentence).collect();
        anyhow!(sentences.join(" and "))
    }
}

/// Burn's workers panic where they fail, a lost connection included, and make an error of it, which
/// says enough.
fn without_panic_messages<T>(work: impl FnOnce() -> T) -> T {
    let hook = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    let result = work();
    panic::set_hook(hook);
    result
}

/// A part of the batch, the `place`th.
struct Part {
    place: usize,
    lesson: Lesson,
    /// Where what it teaches is to go.
    main: Device,
}

/// A model as burn's workers know one.
#[derive(Module, Debug)]
struct Learner {
    net: Model,
}

impl TrainStep for Learner {
    type Input = Part;
    type Output = Answer;

    fn step(
        &self,
        Part {
            place,
            lesson,
            main,
        }: Part,
    ) -> TrainOutput<Answer> {
        let lesson = lesson.moved_to(&self.net.head().weights.device());
        let Learnt {
            loss,
            logits,
            gradients,
        } = lesson.learn(&self.net).moved_to(&main, &self.net);
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
    type Input = Part;
    type Output = Answer;

    fn step(&self, Part { place, lesson, .. }: Part) -> Answer {
        let logits = self.net.forward(lesson.x).0;
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
struct One(Option<Part>);

impl One {
    fn boxed(part: Part) -> Box<dyn DataLoaderIterator<Part>> {
        Box::new(One(Some(part)))
    }
}

impl Iterator for One {
    type Item = Result<Part, DatasetError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.take().map(Ok)
    }
}

impl DataLoaderIterator<Part> for One {
    fn progress(&self) -> Progress {
        Progress::new(usize::from(self.0.is_none()), 1, None)
    }
}
