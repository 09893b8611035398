//! Who shares the steps of a run: workers on this machine, and on devices that other machines lend.

use crate::numbers::whole;
use crate::remote;
use crate::usage::UsageError;
use anyhow::Result;
use burn::tensor::Device;
use clap::Args;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// Flags about data-parallel training: each worker takes a part of every batch.
#[derive(Clone, Debug, Default, PartialEq, Args, Serialize, Deserialize)]
#[command(
    next_help_heading = "Several workers, which share each step (needs a build with --features workers)"
)]
pub struct DataParallel {
    /// Workers on this machine, a part of each batch for each; 0 leaves all to --remote
    #[arg(long, value_parser = whole::<usize>(0..=64), default_value_t = 1)]
    pub workers: usize,
    /// A further worker, on the device that `trainer serve` lends at this address; can be repeated.
    /// Its connection is not encrypted: for networks that you trust
    #[arg(long, value_name = "ws://HOST:PORT", value_parser = remote::address)]
    pub remote: Vec<String>,
    /// File with the token that the lenders of --remote ask for
    #[arg(long, value_name = "FILE")]
    pub token_file: Option<PathBuf>,
}

/// The names of these settings. They do not belong to a run for good: it may go on with other workers.
pub const NAMES: [&str; 3] = ["workers", "remote", "token_file"];

impl DataParallel {
    /// The workers of a run that goes on, which had `self`; these are the flags, of which some were given.
    pub fn resumed(&self, flags: &Self, given: &[String]) -> Self {
        let is_given = |name: &str| given.iter().any(|given| given == name);
        let run_or_flags = |is_given| if is_given { flags } else { self };
        Self {
            workers: run_or_flags(is_given("workers")).workers,
            remote: run_or_flags(is_given("workers") || is_given("remote"))
                .remote
                .clone(),
            token_file: flags
                .token_file
                .as_ref()
                .or(self.token_file.as_ref())
                .cloned(),
        }
    }

    /// What must hold, each with the sentence that says so.
    pub(super) fn checks(&self) -> Vec<(bool, &'static str)> {
        vec![
            (
                self.remote.len() <= 64,
                "--remote can be given 64 times at most",
            ),
            (
                self.workers > 0 || !self.remote.is_empty(),
                "--workers must be between 1 and 64, unless there is a --remote",
            ),
            (
                self.is_alone() || cfg!(feature = "workers"),
                "this build trains alone: start it as `cargo run -p trainer --features workers -- train`",
            ),
        ]
    }

    /// Whether the main device does all by itself.
    fn is_alone(&self) -> bool {
        self.workers == 1 && self.remote.is_empty()
    }

    /// The device of each worker, of which `main` is this machine's; none where nothing is shared.
    ///
    /// # Errors
    /// Where the settings make no sense, or one of the others lends no device.
    pub fn devices(&self, main: &Device) -> Result<Vec<Device>> {
        if let Some((_, sentence)) = self.checks().into_iter().find(|(holds, _)| !holds) {
            return Err(UsageError::new(sentence).into());
        }
        if self.is_alone() {
            return Ok(Vec::new());
        }
        let devices = vec![main.clone(); self.workers].into_iter();
        #[cfg(feature = "workers")]
        let devices = devices.chain(remote::borrow(&self.remote, self.token_file.as_deref())?);
        Ok(devices.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_goes_on_with_its_workers_unless_others_are_given() {
        let of = |workers, remote: &[&str]| DataParallel {
            workers,
            remote: remote.iter().copied().map(String::from).collect(),
            token_file: None,
        };
        let run = of(4, &["ws://a:1"]);
        let resumed = |flags: DataParallel, given: &[&str]| {
            let given: Vec<String> = given.iter().copied().map(String::from).collect();
            run.resumed(&flags, &given)
        };
        assert_eq!(resumed(of(1, &[]), &["resume"]), run);
        assert_eq!(resumed(of(2, &[]), &["workers"]), of(2, &[]));
        let moved = of(1, &["ws://b:1"]);
        assert_eq!(resumed(moved, &["remote"]), of(4, &["ws://b:1"]));
        let token_file = Some(PathBuf::from("token"));
        let flags = DataParallel {
            token_file: token_file.clone(),
            ..of(1, &[])
        };
        let expected = DataParallel {
            token_file,
            ..run.clone()
        };
        assert_eq!(resumed(flags, &["token_file"]), expected);
    }
}
