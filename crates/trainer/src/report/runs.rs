//! The report on training runs.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::page::Page;
use super::provenance::Provenance;
use super::{Reporting, percent};
use crate::charts;
use crate::files;
use crate::recipes::{self, Row};
use crate::run_folder;

/// The sections about the weights' own run, the recipes, and all runs.
///
/// # Errors
/// If a chart cannot be drawn.
pub fn write(page: &mut Page, flags: &Reporting, provenance: &Provenance) -> Result<()> {
    page.section("The training run");
    page.paragraph(&provenance.training().join(" "));
    let own = provenance.log();
    if !own.is_empty() {
        let [loss, accuracy] = charts::of_run(own, provenance.is_augmented())?;
        page.charts(&[
            (loss, "Loss, epoch by epoch"),
            (accuracy, "Read right, epoch by epoch"),
        ]);
    }
    let recipes: Result<Vec<Row>> = files::read_json(&flags.recipes.join(recipes::TABLE));
    if let Ok(recipes) = recipes {
        page.section("The usual recipes");
        page.paragraph(
            "Trained by `trainer recipes`. The accuracy is that of each run's best epoch on the test images.",
        );
        let mut rows = vec![recipes::HEAD.map(String::from).to_vec()];
        rows.extend(recipes.iter().map(|row| row.cells().to_vec()));
        page.table(&rows);
    }
    let runs = run_rows(&flags.runs);
    if runs.len() > 1 {
        page.section("All runs");
        page.table(&runs);
    }
    Ok(())
}

/// A line a run: what it was, and its best validation accuracy.
fn run_rows(runs: &Path) -> Vec<Vec<String>> {
    let mut folders: Vec<PathBuf> = fs::read_dir(runs)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .collect();
    folders.sort();
    let mut rows = vec![
        ["run", "architecture", "epochs", "best validation"]
            .map(String::from)
            .to_vec(),
    ];
    for folder in folders {
        let (Ok(config), epochs) = (
            files::read_json::<serde_json::Value>(&folder.join(run_folder::CONFIG)),
            run_folder::log(&folder),
        ) else {
            continue;
        };
        let best = epochs
            .iter()
            .map(|epoch| epoch.validation_accuracy)
            .fold(0.0, f64::max);
        let name = folder
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let architecture = config["architecture"].as_str().unwrap_or("-").to_owned();
        rows.push(vec![
            name,
            architecture,
            epochs.len().to_string(),
            percent(best),
        ]);
    }
    rows
}
