//! Trains, evaluates and tries Wardrobe's nets.
//!
//! All of the project's file I/O on the training side is here: the data set, run folders, pictures
//! to predict. What a picture, a net or a metric *is* lives in the `model` crate.
//!
//! Invariant: nothing in here writes over the shipped weights; a training run writes into a new
//! folder under `runs/`.

#![deny(clippy::print_stdout, clippy::print_stderr)] // They panic; see `output`.

pub mod calibrate;
pub mod charts;
pub mod cli;
pub mod data;
pub mod drawings;
pub mod duplicates;
pub mod embed;
pub mod environment;
pub mod evaluate;
pub mod examples;
pub mod explain;
pub mod explore;
pub mod export;
pub mod files;
pub mod finetune;
pub mod folds;
pub mod icons;
pub mod interrupt;
pub mod nets;
pub mod numbers;
pub mod opinions;
pub mod originals;
pub mod output;
pub mod picture;
pub mod predict;
pub mod progress;
pub mod recipe;
pub mod recipes;
pub mod remote;
pub mod report;
pub mod run_config;
pub mod run_folder;
pub mod settings;
pub mod sheet;
pub mod subjects;
pub mod suspects;
pub mod train;
pub mod training;
pub mod trial;
pub mod tune;
pub mod usage;
