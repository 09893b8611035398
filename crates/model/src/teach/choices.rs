//! What can be chosen by name: the task, the layers that learn, the optimiser.

use crate::{
    architecture::Architecture,
    published::{DEFAULT_VALIDATION, Split},
};
use serde::{Deserialize, Serialize};

/// What is trained on what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Task {
    /// The net as it is learns a person's examples.
    FineTune,
    /// A net with random weights learns the published training images.
    FromScratch(Scratch),
}

/// Which net is trained from random weights, and on how much.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scratch {
    /// The net.
    pub architecture: Architecture,
    /// Images held out of the published training set; 100 to 30,000. The same ones as in the trainer.
    pub validation_images: usize,
    /// It is trained on at most so many of the others.
    pub train_images: usize,
}

impl Scratch {
    /// All that is not held out by default.
    pub fn new(architecture: Architecture) -> Self {
        Self {
            architecture,
            validation_images: DEFAULT_VALIDATION,
            train_images: Split::Train.count() - DEFAULT_VALIDATION,
        }
    }

    /// How many images there are to train on.
    pub fn images(&self) -> usize {
        let rest = Split::Train.count().saturating_sub(self.validation_images);
        self.train_images.min(rest)
    }
}

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
