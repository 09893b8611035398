//! `trainer recipes`: trains by the recipes one after the other and makes a table of what came of it.
//!
//! Each is a run of `train` in a process of its own, with a folder of its own. What is finished is found
//! there again, so that the same command goes on where it was stopped.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::Result;
use burn::tensor::Device;
use clap::ValueEnum;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::cli::Shared;
use crate::data::{self, Labelled, published};
use crate::files;
use crate::interrupt::Interrupt;
use crate::nets::{Kind, WeightsFile};
use crate::numbers::whole;
use crate::output::{print_line, print_note};
use crate::recipe::Recipe;
use crate::run_folder::{CONFIG, METRICS};
use crate::train::record::Metrics;
use crate::trial::{self, Trial};

/// The table's file in the folder of the recipes.
pub const TABLE: &str = "recipes.json";

/// Flags of `recipes`.
#[derive(Debug, clap::Args)]
pub struct Recipes {
    /// Which to train; all but shipped unless given
    #[arg(value_enum, value_name = "RECIPE")]
    pub recipes: Vec<Recipe>,
    /// Recipes at the same time
    #[arg(long, value_parser = whole::<usize>(trial::PARALLEL), default_value_t = 1)]
    pub parallel: usize,
    /// Folder of their runs and of the table; what is finished there is not trained again
    #[arg(long, value_name = "DIR", default_value = "recipes")]
    pub output: PathBuf,
    /// Further flags of `train`, behind `--`; they win over the recipes
    #[arg(last = true, value_name = "FLAGS")]
    pub train: Vec<OsString>,
}

/// A line of the table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// The recipe's name.
    pub recipe: String,
    /// What it is.
    pub summary: String,
    /// Trained numbers of the folded net.
    pub parameters: usize,
    /// Multiplications with addition that one image costs.
    pub multiply_adds: usize,
    /// Epochs trained.
    pub epochs: usize,
    /// Of the best epoch on the held-out images, 0..=1.
    pub validation_accuracy: f64,
    /// Of the same weights on the test images, 0..=1.
    pub test_accuracy: f64,
}

/// Trains, measures, and prints the table as Markdown.
///
/// # Errors
/// If a training fails or is stopped, or the folder cannot be written to.
pub fn run(flags: &Recipes, shared: &Shared) -> Result<()> {
    let found = published::find(shared.data.as_deref())?;
    let mut recipes = flags.recipes.clone();
    if recipes.is_empty() {
        recipes.extend(
            Recipe::value_variants()
                .iter()
                .filter(|r| **r != Recipe::Shipped),
        );
    }
    let interrupt = Interrupt::install()?;
    let train = |recipe: &Recipe| {
        print_note!("training by the recipe {recipe}");
        let own = ["--recipe".into(), recipe.to_string().into()];
        let further = flags.train.iter().cloned();
        Trial {
            runs: flags.output.clone(),
            name: recipe.to_string(),
            flags: own.into_iter().chain(further).collect(),
        }
        .train(shared, flags.parallel, &interrupt)
    };
    let runs = trial::in_parallel(&recipes, flags.parallel, train)?;
    let device = shared.device.start()?;
    let test = data::load_test(&found)?;
    let rows = recipes.into_iter().zip(runs);
    let rows = rows.map(|(recipe, run)| Row::new(recipe, &run, &test, &device));
    let rows: Vec<Row> = rows.collect::<Result<_>>()?;
    files::write_json(&flags.output.join(TABLE), &rows)?;
    print_line!("{}", markdown(&rows))?;
    Ok(())
}

impl Row {
    fn new(recipe: Recipe, run: &Path, test: &Labelled, device: &Device) -> Result<Row> {
        // One setting alone is read: runs of earlier versions have fewer of them.
        let config: Value = files::read_json(&run.join(CONFIG))?;
        let metrics: Metrics = files::read_json(&run.join(METRICS))?;
        let architecture = config["architecture"].as_str().unwrap_or_default();
        let weights = run.join(format!("{architecture}.weights"));
        let net = WeightsFile::new(&weights).load_on(device)?;
        let readings = net.read(&test.images, Kind::Photo)?;
        let pairs = readings.iter().zip(&test.labels);
        let right = pairs.filter(|(reading, label)| reading.is_right(**label));
        Ok(Row {
            recipe: recipe.to_string(),
            summary: recipe.summary(),
            parameters: net.sidecar().parameters,
            multiply_adds: net.config()?.multiply_adds(),
            epochs: metrics.epochs,
            validation_accuracy: metrics.best.validation_accuracy,
            test_accuracy: right.count() as f64 / test.len() as f64,
        })
    }

    /// The row's cells, as a person reads them.
    pub fn cells(&self) -> [String; 6] {
        [
            self.recipe.clone(),
            self.summary.clone(),
            thousands(self.parameters),
            format!("{:.2} million", self.multiply_adds as f64 / 1e6),
            self.epochs.to_string(),
            format!("{:.2} %", 100.0 * self.test_accuracy),
        ]
    }
}

/// What the cells are.
pub const HEAD: [&str; 6] = [
    "recipe",
    "what it is",
    "parameters",
    "multiply-adds",
    "epochs",
    "test accuracy",
];

fn markdown(rows: &[Row]) -> String {
    let line = |cells: &[String]| format!("| {} |", cells.join(" | "));
    let mut lines = vec![
        line(&HEAD.map(String::from)),
        "|---|---|---:|---:|---:|---:|".into(),
    ];
    lines.extend(rows.iter().map(|row| line(&row.cells())));
    lines.join("\n")
}

/// With a comma before every three digits.
fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_markdown_with_a_line_a_recipe() {
        let row = Row {
            recipe: "mlp".into(),
            summary: "one layer".into(),
            parameters: 1_101_770,
            multiply_adds: 101_632,
            epochs: 10,
            validation_accuracy: 0.9,
            test_accuracy: 0.8812,
        };
        let table = markdown(&[row]);
        let last = "| mlp | one layer | 1,101,770 | 0.10 million | 10 | 88.12 % |";
        assert_eq!(table.lines().last(), Some(last));
        assert_eq!(table.lines().count(), 3);
    }
}
