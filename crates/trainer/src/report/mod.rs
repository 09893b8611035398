//! `trainer report`: one HTML file about data, net and figures that needs nothing from elsewhere.

mod page;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::charts;
use crate::cli::Shared;
use crate::data::{self, Data, Split, published};
use crate::evaluate::figures::Figures;
use crate::evaluate::report::{Answer, Report};
use crate::evaluate::{self, Evaluate, Images, Part, examples};
use crate::explore::{self, Survey};
use crate::files;
use crate::nets::{Kind, Loaded, WeightsFile};
use crate::run_folder;
use crate::sheet;
use page::Page;

/// Tiles in a row of a picture.
const COLUMNS: usize = 10;

/// Flags of `report`.
#[derive(Debug, clap::Args)]
pub struct Reporting {
    /// Which net the report is about
    #[command(flatten)]
    pub weights: WeightsFile,
    /// Which training images were held out
    #[command(flatten)]
    pub held_out: Split,
    /// Use only the first test images
    #[arg(long, value_name = "IMAGES")]
    pub limit: Option<usize>,
    /// Also report on the drawings in this folder
    #[arg(long, value_name = "DIR")]
    pub drawings: Option<PathBuf>,
    /// Folder of all run folders; each gets a line in the table, and the weights' own its curves
    #[arg(long, value_name = "DIR", default_value = "runs")]
    pub runs: PathBuf,
    /// The file to write
    #[arg(long, value_name = "FILE", default_value = "report.html")]
    pub output: PathBuf,
    /// Write over a report that is there
    #[arg(long)]
    pub force: bool,
}

/// Writes the report.
///
/// # Errors
/// If data, drawings or weights cannot be loaded, the device fails, or the file is there already.
pub fn run(flags: &Reporting, shared: &Shared) -> Result<()> {
    files::check_absent(&flags.output, flags.force)?;
    let evaluate = flags.evaluate();
    let net = flags.weights.load(shared.device)?;
    let images = evaluate::images(&evaluate, shared)?;
    let data = data::load(&published::find(shared.data.as_deref())?, flags.held_out)?;
    let report = evaluate::report(&evaluate, &net, &images)?;
    let mut page = Page::new("Wardrobe: data, net and figures");
    about_data(&mut page, &data)?;
    about_net(&mut page, &net, &report);
    about_runs(&mut page, flags)?;
    about_figures(&mut page, &report)?;
    about_examples(&mut page, &net, &images, &report)?;
    about_challenges(&mut page, &report);
    files::write_atomic(&flags.output, page.finish().as_bytes())?;
    println!("the report is in {}", flags.output.display());
    Ok(())
}

impl Reporting {
    fn evaluate(&self) -> Evaluate {
        Evaluate {
            weights: self.weights.clone(),
            split: Part::Test,
            held_out: self.held_out,
            limit: self.limit,
            drawings: self.drawings.clone(),
            duplicates: crate::duplicates::SHIPPED.into(),
            mistakes: 10,
            picture: None,
            force: false,
            compare: None,
            json: false,
        }
    }
}

fn about_data(page: &mut Page, data: &Data) -> Result<()> {
    page.section("The data");
    page.paragraph(
        "Fashion-MNIST (Zalando SE, 2017, MIT licence): grey photos of garments, 28 by 28 pixels, ten classes. \
         The test images are for the final figures only; whatever is chosen is chosen on the validation images, \
         which are held out of the published training set.",
    );
    let survey = Survey::new(data);
    let mut rows = vec![
        [
            "class",
            "train",
            "validation",
            "test",
            "mean brightness",
            "covered",
            "spread",
        ]
        .map(String::from)
        .to_vec(),
    ];
    for (class, looks) in survey.classes.iter().enumerate() {
        let mut row = vec![looks.class.to_owned()];
        row.extend(
            survey
                .parts
                .iter()
                .map(|part| part.classes[class].to_string()),
        );
        row.extend([looks.mean, looks.covered, looks.spread].map(|figure| format!("{figure:.3}")));
        rows.push(row);
    }
    page.table(&rows);
    page.paragraph(&format!(
        "Pixels from 0 to 1: mean {:.4}, standard deviation {:.4}; {} are background. Spread is the distance of an image from its class's mean image.",
        survey.mean, survey.standard_deviation, percent(survey.background)
    ));
    page.picture(
        &sheet::draw(&explore::mean_tiles(&data.train), 5, 4, false),
        "Each class's mean image",
    )?;
    page.picture(
        &sheet::draw(&explore::example_tiles(&data.train), COLUMNS, 2, false),
        "The first images of each class",
    )
}

fn about_net(page: &mut Page, net: &Loaded, report: &Report) {
    page.section("The net");
    let sidecar = net.sidecar();
    let rows = [
        ("what", "value".to_owned()),
        ("weights", report.weights.clone()),
        ("architecture", sidecar.architecture.clone()),
        ("trained numbers", report.cost.parameters.to_string()),
        ("bytes", report.cost.bytes.to_string()),
        (
            "multiply-adds an image",
            format!("{:.1} million", report.cost.multiply_adds as f64 / 1e6),
        ),
        (
            "temperature, photos and drawings",
            format!(
                "{:.3}, {:.3}",
                sidecar.temperature.photo, sidecar.temperature.drawing
            ),
        ),
        ("seed", sidecar.seed.to_string()),
    ];
    page.table(&rows.map(|(what, value)| vec![what.to_owned(), value]));
}

fn about_runs(page: &mut Page, flags: &Reporting) -> Result<()> {
    let own = flags.weights.weights.parent().map(run_folder::log);
    let own = own.unwrap_or_default();
    if !own.is_empty() {
        page.section("The training run");
        let [loss, accuracy] = charts::of_run(&own)?;
        page.charts(&[
            (loss, "Loss, epoch by epoch"),
            (accuracy, "Read right, epoch by epoch"),
        ]);
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

fn about_figures(page: &mut Page, report: &Report) -> Result<()> {
    page.section("How good it is");
    let head = [
        "on",
        "images",
        "accuracy",
        "mean of classes",
        "worst class",
        "calibration error",
        "sure",
        "of which right",
        "set size",
        "sets right",
    ];
    let mut rows = vec![head.map(String::from).to_vec()];
    rows.extend(
        report
            .groups()
            .into_iter()
            .map(|(name, figures)| figure_row(name, figures)),
    );
    page.table(&rows);
    if let Some(leaked) = &report.without_leaked {
        page.paragraph(&format!("{leaked}."));
    }
    let mut diagrams = vec![(
        charts::reliability(&report.photos.reliability)?,
        "Reliability on photos: the share of right answers over the confidence they were given with",
    )];
    if let Some(drawings) = &report.drawings {
        diagrams.push((
            charts::reliability(&drawings.all.reliability)?,
            "The same on drawings",
        ));
    }
    page.charts(&diagrams);
    page.paragraph("Photos: how often each class was read as which.");
    page.matrix(&report.photos.confusion);
    if let Some(drawings) = &report.drawings {
        page.paragraph("Drawings and icons that were not trained on:");
        page.matrix(&drawings.all.confusion);
    }
    let mut rows = vec![
        ["class", "precision", "recall", "F1"]
            .map(String::from)
            .to_vec(),
    ];
    for class in &report.photos.classes {
        let mut row = vec![class.class.to_owned()];
        row.extend(
            [class.precision(), class.recall(), class.f1()].map(|figure| format!("{figure:.4}")),
        );
        rows.push(row);
    }
    page.table(&rows);
    Ok(())
}

fn figure_row(name: String, figures: &Figures) -> Vec<String> {
    let worst = figures.worst_class.as_ref();
    let worst = worst.map_or(String::new(), |worst| {
        format!("{} {}", worst.class, percent(worst.accuracy))
    });
    vec![
        name,
        figures.images.to_string(),
        percent(figures.accuracy),
        percent(figures.macro_accuracy),
        worst,
        percent(figures.expected_calibration_error),
        percent(figures.sure.sure.share),
        percent(figures.sure.sure.accuracy),
        format!("{:.2}", figures.sets.mean_size),
        percent(figures.sets.coverage),
    ]
}

fn about_examples(page: &mut Page, net: &Loaded, images: &Images, report: &Report) -> Result<()> {
    page.section("Examples");
    let mut show = |tiles: [Vec<sheet::Tile>; 2], inverted, captions: [&str; 2]| -> Result<()> {
        for (tiles, caption) in tiles
            .iter()
            .zip(captions)
            .filter(|(tiles, _)| !tiles.is_empty())
        {
            page.picture(&sheet::draw(tiles, COLUMNS, 3, inverted), caption)?;
        }
        Ok(())
    };
    show(
        examples::tiles(net, &images.photos, Kind::Photo)?,
        false,
        [
            "Photos that are read right",
            "Photos that are read wrong, the most confident first",
        ],
    )?;
    if let Some(drawings) = &images.drawings {
        show(
            examples::tiles(net, &drawings.all(), Kind::Drawing)?,
            true,
            [
                "Drawings that are read right",
                "Drawings that are read wrong. Quick, Draw! data made available by Google, Inc., CC BY 4.0; icons under MIT, ISC and Apache-2.0",
            ],
        )?;
    }
    let line = |mistake: &Answer| format!("test image {}: {mistake}", mistake.index);
    page.list(&report.mistakes.iter().map(line).collect::<Vec<_>>());
    Ok(())
}

/// What the figures themselves show to be hard.
fn about_challenges(page: &mut Page, report: &Report) {
    page.section("What is hard, and what could be better");
    let mut points = Vec::new();
    for (name, figures) in report.groups().into_iter().take(3) {
        let confusions = figures.most_confused(3);
        if !confusions.is_empty() {
            points.push(format!("On {name}, most often {}.", confusions.join("; ")));
        }
    }
    points.push("Shirt, T-shirt, pullover and coat differ by collar, buttons and sleeves, of which 28 by 28 pixels keep little; people who label such images disagree as well.".into());
    points.push("There are human drawings to train on for seven of the ten classes only; dress, shirt and ankle boot are learnt from doodles made up by rule and from traced photos. More hands would help most.".into());
    points.push("Drawings and icons also chose the best epoch and fitted the confidence, so their figures are a little kind.".into());
    page.list(&points);
}

/// A share as a person reads it.
fn percent(share: f64) -> String {
    format!("{:.2} %", 100.0 * share)
}
