//! How a net is taught.

use serde::{Deserialize, Serialize};

/// Which layers learn; the others stay as they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Layers {
    /// The dense layer from the features to the classes.
    Head,
    /// The head, and the layers that make its features.
    LastStage,
    /// Every layer.
    All,
}

impl Layers {
    /// All choices, the fewest layers first.
    pub const CHOICES: [Self; 3] = [Self::Head, Self::LastStage, Self::All];

    /// The name, as on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Head => "head",
            Self::LastStage => "last-stage",
            Self::All => "all",
        }
    }

    /// Whether the tensor of this name learns.
    pub fn learn(self, tensor: &str) -> bool {
        let parts: &[&str] = match self {
            Self::Head => &["head."],
            Self::LastStage => &["late.", "hidden.", "head."],
            Self::All => &[""],
        };
        parts.iter().any(|part| tensor.starts_with(part))
    }
}

impl std::str::FromStr for Layers {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        Self::CHOICES
            .into_iter()
            .find(|layers| layers.name() == name)
            .ok_or_else(|| {
                format!("there are no layers \"{name}\"; there are head, last-stage and all")
            })
    }
}

/// What turns gradients into steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Optimiser {
    /// Adam with decoupled weight decay (Loshchilov and Hutter, 2019).
    AdamW,
    /// Stochastic gradient descent with Nesterov's momentum.
    Sgd,
}

impl Optimiser {
    /// All choices.
    pub const CHOICES: [Self; 2] = [Self::AdamW, Self::Sgd];

    /// The name, as on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::AdamW => "adamw",
            Self::Sgd => "sgd",
        }
    }
}

impl std::str::FromStr for Optimiser {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        Self::CHOICES
            .into_iter()
            .find(|optimiser| optimiser.name() == name)
            .ok_or_else(|| format!("there is no optimiser \"{name}\"; there are adamw and sgd"))
    }
}

/// Everything that decides what a session yields, besides net, examples and originals.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Settings {
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

/// Share of the steps in which the learning rate rises.
const WARMUP: f64 = 0.1;

impl Settings {
    /// The first thing that makes no sense, as a sentence.
    ///
    /// # Errors
    /// Where a value is out of its range.
    pub fn check(&self) -> Result<(), String> {
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
    fn layers_go_by_the_tensors_names() {
        assert!(Layers::Head.learn("head.bias") && !Layers::Head.learn("late.first.bias"));
        assert!(
            Layers::LastStage.learn("late.first.bias") && !Layers::LastStage.learn("stem.bias")
        );
        assert!(Layers::All.learn("stem.bias"));
    }
}
