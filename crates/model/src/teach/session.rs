//! A net that is being taught, a step at a time. Pausing is not taking the next step.

use super::course::Course;
use super::optimiser::Optimisation;
use super::{Batch, Example, Labelled, Originals, Progress, Settings, TeachError};
use crate::{
    net::{Model, batch_tensor},
    ops::cross_entropy,
    prediction::Prediction,
    weights::{self, NamedTensor},
};
use burn::{
    module::Module,
    optim::GradientsParams,
    tensor::{Device, Tensor, Transaction},
};
use serde::{Deserialize, Serialize};

/// A net that is being trained.
pub struct Session {
    settings: Settings,
    course: Course,
    device: Device,
    /// `None` only while a step takes it.
    model: Option<Model>,
    optimiser: Optimisation,
    history: Vec<Progress>,
}

/// What is stored of a session; net, examples, originals and photos are whoever's who started it.
#[derive(Serialize, Deserialize)]
struct Checkpoint {
    settings: Settings,
    history: Vec<Progress>,
    /// In single precision, as all that follows depends on it.
    model: Vec<NamedTensor>,
    /// For each parameter that learns its moments.
    moments: Vec<Vec<Vec<f32>>>,
}

impl Session {
    /// Begins to teach `net`, which is on `device`, these examples.
    ///
    /// # Errors
    /// Where there is no example, or a setting makes no sense.
    pub fn new(
        net: &Model,
        settings: Settings,
        examples: Vec<Example>,
        originals: Originals,
        device: &Device,
    ) -> Result<Self, TeachError> {
        check(&settings, examples.len())?;
        let layers = settings.layers;
        let model = net.clone().learn_only(|name| layers.learn(name));
        let course = Course::fine_tune(net, settings.clone(), examples, originals);
        Ok(Self::begun(model, course, settings, device))
    }

    /// Begins to train the net that the settings name, from random weights, on these photos.
    ///
    /// # Errors
    /// Where there are no photos, or a setting makes no sense.
    pub fn from_scratch(
        settings: Settings,
        train: Labelled,
        device: &Device,
    ) -> Result<Self, TeachError> {
        check(&settings, train.len())?;
        let Some(scratch) = settings.scratch() else {
            return Err(TeachError::NoExamples);
        };
        let model = scratch.architecture.config().init(settings.seed, device);
        let course = Course::from_scratch(settings.clone(), train);
        Ok(Self::begun(model, course, settings, device))
    }

    fn begun(model: Model, course: Course, settings: Settings, device: &Device) -> Self {
        Self {
            model: Some(model.train()),
            optimiser: Optimisation::new(settings.optimiser),
            course,
            history: Vec::new(),
            device: device.clone(),
            settings,
        }
    }

    /// Takes one step. Does nothing but say the last one's figures once all steps are done.
    ///
    /// # Errors
    /// Where the device fails or the loss is no number.
    pub async fn step(&mut self) -> Result<Progress, TeachError> {
        if let Some(last) = self.history.last().filter(|_| self.is_done()) {
            return Ok(*last);
        }
        let step = self.step_count();
        let batch = self.course.batch(step);
        let tracked = self.device.clone().autodiff();
        let (logits, _) = self.model().forward(batch_tensor(&batch.images, &tracked));
        let targets = self.course.targets(&batch, &self.device);
        let loss = cross_entropy(logits.clone(), Tensor::from_inner(targets));
        let gradients = GradientsParams::from_grads(loss.backward(), self.model());
        let progress = progress(step, &batch, loss.inner(), logits.inner()).await?;
        if let Some(model) = self.model.take() {
            let rate = self.settings.learning_rate_at(step);
            self.model = Some(self.optimiser.step(rate, model, gradients));
        }
        self.history.push(progress);
        Ok(progress)
    }

    /// The steps' figures so far.
    pub fn history(&self) -> &[Progress] {
        &self.history
    }

    /// Steps done.
    pub fn step_count(&self) -> usize {
        self.history.len()
    }

    /// Whether all steps are done.
    pub fn is_done(&self) -> bool {
        self.step_count() >= self.settings.steps
    }

    /// The settings.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// What training has led to so far, for inference: for fine-tuning a net between the one as it was and
    /// the one that learns, by the settings' strength; else the one that learns, normalisations folded.
    pub fn net(&self) -> Model {
        self.course.result(self.learning(), &self.device)
    }

    /// The net that learns, without gradients.
    fn learning(&self) -> Model {
        self.model().valid()
    }

    #[allow(clippy::expect_used, reason = "only `step` takes it, and puts it back")]
    fn model(&self) -> &Model {
        self.model
            .as_ref()
            .expect("the model is put back after each step")
    }

    /// Checks [`Self::net`], which has the statistics of normalisations too: the loss of a step tells nothing of
    /// the weights after it.
    ///
    /// # Errors
    /// Where a weight is not finite in half precision, or the device fails.
    pub async fn check_finite(&self, net: &Model) -> Result<(), TeachError> {
        let tensors = net.to_tensors().await;
        let tensors = tensors.map_err(|reason| TeachError::Device { reason })?;
        match weights::are_finite(&tensors) {
            true => Ok(()),
            false => Err(TeachError::Diverged {
                step: self.step_count(),
            }),
        }
    }

    /// Everything that this session needs to go on.
    ///
    /// # Errors
    /// Where the device gives weights or the optimiser's state not back.
    pub async fn to_bytes(&self) -> Result<Vec<u8>, TeachError> {
        let failed = |reason: String| TeachError::Device { reason };
        let checkpoint = Checkpoint {
            settings: self.settings.clone(),
            history: self.history.clone(),
            model: self.learning().to_tensors().await.map_err(failed)?,
            moments: self.optimiser.values().await.map_err(failed)?,
        };
        postcard::to_allocvec(&checkpoint).map_err(|e| failed(e.to_string()))
    }

    /// This session, which has just begun, taken on to where a checkpoint of the same training stood.
    ///
    /// # Errors
    /// Where the bytes are no checkpoint of this training.
    pub fn resumed(mut self, bytes: &[u8]) -> Result<Self, TeachError> {
        let bad = |reason: String| TeachError::BadCheckpoint { reason };
        let stored: Checkpoint = postcard::from_bytes(bytes).map_err(|e| bad(e.to_string()))?;
        if stored.settings != self.settings {
            return Err(bad("it had other settings".into()));
        }
        let model = self.learning().with_tensors(stored.model);
        let layers = self.settings.layers;
        let model = model
            .map_err(|e| bad(e.to_string()))?
            .learn_only(|name| layers.learn(name));
        self.model = Some(model.train());
        self.optimiser = Optimisation::resumed(
            self.settings.optimiser,
            stored.history.len() as u32,
            stored.moments,
            self.model(),
            &self.device,
        )
        .map_err(bad)?;
        self.history = stored.history;
        Ok(self)
    }
}

fn check(settings: &Settings, images: usize) -> Result<(), TeachError> {
    settings
        .check()
        .map_err(|sentence| TeachError::Setting { sentence })?;
    match images {
        0 => Err(TeachError::NoExamples),
        _ => Ok(()),
    }
}

async fn progress(
    step: usize,
    batch: &Batch,
    loss: Tensor<1>,
    logits: Tensor<2>,
) -> Result<Progress, TeachError> {
    // Both in one go: each read waits for the device.
    let read = Transaction::default().register(loss).register(logits);
    let read = read.execute_async().await.map_err(|e| TeachError::Device {
        reason: crate::net::driver_words(&e),
    })?;
    let [loss, logits] = read.as_slice() else {
        return Err(TeachError::Device {
            reason: "it gave too little back".into(),
        });
    };
    let loss = loss.iter::<f32>().next().filter(|loss| loss.is_finite());
    let loss = loss.ok_or(TeachError::Diverged { step: step + 1 })?;
    let logits: Vec<f32> = logits.iter::<f32>().collect();
    let (rows, _) = logits.as_chunks();
    let right = rows
        .iter()
        .zip(&batch.labels)
        .take(batch.examples)
        .filter(|(row, label)| Prediction::from_logits(row, 1.0).top().0 == usize::from(**label))
        .count();
    Ok(Progress {
        step: step as u32 + 1,
        loss,
        right: right as u32,
        examples: batch.examples as u32,
    })
}
