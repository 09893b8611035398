//! How a net is taught.

use super::{Layers, Optimiser, Scratch, Task};
use crate::architecture::Architecture;
use serde::{Deserialize, Serialize};

/// Everything that decides what a session yields, besides net, examples and originals.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// What is trained on what.
    pub task: Task,
    /// Which layers learn.
    pub layers: Layers,
    /// What turns gradients into steps.
    pub optimiser: Optimiser,
    /// Highest learning rate; it rises over the first tenth of the steps, then falls as a cosine.
    pub learning_rate: f64,
    /// Images in a step, replayed ones included; 1 to 256.
    pub batch_size: usize,
    /// Steps in all; 1 to 100,000.
    pub steps: usize,
    /// Whether examples are varied as training images are: redrawn, mirrored, shifted.
    pub augment: bool,
    /// Share of each batch that is not examples but originals, against forgetting; 0 to 0.9.
    pub replay_share: f64,
    /// How far the replayed images' targets are what the net said of them before, rather than their
    /// labels; 0 to 1.
    pub distillation: f64,
    /// How far the result lies from the net as it was (0) towards the one that learnt (1): less forgets
    /// less. (Weights are averaged as Wortsman et al., 2022, do after fine-tuning.)
    pub strength: f64,
    /// Seed of everything random.
    pub seed: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            task: Task::FineTune,
            layers: Layers::LastStage,
            optimiser: Optimiser::AdamW,
            learning_rate: 5e-4,
            batch_size: 32,
            steps: 120,
            augment: true,
            replay_share: 0.5,
            distillation: 1.0,
            strength: 0.55,
            seed: 1,
        }
    }
}

/// Images in a step from random weights, as usual.
const SCRATCH_BATCH: usize = 64;

/// Highest learning rate from random weights, as usual.
const SCRATCH_LEARNING_RATE: f64 = 2e-3;

/// Share of the steps in which the learning rate rises.
const WARMUP: f64 = 0.1;

impl Settings {
    /// What is usual for this net from random weights.
    pub fn from_scratch(architecture: Architecture) -> Self {
        let scratch = Scratch::new(architecture);
        // A small net is soon through with the images.
        let epochs = if architecture == Architecture::Mlp {
            5
        } else {
            1
        };
        Self {
            task: Task::FromScratch(scratch),
            layers: Layers::All,
            learning_rate: SCRATCH_LEARNING_RATE,
            batch_size: SCRATCH_BATCH,
            steps: epochs * scratch.images() / SCRATCH_BATCH,
            augment: false,
            replay_share: 0.0,
            distillation: 0.0,
            strength: 1.0,
            ..Self::default()
        }
    }

    /// What the net is trained on from random weights; `None` where it is fine-tuned.
    pub fn scratch(&self) -> Option<Scratch> {
        match self.task {
            Task::FineTune => None,
            Task::FromScratch(scratch) => Some(scratch),
        }
    }

    /// How often each of `images` images to learn comes up.
    pub fn epochs(&self, images: usize) -> f64 {
        let own = self.batch_size.saturating_sub(self.replayed());
        (self.steps * own) as f64 / images.max(1) as f64
    }

    /// The net is looked at and saved after so many steps.
    pub fn mark_every(&self) -> usize {
        match self.task {
            Task::FineTune => (self.steps / 6).clamp(20, 100),
            Task::FromScratch(_) => (self.steps / 12).clamp(20, 100),
        }
    }

    /// The first thing that makes no sense, as a sentence.
    ///
    /// # Errors
    /// Where a value is out of its range.
    pub fn check(&self) -> Result<(), String> {
        let scratch = self.scratch();
        let checks = [
            (
                self.learning_rate > 0.0 && self.learning_rate <= 1.0,
                "The learning rate must be above 0 and at most 1.",
            ),
            (
                (1..=256).contains(&self.batch_size),
                "The batch size must be between 1 and 256.",
            ),
            (
                (1..=100_000).contains(&self.steps),
                "The number of steps must be between 1 and 100,000.",
            ),
            (
                (0.0..=0.9).contains(&self.replay_share),
                "The share of replayed originals must be between 0 and 0.9.",
            ),
            (
                self.replayed() < self.batch_size,
                "With this share of replayed originals no example fits into a batch: make the batch larger or the share smaller.",
            ),
            (
                (0.0..=1.0).contains(&self.distillation),
                "The distillation must be between 0 and 1.",
            ),
            (
                self.strength > 0.0 && self.strength <= 1.0,
                "The strength must be above 0 and at most 1.",
            ),
            (
                scratch.is_none_or(|s| (100..=30_000).contains(&s.validation_images)),
                "Between 100 and 30,000 of the training images can be held out for validation.",
            ),
            (
                scratch.is_none() || self.layers == Layers::All,
                "From random weights, all layers must learn.",
            ),
            (
                scratch.is_none_or(|s| s.images() >= self.batch_size),
                "There must be at least as many images to train on as there are in a step.",
            ),
        ];
        match checks.into_iter().find(|(holds, _)| !holds) {
            Some((_, sentence)) => Err(sentence.into()),
            None => Ok(()),
        }
    }

    /// How many images of a batch are replayed.
    pub fn replayed(&self) -> usize {
        (self.batch_size as f64 * self.replay_share).round() as usize
    }

    /// The learning rate of a step, counted from 0.
    pub fn learning_rate_at(&self, step: usize) -> f64 {
        let warmup = (self.steps as f64 * WARMUP).max(1.0);
        let rising = (step + 1) as f64 / warmup;
        if rising < 1.0 {
            return self.learning_rate * rising;
        }
        let falling = (step as f64 + 1.0 - warmup) / (self.steps as f64 - warmup + 1.0);
        self.learning_rate * 0.5 * (1.0 + (std::f64::consts::PI * falling.min(1.0)).cos())
    }
}

/// What one step did.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// Steps done, this one included.
    pub step: u32,
    /// Mean cross-entropy of the batch in nats.
    pub loss: f32,
    /// Examples in the batch that the net read right before the step.
    pub right: u32,
    /// Examples in the batch.
    pub examples: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_make_sense_and_nonsense_is_named() {
        assert_eq!(Settings::default().check(), Ok(()));
        let check = |change: fn(&mut Settings), word: &str| {
            let mut settings = Settings::default();
            change(&mut settings);
            let sentence = settings.check().expect_err(word);
            assert!(sentence.contains(word), "{sentence}");
        };
        check(|s| s.learning_rate = f64::NAN, "learning rate");
        check(|s| s.batch_size = 0, "batch size");
        check(|s| s.steps = 0, "steps");
        check(|s| s.replay_share = 1.0, "share");
        check(
            |s| (s.batch_size, s.replay_share) = (1, 0.9),
            "no example fits",
        );
        check(|s| s.distillation = -1.0, "distillation");
        check(|s| s.strength = 0.0, "strength");
        let scratch = |validation_images, train_images| {
            Task::FromScratch(Scratch {
                architecture: Architecture::Mlp,
                validation_images,
                train_images,
            })
        };
        let mut settings = Settings::from_scratch(Architecture::Mlp);
        for (task, word) in [
            (scratch(0, 50_000), "held out"),
            (scratch(100, 5), "at least as many"),
        ] {
            settings.task = task;
            let sentence = settings.check().expect_err(word);
            assert!(sentence.contains(word), "{sentence}");
        }
    }

    #[test]
    fn the_learning_rate_rises_and_falls() {
        let settings = Settings {
            steps: 100,
            ..Settings::default()
        };
        let at = |step| settings.learning_rate_at(step);
        assert!(
            at(0) < at(8) && at(8) < at(9) && at(20) > at(60) && at(60) > at(99) && at(99) > 0.0
        );
        let single = Settings {
            steps: 1,
            ..Settings::default()
        };
        assert_eq!(single.learning_rate_at(0), single.learning_rate);
    }

    #[test]
    fn epochs_count_the_images_to_learn_alone() {
        let settings = Settings::default();
        assert_eq!(settings.epochs(64), 120.0 * 16.0 / 64.0);
        for architecture in Architecture::ALL {
            let settings = Settings::from_scratch(architecture);
            assert_eq!(settings.check(), Ok(()));
            assert!(settings.epochs(55_000) > 0.99);
        }
    }

    #[test]
    fn layers_go_by_the_tensors_names() {
        assert!(Layers::Head.learn("head.bias") && !Layers::Head.learn("late.first.bias"));
        assert!(
            Layers::LastStage.learn("late.first.bias") && !Layers::LastStage.learn("stem.bias")
        );
        assert!(Layers::All.learn("stem.bias"));
    }
}
