//! What the page and the worker that teaches say to each other: [`Order`]s and [`Report`]s, carried as
//! [`crate::Message`]s whose id means nothing. Checkpoints are no part of it: the worker stores them.

use model::class::CLASS_COUNT;
use model::teach::{Example, Progress, Settings};
use serde::{Deserialize, Serialize};

/// What the page asks of the worker that teaches.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Order {
    /// Begin, or take up again where the same lesson was saved; answered by [`Report::Begun`]. Nothing is
    /// stepped yet.
    Begin(Box<Lesson>),
    /// Step until all steps are done or [`Order::Pause`] comes.
    Run,
    /// Take a single step.
    Step,
    /// Stop after the step under way; answered by [`Report::Saved`] and [`Report::Waiting`].
    Pause,
    /// Have this net read all test images; answered by [`Report::Evaluated`].
    Evaluate {
        /// The `.weights` file.
        #[serde(with = "serde_bytes")]
        weights: Vec<u8>,
        /// The text of its sidecar.
        sidecar: String,
    },
}

/// All that a session is made of.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Lesson {
    /// What tells it from every other lesson: a checkpoint is of one lesson.
    pub id: u64,
    /// The `.weights` file of the shipped net: to begin with, or to compare with.
    #[serde(with = "serde_bytes")]
    pub weights: Vec<u8>,
    /// The text of its sidecar.
    pub sidecar: String,
    /// The file of originals.
    #[serde(with = "serde_bytes")]
    pub originals: Vec<u8>,
    /// What is learnt; empty from scratch.
    pub examples: Vec<Example>,
    /// How.
    pub settings: Settings,
}

impl std::fmt::Debug for Lesson {
    // Megabytes of numbers help nobody who reads a failed test.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Lesson({} examples)", self.examples.len())
    }
}

/// How often each class of the held-out images was taken for which: true class, then predicted.
pub type Counts = [[u32; CLASS_COUNT]; CLASS_COUNT];

/// What the net made of things at a step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mark {
    /// Steps done.
    pub step: u32,
    /// What the held-out images were read as.
    pub held_out: Counts,
    /// How many of the images to learn, as they are, were read right; of a great many, the first are
    /// looked at.
    pub right: u32,
    /// How many were looked at.
    pub seen: u32,
    /// Bytes of memory that the worker had taken; it gives none back.
    pub memory_bytes: u32,
}

/// What the worker that teaches says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Report {
    /// The worker runs and listens. What was sent to it earlier is lost.
    Started,
    /// The data set is being brought: this share of it is here, 0 to 1.
    Fetching(f32),
    /// The session is ready.
    Begun {
        /// What the shipped net makes of the held-out images.
        before: Counts,
        /// The steps done already.
        history: Vec<Progress>,
        /// What was seen at some of them.
        marks: Vec<Mark>,
    },
    /// Steps were taken.
    Stepped {
        /// What they did.
        steps: Vec<Progress>,
        /// How long one took, in milliseconds.
        milliseconds: f32,
    },
    /// The net as it is now was looked at.
    Measured(Mark),
    /// The session has been stored, and this is the net that it has come to.
    Saved(Taught),
    /// It waits, after a pause or a single step.
    Waiting,
    /// All steps are done; what they led to has been measured and saved.
    Done,
    /// So many test images have been read.
    Evaluating(u32),
    /// What all test images were read as.
    Evaluated(Counts),
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

/// The net that a session has come to.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Taught {
    /// Steps done.
    pub step: u32,
    /// The net as a `.weights` file.
    #[serde(with = "serde_bytes")]
    pub weights: Vec<u8>,
    /// The text of its sidecar.
    pub sidecar: String,
    /// Why the session could not be stored, in words, if so: then a reload would lose it.
    pub not_stored: Option<String>,
}

impl std::fmt::Debug for Taught {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Taught(step {})", self.step)
    }
}
