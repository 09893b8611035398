//! `trainer evaluate`: how good a net is on images it has not been trained on.

use std::collections::BTreeMap;
use std::io::{Write, stdout};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::ValueEnum;

use crate::cli::Shared;
use crate::data::{self, Labelled, Split, published};
use crate::drawings::{self, HumanDrawing};
use crate::icons::Icon;
use crate::nets::{Kind, Loaded, WeightsFile};
use crate::report::{DrawingReport, Group, Photos, Report};

/// Flags of `evaluate`.
#[derive(Debug, clap::Args)]
pub struct Evaluate {
    /// Which net to evaluate
    #[command(flatten)]
    pub weights: WeightsFile,
    /// Which images to use; choose on validation, report test once
    #[arg(long, value_enum, default_value_t = Part::Test)]
    pub split: Part,
    /// Which training images were held out
    #[command(flatten)]
    pub held_out: Split,
    /// Use only the first images
    #[arg(long, value_name = "IMAGES")]
    pub limit: Option<usize>,
    /// Also evaluate on the drawings in this folder
    #[arg(long, value_name = "DIR")]
    pub drawings: Option<PathBuf>,
    /// Print one JSON object instead of tables
    #[arg(long)]
    pub json: bool,
}

/// Images to evaluate on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Part {
    /// The published 10,000 test images
    Test,
    /// The training images that were held out
    Validation,
}

/// Prints the figures.
///
/// # Errors
/// If data, drawings or weights cannot be loaded, or the device fails.
pub fn run(flags: &Evaluate, shared: &Shared) -> Result<()> {
    let net = flags.weights.load(shared.device)?;
    let drawings = flags.drawings.as_deref().map(drawings::load).transpose()?;
    let mut images = load_part(flags, shared.data.as_deref())?;
    images.truncate(flags.limit.unwrap_or(usize::MAX));
    let report = Report {
        weights: flags.weights.weights.display().to_string(),
        split: match flags.split {
            Part::Test => "test".into(),
            Part::Validation => "validation".into(),
        },
        photos: Photos::new(&net.predict(&images.images, Kind::Photo)?, &images.labels),
        drawings: drawings
            .map(|drawings| drawing_report(&net, &drawings.validation, &drawings.icons))
            .transpose()?,
    };
    if flags.json {
        writeln!(stdout(), "{}", serde_json::to_string(&report)?)?;
    } else {
        writeln!(stdout(), "{report}")?;
    }
    Ok(())
}

fn load_part(flags: &Evaluate, folder: Option<&Path>) -> Result<Labelled> {
    let folder = published::find(folder)?;
    match flags.split {
        Part::Test => data::load_test(&folder),
        Part::Validation => Ok(data::load(&folder, flags.held_out)?.validation),
    }
}

fn drawing_report(
    net: &Loaded,
    drawings: &[HumanDrawing],
    icons: &[Icon],
) -> Result<DrawingReport> {
    let mut human = Labelled::default();
    for drawing in drawings {
        let image = drawing.image().context("a Quick, Draw! drawing is blank")?;
        human.push(image, drawing.label);
    }
    let mut by_style: BTreeMap<String, Labelled> = BTreeMap::new();
    for icon in icons {
        for name in ["all", icon.style.name()] {
            let group = by_style.entry(name.to_owned()).or_default();
            group.push(icon.image.clone(), icon.label);
        }
    }
    let icons: Result<BTreeMap<String, Group>> = by_style
        .into_iter()
        .map(|(style, icons)| Ok((style, group(net, &icons)?)))
        .collect();
    Ok(DrawingReport {
        quick_draw: group(net, &human)?,
        icons: icons?,
    })
}

fn group(net: &Loaded, drawings: &Labelled) -> Result<Group> {
    let predictions = net.predict(&drawings.images, Kind::Drawing)?;
    Ok(Group::new(&predictions, &drawings.labels))
}
