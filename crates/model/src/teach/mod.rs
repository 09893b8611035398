//! Teaching a trained net a person's own examples, and training a net from scratch: what the room to
//! teach in does, shared by the trainer and the page.
//!
//! [`Settings`] say how, [`Example`]s what is learnt, [`Originals`] what must not be forgotten; from
//! scratch, [`Photos`] are learnt. With the feature `train`, a [`Session`] takes the steps; [`measure`]
//! says what they did to a net.
//!
//! Every batch is a function of settings, examples and step, so a session that goes on from a checkpoint
//! goes on as if nothing had been. Browser and trainer take the same steps; their weights differ by what
//! each device rounds.

mod batch;
mod choices;
#[cfg(feature = "train")]
mod course;
#[cfg(feature = "train")]
mod error;
mod example;
mod export;
#[cfg(feature = "net")]
mod measure;
#[cfg(feature = "train")]
mod optimiser;
mod originals;
mod pace;
mod photos;
#[cfg(feature = "train")]
mod session;
mod settings;

pub use batch::{Batch, Batches};
pub use choices::{Layers, Optimiser, Scratch, Task};
#[cfg(feature = "train")]
pub use error::TeachError;
pub use example::{Example, FileError, parse_examples, write_examples};
pub use export::sidecar_after;
#[cfg(feature = "net")]
pub use export::sidecar_from_scratch;
#[cfg(feature = "net")]
pub use measure::{measure, measure_telling};
pub use originals::{Labelled, Originals, OriginalsError};
pub use pace::Pace;
pub use photos::Photos;
#[cfg(feature = "train")]
pub use session::Session;
pub use settings::{Progress, Settings};
