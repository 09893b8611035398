//! What a worker answers.

use model::confidence::Judgement;
use model::evidence::Evidence;
use model::prediction::Prediction;
use serde::{Deserialize, Serialize};

/// What a worker answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Response {
    /// The worker runs and listens: sent once, unasked. What was sent to it earlier is lost.
    Started,
    /// The model is in place and passed the self-test.
    Loaded {
        /// How many numbers the model has learnt.
        parameters: u32,
        /// The largest difference between this device's logits and the stored reference.
        self_test_difference: f32,
    },
    /// The net of [`crate::Request::Replace`] answers from now on.
    Replaced,
    /// What one image shows.
    Predicted {
        /// The number of the model that computed this.
        model: u32,
        /// Calibrated probabilities of the ten classes.
        prediction: Prediction,
        /// What may be said of the image beyond them.
        judgement: Judgement,
        /// What in the image speaks for each class; `None` for nets that cannot say.
        evidence: Option<Evidence>,
        /// How long the net took, in milliseconds.
        milliseconds: f64,
    },
    /// What some photos show, in the order in which they were sent.
    Classified {
        /// The number of the model that computed this.
        model: u32,
        /// One an image.
        images: Vec<Classified>,
        /// How long the net took for all of them, in milliseconds.
        milliseconds: f64,
    },
    /// How fast this device is.
    Measured {
        /// The median time of one prediction, in milliseconds.
        milliseconds: f64,
    },
    /// The worker is alive.
    Pong,
    /// The request could not be met; the worker goes on.
    Failed {
        /// One sentence for the person who reads the page.
        sentence: String,
    },
    /// The worker is about to end by a panic: its last words, sent unasked.
    Died {
        /// What the panic said.
        sentence: String,
    },
}

/// What one photo shows, and where it lies among the others.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Classified {
    /// Calibrated probabilities of the ten classes.
    pub prediction: Prediction,
    /// What the net's head saw, as [`model::likeness`] keeps it.
    pub features: Vec<i8>,
}
