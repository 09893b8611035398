//! What the page and the worker that teaches say to each other: [`Order`]s and [`Report`]s, carried as
//! [`crate::Message`]s whose id means nothing.

use model::class::CLASS_COUNT;
use model::teach::{Example, Progress, Settings};
use serde::{Deserialize, Serialize};

/// What the page asks of the worker that teaches.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Order {
    /// Begin, or take up again; answered by [`Report::Begun`]. Nothing is stepped yet.
    Begin(Box<Lesson>),
    /// Step until all steps are done or [`Order::Pause`] comes.
    Run,
    /// Take a single step.
    Step,
    /// Stop after the step under way; answered by [`Report::Saved`].
    Pause,
}

/// All that a session is made of.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Lesson {
    /// The `.weights` file to begin with.
    #[serde(with = "serde_bytes")]
    pub weights: Vec<u8>,
    /// The text of its sidecar.
    pub sidecar: String,
    /// The file of originals.
    #[serde(with = "serde_bytes")]
    pub originals: Vec<u8>,
    /// What is learnt.
    pub examples: Vec<Example>,
    /// How.
    pub settings: Settings,
    /// Where an earlier session stood; empty to begin anew.
    #[serde(with = "serde_bytes")]
    pub checkpoint: Vec<u8>,
}

impl std::fmt::Debug for Lesson {
    // Megabytes of numbers help nobody who reads a failed test.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Lesson({} examples)", self.examples.len())
    }
}

/// How often each class of the held-out images was taken for which: true class, then predicted.
pub type Counts = [[u32; CLASS_COUNT]; CLASS_COUNT];

/// What the worker that teaches says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Report {
    /// The worker runs and listens. What was sent to it earlier is lost.
    Started,
    /// The session is ready.
    Begun {
        /// Steps done already.
        step: u32,
        /// What the net as it was makes of the held-out images.
        before: Counts,
    },
    /// A step was taken.
    Stepped {
        /// What it did.
        progress: Progress,
        /// How long it took, in milliseconds.
        milliseconds: f32,
    },
    /// The net as it is now was looked at.
    Measured {
        /// Steps done.
        step: u32,
        /// What it makes of the held-out images.
        held_out: Counts,
        /// Examples, as they are, that it reads right.
        right: u32,
        /// Bytes of memory that the worker has taken so far; it gives none back.
        memory_bytes: u32,
    },
    /// Where the session stands, and the net that it has come to.
    Saved(Saved),
    /// It waits, after a pause or a single step.
    Waiting,
    /// All steps are done; what they led to has been measured and saved.
    Done,
    /// The session cannot begin, or go on.
    Failed {
        /// One sentence for the person who reads the page.
        sentence: String,
    },
    /// The worker is about to end by a panic.
    Died {
        /// What the panic said.
        sentence: String,
    },
}

/// A point that a session can go on from, and the net that it stands for.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Saved {
    /// Steps done.
    pub step: u32,
    /// The session.
    #[serde(with = "serde_bytes")]
    pub checkpoint: Vec<u8>,
    /// The taught net as a `.weights` file.
    #[serde(with = "serde_bytes")]
    pub weights: Vec<u8>,
    /// The text of its sidecar.
    pub sidecar: String,
}

impl std::fmt::Debug for Saved {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Saved(step {})", self.step)
    }
}
