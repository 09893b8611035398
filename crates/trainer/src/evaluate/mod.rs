//! `trainer evaluate`: how good a net is on images it has not been trained on.

pub mod certainty;
pub mod compare;
pub mod examples;
pub mod figures;
pub mod report;
mod text;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::ValueEnum;
use model::augment::strokes::{draw, silhouette};
use model::drawing::Stroke;
use model::image::Image;
use serde::Serialize;

use crate::cli::Shared;
use crate::data::{self, Labelled, MeasuredSplit, Split, published};
use crate::drawings::{self, Drawings, HumanDrawing};
use crate::duplicates::{self, List};
use crate::files;
use crate::nets::{Kind, Loaded, Reading, WeightsFile};
use crate::numbers::whole;
use crate::output::print_line;
use crate::usage::UsageError;
use compare::{Comparison, Contest};
use figures::Figures;
use report::{Answer, Cost, DrawingReport, Report, WithoutLeaked};

/// Flags of `evaluate`.
#[derive(Debug, clap::Args)]
pub struct Evaluate {
    /// Which net to evaluate
    #[command(flatten)]
    pub weights: WeightsFile,
    /// Which images to use; choose on validation, report test once
    #[arg(long, value_enum, default_value_t = Part::Test)]
    pub split: Part,
    /// With --split validation: which images
    #[command(flatten)]
    pub held_out: MeasuredSplit,
    /// Use only the first images
    #[arg(long, value_parser = whole::<usize>(1..), value_name = "IMAGES")]
    pub limit: Option<usize>,
    /// Also evaluate on the drawings in this folder
    #[arg(long, value_name = "DIR")]
    pub drawings: Option<PathBuf>,
    /// Near duplicates, as `trainer duplicates --output` writes them
    #[arg(long, value_name = "FILE", default_value = duplicates::SHIPPED)]
    pub duplicates: PathBuf,
    /// How many of the most confident mistakes to list
    #[arg(long, value_parser = whole::<usize>(0..), value_name = "COUNT", default_value_t = 10)]
    pub mistakes: usize,
    /// Draw what was read wrong, and some of what was read right, into this PNG file: of the drawings
    /// if there are some, else of the photos
    #[arg(long, value_name = "FILE", conflicts_with = "compare")]
    pub picture: Option<PathBuf>,
    /// Write over a picture that is there
    #[arg(long)]
    pub force: bool,
    /// Compare two nets by McNemar's test instead
    #[arg(long, num_args = 2, value_names = ["A", "B"], conflicts_with = "weights")]
    pub compare: Option<Vec<PathBuf>>,
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

impl Part {
    /// The name, as on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Part::Test => "test",
            Part::Validation => "validation",
        }
    }
}

/// Prints the figures.
///
/// # Errors
/// If data, drawings or weights cannot be loaded, or the device fails.
pub fn run(flags: &Evaluate, shared: &Shared) -> Result<()> {
    let device = shared.device.start()?;
    let load = |path: &PathBuf| WeightsFile::new(path).load_on(&device);
    match flags.compare.as_deref() {
        Some([a, b]) => {
            let nets = [load(a)?, load(b)?];
            let split = flags.measured_split(&[(a, &nets[0]), (b, &nets[1])])?;
            let weights = [a, b].map(|path| path.display().to_string());
            print(
                &compare(weights, &nets, &images(flags, split, shared)?)?,
                flags.json,
            )
        }
        _ => {
            let net = load(&flags.weights.weights)?;
            let split = flags.measured_split(&[(&flags.weights.weights, &net)])?;
            let images = images(flags, split, shared)?;
            if let Some(path) = &flags.picture {
                files::check_absent(path, flags.force)?;
                files::write_png(path, &examples::picture(&net, &images)?)?;
            }
            print(&report(flags, &net, &images)?, flags.json)
        }
    }
}

fn print(answer: &(impl Serialize + std::fmt::Display), json: bool) -> Result<()> {
    if json {
        print_line!("{}", serde_json::to_string(answer)?)
    } else {
        print_line!("{answer}")
    }
}

/// The images that a net is evaluated on.
pub struct Images {
    /// Of Fashion-MNIST.
    pub photos: Labelled,
    /// Other people's drawings and designers' icons, if there are any.
    pub drawings: Option<HeldOut>,
}

/// Drawings that were not trained on.
pub struct HeldOut {
    /// Other people's.
    pub quick_draw: Labelled,
    /// The same drawings put on paper in other ways: with a thin pen, a thick one, as silhouettes.
    pub other_pens: BTreeMap<String, Labelled>,
    /// Designers' icons by style, and `all`.
    pub icons: BTreeMap<String, Labelled>,
    /// The icons' licences.
    pub licences: BTreeSet<String>,
}

type ToImage = fn(&[Stroke]) -> Option<Image>;

/// Ways to put people's drawings on paper, to see whether the answers hold. Widths in paper units;
/// the drawings themselves have [`model::quickdraw::PEN_WIDTH`].
const OTHER_PENS: [(&str, ToImage); 3] = [
    ("thin pen", |strokes| draw(strokes, 3.0)),
    ("thick pen", |strokes| draw(strokes, 20.0)),
    ("silhouette", |strokes| silhouette(strokes, 6.0)),
];

impl Evaluate {
    /// The split whose validation images these models did not learn from; none where the test images are
    /// asked for.
    fn measured_split(&self, nets: &[(&PathBuf, &Loaded)]) -> Result<Option<Split>> {
        if self.split == Part::Test {
            if self.held_out.is_given() {
                let sentence =
                    "--validation-images and --split-seed do nothing without --split validation";
                return Err(UsageError::new(sentence).into());
            }
            return Ok(None);
        }
        let splits = nets
            .iter()
            .map(|(path, net)| self.held_out.of(path, net.sidecar()));
        let splits: Vec<Split> = splits.collect::<Result<_>>()?;
        match splits.first() {
            Some(first) if splits.iter().any(|split| split != first) => {
                let sentence = "the two were trained with different images held out: \
                    choose some of both by --validation-images and --split-seed, or the test images";
                Err(UsageError::new(sentence).into())
            }
            first => Ok(first.copied()),
        }
    }
}

/// Loads the images that the flags ask for: of the test set, or the validation images of `split`.
///
/// # Errors
/// If data or drawings cannot be loaded.
pub fn images(flags: &Evaluate, split: Option<Split>, shared: &Shared) -> Result<Images> {
    let drawings = flags.drawings.as_deref().map(drawings::load).transpose()?;
    let folder = published::find(shared.data.as_deref())?;
    let mut photos = match split {
        None => data::load_test(&folder)?,
        Some(split) => data::load(&folder, split)?.validation,
    };
    photos.truncate(flags.limit.unwrap_or(usize::MAX));
    let drawings = drawings.as_ref().map(HeldOut::new).transpose()?;
    Ok(Images { photos, drawings })
}

impl HeldOut {
    /// The held-out ones of these drawings.
    ///
    /// # Errors
    /// If one of them is blank.
    pub fn new(drawings: &Drawings) -> Result<HeldOut> {
        let people = |image_of: &dyn Fn(&HumanDrawing) -> Option<Image>| -> Result<Labelled> {
            let mut labelled = Labelled::default();
            for drawing in &drawings.validation {
                let image = image_of(drawing).context("a Quick, Draw! drawing is blank")?;
                labelled.push(image, drawing.label);
            }
            Ok(labelled)
        };
        let other_pens = OTHER_PENS.map(|(name, put)| {
            let images = people(&|drawing| put(&drawing.strokes))?;
            Ok((name.to_owned(), images))
        });
        let mut icons: BTreeMap<String, Labelled> = BTreeMap::new();
        for icon in &drawings.icons {
            for name in ["all", icon.style.name()] {
                let group = icons.entry(name.to_owned()).or_default();
                group.push(icon.image.clone(), icon.label);
            }
        }
        let licences = drawings
            .icons
            .iter()
            .filter_map(|icon| icon.licence.clone());
        Ok(HeldOut {
            quick_draw: people(&HumanDrawing::image)?,
            other_pens: other_pens.into_iter().collect::<Result<_>>()?,
            icons,
            licences: licences.collect(),
        })
    }

    /// Whose the drawings are, as their licences want it said.
    pub fn attribution(&self) -> String {
        let people = (!self.quick_draw.is_empty()).then(|| {
            "Drawings: Quick, Draw! data made available by Google, Inc., CC BY 4.0.".to_owned()
        });
        let licences: Vec<&str> = self.licences.iter().map(String::as_str).collect();
        let icons = (!licences.is_empty()).then(|| format!("Icons under {}.", licences.join(", ")));
        people
            .into_iter()
            .chain(icons)
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// People's drawings, then all icons.
    pub fn all(&self) -> Labelled {
        let mut all = self.quick_draw.clone();
        if let Some(icons) = self.icons.get("all") {
            all.images.extend_from_slice(&icons.images);
            all.labels.extend_from_slice(&icons.labels);
        }
        all
    }
}

/// Measures a net on the images.
///
/// # Errors
/// If the device fails, or the list of duplicates cannot be read.
pub fn report(flags: &Evaluate, net: &Loaded, images: &Images) -> Result<Report> {
    let readings = net.read(&images.photos.images, Kind::Photo)?;
    let labels = &images.photos.labels;
    let group = |drawings: &Labelled| -> Result<Figures> {
        let readings = net.read(&drawings.images, Kind::Drawing)?;
        Ok(Figures::new(&readings, &drawings.labels))
    };
    let drawings = |drawings: &HeldOut| -> Result<DrawingReport> {
        let groups = |images: &BTreeMap<String, Labelled>| {
            let figures = images
                .iter()
                .map(|(name, images)| Ok((name.clone(), group(images)?)));
            figures.collect::<Result<_>>()
        };
        Ok(DrawingReport {
            all: group(&drawings.all())?,
            quick_draw: group(&drawings.quick_draw)?,
            other_pens: groups(&drawings.other_pens)?,
            icons: groups(&drawings.icons)?,
        })
    };
    let first = readings.first().zip(labels.first());
    Ok(Report {
        weights: flags.weights.weights.display().to_string(),
        cost: Cost {
            multiply_adds: net.config()?.multiply_adds(),
            parameters: net.sidecar().parameters,
            bytes: net.bytes(),
        },
        temperature: net.sidecar().temperature,
        split: flags.split.name().into(),
        photos: Figures::new(&readings, labels),
        first_image: first.map(|(reading, &label)| Answer::new(0, reading, label)),
        mistakes: Answer::worst_mistakes(&readings, labels, flags.mistakes),
        without_leaked: without_leaked(flags, &readings, labels)?,
        drawings: images.drawings.as_ref().map(drawings).transpose()?,
    })
}

/// Nothing where no list is there, or the images are not the test images.
fn without_leaked(
    flags: &Evaluate,
    readings: &[Reading],
    labels: &[u8],
) -> Result<Option<WithoutLeaked>> {
    let is_shipped = flags.duplicates == Path::new(duplicates::SHIPPED);
    if flags.split != Part::Test || (is_shipped && !flags.duplicates.exists()) {
        return Ok(None);
    }
    let leaked = List::read(&flags.duplicates)?.leaked();
    Ok(Some(WithoutLeaked::new(readings, labels, &leaked)))
}

/// Both nets on every group of images.
fn compare(weights: [String; 2], nets: &[Loaded; 2], images: &Images) -> Result<Comparison> {
    let contest = |images: &Labelled, kind| -> Result<Contest> {
        let [a, b] = nets;
        let readings: [Vec<Reading>; 2] =
            [a.read(&images.images, kind)?, b.read(&images.images, kind)?];
        Ok(Contest::new([&readings[0], &readings[1]], &images.labels))
    };
    let mut groups = BTreeMap::from([("photos".to_owned(), contest(&images.photos, Kind::Photo)?)]);
    if let Some(drawings) = &images.drawings {
        groups.insert(
            "Quick, Draw!".into(),
            contest(&drawings.quick_draw, Kind::Drawing)?,
        );
        for (name, images) in &drawings.other_pens {
            groups.insert(
                format!("Quick, Draw!, {name}"),
                contest(images, Kind::Drawing)?,
            );
        }
        for (style, icons) in &drawings.icons {
            groups.insert(format!("icons, {style}"), contest(icons, Kind::Drawing)?);
        }
    }
    Ok(Comparison { weights, groups })
}
