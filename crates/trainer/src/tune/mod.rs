//! `trainer tune`: searches hyper-parameters by successive halving (Jamieson and Talwalkar 2016).
//!
//! Random settings are trained for a few epochs; the better part of them again for more, and so on.
//! Each training is a run of `train` in a process of its own, with a folder of its own. What is
//! finished is found there again, so a search that was stopped goes on by the same command.

mod space;

use std::ffi::OsString;
use std::path::PathBuf;

use anyhow::{Context, Result};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::cli::Shared;
use crate::files;
use crate::numbers::whole;
use crate::run_folder::{self, CONFIG};
use crate::trial::{self, Diverged, Trial};
use crate::usage::UsageError;
use space::Space;

/// Trials of the leaderboard that are printed at the end; its file has all.
const SHOWN: usize = 10;

/// Flags of `tune`.
#[derive(Debug, clap::Args)]
pub struct Tune {
    /// What to search: a JSON object of settings, each {"log": [low, high]}, {"uniform": [low, high]} or
    /// {"choice": [values]}; for instance {"learning_rate": {"log": [0.001, 0.03]}}
    #[arg(long, value_name = "FILE")]
    pub space: PathBuf,
    /// Random settings to begin with
    #[arg(long, default_value_t = 9)]
    pub trials: usize,
    /// Epochs of the first rung
    #[arg(long, default_value_t = 1)]
    pub epochs: usize,
    /// Rungs; on each, one setting in --keep goes on, with --keep times the epochs
    #[arg(long, default_value_t = 3)]
    pub rungs: u32,
    /// See --rungs
    #[arg(long, default_value_t = 3)]
    pub keep: usize,
    /// Runs at the same time
    #[arg(long, value_parser = whole::<usize>(trial::PARALLEL), default_value_t = 1)]
    pub parallel: usize,
    /// Folder of the search; one that is there is gone on with
    #[arg(long, value_name = "DIR", default_value = "tune")]
    pub output: PathBuf,
    /// Further flags of `train`, behind `--`
    #[arg(last = true, value_name = "FLAGS")]
    pub train: Vec<String>,
}

/// One training, and what came of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Outcome {
    trial: usize,
    epochs: usize,
    validation_accuracy: f64,
    settings: Map<String, Value>,
    run: PathBuf,
}

/// Searches, and writes `leaderboard.json` and `best.json`, which `train --config` takes.
///
/// # Errors
/// If the space cannot be read, a training fails, or the folder cannot be written to.
pub fn run(flags: &Tune, shared: &Shared) -> Result<()> {
    let space = space::read(&flags.space)?;
    if flags.trials == 0 || flags.rungs == 0 || flags.keep < 2 || flags.parallel == 0 {
        let sentence = "--trials, --rungs and --parallel must be at least 1, --keep at least 2";
        return Err(UsageError::new(sentence).into());
    }
    files::create_folder(&flags.output)?;
    let mut remaining: Vec<usize> = (0..flags.trials).collect();
    let mut board: Vec<Outcome> = Vec::new();
    for rung in 0..flags.rungs {
        let epochs = flags.epochs * flags.keep.pow(rung);
        let train = |&trial: &usize| {
            let outcome = outcome(flags, shared, &space, trial, epochs)?;
            println!("{}", line(&outcome));
            Ok(outcome)
        };
        let mut outcomes = trial::in_parallel(&remaining, flags.parallel, train)?;
        outcomes.sort_by(|a, b| b.validation_accuracy.total_cmp(&a.validation_accuracy));
        remaining = outcomes.iter().map(|outcome| outcome.trial).collect();
        remaining.truncate(outcomes.len().div_ceil(flags.keep));
        board.splice(0..0, outcomes);
        files::write_json(&flags.output.join("leaderboard.json"), &board)?;
    }
    let best = board.first().context("there was nothing to train")?;
    let config: Value = files::read_json(&best.run.join(CONFIG))?;
    let path = flags.output.join("best.json");
    files::write_json(&path, &config)?;
    println!("\nthe best:");
    for outcome in board.iter().take(SHOWN) {
        println!("{}", line(outcome));
    }
    println!(
        "use the first with: trainer train --config {}",
        path.display()
    );
    Ok(())
}

/// Trains a trial for so many epochs, unless that has been done. Settings with which training goes wrong
/// have an accuracy of 0.
fn outcome(
    flags: &Tune,
    shared: &Shared,
    space: &Space,
    trial: usize,
    epochs: usize,
) -> Result<Outcome> {
    let name = format!("trial{trial}-{epochs}");
    let settings = space::settings(space, shared.seed, trial);
    let config = flags.output.join(format!("{name}.json"));
    files::write_json(&config, &settings)?;
    let own = ["--config".into(), config.into_os_string()];
    let epochs_flag = ["--epochs".into(), epochs.to_string().into()];
    let further = flags.train.iter().map(OsString::from);
    let planned = Trial {
        runs: flags.output.join("runs"),
        name,
        flags: own.into_iter().chain(epochs_flag).chain(further).collect(),
    };
    let (run, validation_accuracy) = result(planned.train(shared, flags.parallel))?;
    Ok(Outcome {
        trial,
        epochs,
        validation_accuracy,
        settings,
        run,
    })
}

/// The folder of a run that was trained, and its best accuracy.
fn result(trained: Result<PathBuf>) -> Result<(PathBuf, f64)> {
    match trained {
        Ok(run) => {
            let log = run_folder::log(&run);
            let accuracies = log.iter().map(|epoch| epoch.validation_accuracy);
            Ok((run, accuracies.fold(0.0, f64::max)))
        }
        // These settings are worth nothing, which is no reason to end the search.
        Err(error) => Ok((error.downcast::<Diverged>()?.run, 0.0)),
    }
}

fn line(outcome: &Outcome) -> String {
    format!(
        "trial {:>3}, {:>3} epochs: validation {:.2} %  {}",
        outcome.trial,
        outcome.epochs,
        100.0 * outcome.validation_accuracy,
        Value::Object(outcome.settings.clone())
    )
}
