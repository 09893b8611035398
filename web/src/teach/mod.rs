//! Teaching the net one's own examples: the rules, on plain structs.

pub mod chart;
pub mod comparison;
pub mod evaluation;
pub mod fields;
pub mod lesson;
pub mod meter;
pub mod model_file;
pub mod runs;
pub mod tray;

pub use evaluation::Evaluation;
pub use fields::{Field, Fields};
pub use lesson::{Act, Lesson, Phase};
pub use runs::{Run, Runs, Subject};
pub use tray::Tray;
