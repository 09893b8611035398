//! `trainer predict`: what the net makes of picture files.

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
use crate::nets::{Kind, Loaded, Reading, WeightsFile};
use crate::picture::{self, Picture};

/// How many files are read before the net is asked about them.
const FILES_AT_ONCE: usize = 64;

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
    /// PNG or JPEG files of any size
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
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

/// Prints what the net says about each file, in order.
/// The status is 1 if a file could not be read, 0 otherwise.
///
/// # Errors
/// If the net cannot be loaded or run, or the output cannot be written.
pub fn run(flags: &Predict, shared: &Shared) -> Result<ExitCode> {
    let net = flags.weights.load(shared.device)?;
    let mut output = io::stdout().lock();
    let mut status = ExitCode::SUCCESS;
    for paths in flags.paths.chunks(FILES_AT_ONCE) {
        for (path, outcome) in paths.iter().zip(outcomes(&net, flags.kind, paths)?) {
            if matches!(outcome, Outcome::Failed { .. }) {
                status = ExitCode::FAILURE;
            }
            print(&mut output, flags.json, path, outcome)?;
        }
    }
    Ok(status)
}

/// One outcome a path, in their order.
fn outcomes(net: &Loaded, kind: Kind, paths: &[PathBuf]) -> Result<Vec<Outcome>> {
    let images: Vec<Result<Image>> = paths.iter().map(|path| read_image(path, kind)).collect();
    let readable: Vec<Image> = images.iter().flatten().cloned().collect();
    let mut readings = net.read(&readable, kind)?.into_iter();
    images
        .into_iter()
        .map(|image| match image {
            Ok(_) => readings
                .next()
                .map(|reading| predicted(&reading))
                .context("the net left an image out"),
            Err(error) => Ok(Outcome::Failed {
                error: format!("{error:#}"),
            }),
        })
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

fn predicted(reading: &Reading) -> Outcome {
    let Reading {
        prediction,
        judgement,
        ..
    } = reading;
    let (label, confidence) = prediction.top();
    Outcome::Predicted {
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

fn print(output: &mut impl Write, json: bool, path: &Path, outcome: Outcome) -> Result<()> {
    let path = &path.to_string_lossy();
    if json {
        let line = serde_json::to_string(&Line { path, outcome })?;
        writeln!(output, "{line}")?;
        return Ok(());
    }
    match outcome {
        Outcome::Predicted {
            class, confidence, ..
        } => writeln!(output, "{class:<12} {:>5.1} %  {path}", 100.0 * confidence)?,
        Outcome::Failed { error } => writeln!(output, "{:<12} {:>7}  {path}: {error}", "-", "")?,
    }
    Ok(())
}
