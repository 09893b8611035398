//! How training images are varied: photos ([`photo`]), strokes that people drew ([`strokes`]),
//! sketches made from photos ([`sketch`]) and drawings made from nothing ([`doodle`]).
//!
//! Everything is a function of its input and the random numbers given: the same seed makes the same
//! images, on one thread or many.

pub mod doodle;
mod enclosed;
pub mod photo;
pub mod sketch;
pub mod strokes;

use rand::Rng;

/// A normally distributed number with mean 0 and standard deviation 1, near enough: the sum of
/// twelve uniform ones (Irwin–Hall).
pub fn normal(rng: &mut impl Rng) -> f32 {
    (0..12).map(|_| rng.random::<f32>()).sum::<f32>() - 6.0
}

/// A number between `low` and `high`, both positive, as likely to be in one octave as in another.
pub fn log_uniform(low: f32, high: f32, rng: &mut impl Rng) -> f32 {
    rng.random_range(low.ln()..high.ln()).exp()
}
