//! `trainer predict`: what the net makes of picture files.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use model::class::{CLASS_COUNT, CLASS_NAMES};
use model::drawing::{self, Ink, Mark, PAPER_SIDE, Paper};
use model::image::Image;
use model::photo;
use serde::Serialize;

use crate::cli::Shared;
use crate::data::{self, published};
use crate::files;
use crate::nets::{Kind, Loaded, Reading, WeightsFile};
use crate::picture::{self, Picture};
use crate::sheet::{self, Tile};
use crate::usage::UsageError;

/// How many files are read before the net is asked about them.
const FILES_AT_ONCE: usize = 64;

/// Tiles in a row of the contact sheet.
const SHEET_COLUMNS: usize = 8;

/// Flags of `predict`.
#[derive(Debug, clap::Args)]
pub struct Predict {
    /// What the pictures are: drawings, dark on light, or photos of a garment
    #[arg(long, value_enum, default_value_t = Kind::Drawing)]
    pub kind: Kind,
    /// Print one JSON object a line instead of a table
    #[arg(long)]
    pub json: bool,
    /// Which net to ask
    #[command(flatten)]
    pub weights: WeightsFile,
    /// Also read these images of the test set, numbered from 0
    #[arg(long, value_name = "INDEX", value_delimiter = ',')]
    pub test_images: Vec<usize>,
    /// Draw a contact sheet of what was read into this PNG file
    #[arg(long, value_name = "FILE")]
    pub picture: Option<PathBuf>,
    /// Write over a contact sheet that is there
    #[arg(long)]
    pub force: bool,
    /// PNG or JPEG files of any size, and folders of such files
    #[arg(required_unless_present = "test_images", value_name = "PATH")]
    pub paths: Vec<PathBuf>,
}

/// Something to read.
struct Subject {
    name: String,
    image: Result<Image>,
    /// What it is, where that is known.
    actual: Option<u8>,
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
        label: usize,
        class: &'static str,
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
    }
    let net = flags.weights.load(shared.device)?;
    let mut output = io::stdout().lock();
    let mut status = ExitCode::SUCCESS;
    let mut tiles = Vec::new();
    let mut show = |subjects: Vec<Subject>, kind: Kind| -> Result<()> {
        for (name, outcome, tile) in outcomes(&net, kind, subjects)? {
            if matches!(outcome, Outcome::Failed { .. }) {
                status = ExitCode::FAILURE;
            }
            print(&mut output, flags.json, &name, outcome)?;
            tiles.extend(tile);
        }
        Ok(())
    };
    for paths in in_folders(&flags.paths).chunks(FILES_AT_ONCE) {
        let subject = |path: &PathBuf| Subject {
            name: path.to_string_lossy().into_owned(),
            image: read_image(path, flags.kind),
            actual: None,
        };
        show(paths.iter().map(subject).collect(), flags.kind)?;
    }
    if !flags.test_images.is_empty() {
        show(test_images(flags, shared)?, Kind::Photo)?;
    }
    if let Some(path) = &flags.picture {
        let inverted = flags.kind == Kind::Drawing && flags.test_images.is_empty();
        files::write_png(path, &sheet::draw(&tiles, SHEET_COLUMNS, 3, inverted))?;
    }
    Ok(status)
}

/// The paths, with each folder's picture files in its place, by name. A folder without any stays,
/// for the person to be told.
fn in_folders(paths: &[PathBuf]) -> Vec<PathBuf> {
    let pictures = |folder: &Path| -> Vec<PathBuf> {
        let is_picture = |path: &PathBuf| {
            let extension = path.extension().and_then(|extension| extension.to_str());
            extension.is_some_and(|e| ["png", "jpg", "jpeg"].contains(&e.to_lowercase().as_str()))
        };
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        let mut found: Vec<PathBuf> = entries
            .map(|entry| entry.path())
            .filter(is_picture)
            .collect();
        found.sort();
        found
    };
    paths
        .iter()
        .flat_map(|path| match path.is_dir().then(|| pictures(path)) {
            Some(found) if !found.is_empty() => found,
            _ => vec![path.clone()],
        })
        .collect()
}

/// The images of the test set that the flags number.
fn test_images(flags: &Predict, shared: &Shared) -> Result<Vec<Subject>> {
    let test = data::load_test(&published::find(shared.data.as_deref())?)?;
    let subject = |&index: &usize| {
        let (Some(image), Some(&label)) = (test.images.get(index), test.labels.get(index)) else {
            let sentence = format!(
                "there is no test image {index}: they are numbered 0 to {}",
                test.len() - 1
            );
            return Err(UsageError::new(sentence).into());
        };
        Ok(Subject {
            name: format!("test image {index}"),
            image: Ok(image.clone()),
            actual: Some(label),
        })
    };
    flags.test_images.iter().map(subject).collect()
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

fn read_image(path: &Path, kind: Kind) -> Result<Image> {
    let Picture {
        width,
        height,
        rgba,
    } = picture::read(path)?;
    match kind {
        Kind::Drawing => {
            // Onto paper first, as the page does, so that both see the same image.
            let mut paper = Paper::new(PAPER_SIDE);
            paper.apply(&Mark::Picture(Ink::from_rgba(width, height, &rgba)?));
            drawing::to_image(paper.ink()).context("nothing is drawn")
        }
        Kind::Photo => {
            photo::to_image(width, height, &rgba)?.context("there is nothing but background")
        }
    }
}

fn predicted(reading: &Reading, actual: Option<u8>) -> Outcome {
    let Reading {
        prediction,
        judgement,
        ..
    } = reading;
    let (label, confidence) = prediction.top();
    Outcome::Predicted {
        actual: actual.map(|label| CLASS_NAMES[usize::from(label)]),
        label,
        class: CLASS_NAMES[label],
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

fn print(output: &mut impl Write, json: bool, path: &str, outcome: Outcome) -> Result<()> {
    if json {
        let line = serde_json::to_string(&Line { path, outcome })?;
        writeln!(output, "{line}")?;
        return Ok(());
    }
    match outcome {
        Outcome::Predicted {
            class,
            confidence,
            actual,
            ..
        } => {
            write!(output, "{class:<12} {:>5.1} %  {path}", 100.0 * confidence)?;
            match actual {
                Some(actual) => writeln!(output, ", actually {actual}")?,
                None => writeln!(output)?,
            }
        }
        Outcome::Failed { error } => writeln!(output, "{:<12} {:>7}  {path}: {error}", "-", "")?,
    }
    Ok(())
}
