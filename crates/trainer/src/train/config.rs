//! The hyper-parameters of a run: flags on the command line, `config.json` in the run's folder.

use super::class_weights::ClassWeights;
use super::optimiser::OptimiserName;
use super::parallel::DataParallel;
use super::schedule::Schedule;
use super::transfer::Transfer;
use super::variation::Variation;
use crate::numbers::{LARGEST, MOST_EPOCHS, below_one, fraction, positive, real, whole};
use clap::Args;
use model::net::{Architecture, Config};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// Everything that decides what a run yields, besides the data and the device.
#[derive(Clone, Debug, PartialEq, Args, Serialize, Deserialize)]
#[command(next_help_heading = "Training")]
pub struct TrainConfig {
    /// The net: mlp, deep-cnn, small-cnn or compact
    #[arg(long, default_value = "compact")]
    pub architecture: Architecture,
    /// Whether batch normalisation follows each convolution [default: true for compact]
    #[arg(long, value_name = "BOOL")]
    pub batch_norm: Option<bool>,
    /// Probability that a feature is dropped before the last layer
    #[arg(long, value_parser = below_one(), default_value_t = 0.0)]
    pub dropout: f64,
    /// Passes over the training images
    #[arg(long, value_parser = whole::<usize>(1..=MOST_EPOCHS), default_value_t = 50)]
    pub epochs: usize,
    /// Stop after so many epochs without a better validation score
    #[arg(long, value_parser = whole::<usize>(1..), value_name = "EPOCHS")]
    pub patience: Option<usize>,
    /// Images in a step
    #[arg(long, value_parser = whole::<usize>(1..=4096), default_value_t = 128)]
    pub batch_size: usize,
    /// What trains the parameters
    #[arg(long, value_enum, default_value_t = OptimiserName::Muon)]
    pub optimiser: OptimiserName,
    /// Highest learning rate [0.002 for adamw, 0.001 for adam, 0.05 for sgd]; with muon, that of the
    /// hidden layers' matrices
    #[arg(
        long,
        value_parser = positive(),
        default_value_t = 0.007,
        default_value_ifs = [("optimiser", "adamw", "0.002"), ("optimiser", "adam", "0.001"), ("optimiser", "sgd", "0.05")]
    )]
    pub learning_rate: f64,
    /// With muon: highest learning rate of all else (first layer, normalisation, biases, head), by AdamW
    #[arg(long, value_parser = positive(), default_value_t = 0.002)]
    pub adamw_learning_rate: f64,
    /// Weight decay [0.01 for adamw, 0 for adam, 0.0005 for sgd]; with muon, that of the matrices
    #[arg(
        long,
        value_parser = real::<f64>(0.0..=LARGEST),
        default_value_t = 0.03,
        default_value_ifs = [("optimiser", "adamw", "0.01"), ("optimiser", "adam", "0"), ("optimiser", "sgd", "0.0005")]
    )]
    pub weight_decay: f64,
    /// With muon: weight decay of all else
    #[arg(long, value_parser = real::<f64>(0.0..=LARGEST), default_value_t = 0.01)]
    pub adamw_weight_decay: f64,
    /// With sgd: share of the step before that is taken again
    #[arg(long, value_parser = below_one(), default_value_t = 0.9)]
    pub momentum: f64,
    /// How much each class counts in the loss: balanced, or ten numbers with commas between them
    #[arg(long, value_name = "WEIGHTS")]
    pub class_weights: Option<ClassWeights>,
    /// Probability mass that the loss's targets spread over all classes
    #[arg(long, value_parser = below_one(), default_value_t = 0.1)]
    pub label_smoothing: f64,
    /// Share of the loss's targets that the weights' running average gives at the end; it grows from 0
    #[arg(long, value_parser = below_one(), default_value_t = 0.6)]
    pub self_teaching: f64,
    /// Weights of a trained net that gives a share of the loss's targets instead, from the first step
    #[arg(long, value_name = "FILE")]
    pub teacher: Option<PathBuf>,
    /// The teacher's share of the loss's targets (only with --teacher)
    #[arg(long, value_parser = fraction(), default_value_t = 0.7)]
    pub teacher_share: f64,
    /// Decay a step of the weights' running average, which is what is evaluated and exported
    #[arg(long, value_parser = below_one(), default_value_t = 0.999)]
    pub average_decay: f64,
    /// Share of training images that are people's drawings, redrawn (only with --drawings)
    #[arg(long, value_parser = fraction(), default_value_t = 0.13)]
    pub human_share: f64,
    /// What people's drawings look like, a file by `opinions`; gives a share of their targets
    #[arg(long, value_name = "FILE")]
    pub opinions: Option<PathBuf>,
    /// The opinions' share of the targets (only with --opinions)
    #[arg(long, value_parser = fraction(), default_value_t = 0.7)]
    pub opinion_share: f64,
    /// Share that are drawings made up from each class's geometry
    #[arg(long, value_parser = fraction(), default_value_t = 0.12)]
    pub doodle_share: f64,
    /// Share that are drawn around a photo by strokes
    #[arg(long, value_parser = fraction(), default_value_t = 0.08)]
    pub trace_share: f64,
    /// Share that are sketches made of a photo's pixels
    #[arg(long, value_parser = fraction(), default_value_t = 0.05)]
    pub sketch_share: f64,
    /// Train on the first so many images only
    #[arg(long, value_parser = whole::<usize>(1..), value_name = "IMAGES")]
    pub train_images: Option<usize>,
    /// The learning rate's course
    #[command(flatten)]
    #[serde(flatten)]
    pub schedule: Schedule,
    /// How images are varied
    #[command(flatten)]
    #[serde(flatten)]
    pub variation: Variation,
    /// Other weights to begin with, and what learns
    #[command(flatten)]
    #[serde(flatten)]
    pub transfer: Transfer,
    /// Who shares each step
    #[command(flatten)]
    #[serde(flatten)]
    pub parallel: DataParallel,
}

impl TrainConfig {
    /// These settings for a run without people's drawings, of which no image can be one then.
    #[must_use]
    pub fn without_drawings(self) -> Self {
        Self {
            human_share: 0.0,
            ..self
        }
    }

    /// Whether what is trained on differs from the photos as they are.
    pub fn is_augmented(&self) -> bool {
        let Variation {
            flip,
            shift,
            rotate,
            erase,
            mixup,
        } = self.variation;
        let shares = [
            self.human_share,
            self.doodle_share,
            self.trace_share,
            self.sketch_share,
        ];
        shift > 0 || rotate > 0.0 || [flip, erase, mixup].iter().chain(&shares).any(|v| *v > 0.0)
    }

    /// The net that is trained.
    pub fn net(&self) -> Config {
        let usual = self.architecture.config();
        // Weights from a file have their normalisation folded in.
        let on = match (self.batch_norm, &self.transfer.from) {
            (None, None) => return usual,
            (Some(on), _) => on,
            (None, Some(_)) => false,
        };
        usual.with_batch_norm(on)
    }

    /// The share of the targets that the teacher gives at `step` of `steps`: a trained net knows all
    /// from the start, the weights' average has to learn it first.
    pub fn teaching(&self, step: usize, steps: usize) -> f64 {
        if self.teacher.is_some() {
            return self.teacher_share;
        }
        self.self_teaching * step as f64 / steps.max(1) as f64
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::settings;
    use clap::Parser;
    use rand::{Rng, SeedableRng};
    use rand_chacha::ChaCha8Rng;
    use serde_json::{Map, Value};

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        config: TrainConfig,
    }

    /// What is refused, as a sentence, by itself or with the other settings.
    pub fn refusal(flags: &[&str]) -> Option<String> {
        match Line::try_parse_from([&["train"], flags].concat()) {
            Ok(line) => line.config.check().err(),
            Err(error) => Some(error.to_string()),
        }
    }

    pub fn parse(flags: &[&str]) -> TrainConfig {
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
    fn settings_are_read_back_to_the_last_bit() -> anyhow::Result<()> {
        let mut config = parse(&["--rotate", "12.4"]);
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        for _ in 0..1000 {
            config.learning_rate = 1e-9 + rng.random::<f64>().powi(3);
            let value = serde_json::to_value(&config)?;
            let read: Value = serde_json::from_str(&serde_json::to_string_pretty(&value)?)?;
            assert_eq!(read, value);
            let read: Map<String, Value> = serde_json::from_value(read)?;
            assert_eq!(settings::parse::<TrainConfig>(&read)?, config);
        }
        Ok(())
    }

    #[test]
    fn each_optimiser_and_schedule_has_its_own_defaults() -> anyhow::Result<()> {
        let sgd = parse(&["--optimiser", "sgd", "--schedule", "constant"]);
        assert_eq!((sgd.learning_rate, sgd.schedule.warmup), (0.05, 0.0));
        let some = serde_json::from_str(r#"{"optimiser": "sgd", "momentum": 0.5}"#)?;
        let all: TrainConfig = settings::parse(&some)?;
        assert_eq!(parse(&["--optimiser=sgd", "--momentum=0.5"]), all);
        Ok(())
    }

    #[test]
    fn normalisation_is_where_it_was_asked_for_and_never_in_given_weights() {
        let has_norm = |flags: &[&str]| {
            let net = parse(flags).net();
            net.clone().with_batch_norm(true) == net
        };
        assert!(has_norm(&[]) && has_norm(&["--architecture=deep-cnn", "--batch-norm=true"]));
        assert!(!has_norm(&["--batch-norm=false"]) && !has_norm(&["--from=a.weights"]));
    }
}
