//! `train`'s options, each on a few hundred of the real images.

use std::collections::BTreeSet;
use std::fs;

use anyhow::{Context, Result};
use model::weights::{self, NamedTensor};
use serde_json::Value;

use crate::support::{Answer, Playground, data_folder};

/// A run of a second or two.
const SMALL: [&str; 6] = [
    "--train-images",
    "384",
    "--validation-images",
    "200",
    "--epochs",
    "1",
];

/// Trains with these flags into `runs/<number>-<name>`.
fn train(playground: &Playground, name: &str, flags: &[&str]) -> Result<Answer> {
    let data = data_folder()?;
    let data = data.to_string_lossy();
    let begin = ["train", "--data", &data, "--name", name];
    playground.trainer(&[&begin, &SMALL[..4], flags].concat())
}

fn tensors(playground: &Playground, path: &str) -> Result<Vec<NamedTensor>> {
    Ok(weights::decode(&fs::read(playground.file(path))?)?)
}

fn json(playground: &Playground, path: &str) -> Result<Value> {
    Ok(serde_json::from_slice(&fs::read(playground.file(path))?)?)
}

#[test]
fn every_option_trains_and_makes_a_difference() -> Result<()> {
    let playground = Playground::new()?;
    let cases: [&[&str]; 18] = [
        &[],
        &["--dropout", "0.3"],
        &["--flip", "0"],
        &["--shift", "0"],
        &["--rotate", "15"],
        &["--erase", "0"],
        &["--mixup", "0.3"],
        &["--optimiser", "adam"],
        &["--optimiser", "adam", "--weight-decay", "0.01"],
        &["--optimiser", "adamw"],
        &["--optimiser", "sgd"],
        &["--optimiser", "sgd", "--momentum", "0"],
        &["--schedule", "constant"],
        &["--schedule", "one-cycle"],
        &["--schedule", "step"],
        &["--schedule", "step", "--warmup", "0.5"],
        &["--class-weights", "1,1,1,1,1,1,3,1,1,0"],
        &["--class-weights", "balanced"],
    ];
    let mut seen = BTreeSet::new();
    for (index, flags) in cases.into_iter().enumerate() {
        let small = ["--architecture", "mlp", "--epochs", "1"];
        let answer = train(&playground, "mlp", &[&small, flags].concat())?;
        assert_eq!(
            (answer.status, answer.stderr.as_str()),
            (Some(0), ""),
            "{flags:?}"
        );
        let weights = fs::read(playground.file(&format!("runs/{}-mlp/mlp.weights", index + 1)))?;
        // Before its first fall, `step` is `constant`.
        assert_eq!(
            seen.insert(weights),
            flags != ["--schedule", "step"],
            "{flags:?}"
        );
    }
    Ok(())
}

#[test]
fn every_net_trains_with_and_without_normalisation_and_is_read_again() -> Result<()> {
    let playground = Playground::new()?;
    let data = data_folder()?;
    let data = data.to_string_lossy();
    for (index, (net, norm)) in [
        ("deep-cnn", "true"),
        ("small-cnn", "true"),
        ("small-cnn", "false"),
        ("compact", "false"),
    ]
    .into_iter()
    .enumerate()
    {
        let flags = ["--architecture", net, "--batch-norm", norm, "--epochs", "1"];
        let answer = train(&playground, net, &flags)?;
        assert_eq!(
            (answer.status, answer.stderr.as_str()),
            (Some(0), ""),
            "{net} {norm}"
        );
        let weights = format!("runs/{}-{net}/{net}.weights", index + 1);
        let names: Vec<String> = tensors(&playground, &weights)?
            .into_iter()
            .map(|t| t.name)
            .collect();
        assert!(!names.iter().any(|name| name.contains("norm")), "{names:?}");
        let call = [
            "evaluate",
            "--json",
            "--limit",
            "100",
            "--weights",
            &weights,
            "--data",
            &data,
        ];
        let report: Value = serde_json::from_str(&playground.trainer(&call)?.stdout)?;
        assert!(report["accuracy"].as_f64().is_some(), "{report}");
        let call = [
            "export",
            "--format",
            "onnx",
            "--weights",
            &weights,
            "--output",
            "a.onnx",
            "--force",
        ];
        assert_eq!(playground.trainer(&call)?.status, Some(0), "{net}");
    }
    Ok(())
}

#[test]
fn a_run_stops_early_and_stays_stopped() -> Result<()> {
    let playground = Playground::new()?;
    // With steps this small no epoch is better than the first.
    let still = [
        "--optimiser",
        "sgd",
        "--learning-rate",
        "1e-12",
        "--weight-decay",
        "0",
    ];
    let flags = ["--architecture", "mlp", "--epochs", "9", "--patience", "2"];
    let answer = train(&playground, "still", &[&flags[..], &still].concat())?;
    assert!(
        answer.stdout.contains("no better for 2 epochs"),
        "{}",
        answer.stdout
    );
    let metrics = json(&playground, "runs/1-still/metrics.json")?;
    assert_eq!(
        (
            &metrics["epochs"],
            &metrics["stopped_early"],
            &metrics["best"]["epoch"]
        ),
        (&3.into(), &true.into(), &1.into())
    );
    let weights = fs::read(playground.file("runs/1-still/mlp.weights"))?;
    let data = data_folder()?;
    let resume = [
        "train",
        "--resume",
        "runs/1-still",
        "--data",
        &data.to_string_lossy(),
    ];
    assert_eq!(playground.trainer(&resume)?.status, Some(0));
    assert_eq!(
        fs::read(playground.file("runs/1-still/mlp.weights"))?,
        weights
    );
    assert_eq!(json(&playground, "runs/1-still/metrics.json")?, metrics);
    Ok(())
}

#[test]
fn a_net_that_gets_nothing_right_is_kept_all_the_same() -> Result<()> {
    let playground = Playground::new()?;
    let data = data_folder()?;
    let data = data.to_string_lossy();
    let flags = [
        "--architecture",
        "mlp",
        "--train-images",
        "128",
        "--epochs",
        "1",
    ];
    let validated_on = |images: &str| {
        let call = ["train", "--data", &data, "--validation-images", images];
        playground.trainer(&[&call[..], &flags].concat())
    };
    validated_on("0")?
        .is_usage_error("--validation-images <IMAGES>': it must be a whole number of at least 1");
    assert_eq!(validated_on("1")?.status, Some(0));
    let best = &json(&playground, "runs/1-mlp/metrics.json")?["best"];
    // Else this would not be the case that it is about.
    assert_eq!(best["validation_accuracy"], 0.0);
    assert!(!tensors(&playground, "runs/1-mlp/mlp.weights")?.is_empty());
    Ok(())
}

#[test]
fn every_layer_of_other_weights_learns_unless_it_is_frozen() -> Result<()> {
    let playground = Playground::new()?;
    let flags = ["--architecture", "mlp", "--epochs", "1"];
    train(&playground, "first", &flags)?;
    let from = "runs/1-first/mlp.weights";
    train(&playground, "on", &[&flags[..], &["--from", from]].concat())?;
    let before = tensors(&playground, from)?;
    let after = tensors(&playground, "runs/2-on/mlp.weights")?;
    for (before, after) in before.iter().zip(&after) {
        assert_ne!(before.values, after.values, "{}", before.name);
    }
    Ok(())
}

#[test]
fn frozen_layers_stay_as_they_came() -> Result<()> {
    let playground = Playground::new()?;
    let flags = ["--architecture", "mlp", "--epochs", "1"];
    train(&playground, "first", &flags)?;
    let from = "runs/1-first/mlp.weights";
    let transfer = ["--from", from, "--freeze", "hidden", "--seed", "8"];
    train(&playground, "kept", &[&flags[..], &transfer].concat())?;
    let fresh = [
        "--fresh",
        "head",
        "--learning-rate",
        "1e-9",
        "--adamw-learning-rate",
        "1e-9",
    ];
    train(
        &playground,
        "fresh",
        &[&flags[..], &transfer, &fresh].concat(),
    )?;
    let first = tensors(&playground, from)?;
    for run in ["2-kept", "3-fresh"] {
        let now = tensors(&playground, &format!("runs/{run}/mlp.weights"))?;
        for (before, after) in first.iter().zip(&now) {
            let is_frozen = before.name.starts_with("hidden.");
            assert_eq!(before == after, is_frozen, "{run} {}", before.name);
        }
    }
    // Hardly trained, the head is what its seed made it, not the one of the file.
    let head = |run: &str| -> Result<f32> {
        let tensors = tensors(&playground, &format!("runs/{run}/mlp.weights"))?;
        let head = tensors.into_iter().find(|t| t.name == "head.weights");
        Ok(head.context("no head")?.values[0])
    };
    assert!((head("3-fresh")? - head("1-first")?).abs() > 1e-3);
    Ok(())
}

#[test]
fn what_makes_no_sense_is_refused_before_there_is_a_folder() -> Result<()> {
    let playground = Playground::new()?;
    let check = |flags: &[&str], expected: &str| -> Result<()> {
        train(&playground, "wrong", flags)?.is_usage_error(expected);
        Ok(())
    };
    check(&["--optimiser", "newton"], "muon, adamw, adam, sgd")?;
    check(
        &["--schedule", "stairs"],
        "cosine, constant, step, one-cycle",
    )?;
    check(&["--momentum", "0.5"], "without --optimiser sgd")?;
    check(
        &["--optimiser", "adam", "--adamw-learning-rate", "1"],
        "without --optimiser muon",
    )?;
    check(&["--step-epochs", "3"], "without --schedule step")?;
    check(
        &["--architecture", "mlp", "--batch-norm", "true"],
        "mlp has none",
    )?;
    check(&["--dropout", "1"], "--dropout")?;
    check(&["--rotate", "200"], "--rotate")?;
    check(&["--mixup", "2"], "--mixup")?;
    check(&["--patience", "0"], "--patience")?;
    check(&["--class-weights", "1,2"], "10 numbers")?;
    check(&["--fresh", "head"], "--from")?;
    check(
        &["--freeze", "hat"],
        "no layer \"hat\"; it has stem, early, middle, late, head",
    )?;
    check(
        &["--freeze", "stem,early,middle,late,head"],
        "nothing would learn",
    )?;
    check(&["--from", "gone.weights"], "no weights at gone.weights")?;
    // The playground's net is an mlp, but a smaller one.
    check(&["--from", "net.weights"], "net.weights holds the net mlp")?;
    check(
        &["--from", "net.weights", "--architecture", "mlp"],
        "\"hidden\":8",
    )?;
    check(
        &["--from", "net.weights", "--batch-norm", "true"],
        "folded in",
    )?;
    assert!(!playground.file("runs").exists());
    Ok(())
}
