//! The command line as a person uses it: the program runs as a process of its own.

mod duplicates;
mod evaluate;
mod explore;
mod export;
mod flags;
mod predict;
mod support;
mod train;
