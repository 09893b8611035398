//! What the page asks of a worker.

use model::image::Image;
use serde::{Deserialize, Serialize};

/// What the page asks of a worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Request {
    /// Take this model and test yourself with it; answered by [`crate::Response::Loaded`].
    Load(Load),
    /// Classify one image; answered by [`crate::Response::Predicted`].
    Predict {
        /// What to look at.
        image: Box<Image>,
        /// Which calibration fits it.
        kind: Kind,
    },
    /// Classify some photos; answered by [`crate::Response::Classified`]. Few enough that a drawing
    /// need not wait long behind them.
    Classify {
        /// What to look at.
        images: Vec<Image>,
    },
    /// Time some predictions of your own; answered by [`crate::Response::Measured`].
    Measure {
        /// How many predictions, at least 1.
        runs: u32,
    },
    /// Answer with this net from now on; answered by [`crate::Response::Replaced`]. There is no self-test,
    /// for nobody knows its logits yet: the device has passed that with the shipped net.
    Replace {
        /// The number that the page gives it, which each answer of it carries; 0 is the model of
        /// [`Request::Load`].
        model: u32,
        /// The bytes of the `.weights` file.
        #[serde(with = "serde_bytes")]
        weights: Vec<u8>,
        /// The text of its JSON sidecar.
        sidecar: String,
    },
    /// Say that you are alive; answered by [`crate::Response::Pong`].
    Ping,
}

/// A model, as the three files that the page fetched.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Load {
    /// The bytes of the `.weights` file.
    #[serde(with = "serde_bytes")]
    pub weights: Vec<u8>,
    /// The text of its JSON sidecar.
    pub sidecar: String,
    /// The text of the golden logits, for the self-test.
    pub golden: String,
}

impl std::fmt::Debug for Load {
    // A megabyte of numbers helps nobody who reads a failed test.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Load({} bytes of weights)", self.weights.len())
    }
}

/// What an image shows: drawings and photos are calibrated apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// A drawing, as from the canvas.
    Drawing,
    /// A photo, as in Fashion-MNIST.
    Photo,
}
