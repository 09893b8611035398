//! `trainer predict`: what the net makes of picture files.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use model::class::{CLASS_COUNT, CLASS_NAMES};
use model::image::Image;
use serde::Serialize;

use crate::cli::Shared;
use crate::files;
use crate::nets::{Kind, Loaded, Reading, WeightsFile};
use crate::output::print_line;
use crate::sheet::{self, Tile};
use crate::subjects::{Subject, Subjects};

/// How many files are read before the net is asked about them.
const FILES_AT_ONCE: usize = 64;

/// Tiles in a row of the contact sheet.
const SHEET_COLUMNS: usize = 8;

/// Flags of `predict`.
#[derive(Debug, clap::Args)]
pub struct Predict {
    /// What to read
    #[command(flatten)]
    pub subjects: Subjects,
    /// Print one JSON object a line instead of a table
    #[arg(long)]
    pub json: bool,
    /// Which net to ask
    #[command(flatten)]
    pub weights: WeightsFile,
    /// Draw a contact sheet of what was read into this PNG file
    #[arg(long, value_name = "FILE")]
    pub picture: Option<PathBuf>,
    /// Write over a contact sheet that is there
    #[arg(long)]
    pub force: bool,
}

/// What came of one file; a line of JSON.
#[derive(Serialize)]
struct Line<'a> {
    path: &'a str,
    #[serde(flatten)]
    outcome: Outcome,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Outcome {
    Predicted {
        /// What it is, where that is known.
        #[serde(skip_serializing_if = "Option::is_none")]
        actual: Option<&'static str>,
        /// What the net takes it for.
        predicted: &'static str,
        confidence: f32,
        probabilities: [f32; CLASS_COUNT],
        /// Whether the class leads clearly.
        sure: bool,
        /// Whether the picture is like what the net has learnt.
        familiar: bool,
        /// The classes that come into question.
        among: Vec<&'static str>,
    },
    Failed {
        error: String,
    },
}

/// Prints what the net says about each picture, in order.
/// The status is 1 if a file could not be read, 0 otherwise.
///
/// # Errors
/// If the net or the test set cannot be loaded or run, or the output cannot be written.
pub fn run(flags: &Predict, shared: &Shared) -> Result<ExitCode> {
    if let Some(path) = &flags.picture {
        files::check_absent(path, flags.force)?;
        let files = flags.subjects.files();
        let read = files.iter().chain([&flags.weights.weights]);
        let read: Vec<&Path> = read.map(PathBuf::as_path).collect();
        files::check_apart(&[path], &read)?;
    }
    let net = flags.weights.load(shared.device)?;
    let mut status = ExitCode::SUCCESS;
    let mut tiles = Vec::new();
    let mut show = |subjects: Vec<Subject>, kind: Kind| -> Result<()> {
        for (name, outcome, tile) in outcomes(&net, kind, subjects)? {
            if matches!(outcome, Outcome::Failed { .. }) {
                status = ExitCode::FAILURE;
            }
            print_line!("{}", line(flags.json, &name, outcome)?)?;
            tiles.extend(tile);
        }
        Ok(())
    };
    let subjects = &flags.subjects;
    for files in subjects.files().chunks(FILES_AT_ONCE) {
        let read = files.iter().map(|path| Subject::read(path, subjects.kind));
        show(read.collect(), subjects.kind)?;
    }
    show(subjects.test_images(shared)?, Kind::Photo)?;
    if let Some(path) = &flags.picture {
        files::write_png(
            path,
            &sheet::draw(&tiles, SHEET_COLUMNS, 3, subjects.are_drawings()),
        )?;
    }
    Ok(status)
}

/// Name, outcome and, of what could be read, a tile for the contact sheet, in the subjects' order.
fn outcomes(
    net: &Loaded,
    kind: Kind,
    subjects: Vec<Subject>,
) -> Result<Vec<(String, Outcome, Option<Tile>)>> {
    let readable: Vec<Image> = subjects.iter().flat_map(|s| &s.image).cloned().collect();
    let mut readings = net.read(&readable, kind)?.into_iter();
    subjects
        .into_iter()
        .map(
            |Subject {
                 name,
                 image,
                 actual,
             }| match image {
                Ok(image) => {
                    let reading = readings.next().context("the net left an image out")?;
                    let tile = reading.tile(image, actual);
                    Ok((name, predicted(&reading, actual), Some(tile)))
                }
                Err(error) => Ok((
                    name,
                    Outcome::Failed {
                        error: format!("{error:#}"),
                    },
                    None,
                )),
            },
        )
        .collect()
}

fn predicted(reading: &Reading, actual: Option<u8>) -> Outcome {
    let Reading {
        prediction,
        judgement,
        ..
    } = reading;
    let (class, confidence) = prediction.top();
    Outcome::Predicted {
        actual: actual.map(|label| CLASS_NAMES[usize::from(label)]),
        predicted: CLASS_NAMES[class],
        confidence,
        probabilities: prediction.probabilities,
        sure: judgement.sure,
        familiar: judgement.familiar,
        among: prediction.ranked()[..usize::from(judgement.set_size)]
            .iter()
            .map(|&(class, _)| CLASS_NAMES[class])
            .collect(),
    }
}

/// What came of the file at `path`, as it is printed.
fn line(json: bool, path: &str, outcome: Outcome) -> Result<String> {
    if json {
        return Ok(serde_json::to_string(&Line { path, outcome })?);
    }
    Ok(match outcome {
        Outcome::Predicted {
            predicted,
            confidence,
            sure,
            familiar,
            actual,
            ..
        } => {
            let sure = if sure { "sure" } else { "not sure" };
            let familiar = if familiar { "familiar" } else { "unfamiliar" };
            let actual = actual.map(|actual| format!(", actually {actual}"));
            format!(
                "{predicted:<12} {:>5.1} %  {sure:<8}  {familiar:<10}  {path}{}",
                100.0 * confidence,
                actual.unwrap_or_default()
            )
        }
        Outcome::Failed { error } => format!("{:<12} {:>29}  {path}: {error}", "-", ""),
    })
}
