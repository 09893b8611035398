//! Everything about the model that the trainer and the page share: images, drawings, data formats,
//! metrics, weights and the nets themselves.
//!
//! Invariants:
//! - Bytes and values in, values out. No files, no browser, no clock, no global state.
//! - One list of class names ([`class`]), one normalisation ([`image`]), one way from a drawing to
//!   the net's input ([`drawing::to_image`]). Nobody else writes these down again.
//! - Without the feature `net` no tensor library is linked; the page and its CPU worker build it so.
//! - Drawing arithmetic uses only operations that IEEE 754 rounds exactly, so that a drawing gives
//!   the same bytes in the browser and natively.

pub mod architecture;
pub mod augment;
pub mod calibration;
pub mod class;
pub mod confidence;
pub mod config;
pub mod drawing;
pub mod evidence;
pub mod export;
pub mod folded;
pub mod golden;
pub mod idx;
pub mod image;
pub mod likeness;
pub mod map;
pub mod mcnemar;
pub mod metrics;
#[cfg(feature = "net")]
pub mod net;
#[cfg(feature = "net")]
pub mod ops;
pub mod photo;
pub mod picture_file;
pub mod prediction;
pub mod published;
pub mod quickdraw;
#[cfg(feature = "reader")]
pub mod reader;
pub mod reading;
pub mod teach;
pub mod weights;
