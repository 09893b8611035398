//! `evaluate` on the first images of the real data.

use std::fs;

use anyhow::Result;
use model::class::CLASS_NAMES;
use serde_json::{Value, json};
use trainer::data;

use crate::support::{Playground, data_folder};

const IMAGES: usize = 60;

/// The report on the first images, with these additional flags.
fn evaluate(playground: &Playground, flags: &[&str]) -> Result<Value> {
    let data = data_folder()?;
    let data = data.to_string_lossy();
    let limit = IMAGES.to_string();
    let call = [
        "evaluate",
        "--weights",
        "net.weights",
        "--data",
        &data,
        "--limit",
        &limit,
    ];
    let answer = playground.trainer(&[&call, flags, &["--json"]].concat())?;
    assert_eq!((answer.status, answer.stderr.as_str()), (Some(0), ""));
    Ok(serde_json::from_str(&answer.stdout)?)
}

#[test]
fn the_test_images_are_compared_with_their_labels() -> Result<()> {
    let playground = Playground::new()?;
    let report = evaluate(&playground, &[])?;
    let test = data::load_test(&data_folder()?)?;
    let mut confusion = [[0; 10]; 10];
    for (image, &label) in test.images.iter().zip(&test.labels).take(IMAGES) {
        let logits = playground.logits(image)?;
        let best = (0..10).max_by(|&a, &b| logits[a].total_cmp(&logits[b]));
        confusion[usize::from(label)][best.unwrap_or_default()] += 1;
    }
    assert_eq!(report["confusion_matrix"], json!(confusion));
    let right: usize = (0..10).map(|class| confusion[class][class]).sum();
    assert_eq!(report["accuracy"], json!(right as f64 / IMAGES as f64));
    assert_eq!(report["first_image"]["actual"], "Ankle boot");
    assert_eq!(
        (&report["split"], &report["images"]),
        (&json!("test"), &json!(IMAGES))
    );
    Ok(())
}

#[test]
fn the_held_out_images_are_other_ones() -> Result<()> {
    let playground = Playground::new()?;
    let report = evaluate(&playground, &["--split", "validation"])?;
    let held_out = data::load(&data_folder()?, data::Split::default())?.validation;
    let mut support = [0; 10];
    for &label in &held_out.labels[..IMAGES] {
        support[usize::from(label)] += 1;
    }
    for (class, expected) in report["classes"]
        .as_array()
        .into_iter()
        .flatten()
        .zip(support)
    {
        assert_eq!(class["support"], expected, "{class}");
    }
    let first = CLASS_NAMES[usize::from(held_out.labels[0])];
    assert_eq!(report["first_image"]["actual"], first);
    Ok(())
}

#[test]
fn drawings_are_reported_by_source_and_style() -> Result<()> {
    let playground = Playground::new()?;
    let shoe = r#"{"word":"shoe","key_id":"1","recognized":true,"drawing":[[[0,200],[9,90]]]}"#;
    let square = r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M2 2h5v5H2z"/></svg>"#;
    for part in ["quickdraw/train", "quickdraw/validation", "icons"] {
        fs::create_dir_all(playground.file(part))?;
    }
    fs::write(playground.file("quickdraw/train/shoe.ndjson"), shoe)?;
    let two = format!("{shoe}\n{shoe}\n");
    fs::write(playground.file("quickdraw/validation/shoe.ndjson"), two)?;
    let icon = |style: &str| json!({"label": 8, "style": style, "svg": square}).to_string();
    let icons = [icon("line"), icon("solid"), icon("solid")].join("\n");
    fs::write(playground.file("icons/validation.jsonl"), icons)?;
    let report = evaluate(&playground, &["--drawings", "."])?;
    let drawings = &report["drawings"];
    assert_eq!(drawings["quick_draw"]["images"], 2);
    assert_eq!(drawings["quick_draw"]["classes"][0]["class"], "Sneaker");
    let images = |style: &str| drawings["icons"][style]["images"].clone();
    assert_eq!([images("all"), images("line"), images("solid")], [3, 1, 2]);
    Ok(())
}

#[test]
fn people_get_tables() -> Result<()> {
    let data = data_folder()?;
    let data = data.to_string_lossy();
    let call = [
        "evaluate",
        "--weights",
        "net.weights",
        "--data",
        &data,
        "--limit",
        "20",
    ];
    let answer = Playground::new()?.trainer(&call)?;
    assert_eq!((answer.status, answer.stderr.as_str()), (Some(0), ""));
    for expected in [
        "precision",
        "weighted avg",
        "calibration error",
        "actually Ankle boot",
    ] {
        assert!(answer.stdout.contains(expected), "{}", answer.stdout);
    }
    Ok(())
}
