//! The command line as a person uses it: the program runs as a process of its own.

mod duplicates;
mod embed;
mod evaluate;
mod explain;
mod explore;
mod export;
mod finetune;
mod flags;
mod numbers;
mod opinions;
mod options;
mod originals;
#[cfg(unix)]
mod output;
#[path = "../../../../tests/src/pictures.rs"]
mod pictures;
mod predict;
mod recipes;
#[cfg(feature = "workers")]
mod remote;
mod report;
mod support;
mod suspects;
mod train;
mod tune;
mod workers;
