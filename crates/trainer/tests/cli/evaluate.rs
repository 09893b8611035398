//! `evaluate` on the first images of the real data.

use std::fs;

use anyhow::{Context, Result};
use model::class::CLASS_NAMES;
use model::weights::{Sidecar, bundle, unbundle};
use serde_json::{Value, json};
use trainer::data;

use crate::support::{Playground, data_folder};

const IMAGES: usize = 60;

/// The report on the first images (unless the flags say how many), with these additional flags.
fn evaluate(playground: &Playground, flags: &[&str]) -> Result<Value> {
    let data = data_folder()?;
    let data = data.to_string_lossy();
    let limit = IMAGES.to_string();
    let call = [
        "evaluate",
        "--json",
        "--weights",
        "net.weights",
        "--data",
        &data,
    ];
    let limit: &[&str] = if flags.contains(&"--limit") {
        &[]
    } else {
        &["--limit", &limit]
    };
    let answer = playground.trainer(&[&call, limit, flags].concat())?;
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
    // The list of duplicates is of test images: of these there is nothing to say.
    let data = data_folder()?;
    let data = data.to_string_lossy();
    let call = ["evaluate", "--weights", "net.weights", "--limit", "9"];
    for (split, is_said) in [("test", true), ("validation", false)] {
        let text =
            playground.trainer(&[&call[..], &["--data", &data, "--split", split]].concat())?;
        assert_eq!(
            text.stdout.contains("duplicates"),
            is_said,
            "{}",
            text.stdout
        );
    }
    Ok(())
}

#[test]
fn drawings_are_reported_by_source_and_style() -> Result<()> {
    let playground = Playground::new()?;
    let shoe = r#"{"word":"shoe","key_id":"1","recognized":true,"drawing":[[[0,200],[9,90]]]}"#;
    let two = format!("{shoe}\n{shoe}\n");
    playground.write_drawings(shoe, &two, &["line", "solid", "solid"])?;
    let report = evaluate(&playground, &["--drawings", "."])?;
    let drawings = &report["drawings"];
    assert_eq!(drawings["quick_draw"]["images"], 2);
    assert_eq!(drawings["quick_draw"]["classes"][0]["class"], "Sneaker");
    let pens = drawings["other_pens"].as_object();
    let pens = pens.context("figures by other pens")?;
    assert_eq!(pens.len(), 3);
    assert!(
        pens.values().all(|figures| figures["images"] == 2),
        "{pens:?}"
    );
    let images = |style: &str| drawings["icons"][style]["images"].clone();
    assert_eq!([images("all"), images("line"), images("solid")], [3, 1, 2]);
    assert_eq!(drawings["all"]["images"], 5);
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
        "most confident mistakes",
        "million multiply-adds",
        "test photos",
    ] {
        assert!(answer.stdout.contains(expected), "{}", answer.stdout);
    }
    Ok(())
}

#[test]
fn calibrating_makes_sets_and_sure_answers_keep_their_word() -> Result<()> {
    let playground = Playground::new()?;
    let data = data_folder()?;
    let data = data.to_string_lossy();
    let call = ["calibrate", "--weights", "net.weights", "--data", &data];
    playground
        .trainer(&call)?
        .is_usage_error("net.json is there already");
    let before = evaluate(&playground, &["--limit", "4000"])?;
    assert_eq!(before["sets"]["stated_coverage"], 0.0);
    let weights = fs::read(playground.file("net.weights"))?;
    let sidecar = fs::read_to_string(playground.file("net.json"))?;
    let answer = playground.trainer(&[&call[..], &["--force"]].concat())?;
    assert_eq!((answer.status, answer.stderr.as_str()), (Some(0), ""));
    assert!(fs::read(playground.file("net.weights"))? == weights);
    // A file that holds both is calibrated to the same.
    fs::write(
        playground.file("single.weights"),
        bundle(&weights, &sidecar),
    )?;
    let single = [
        "calibrate",
        "--weights",
        "single.weights",
        "--data",
        &data,
        "--force",
    ];
    let answer = playground.trainer(&single)?;
    assert_eq!((answer.status, answer.stderr.as_str()), (Some(0), ""));
    let single = fs::read(playground.file("single.weights"))?;
    let (same, calibrated) = unbundle(&single)?.context("both")?;
    let expected = fs::read_to_string(playground.file("net.json"))?;
    assert!(same == weights && Sidecar::parse(calibrated)? == Sidecar::parse(&expected)?);
    let after = evaluate(&playground, &["--limit", "4000"])?;
    assert_eq!(after["accuracy"], before["accuracy"]);
    // Fitted on the validation images, held on the test images: untrained as the net is.
    let figure = |name: &str, part: &str| after[name][part].as_f64().unwrap_or_default();
    assert!(
        (figure("sets", "coverage") - 0.98).abs() < 0.01,
        "{}",
        after["sets"]
    );
    assert!(
        (figure("unfamiliar", "share") - 0.05).abs() < 0.02,
        "{}",
        after["unfamiliar"]
    );
    let error = after["expected_calibration_error"].as_f64();
    assert!(
        error < before["expected_calibration_error"].as_f64(),
        "{error:?}"
    );
    Ok(())
}

#[test]
fn two_nets_are_compared_image_by_image() -> Result<()> {
    let playground = Playground::new()?;
    let data = data_folder()?;
    let data = data.to_string_lossy();
    let call = [
        "evaluate",
        "--json",
        "--limit",
        "200",
        "--data",
        &data,
        "--compare",
    ];
    let answer = playground.trainer(&[&call[..], &["net.weights", "net.weights"]].concat())?;
    assert_eq!((answer.status, answer.stderr.as_str()), (Some(0), ""));
    let photos = &serde_json::from_str::<Value>(&answer.stdout)?["groups"]["photos"];
    assert_eq!(photos["alone_right"], json!([0, 0]));
    assert_eq!(
        (&photos["images"], &photos["p_value"]),
        (&json!(200), &json!(1.0))
    );
    playground
        .trainer(&[&call[..], &["net.weights"]].concat())?
        .is_usage_error("2 values required");
    Ok(())
}

#[test]
fn weights_are_measured_on_images_that_they_did_not_learn_from() -> Result<()> {
    let playground = Playground::new()?;
    let data = data_folder()?;
    let data = data.to_string_lossy();
    let call = |line: &str| {
        let words: Vec<&str> = line.split(' ').collect();
        playground.trainer(&[&words[..], &["--data", &data]].concat())
    };
    let train = "train --architecture mlp --train-images 256 --epochs 1 --validation-images 300 --split-seed 7";
    assert_eq!(call(train)?.status, Some(0));
    let weights = "--weights runs/1-mlp/mlp.weights";
    let sidecar = fs::read(playground.file("runs/1-mlp/mlp.json"))?;
    let sidecar: Value = serde_json::from_slice(&sidecar)?;
    let own = json!({"kind": "random", "images": 300, "seed": 7});
    assert_eq!(sidecar["validation"], own);

    // Its own images unless others are named, with the figure that the run itself had.
    let validation = format!("evaluate --json --split validation {weights}");
    let answer = call(&validation)?;
    assert_eq!((answer.status, answer.stderr.as_str()), (Some(0), ""));
    let report: Value = serde_json::from_str(&answer.stdout)?;
    assert_eq!(report["images"], 300);
    assert_eq!(
        report["accuracy"],
        sidecar["metrics"]["validation_accuracy"]
    );
    let fewer = call(&format!("{validation} --validation-images 100"))?;
    assert_eq!((fewer.status, fewer.stderr.as_str()), (Some(0), ""));
    let refusals = [
        (
            format!("{validation} --validation-images 301"),
            "--validation-images 300 --split-seed 7",
        ),
        (
            format!("{validation} --split-seed 0"),
            "learned from some of the validation images",
        ),
        (
            format!("calibrate {weights} --split-seed 0 --force"),
            "learned from some of",
        ),
        (
            format!("report {weights} --split-seed 0"),
            "learned from some of",
        ),
        (
            "evaluate --split validation --compare net.weights runs/1-mlp/mlp.weights".into(),
            "different images held out",
        ),
        (
            "train --architecture mlp --from runs/1-mlp/mlp.weights".into(),
            "hold out those",
        ),
        (
            "train --architecture mlp --teacher runs/1-mlp/mlp.weights".into(),
            "hold out those",
        ),
        (
            "suspects --teacher runs/1-mlp/mlp.weights".into(),
            "leave out --teacher",
        ),
        (
            format!("evaluate {weights} --split-seed 7"),
            "do nothing without --split validation",
        ),
    ];
    for (line, expected) in refusals {
        call(&line)?.is_usage_error(expected);
    }
    assert!(!playground.file("runs/2-mlp").exists());

    // Weights of earlier versions: what is assumed is said.
    let mut old = sidecar;
    old.as_object_mut()
        .context("no object")?
        .remove("validation");
    fs::write(playground.file("runs/1-mlp/mlp.json"), old.to_string())?;
    let answer = call(&validation)?;
    assert_eq!(answer.status, Some(0), "{}", answer.stderr);
    assert!(
        answer.stderr.contains("does not say which") && answer.stderr.contains("5000 by seed 0"),
        "{}",
        answer.stderr
    );
    let report: Value = serde_json::from_str(&answer.stdout)?;
    assert_eq!(report["images"], 5000);
    Ok(())
}
