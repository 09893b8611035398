//! The whole way: the trainer's command line, its files, the page.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use image::GrayImage;
use serde_json::Value;
use tempfile::TempDir;
use tests::browser::WebGpu;
use tests::dist;
use tests::drawings::BAG;
use tests::page::Page;
use tests::site::Site;
use tests::trainer::{train, trainer};

/// How far the page's probabilities may lie from the command line's: it prints four places.
const TOLERANCE: f64 = 1e-3;

#[test]
fn weights_trained_here_and_now_say_the_same_in_the_page_as_on_the_command_line() -> Result<()> {
    let folder = TempDir::new()?;
    let run = train(folder.path(), 600, 5)?;
    let weights = run.join("compact.weights").display().to_string();
    let report = trainer(&[
        "evaluate",
        "--weights",
        &weights,
        "--limit",
        "1000",
        "--json",
    ])?;
    let report: Value = serde_json::from_str(&report)?;
    let accuracy = report["accuracy"].as_f64().context("no accuracy")?;
    println!(
        "600 images, 5 epochs: {:.1} % of 1,000 test images",
        100.0 * accuracy
    );
    ensure!(
        accuracy > 0.3,
        "{accuracy}: the net has learnt next to nothing"
    );

    let drawing = folder.path().join("bag.png");
    bag().save(&drawing)?;
    let drawing_flag = drawing.display().to_string();
    let predicted = trainer(&["predict", "--weights", &weights, "--json", &drawing_flag])?;
    let predicted: Value = serde_json::from_str(&predicted)?;

    let (_site, page) = page_with(&run)?;
    page.upload(&drawing)?;
    let guess = page.settled_guess()?;
    for (class, guess) in guess.iter().enumerate() {
        let expected = predicted["probabilities"][class]
            .as_f64()
            .context("ten probabilities")?;
        ensure!(
            (guess - expected).abs() < TOLERANCE,
            "class {class}: {guess}, not {expected}"
        );
    }
    page.assert_no_errors()
}

/// The page, served with a run's weights instead of the shipped ones.
fn page_with(run: &Path) -> Result<(Site, Page)> {
    let site = Site::of(&dist())?;
    for name in ["compact.weights", "compact.json", "golden.json"] {
        let file = fs::read(run.join(name)).with_context(|| format!("{name} of the run"))?;
        site.alter(&format!("assets/{name}"), move |_| Some(file.clone()));
    }
    let page = Page::open_ready(&site, WebGpu::None)?;
    Ok((site, page))
}

/// The bag's points joined by thick lines, dark on light, as a scanned drawing would be.
fn bag() -> GrayImage {
    let mut picture = GrayImage::from_pixel(256, 256, image::Luma([250]));
    for line in BAG.lines() {
        for pair in line.windows(2) {
            let ((x0, y0), (x1, y1)) = (pair[0], pair[1]);
            for step in 0..=200 {
                let share = f64::from(step) / 200.0;
                let (x, y) = (x0 + (x1 - x0) * share, y0 + (y1 - y0) * share);
                dot(&mut picture, x as i64, y as i64);
            }
        }
    }
    picture
}

fn dot(picture: &mut GrayImage, x: i64, y: i64) {
    for (dx, dy) in (-3..=3).flat_map(|dx| (-3..=3).map(move |dy| (dx, dy))) {
        let (x, y) = ((x + dx).clamp(0, 255) as u32, (y + dy).clamp(0, 255) as u32);
        picture.put_pixel(x, y, image::Luma([20]));
    }
}
