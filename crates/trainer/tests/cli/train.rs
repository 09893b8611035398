//! `train`: a run's folder, and runs that are stopped half-way.

use std::fs;
use std::process::{Child, Command};
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Result, ensure};
use serde_json::Value;

use crate::support::{Playground, data_folder};

/// A run of seconds. Its first epoch's line in the log comes long before its end.
const FLAGS: [&str; 12] = [
    "train",
    "--architecture",
    "mlp",
    "--epochs",
    "3",
    "--train-images",
    "12000",
    "--validation-images",
    "500",
    "--seed",
    "3",
    "--name",
];

/// Starts a run with this name.
fn start(playground: &Playground, name: &str) -> Result<Child> {
    let data = data_folder()?;
    let mut command: Command = playground.command(&FLAGS);
    Ok(command.arg(name).arg("--data").arg(data).spawn()?)
}

/// Starts the run `<number>-<name>`, and sends it the signal in the middle of its second epoch.
/// Gives the exit status.
#[cfg(unix)]
fn stop_half_way(
    playground: &Playground,
    number: usize,
    name: &str,
    signal: &str,
) -> Result<Option<i32>> {
    let mut run = start(playground, name)?;
    let log = playground.file(&format!("runs/{number}-{name}/log.jsonl"));
    while !log.exists() {
        ensure!(run.try_wait()?.is_none(), "the run ended without a log");
        sleep(Duration::from_millis(20));
    }
    sleep(Duration::from_millis(300));
    let id = run.id().to_string();
    ensure!(Command::new("kill").args([signal, &id]).status()?.success());
    Ok(run.wait()?.code())
}

/// The numbers of the epochs in a run's log.
fn logged_epochs(playground: &Playground, run: &str) -> Result<Vec<Value>> {
    let text = fs::read_to_string(playground.file(&format!("runs/{run}/log.jsonl")))?;
    let epoch = |line: &str| Ok(serde_json::from_str::<Value>(line)?["epoch"].clone());
    text.lines().map(epoch).collect()
}

#[cfg(unix)]
#[test]
fn a_run_that_was_stopped_ends_as_if_it_had_not_been() -> Result<()> {
    let playground = Playground::new()?;
    assert!(start(&playground, "whole")?.wait()?.success());
    let weights = |run: &str| fs::read(playground.file(&format!("runs/{run}/mlp.weights")));
    let expected = weights("1-whole")?;
    // Ctrl-C saves and is no failure; a kill takes what came after the last epoch.
    assert_eq!(
        stop_half_way(&playground, 2, "interrupted", "-INT")?,
        Some(0)
    );
    assert_eq!(stop_half_way(&playground, 3, "killed", "-KILL")?, None);
    for run in ["2-interrupted", "3-killed"] {
        assert_eq!(
            logged_epochs(&playground, run)?,
            [1],
            "{run} was not stopped half-way"
        );
        let answer = playground.trainer(&[
            "train",
            "--resume",
            &format!("runs/{run}"),
            "--data",
            &data_folder()?.to_string_lossy(),
        ])?;
        assert_eq!((answer.status, answer.stderr.as_str()), (Some(0), ""));
        assert_eq!(logged_epochs(&playground, run)?, [1, 2, 3]);
        assert!(weights(run)? == expected, "{run} ended with other weights");
    }
    Ok(())
}

#[test]
fn a_run_leaves_all_that_prediction_needs() -> Result<()> {
    let playground = Playground::new()?;
    assert!(start(&playground, "new")?.wait()?.success());
    for file in [
        "config.json",
        "log.jsonl",
        "mlp.weights",
        "mlp.json",
        "golden.json",
    ] {
        assert!(
            playground.file(&format!("runs/1-new/{file}")).is_file(),
            "{file}"
        );
    }
    let config: Value =
        serde_json::from_slice(&fs::read(playground.file("runs/1-new/config.json"))?)?;
    assert_eq!(
        (&config["seed"], &config["validation_images"]),
        (&3.into(), &500.into())
    );
    let data = data_folder()?;
    let answer = playground.trainer(&[
        "evaluate",
        "--json",
        "--limit",
        "1000",
        "--weights",
        "runs/1-new/mlp.weights",
        "--data",
        &data.to_string_lossy(),
    ])?;
    let report: Value = serde_json::from_str(&answer.stdout)?;
    // Three short epochs; ten classes at random would give 0.1.
    assert!(
        report["accuracy"].as_f64() > Some(0.6),
        "{}",
        report["accuracy"]
    );
    Ok(())
}
