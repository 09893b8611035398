//! The training loop.
//!
//! A step: a batch of photos and drawings ([`batch`]), the loss, its gradients, both optimisers
//! ([`optimiser`]), the running average ([`average`]). An epoch ends with a validation
//! ([`validation`]) of the folded average, which is exported ([`export`]) if it is the best so far.
//! Checkpoints ([`checkpoint`]) hold all of it, so that a killed run goes on as if nothing had been.

mod average;
mod batch;
mod checkpoint;
mod checks;
mod class_weights;
pub mod config;
pub mod diverged;
mod dropout;
mod export;
mod loss;
mod optimiser;
mod pace;
pub mod parallel;
pub mod record;
mod schedule;
mod step;
mod transfer;
pub mod validation;
mod variation;
#[cfg(feature = "workers")]
mod workers;

use crate::{
    interrupt::Stopped,
    nets::{Loaded, WeightsFile},
    output::print_line,
    progress::{self, EpochReport},
    training::Run,
};
use anyhow::Result;
#[cfg(feature = "workers")]
use anyhow::bail;
use batch::{Batch, Batches};
use burn::tensor::{Device, Tensor, activation::softmax};
use checkpoint::{Progress, State};
use config::TrainConfig;
use diverged::Diverged;
use model::net::{Model, batch_tensor, gather_statistics};
use pace::Pace;
use std::time::{Duration, Instant};
use step::{Learnt, Lesson};
use validation::Validation;
#[cfg(feature = "workers")]
use workers::Workers;

/// The name of a sidecar's figure that weights have whose epoch was chosen on drawings as well.
pub const DRAWINGS_METRIC: &str = "drawings_validation_macro_accuracy";

/// How often a checkpoint is written in the middle of an epoch: what a kill can cost.
const CHECKPOINT_EVERY: Duration = Duration::from_secs(120);

/// Places of a batch, beyond its images', that random numbers of a step belong to.
const MIXUP_PLACE: usize = usize::MAX;
const DROPOUT_PLACE: usize = usize::MAX - 1;

/// Batches that the average's normalisation statistics are taken from.
const STATISTICS_BATCHES: usize = 32;

/// Trains, from the run's checkpoint if it has one.
///
/// # Errors
/// [`Stopped`] if the run was, once it is saved; also where the settings make no sense, the folder cannot
/// be written, or the device fails.
#[expect(clippy::needless_pass_by_value, reason = "the run is over afterwards")]
pub fn run(run: Run) -> Result<()> {
    let trained = &run.config.train;
    let mut data = run.data.train.clone();
    data.truncate(trained.train_images.unwrap_or(data.len()));
    let drawings = run.drawings.as_ref().map_or(&[][..], |d| &d.train);
    let batches = Batches::new(trained, run.config.seed, &data, drawings);
    let validation = Validation::new(&run.data.validation, run.drawings.as_ref());
    let state = State::start_or_resume(&run)?;
    let teacher = trained.teacher.as_deref().map(WeightsFile::new);
    let weights = trained.class_weights.as_ref();
    let class_weights = weights.map(|weights| {
        let values = weights.values(&data.labels);
        Tensor::from_data([values.map(|value| value as f32)], &run.device)
    });
    let mut trainer = Trainer {
        run: &run,
        class_weights,
        #[cfg(feature = "workers")]
        workers: (!run.workers.is_empty()).then(|| Workers::new(&run)),
        batches,
        validation,
        teacher: teacher.map(|file| file.load_on(&run.device)).transpose()?,
        state,
        begun: Instant::now(),
        pace: Pace::default(),
    };
    while !trainer.is_finished() {
        if !trainer.epoch()? {
            let how_to_go_on = trainer.how_to_go_on();
            return Err(Stopped { how_to_go_on }.into());
        }
    }
    record::finish(&run, &trainer.state.progress)?;
    Ok(())
}

struct Trainer<'a> {
    run: &'a Run,
    /// `[1, 10]`
    class_weights: Option<Tensor<2>>,
    #[cfg(feature = "workers")]
    workers: Option<Workers>,
    batches: Batches<'a>,
    validation: Validation<'a>,
    teacher: Option<Loaded>,
    state: State,
    begun: Instant,
    pace: Pace,
}

impl Trainer<'_> {
    fn config(&self) -> &TrainConfig {
        &self.run.config.train
    }

    /// Whether all epochs are done, or so many were no better that no more are wanted.
    fn is_finished(&self) -> bool {
        let Progress { epoch, stale, .. } = self.state.progress;
        let given_up = self.config().patience.is_some_and(|most| stale >= most);
        epoch >= self.config().epochs || given_up
    }

    /// One epoch, or what is left of it; whether it ran to its end.
    fn epoch(&mut self) -> Result<bool> {
        let (steps, batch_size) = (self.batches.steps_an_epoch(), self.batches.batch_size());
        let epoch = self.state.progress.epoch;
        let order = self.batches.order(epoch);
        let bar = progress::bar(
            steps * batch_size,
            format!("epoch {}/{}", epoch + 1, self.config().epochs),
        );
        bar.set_position((self.state.progress.step % steps * batch_size) as u64);
        let device = self.run.device.clone().autodiff();
        let (begun, first) = (Instant::now(), self.state.progress.step);
        let mut saved = Instant::now();
        while self.state.progress.step < (epoch + 1) * steps {
            self.step(&order, steps, &device)?;
            bar.inc(batch_size as u64);
            if let Some(step) = self.pace.step(self.begun.elapsed()) {
                bar.suspend(|| self.tell_pace(step, steps, batch_size))?;
            }
            let stop = self.run.interrupt.is_requested();
            if stop || saved.elapsed() > CHECKPOINT_EVERY {
                self.save()?;
                saved = Instant::now();
            }
            if stop {
                bar.abandon();
                return Ok(false);
            }
        }
        let images = (self.state.progress.step - first) * batch_size;
        let rate = images as f64 / begun.elapsed().as_secs_f64();
        bar.finish_and_clear();
        self.end_epoch(&order, rate, begun)?;
        Ok(true)
    }

    fn step(&mut self, order: &[usize], steps: usize, device: &Device) -> Result<()> {
        let config = &self.run.config.train;
        let Progress { step, .. } = self.state.progress;
        let batch = self.batches.make(order, step);
        let lesson = self.lesson(&batch, steps, device);
        let Learnt {
            loss,
            logits,
            gradients,
        } = self.learn(lesson)?;
        let model = self.state.model.take();
        let factor = config.schedule.factor(step, steps * config.epochs, steps);
        let model = self.state.optimiser.step(factor, model, gradients);
        let average = self.state.average.take();
        self.state
            .average
            .put(average::update(average, &model, config.average_decay, step));
        self.state.model.put(model);
        // Read when all of the step is under way, and before any of it can be saved.
        let loss = Diverged::check(loss.into_scalar::<f64>(), step)?;
        let progress = &mut self.state.progress;
        progress.step += 1;
        progress.seen += batch.labels.len();
        progress.loss += loss * batch.labels.len() as f64;
        progress.right += loss::count_right(logits, &batch.labels);
        Ok(())
    }

    /// What the net is to learn in this step.
    fn lesson(&self, batch: &Batch, steps: usize, device: &Device) -> Lesson {
        let config = self.config();
        let rng = |place| self.batches.rng(self.state.progress.step as u64, place);
        let mut targets = self.targets(batch, steps);
        let mut x = batch_tensor(&batch.images, device);
        let alpha = config.variation.mixup;
        if alpha > 0.0 {
            (x, targets) = variation::mixup(x, targets, alpha, &mut rng(MIXUP_PLACE));
        }
        let (targets, whole) = loss::weighted(targets, self.class_weights.clone());
        Lesson {
            x,
            targets,
            whole,
            dropout: (config.dropout > 0.0).then(|| (config.dropout, rng(DROPOUT_PLACE))),
        }
    }

    /// Learns from a batch, with the workers' help if there are some. If one fails, saves what has been
    /// learnt before.
    fn learn(&self, lesson: Lesson) -> Result<Learnt> {
        let model = self.state.model.get();
        #[cfg(feature = "workers")]
        if let Some(workers) = &self.workers {
            return workers.learn(model, lesson).or_else(|failure| {
                self.save()?;
                bail!("{failure}; saved, {}", self.how_to_go_on())
            });
        }
        Ok(lesson.learn(model))
    }

    /// Writes a checkpoint, unless the run has diverged: the one before is worth more.
    fn save(&self) -> Result<()> {
        let State {
            model, progress, ..
        } = &self.state;
        Diverged::check_weights(model.get(), progress.step)?;
        self.state.save(&self.run.folder)
    }

    /// Says how long the rest takes if each step takes as long as this.
    fn tell_pace(&self, step: Duration, an_epoch: usize, batch_size: usize) -> Result<()> {
        let Progress {
            epoch, step: done, ..
        } = self.state.progress;
        let epochs = self.config().epochs;
        let left = epochs.saturating_mul(an_epoch).saturating_sub(done);
        print_line!(
            "{:.0} images/s in the first steps: about {} for epoch {} to {epochs}, without validation",
            batch_size as f64 / step.as_secs_f64(),
            pace::in_words(step.saturating_mul(left.try_into().unwrap_or(u32::MAX))),
            epoch + 1,
        )
    }

    fn how_to_go_on(&self) -> String {
        if self.run.config.fold.is_some() {
            return "the same command goes on".into();
        }
        let folder = self.run.folder.path().display();
        let features = if cfg!(feature = "workers") {
            "--features workers "
        } else {
            ""
        };
        format!("go on with: cargo run -p trainer {features}-- train --resume {folder}")
    }

    /// What the net should answer: the labels mixed with what a teacher says, which tells labels that
    /// fit from those that do not.
    ///
    /// The teacher is a trained net of the same kind (a born-again net, Furlanello et al. 2018) or,
    /// more and more, the weights' own average (Kim et al. 2021, who take the epoch before).
    fn targets(&self, batch: &Batch, steps: usize) -> Tensor<2> {
        let (config, device) = (&self.run.config.train, &self.run.device);
        let labels =
            loss::label_targets(batch, config.label_smoothing, config.opinion_share, device);
        let share = config.teaching(self.state.progress.step, steps * config.epochs);
        if share == 0.0 {
            return labels;
        }
        let images = batch_tensor(&batch.images, device);
        let taught = match &self.teacher {
            Some(trained) => trained.net().model().forward(images),
            None => self.state.average.get().forward(images).0,
        };
        let taught = softmax(taught, 1);
        labels * (1.0 - share) + taught * share
    }

    /// Validates, logs, exports if best, saves.
    fn end_epoch(&mut self, order: &[usize], images_per_second: f64, begun: Instant) -> Result<()> {
        // The average may still be finite where the weights are not any more.
        Diverged::check_weights(self.state.model.get(), self.state.progress.step)?;
        let net = self.folded(order);
        Diverged::check_weights(&net, self.state.progress.step)?;
        let scores = self.validation.score(&net.prepared(), &self.run.device)?;
        let config = &self.run.config.train;
        let progress = &mut self.state.progress;
        let an_epoch = self.batches.steps_an_epoch();
        let steps = an_epoch * config.epochs;
        let report = EpochReport {
            epoch: progress.epoch + 1,
            epochs: config.epochs,
            loss: progress.loss / progress.seen as f64,
            train_accuracy: progress.right as f64 / progress.seen as f64,
            validation_accuracy: scores.photos,
            drawings: scores.drawings,
            learning_rate: config.learning_rate
                * config.schedule.factor(progress.step, steps, an_epoch),
            images_per_second,
            seconds: begun.elapsed().as_secs_f64(),
        };
        let line = report.to_string();
        progress.log.push(report);
        record::epoch(&self.run.folder, config.is_augmented(), &progress.log)?;
        progress.stale += 1;
        if progress.best.is_none_or(|best| scores.total() > best) {
            (progress.best, progress.stale) = (Some(scores.total()), 0);
            export::write(self.run, &net, &self.validation)?;
        }
        *progress = Progress {
            epoch: progress.epoch + 1,
            step: progress.step,
            best: progress.best,
            stale: progress.stale,
            log: std::mem::take(&mut progress.log),
            ..Progress::default()
        };
        self.save()?;
        // Last: where nobody reads any more the run ends here, and has lost nothing.
        print_line!("{line}")
    }

    /// The averaged weights as a net for inference.
    fn folded(&self, order: &[usize]) -> Model {
        let first = self.state.progress.epoch * self.batches.steps_an_epoch();
        let count = STATISTICS_BATCHES.min(self.batches.steps_an_epoch());
        let images = (first..first + count).map(|step| self.batches.make(order, step).images);
        let average = self.state.average.get();
        average.fold(&gather_statistics(average, images, &self.run.device))
    }
}
