//! Teaching the net one's own examples: the rules, on plain structs.

pub mod chart;
pub mod lesson;
pub mod meter;
pub mod runs;
pub mod tray;

pub use lesson::{Act, Lesson, Phase};
pub use runs::{Run, Runs};
pub use tray::Tray;
