//! The hyper-parameters of a run: flags on the command line, `config.json` in the run's folder.

use clap::Args;
use model::net::Architecture;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// Everything that decides what a run yields, besides the data and the device.
#[derive(Clone, Debug, PartialEq, Args, Serialize, Deserialize)]
pub struct TrainConfig {
    /// The net: mlp, cnn or compact
    #[arg(long, default_value = "compact")]
    pub architecture: Architecture,
    /// Passes over the training images
    #[arg(long, default_value_t = 50)]
    pub epochs: usize,
    /// Images in a step
    #[arg(long, default_value_t = 128)]
    pub batch_size: usize,
    /// Highest learning rate of the hidden layers' matrices (Muon)
    #[arg(long, default_value_t = 0.007)]
    pub learning_rate: f64,
    /// Highest learning rate of all else: first layer, normalisation, biases, head (AdamW)
    #[arg(long, default_value_t = 0.002)]
    pub adamw_learning_rate: f64,
    /// Weight decay of the matrices (Muon)
    #[arg(long, default_value_t = 0.03)]
    pub weight_decay: f64,
    /// Weight decay of all else (AdamW)
    #[arg(long, default_value_t = 0.01)]
    pub adamw_weight_decay: f64,
    /// Share of the steps in which the learning rate rises; it falls as a cosine afterwards
    #[arg(long, default_value_t = 0.15)]
    pub warmup: f64,
    /// Probability mass that the loss's targets spread over all classes
    #[arg(long, default_value_t = 0.1)]
    pub label_smoothing: f64,
    /// Share of the loss's targets that the weights' running average gives at the end; it grows from 0
    #[arg(long, default_value_t = 0.6)]
    pub self_teaching: f64,
    /// Weights of a trained net that gives a share of the loss's targets instead, from the first step
    #[arg(long, value_name = "FILE")]
    #[serde(default)]
    pub teacher: Option<PathBuf>,
    /// The teacher's share of the loss's targets (only with --teacher)
    #[arg(long, default_value_t = 0.7)]
    #[serde(default)]
    pub teacher_share: f64,
    /// Decay a step of the weights' running average, which is what is evaluated and exported
    #[arg(long, default_value_t = 0.999)]
    pub average_decay: f64,
    /// Probability that a part of an image is erased
    #[arg(long, default_value_t = 0.4)]
    pub erase: f64,
    /// Share of training images that are people's drawings, redrawn (only with --drawings)
    #[arg(long, default_value_t = 0.13)]
    pub human_share: f64,
    /// Share that are drawings made up from each class's geometry
    #[arg(long, default_value_t = 0.12)]
    pub doodle_share: f64,
    /// Share that are drawn around a photo by strokes
    #[arg(long, default_value_t = 0.08)]
    pub trace_share: f64,
    /// Share that are sketches made of a photo's pixels
    #[arg(long, default_value_t = 0.05)]
    pub sketch_share: f64,
    /// Train on the first so many images only
    #[arg(long, value_name = "IMAGES")]
    pub train_images: Option<usize>,
}

impl TrainConfig {
    /// The first thing that makes no sense, as a sentence.
    ///
    /// # Errors
    /// Where a value is out of its range.
    pub fn check(&self) -> Result<(), String> {
        let shares = [
            self.human_share,
            self.doodle_share,
            self.trace_share,
            self.sketch_share,
        ];
        let share = |v: &f64| (0.0..=1.0).contains(v);
        let checks = [
            (self.epochs > 0, "--epochs must be at least 1"),
            (
                (1..=4096).contains(&self.batch_size),
                "--batch-size must be between 1 and 4096",
            ),
            (self.learning_rate > 0.0, "--learning-rate must be positive"),
            (
                self.adamw_learning_rate > 0.0,
                "--adamw-learning-rate must be positive",
            ),
            (
                self.weight_decay >= 0.0,
                "--weight-decay must not be negative",
            ),
            (
                self.adamw_weight_decay >= 0.0,
                "--adamw-weight-decay must not be negative",
            ),
            (share(&self.warmup), "--warmup is a share between 0 and 1"),
            (
                (0.0..1.0).contains(&self.label_smoothing),
                "--label-smoothing must be at least 0 and below 1",
            ),
            (
                (0.0..1.0).contains(&self.average_decay),
                "--average-decay must be at least 0 and below 1",
            ),
            (
                (0.0..1.0).contains(&self.self_teaching),
                "--self-teaching must be at least 0 and below 1",
            ),
            (
                share(&self.teacher_share),
                "--teacher-share is a share between 0 and 1",
            ),
            (
                share(&self.erase),
                "--erase is a probability between 0 and 1",
            ),
            (
                shares.iter().all(share),
                "the shares of drawings are each between 0 and 1",
            ),
            (
                shares.iter().sum::<f64>() <= 1.0,
                "the shares of drawings add up to more than 1",
            ),
            (
                self.train_images != Some(0),
                "--train-images must be at least 1",
            ),
        ];
        match checks.into_iter().find(|(holds, _)| !holds) {
            Some((_, sentence)) => Err(sentence.into()),
            None => Ok(()),
        }
    }

    /// The share of the targets that the teacher gives at `step` of `steps`: a trained net knows all
    /// from the start, the weights' average has to learn it first.
    pub fn teaching(&self, step: usize, steps: usize) -> f64 {
        if self.teacher.is_some() {
            return self.teacher_share;
        }
        self.self_teaching * step as f64 / steps.max(1) as f64
    }

    /// The factor on the learning rates at `step` of `steps`: a linear rise, then half a cosine.
    pub fn schedule(&self, step: usize, steps: usize) -> f64 {
        let progress = step as f64 / steps.max(1) as f64;
        if progress < self.warmup {
            return (progress / self.warmup).max(1e-3);
        }
        let falling = (progress - self.warmup) / (1.0 - self.warmup).max(f64::EPSILON);
        (0.5 * (1.0 + (std::f64::consts::PI * falling.min(1.0)).cos())).max(1e-3)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        config: TrainConfig,
    }

    fn parse(flags: &[&str]) -> TrainConfig {
        Line::parse_from([&["train"], flags].concat()).config
    }

    #[test]
    fn the_defaults_make_sense_and_survive_json() -> anyhow::Result<()> {
        let config = parse(&[]);
        assert_eq!(config.check(), Ok(()));
        let json = serde_json::to_string(&config)?;
        assert_eq!(serde_json::from_str::<TrainConfig>(&json)?, config);
        Ok(())
    }

    #[test]
    fn nonsense_is_named() {
        let sentence = |flags: &[&str]| parse(flags).check().expect_err("nonsense");
        assert!(sentence(&["--epochs", "0"]).contains("--epochs"));
        assert!(sentence(&["--human-share", "0.9"]).contains("more than 1"));
        assert!(sentence(&["--learning-rate", "nan"]).contains("--learning-rate"));
    }

    #[test]
    fn the_learning_rate_rises_and_falls() {
        let config = parse(&["--warmup", "0.2"]);
        let at = |step| config.schedule(step, 100);
        assert!(at(0) < at(10) && at(10) < at(20) && at(20) > at(60) && at(60) > at(99));
        assert!((at(20) - 1.0).abs() < 1e-9);
    }
}
