//! The report on a net: what it is, how good it is, and what it reads wrong.

use anyhow::Result;
use model::published::Split;

use super::page::Page;
use super::provenance::Provenance;
use super::{COLUMNS, percent};
use crate::charts;
use crate::evaluate::figures::Figures;
use crate::evaluate::report::{Answer, DrawingReport, Report};
use crate::evaluate::{Images, examples};
use crate::nets::{Kind, Loaded};
use crate::sheet;

/// Images of the published test set.
const TEST_IMAGES: u64 = Split::Test.count() as u64;

/// The section about the net.
pub fn about_net(page: &mut Page, net: &Loaded, report: &Report) {
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

/// The section about accuracy, calibration and confusions.
///
/// # Errors
/// If a chart cannot be drawn.
pub fn about_figures(page: &mut Page, report: &Report) -> Result<()> {
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
    let images = report.photos.images;
    if images < TEST_IMAGES {
        page.paragraph(&format!(
            "Of the {TEST_IMAGES} test images, the first {images} were used."
        ));
    }
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
        page.paragraph(&format!(
            "Held-out {}: how often each class was read as which.",
            kinds(drawings)
        ));
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

/// What there is of drawings and icons.
fn kinds(drawings: &DrawingReport) -> &'static str {
    match (drawings.quick_draw.images > 0, drawings.icons.is_empty()) {
        (true, false) => "drawings and icons",
        (true, true) => "drawings",
        (false, _) => "icons",
    }
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

/// The section of images that are read right and wrong.
///
/// # Errors
/// If the device fails, or a picture cannot be drawn.
pub fn about_examples(
    page: &mut Page,
    net: &Loaded,
    images: &Images,
    report: &Report,
) -> Result<()> {
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
                "Drawings that are read wrong, the most confident first",
            ],
        )?;
        page.paragraph(&drawings.attribution());
    }
    let line = |mistake: &Answer| format!("test image {}: {mistake}", mistake.index);
    page.list(&report.mistakes.iter().map(line).collect::<Vec<_>>());
    Ok(())
}

/// What the figures show to be hard, and what bears on them.
pub fn about_challenges(page: &mut Page, report: &Report, provenance: &Provenance) {
    page.section("What is hard");
    let mut points = Vec::new();
    for (name, figures) in report.groups().into_iter().take(3) {
        let confusions = figures.most_confused(3);
        if !confusions.is_empty() {
            points.push(format!("On {name}, most often {}.", confusions.join("; ")));
        }
        if let Some(worst) = &figures.worst_class {
            points.push(format!(
                "On {name}, {} is read worst: {} of its images are read right.",
                worst.class,
                percent(worst.accuracy)
            ));
        }
    }
    points.extend(provenance.caveats(report));
    page.list(&points);
}
