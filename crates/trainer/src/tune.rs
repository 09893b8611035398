//! `trainer tune`: searches hyper-parameters by successive halving (Jamieson and Talwalkar 2016).
//!
//! Random settings are trained for a few epochs; the better part of them again for more, and so on.
//! Each training is a run of `train` in a process of its own, with a folder of its own. What is
//! finished is found there again, so a search that was stopped goes on by the same command.

use std::cmp::Reverse;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

use crate::cli::Shared;
use crate::files;
use crate::progress::EpochReport;
use crate::run_folder::{CONFIG, LOG};
use crate::usage::UsageError;

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
    #[arg(long, default_value_t = 1)]
    pub parallel: usize,
    /// Folder of the search; one that is there is gone on with
    #[arg(long, value_name = "DIR", default_value = "tune")]
    pub output: PathBuf,
    /// Further flags of `train`, behind `--`
    #[arg(last = true, value_name = "FLAGS")]
    pub train: Vec<String>,
}

/// What a setting may be.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Range {
    /// Between both, evenly by order of magnitude.
    Log(f64, f64),
    /// Between both, evenly.
    Uniform(f64, f64),
    /// One of these.
    Choice(Vec<Value>),
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
    let space = space(&flags.space)?;
    if flags.trials == 0 || flags.rungs == 0 || flags.keep < 2 || flags.parallel == 0 {
        let sentence = "--trials, --rungs and --parallel must be at least 1, --keep at least 2";
        return Err(UsageError::new(sentence).into());
    }
    fs::create_dir_all(&flags.output)
        .with_context(|| format!("cannot create {}", flags.output.display()))?;
    let mut remaining: Vec<usize> = (0..flags.trials).collect();
    let mut board: Vec<Outcome> = Vec::new();
    for rung in 0..flags.rungs {
        let epochs = flags.epochs * flags.keep.pow(rung);
        let mut outcomes = Vec::new();
        for trials in remaining.chunks(flags.parallel) {
            let started: Result<Vec<_>> = trials
                .iter()
                .map(|&trial| Training::start(flags, shared, &space, trial, epochs))
                .collect();
            for training in started? {
                let outcome = training.finish()?;
                println!("{}", line(&outcome));
                outcomes.push(outcome);
            }
        }
        outcomes.sort_by_key(|outcome| Reverse((outcome.validation_accuracy * 1e9) as i64));
        remaining = outcomes.iter().map(|outcome| outcome.trial).collect();
        remaining.truncate(outcomes.len().div_ceil(flags.keep));
        board.splice(0..0, outcomes);
    }
    files::write_json(&flags.output.join("leaderboard.json"), &board)?;
    let best = board.first().context("there was nothing to train")?;
    let config: Value = files::read_json(&best.run.join(CONFIG))?;
    let path = flags.output.join("best.json");
    files::write_json(&path, &config)?;
    println!(
        "the best: {}\nuse it with: trainer train --config {}",
        line(best),
        path.display()
    );
    Ok(())
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

fn space(path: &Path) -> Result<BTreeMap<String, Range>> {
    let refuse = |reason: String| {
        UsageError::new(format!(
            "{} is no space to search ({reason}); see tune --help",
            path.display()
        ))
    };
    let text = fs::read_to_string(path).map_err(|error| refuse(error.to_string()))?;
    let space: BTreeMap<String, Range> =
        serde_json::from_str(&text).map_err(|error| refuse(error.to_string()))?;
    for (name, range) in &space {
        let is_sound = match range {
            Range::Log(low, high) => *low > 0.0 && low < high,
            Range::Uniform(low, high) => low < high,
            Range::Choice(values) => !values.is_empty(),
        };
        if !is_sound {
            return Err(refuse(format!("the range of {name} is empty")).into());
        }
    }
    Ok(space)
}

/// The settings of a trial: a function of the seed and its number alone.
fn settings(space: &BTreeMap<String, Range>, seed: u64, trial: usize) -> Map<String, Value> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(trial as u64);
    let value = |range: &Range, rng: &mut ChaCha8Rng| match range {
        Range::Log(low, high) => rng.random_range(low.ln()..high.ln()).exp().into(),
        Range::Uniform(low, high) => rng.random_range(*low..*high).into(),
        Range::Choice(values) => values[rng.random_range(0..values.len())].clone(),
    };
    space
        .iter()
        .map(|(name, range)| (name.clone(), value(range, &mut rng)))
        .collect()
}

/// A training under way, or found finished.
struct Training {
    child: Option<Child>,
    runs: PathBuf,
    name: String,
    outcome: Outcome,
}

impl Training {
    fn start(
        flags: &Tune,
        shared: &Shared,
        space: &BTreeMap<String, Range>,
        trial: usize,
        epochs: usize,
    ) -> Result<Training> {
        let (runs, name) = (flags.output.join("runs"), format!("trial{trial}-{epochs}"));
        let settings = settings(space, shared.seed, trial);
        let found = find(&runs, &name);
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("train").stdout(Stdio::null());
        if let Some(data) = &shared.data {
            command.arg("--data").arg(data);
        }
        command.args([
            "--device",
            &shared.device.to_string(),
            "--seed",
            &shared.seed.to_string(),
        ]);
        if let Some(run) = &found {
            command.arg("--resume").arg(run);
        } else {
            let config = flags.output.join(format!("{name}.json"));
            files::write_json(&config, &settings)?;
            command
                .arg("--config")
                .arg(config)
                .args(["--name", &name])
                .arg("--runs")
                .arg(&runs);
            command
                .args(["--epochs", &epochs.to_string()])
                .args(&flags.train);
        }
        let is_done = found.as_deref().is_some_and(|run| log(run).len() >= epochs);
        let child = if is_done {
            None
        } else {
            Some(command.spawn()?)
        };
        let outcome = Outcome {
            trial,
            epochs,
            validation_accuracy: 0.0,
            settings,
            run: PathBuf::new(),
        };
        Ok(Training {
            child,
            runs,
            name,
            outcome,
        })
    }

    /// Waits for it, and reads what came of it.
    fn finish(mut self) -> Result<Outcome> {
        if let Some(child) = &mut self.child
            && !child.wait()?.success()
        {
            bail!("the run {} failed; what it said stands above", self.name);
        }
        let run = find(&self.runs, &self.name).context("the run left no folder")?;
        let log = log(&run);
        if log.len() < self.outcome.epochs {
            bail!("stopped; the same command goes on with the search");
        }
        let accuracies = log.iter().map(|epoch| epoch.validation_accuracy);
        self.outcome.validation_accuracy = accuracies.fold(0.0, f64::max);
        self.outcome.run = run;
        Ok(self.outcome)
    }
}

/// The folder `<number>-<name>` among the runs.
fn find(runs: &Path, name: &str) -> Option<PathBuf> {
    let entries = fs::read_dir(runs).ok()?.flatten();
    let mut paths = entries.map(|entry| entry.path());
    paths.find(|path| {
        let file = path.file_name().unwrap_or_default().to_string_lossy();
        file.split_once('-').is_some_and(|(_, rest)| rest == name) && path.join(CONFIG).is_file()
    })
}

fn log(run: &Path) -> Vec<EpochReport> {
    let text = fs::read_to_string(run.join(LOG)).unwrap_or_default();
    text.lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<BTreeMap<String, Range>> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("space.json");
        fs::write(&path, text)?;
        space(&path)
    }

    #[test]
    fn settings_lie_in_their_ranges_and_depend_on_seed_and_number() -> Result<()> {
        let space = parsed(
            r#"{"a": {"log": [0.001, 0.1]}, "b": {"choice": [64, 128]}, "c": {"uniform": [0, 1]}}"#,
        )?;
        let drawn: Vec<_> = (0..50).map(|trial| settings(&space, 1, trial)).collect();
        for trial in &drawn {
            let a = trial["a"].as_f64().unwrap_or_default();
            assert!((0.001..0.1).contains(&a) && [64.into(), 128.into()].contains(&trial["b"]));
        }
        let small = drawn
            .iter()
            .filter(|trial| trial["a"].as_f64() < Some(0.01))
            .count();
        assert!(
            (15..35).contains(&small),
            "{small} of 50 below the middle of the magnitudes"
        );
        assert!(drawn[3] == settings(&space, 1, 3) && drawn[3] != settings(&space, 2, 3));
        Ok(())
    }

    #[test]
    fn an_empty_range_is_refused_by_name() {
        for wrong in [
            r#"{"a": {"log": [0, 1]}}"#,
            r#"{"a": {"choice": []}}"#,
            r#"{"a": 3}"#,
        ] {
            let error = parsed(wrong)
                .err()
                .map(|error| error.to_string())
                .unwrap_or_default();
            assert!(error.contains("is no space to search"), "{wrong} {error}");
        }
    }
}
