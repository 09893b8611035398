//! Teaching a trained net a person's own examples: fine-tuning, shared by the trainer and the page.
//!
//! [`Settings`] say how, [`Example`]s what is learnt, [`Originals`] what must not be forgotten. With the
//! feature `train`, a [`Session`] takes the steps; [`measure`] says what they did to a net.
//!
//! Every batch is a function of settings, examples and step, so a session that goes on from a checkpoint
//! goes on as if nothing had been, and browser and trainer reach the same weights.

mod batch;
mod example;
mod export;
#[cfg(feature = "net")]
mod measure;
#[cfg(feature = "train")]
mod optimiser;
mod originals;
#[cfg(feature = "train")]
mod session;
mod settings;

pub use batch::{Batch, Batches};
pub use example::{Example, FileError, parse_examples, write_examples};
pub use export::sidecar_after;
#[cfg(feature = "net")]
pub use measure::measure;
pub use originals::{Labelled, Originals, OriginalsError};
#[cfg(feature = "train")]
pub use session::{Session, TeachError};
pub use settings::{Layers, Optimiser, Progress, Settings};
