//! The shipped weights, computed natively, against the logits that are stored beside them.

use std::fs;

use anyhow::{Context, Result, ensure};
use model::golden::{self, GoldenLogits};
use model::metrics::ConfusionMatrix;
use model::net::{Net, cpu_device};
use model::prediction::Prediction;
use model::weights::Sidecar;
use tests::root;
use trainer::data::{self, published};

fn shipped() -> Result<(Vec<u8>, Sidecar)> {
    let assets = root().join("assets");
    let weights = fs::read(assets.join("compact.weights")).context("assets/compact.weights")?;
    let sidecar = fs::read_to_string(assets.join("compact.json"))?;
    Ok((weights, Sidecar::parse(&sidecar)?))
}

#[test]
fn the_cpu_computes_the_stored_logits() -> Result<()> {
    let (weights, sidecar) = shipped()?;
    let net = Net::from_weights(&weights, &sidecar, &cpu_device())?;
    let stored = fs::read_to_string(root().join("assets/golden.json"))?;
    let stored: GoldenLogits = serde_json::from_str(&stored)?;
    let images = golden::images();
    let difference = golden::check(&net.logits_blocking(&images)?, &stored)?;
    println!("largest difference of a logit: {difference:e}");
    // One at a time, as the page asks, must be the same as all at once.
    for (image, row) in images.iter().zip(&stored.logits) {
        let alone = net.logits_blocking(std::slice::from_ref(image))?;
        let far = alone[0]
            .iter()
            .zip(row)
            .any(|(a, b)| (a - b).abs() > golden::TOLERANCE);
        ensure!(!far, "{:?} instead of {row:?}", alone[0]);
    }
    Ok(())
}

#[test]
fn the_shipped_weights_keep_to_their_budget_and_read_the_test_images() -> Result<()> {
    let (weights, sidecar) = shipped()?;
    ensure!(weights.len() <= 1_000_000, "{} bytes", weights.len());
    let net = Net::from_weights(&weights, &sidecar, &cpu_device())?;
    // What `cargo xtask data` links, or where the system has it.
    let linked = root().join("data/fashion-mnist");
    let folder = published::find(linked.is_dir().then_some(linked.as_path()))?;
    let test = data::load_test(&folder)?;
    let mut confusion = ConfusionMatrix::new();
    for (images, labels) in test.images.chunks(250).zip(test.labels.chunks(250)) {
        for (logits, &label) in net.logits_blocking(images)?.iter().zip(labels) {
            let (predicted, _) = Prediction::from_logits(logits, 1.0).top();
            confusion.add(usize::from(label), predicted);
        }
    }
    println!("test accuracy: {}", confusion.accuracy());
    ensure!(confusion.total() == 10_000);
    ensure!(confusion.accuracy() >= 0.94, "{}", confusion.accuracy());
    Ok(())
}
