//! `trainer tune`: searches hyper-parameters by successive halving (Jamieson and Talwalkar 2016).
//!
//! Random settings are trained for a few epochs; the better part of them again for more, and so on.
//! Each training is a run of `train` in a process of its own, with a folder of its own. What is
//! finished is found there again, so a search that was stopped goes on by the same command. A trial that
//! fails, whatever the reason, has no accuracy and goes no further; the search does.

mod space;

use std::cmp::Ordering;
use std::ffi::OsString;
use std::path::PathBuf;

use anyhow::{Result, bail};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::cli::{self, Shared};
use crate::data::published;
use crate::files;
use crate::interrupt::Interrupt;
use crate::numbers::{MOST_EPOCHS, whole};
use crate::output::print_line;
use crate::run_folder::{self, CONFIG};
use crate::settings;
use crate::train::config::TrainConfig;
use crate::trial::{self, Failed, Trial};
use crate::usage::UsageError;
use space::Space;

/// Trials of the leaderboard that are printed at the end; its file has all.
const SHOWN: usize = 10;

/// Most trials: each is a training run, in a process of its own.
const MOST_TRIALS: usize = 10_000;

/// Rungs where none are asked for.
const USUAL_RUNGS: usize = 3;

/// Settings that say how much a search spends on a trial, not what it found.
const BUDGET: [&str; 2] = ["epochs", "train_images"];

/// Flags of `tune`.
#[derive(Debug, clap::Args)]
pub struct Tune {
    /// What to search: a JSON object of settings, each {"log": [low, high]}, {"uniform": [low, high]} or
    /// {"choice": [values]}; for instance {"learning_rate": {"log": [0.001, 0.03]}}
    #[arg(long, value_name = "FILE")]
    pub space: PathBuf,
    /// Random settings to begin with
    #[arg(long, value_parser = whole::<usize>(1..=MOST_TRIALS), default_value_t = 9)]
    pub trials: usize,
    /// Epochs of the first rung
    #[arg(long, value_parser = whole::<usize>(1..=MOST_EPOCHS), default_value_t = 1)]
    pub epochs: usize,
    /// Rungs; on each, one setting in --keep goes on, with --keep times the epochs [default: 3, or fewer where
    /// one setting is left sooner]
    #[arg(long, value_parser = whole::<usize>(1..))]
    pub rungs: Option<usize>,
    /// See --rungs
    #[arg(long, value_parser = whole::<usize>(2..=MOST_TRIALS), default_value_t = 3)]
    pub keep: usize,
    /// Runs at the same time
    #[arg(long, value_parser = whole::<usize>(trial::PARALLEL), default_value_t = 1)]
    pub parallel: usize,
    /// Folder of the search; one that is there is gone on with
    #[arg(long, value_name = "DIR", default_value = "tune")]
    pub output: PathBuf,
    /// Further flags of `train`, behind `--`
    #[arg(last = true, value_name = "FLAGS")]
    pub train: Vec<OsString>,
}

/// One training, and what came of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Outcome {
    trial: usize,
    epochs: usize,
    /// Of the best epoch; none if the trial failed.
    validation_accuracy: Option<f64>,
    /// How the trial failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<String>,
    settings: Map<String, Value>,
    /// The run's folder, if the trial got as far as that.
    #[serde(serialize_with = "lossy")]
    run: Option<PathBuf>,
}

/// A path as text, for a person to read.
fn lossy<S: serde::Serializer>(path: &Option<PathBuf>, serializer: S) -> Result<S::Ok, S::Error> {
    let text = path.as_ref().map(|path| path.to_string_lossy());
    text.serialize(serializer)
}

/// Searches, and writes `leaderboard.json` and `best.json`, which `train --config` takes.
///
/// # Errors
/// If the space or the flags make no sense, every trial fails, the search is stopped, or the folder cannot
/// be written to.
pub fn run(flags: &Tune, shared: &Shared) -> Result<()> {
    let space = space::read(&flags.space)?;
    let budgets = flags.budgets().map_err(UsageError::new)?;
    check_flags(flags, shared, &space)?;
    published::find(shared.data.as_deref())?;
    files::create_folder(&flags.output)?;
    let interrupt = Interrupt::install()?;
    let mut remaining: Vec<usize> = (0..flags.trials).collect();
    let mut board: Vec<Outcome> = Vec::new();
    for epochs in budgets {
        let train = |&trial: &usize| {
            let outcome = outcome(flags, shared, &space, trial, epochs, &interrupt)?;
            print_line!("{}", line(&outcome))?;
            Ok(outcome)
        };
        let mut outcomes = trial::in_parallel(&remaining, flags.parallel, train)?;
        // None, of a trial that failed, is less than any.
        let accuracies = |a: &Outcome, b: &Outcome| {
            let order = b.validation_accuracy.partial_cmp(&a.validation_accuracy);
            order.unwrap_or(Ordering::Equal)
        };
        outcomes.sort_by(accuracies);
        let sound = outcomes.iter().filter(|o| o.validation_accuracy.is_some());
        let going_on = outcomes.len().div_ceil(flags.keep);
        remaining = sound.map(|outcome| outcome.trial).take(going_on).collect();
        board.splice(0..0, outcomes);
        files::write_json(&flags.output.join("leaderboard.json"), &board)?;
    }
    let best = board.iter().find(|o| o.validation_accuracy.is_some());
    let Some(run) = best.and_then(|best| best.run.as_ref()) else {
        bail!("every trial failed: narrow the space, or correct the flags behind --");
    };
    let mut config: Map<String, Value> = files::read_json(&run.join(CONFIG))?;
    config.retain(|name, _| !BUDGET.contains(&name.as_str()));
    let path = flags.output.join("best.json");
    files::write_json(&path, &config)?;
    print_line!("\nthe best:")?;
    for outcome in board.iter().take(SHOWN) {
        print_line!("{}", line(outcome))?;
    }
    print_line!(
        "train with these settings, for all epochs and on all images, by: trainer train --config {}",
        path.display()
    )
}

impl Tune {
    /// A trial by the flags alone, without settings from the space.
    fn trial(&self, name: String, epochs: usize) -> Trial {
        let epochs = ["--epochs".into(), epochs.to_string().into()];
        Trial {
            runs: self.output.join("runs"),
            name,
            flags: epochs
                .into_iter()
                .chain(self.train.iter().cloned())
                .collect(),
        }
    }

    /// How many epochs a trial is trained for, rung by rung.
    ///
    /// # Errors
    /// A sentence where the flags make no sense.
    fn budgets(&self) -> Result<Vec<usize>, String> {
        // Trials by rung, until one is left: from there on there is nothing to choose.
        let trials = std::iter::successors(Some(self.trials), |&trials| {
            (trials > 1).then(|| trials.div_ceil(self.keep))
        });
        let most = trials.count();
        let rungs = self.rungs.unwrap_or(most.min(USUAL_RUNGS));
        if !(1..=most).contains(&rungs) {
            return Err(format!(
                "--rungs must be between 1 and {most}: by --keep {} one of {} trials is left on rung {most}",
                self.keep, self.trials
            ));
        }
        let epochs = std::iter::successors(Some(self.epochs), |epochs| Some(epochs * self.keep));
        let epochs: Vec<usize> = epochs.take(rungs).collect();
        match epochs.last() {
            Some(last) if *last > MOST_EPOCHS => Err(format!(
                "--epochs {} by --keep {} come to {last} on the last rung, and {MOST_EPOCHS} are the most",
                self.epochs, self.keep
            )),
            _ => Ok(epochs),
        }
    }
}

/// Settings that make no sense whatever is drawn from the space should be named before the first trial.
///
/// # Errors
/// A usage error for wrong flags behind `--`, and for a setting in the space that is none, or is given as
/// well.
fn check_flags(flags: &Tune, shared: &Shared, space: &Space) -> Result<()> {
    let trial = flags.trial("trial".into(), flags.epochs);
    let (train, _) = cli::train_flags(trial.beginning(shared))?;
    let is_given = |name: &str| train.given.iter().any(|given| given == name);
    if is_given("config_file") || is_given("resume") {
        let sentence =
            "--config and --resume cannot stand behind --: each trial has its own settings";
        return Err(UsageError::new(sentence).into());
    }
    let known = settings::object(&settings::parse::<TrainConfig>(&Map::new())?)?;
    for name in space.keys() {
        let reason = if !known.contains_key(name) {
            "train has no such setting"
        } else if name == "epochs" {
            "the rungs decide it"
        } else if is_given(name) {
            "it is given behind -- too, and flags win"
        } else {
            continue;
        };
        let sentence = format!("{name} cannot be searched: {reason}");
        return Err(UsageError::in_file(&flags.space, &sentence).into());
    }
    Ok(())
}

/// Trains a trial for so many epochs, unless that has been done.
fn outcome(
    flags: &Tune,
    shared: &Shared,
    space: &Space,
    trial: usize,
    epochs: usize,
    interrupt: &Interrupt,
) -> Result<Outcome> {
    let name = format!("trial{trial}-{epochs}");
    let settings = space::settings(space, shared.seed, trial);
    let config = flags.output.join(format!("{name}.json"));
    files::write_json(&config, &settings)?;
    let mut planned = flags.trial(name, epochs);
    let own = ["--config".into(), config.into_os_string()];
    planned.flags.extend(own);
    let trained = planned.train(shared, flags.parallel, interrupt);
    let (run, validation_accuracy, failure) = match trained {
        Ok(run) => {
            let log = run_folder::log(&run);
            let accuracies = log.iter().map(|epoch| epoch.validation_accuracy);
            (Some(run), Some(accuracies.fold(0.0, f64::max)), None)
        }
        Err(error) => {
            let failed = error.downcast::<Failed>()?;
            let failure = failed.to_string();
            (failed.run, None, Some(failure))
        }
    };
    Ok(Outcome {
        trial,
        epochs,
        validation_accuracy,
        failure,
        settings,
        run,
    })
}

fn line(outcome: &Outcome) -> String {
    let came = match outcome.validation_accuracy {
        Some(accuracy) => format!("validation {:.2} %", 100.0 * accuracy),
        None => "failed".into(),
    };
    format!(
        "trial {:>3}, {:>3} epochs: {came}  {}",
        outcome.trial,
        outcome.epochs,
        Value::Object(outcome.settings.clone())
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn budgets(
        trials: usize,
        epochs: usize,
        rungs: Option<usize>,
        keep: usize,
    ) -> Result<Vec<usize>, String> {
        Tune {
            space: PathBuf::new(),
            trials,
            epochs,
            rungs,
            keep,
            parallel: 1,
            output: PathBuf::new(),
            train: Vec::new(),
        }
        .budgets()
    }

    #[test]
    fn each_rung_has_more_epochs_until_one_trial_is_left() {
        assert_eq!(budgets(9, 1, None, 3), Ok(vec![1, 3, 9]));
        assert_eq!(budgets(27, 1, Some(4), 3), Ok(vec![1, 3, 9, 27]));
        assert_eq!(budgets(4, 2, None, 10), Ok(vec![2, 20]));
        assert_eq!(budgets(1, 5, None, 2), Ok(vec![5]));
        let most = budgets(MOST_TRIALS, 100, Some(2), MOST_TRIALS);
        assert_eq!(most, Ok(vec![100, MOST_EPOCHS]));
    }

    #[test]
    fn a_search_without_end_is_a_sentence() {
        for (refused, expected) in [
            (
                budgets(9, 1, Some(21), 10),
                "--rungs must be between 1 and 2",
            ),
            (budgets(9, 1, Some(0), 3), "--rungs must be"),
            (budgets(1, 1, Some(usize::MAX), 2), "--rungs must be"),
            (
                budgets(9, MOST_EPOCHS, None, 3),
                "come to 9000000 on the last rung",
            ),
        ] {
            let sentence = refused.expect_err(expected);
            assert!(sentence.contains(expected), "{sentence}");
        }
    }
}
