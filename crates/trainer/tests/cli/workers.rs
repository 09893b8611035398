//! `train --workers`: several workers on one machine.

use anyhow::Result;

use crate::support::{Answer, Playground, data_folder};

/// A run of a second with so many workers.
fn train(playground: &Playground, workers: &str, flags: &[&str]) -> Result<Answer> {
    let data = data_folder()?;
    let data = data.to_string_lossy();
    let call = [
        "train",
        "--workers",
        workers,
        "--name",
        workers,
        "--data",
        &data,
        "--epochs",
        "2",
    ];
    let small = ["--train-images", "1280", "--validation-images", "200"];
    playground.trainer(&[&call[..], &small, flags].concat())
}

#[cfg(not(feature = "workers"))]
#[test]
fn a_build_without_workers_says_how_to_get_them() -> Result<()> {
    let playground = Playground::new()?;
    let how = "cargo run -p trainer --features workers";
    train(&playground, "2", &[])?.is_usage_error(how);
    train(&playground, "1", &["--remote", "ws://127.0.0.1:1"])?.is_usage_error(how);
    playground.trainer(&["serve"])?.is_usage_error(how);
    assert!(!playground.file("runs").exists());
    Ok(())
}

#[cfg(feature = "workers")]
#[test]
fn workers_learn_together_what_one_learns_alone() -> Result<()> {
    use model::weights;
    use std::fs;

    let playground = Playground::new()?;
    // Without momentum of second order, rounding is all that may differ.
    let flags = [
        "--architecture",
        "mlp",
        "--optimiser",
        "sgd",
        "--mixup",
        "0.2",
    ];
    let mut nets = Vec::new();
    for (number, workers) in ["1", "3", "3"].into_iter().enumerate() {
        let answer = train(&playground, workers, &flags)?;
        assert_eq!((answer.status, answer.stderr.as_str()), (Some(0), ""));
        let run = format!("runs/{}-{workers}/mlp.weights", number + 1);
        nets.push(weights::decode(&fs::read(playground.file(&run))?)?);
    }
    // A batch of 128 makes parts of 43, 43 and 42: the larger ones must not count for less.
    for (alone, together) in nets[0].iter().zip(&nets[1]) {
        for (a, b) in alone.values.iter().zip(&together.values) {
            assert!((a - b).abs() < 1e-3, "{}: {a} {b}", alone.name);
        }
    }
    assert!(
        nets[0] != nets[1],
        "three workers cannot add up in one's order"
    );
    assert_eq!(nets[1], nets[2]);
    Ok(())
}

#[cfg(feature = "workers")]
#[test]
fn every_net_can_be_trained_by_workers() -> Result<()> {
    let playground = Playground::new()?;
    for net in ["small-cnn", "compact"] {
        let flags = [
            "--architecture",
            net,
            "--batch-norm",
            "true",
            "--dropout",
            "0.2",
        ];
        let answer = train(&playground, "2", &flags)?;
        assert_eq!(
            (answer.status, answer.stderr.as_str()),
            (Some(0), ""),
            "{net}"
        );
        assert!(answer.stdout.contains("epoch 2/2"), "{}", answer.stdout);
    }
    Ok(())
}
