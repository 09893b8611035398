//! What a run writes down beside its weights: the log, the curves, and at its end the metrics.

use super::checkpoint::Progress;
use super::validation::Scores;
use crate::charts;
use crate::output::print_line;
use crate::progress::EpochReport;
use crate::run_folder::{CURVES, METRICS, RunFolder};
use crate::training::Run;
use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

/// What came of a run; `metrics.json` in its folder.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Metrics {
    /// Epochs that were trained.
    pub epochs: usize,
    /// Whether that was fewer than wanted, because they were no better any more.
    pub stopped_early: bool,
    /// How long they took together, in seconds.
    pub seconds: f64,
    /// The epoch whose weights are in the folder, as the log has it.
    pub best: EpochReport,
}

/// Writes the log of all epochs so far and draws the curves.
///
/// # Errors
/// If the folder cannot be written to.
pub fn epoch(folder: &RunFolder, augmented: bool, log: &[EpochReport]) -> Result<()> {
    folder.write_log(log)?;
    let svgs = charts::of_run(log, augmented)?;
    for (name, svg) in CURVES.into_iter().zip(svgs) {
        folder.write(name, svg.as_bytes())?;
    }
    Ok(())
}

/// Writes the metrics and says where the best epoch's weights are. The test set is not looked at here,
/// for what a run shows is chosen by: that is `evaluate`'s, once, at the end of all choices.
///
/// # Errors
/// If the folder cannot be written to.
pub fn finish(run: &Run, progress: &Progress) -> Result<()> {
    let log = &progress.log;
    let metrics = Metrics {
        epochs: progress.epoch,
        stopped_early: progress.epoch < run.config.train.epochs,
        seconds: log.iter().map(|epoch| epoch.seconds).sum(),
        best: Scores::best(log)
            .context("the run has no epoch in its log")?
            .clone(),
    };
    run.folder.write_json(METRICS, &metrics)?;
    let weights = format!("{}.weights", run.config.train.architecture);
    let weights = run.folder.file(&weights);
    if metrics.stopped_early {
        print_line!("stopped early: no better for {} epochs", progress.stale)?;
    }
    print_line!(
        "the best epoch's weights: {0}; measure them with: cargo run -p trainer -- evaluate --weights {0}",
        weights.display()
    )?;
    Ok(())
}
