//! A net that is being taught, a step at a time. Pausing is not taking the next step.

use super::optimiser::Optimisation;
use super::{Batch, Batches, Example, Originals, Progress, Settings};
use crate::{
    class::CLASS_COUNT,
    net::{Model, batch_tensor},
    ops::cross_entropy,
    prediction::Prediction,
    weights::NamedTensor,
};
use burn::{
    module::Module,
    optim::GradientsParams,
    tensor::{Device, Tensor, TensorData, Transaction, activation::softmax},
};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Probability mass that the examples' targets spread over all classes, as in the shipped run.
const LABEL_SMOOTHING: f32 = 0.1;

/// Why a net cannot be taught, or not on.
#[derive(Clone, Debug, Error)]
pub enum TeachError {
    /// There is nothing to learn.
    #[error("There is no example to learn from: label some drawings first.")]
    NoExamples,
    /// A setting makes no sense.
    #[error("{sentence}")]
    Setting {
        /// What is wrong, as a sentence.
        sentence: String,
    },
    /// The loss is no number any more.
    #[error(
        "Training went wrong at step {step}: the loss is no number any more. Choose a smaller learning rate."
    )]
    Diverged {
        /// The step, counted from 1.
        step: usize,
    },
    /// The device gave nothing back.
    #[error("The device stopped in the middle of a step: {reason}")]
    Device {
        /// What the device's driver said.
        reason: String,
    },
    /// A checkpoint is of another version, another net, or damaged.
    #[error("The saved training cannot be taken up again ({reason}): start it anew.")]
    BadCheckpoint {
        /// What is wrong with it.
        reason: String,
    },
}

/// A net that is being taught.
pub struct Session {
    settings: Settings,
    batches: Batches,
    device: Device,
    /// `None` only while a step takes it.
    model: Option<Model>,
    /// The net as it was.
    before: Model,
    /// The same, prepared: what it says of replayed images is what is to be kept.
    teacher: Model,
    optimiser: Optimisation,
    history: Vec<Progress>,
}

/// What is stored of a session; net, examples and originals are whoever's who started it.
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
    /// Begins to teach `net`, which is on `device`.
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
        settings
            .check()
            .map_err(|sentence| TeachError::Setting { sentence })?;
        if examples.is_empty() {
            return Err(TeachError::NoExamples);
        }
        Ok(Self {
            model: Some(trainable(net.clone(), &settings)),
            before: net.clone(),
            teacher: net.prepared(),
            optimiser: Optimisation::new(settings.optimiser),
            batches: Batches::new(settings.clone(), examples, originals),
            history: Vec::new(),
            device: device.clone(),
            settings,
        })
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
        let batch = self.batches.make(step);
        let tracked = self.device.clone().autodiff();
        let (logits, _) = self.model().forward(batch_tensor(&batch.images, &tracked));
        let targets = self.targets(&batch);
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

    /// The taught net as it is now: between the net as it was and the one that learns, by
    /// the settings' strength.
    pub fn net(&self) -> Model {
        self.learning().mixed(&self.before, self.settings.strength)
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

    /// What the net is to say of each image: for examples the label, smoothed; for replayed ones a
    /// mixture of what the net said before and the label. `[batch, 10]`
    fn targets(&self, batch: &Batch) -> Tensor<2> {
        let (examples, replayed) = batch.labels.split_at(batch.examples);
        let own = one_hot(examples, LABEL_SMOOTHING, &self.device);
        if replayed.is_empty() {
            return own;
        }
        let labels = one_hot(replayed, LABEL_SMOOTHING, &self.device);
        let images = batch_tensor(&batch.images[batch.examples..], &self.device);
        let before = softmax(self.teacher.forward(images).0, 1);
        let kept = self.settings.distillation;
        Tensor::cat(vec![own, before * kept + labels * (1.0 - kept)], 0)
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

    /// The session of a checkpoint, with the net, the examples and the originals that it began with.
    ///
    /// # Errors
    /// Where the bytes are no checkpoint of such a net.
    pub fn from_bytes(
        bytes: &[u8],
        net: &Model,
        examples: Vec<Example>,
        originals: Originals,
        device: &Device,
    ) -> Result<Self, TeachError> {
        let bad = |reason: String| TeachError::BadCheckpoint { reason };
        let stored: Checkpoint = postcard::from_bytes(bytes).map_err(|e| bad(e.to_string()))?;
        let model = net.clone().with_tensors(stored.model);
        let model = model.map_err(|e| bad(e.to_string()))?;
        let mut session = Self::new(net, stored.settings, examples, originals, device)?;
        session.model = Some(trainable(model, &session.settings));
        session.optimiser = Optimisation::resumed(
            session.settings.optimiser,
            stored.history.len() as u32,
            stored.moments,
            device,
        );
        session.history = stored.history;
        Ok(session)
    }
}

fn trainable(model: Model, settings: &Settings) -> Model {
    model.learn_only(|name| settings.layers.learn(name)).train()
}

/// The classes as probabilities, `smoothing` of them spread evenly: `[labels, 10]`.
fn one_hot(labels: &[u8], smoothing: f32, device: &Device) -> Tensor<2> {
    let spread = smoothing / CLASS_COUNT as f32;
    let mut values = vec![spread; labels.len() * CLASS_COUNT];
    for (row, &label) in values.chunks_exact_mut(CLASS_COUNT).zip(labels) {
        row[usize::from(label)] += 1.0 - smoothing;
    }
    Tensor::from_data(TensorData::new(values, [labels.len(), CLASS_COUNT]), device)
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
        reason: format!("{e:?}"),
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
