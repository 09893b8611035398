//! `train`: a run's folder, and runs that are stopped half-way.

use std::fs;
use std::process::{Child, Command};
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Result, ensure};
use serde_json::Value;

use crate::support::{Playground, data_folder};

const FLAGS: [&str; 8] = [
    "train",
    "--epochs",
    "3",
    "--validation-images",
    "500",
    "--seed",
    "3",
    "--name",
];

/// A net, and on how many images an epoch of it takes about a second: its line in the log comes long
/// before the run's end.
type Net = (&'static str, &'static str);
const MLP: Net = ("mlp", "12000");
const COMPACT: Net = ("compact", "1920");

/// Starts a run with this name and these further flags.
fn start(
    playground: &Playground,
    (net, images): Net,
    name: &str,
    further: &[&str],
) -> Result<Child> {
    let data = data_folder()?;
    let mut command: Command = playground.command(&FLAGS);
    command.args([name, "--architecture", net, "--train-images", images]);
    command.args(further).arg("--data").arg(data);
    Ok(command.spawn()?)
}

/// Starts the run `<number>-<name>`, and sends it the signal in the middle of its second epoch.
/// Gives the exit status.
#[cfg(unix)]
fn stop_half_way(
    playground: &Playground,
    net: Net,
    number: usize,
    name: &str,
    further: &[&str],
    signal: &str,
) -> Result<Option<i32>> {
    let mut run = start(playground, net, name, further)?;
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

/// Checks that a run with these flags that is interrupted, and one that is killed, go on to the same
/// weights and the same best epoch as one that was left alone.
#[cfg(unix)]
fn check_stopping(net: Net, further: &[&str]) -> Result<()> {
    let playground = Playground::new()?;
    assert!(start(&playground, net, "whole", further)?.wait()?.success());
    let file = |run: &str, name: &str| fs::read(playground.file(&format!("runs/{run}/{name}")));
    let best = |run: &str| -> Result<Value> {
        let metrics: Value = serde_json::from_slice(&file(run, "metrics.json")?)?;
        Ok(metrics["best"]["validation_accuracy"].clone())
    };
    // Ctrl-C saves and is no failure; a kill takes what came after the last epoch.
    let stop =
        |number, name, signal| stop_half_way(&playground, net, number, name, further, signal);
    assert_eq!(stop(2, "interrupted", "-INT")?, Some(0));
    assert_eq!(stop(3, "killed", "-KILL")?, None);
    for run in ["2-interrupted", "3-killed"] {
        assert_eq!(
            logged_epochs(&playground, run)?,
            [1],
            "{run} was not stopped half-way"
        );
        let data = data_folder()?;
        let resumed = format!("runs/{run}");
        let call = [
            "train",
            "--resume",
            &resumed,
            "--data",
            &data.to_string_lossy(),
        ];
        let answer = playground.trainer(&call)?;
        assert_eq!((answer.status, answer.stderr.as_str()), (Some(0), ""));
        assert_eq!(logged_epochs(&playground, run)?, [1, 2, 3]);
        let weights = format!("{}.weights", net.0);
        let is_same = file(run, &weights)? == file("1-whole", &weights)?;
        assert!(is_same, "{run} ended with other weights");
        assert_eq!(best(run)?, best("1-whole")?);
    }
    Ok(())
}

#[cfg(unix)]
#[test]
fn a_run_that_was_stopped_ends_as_if_it_had_not_been() -> Result<()> {
    check_stopping(MLP, &[])
}

#[cfg(unix)]
#[test]
fn the_shipped_recipe_goes_on_as_well() -> Result<()> {
    // Convolutions, normalisation, Muon and AdamW, the average that teaches.
    check_stopping(COMPACT, &[])
}

#[cfg(unix)]
#[test]
fn what_has_a_state_or_is_drawn_at_random_goes_on_as_well() -> Result<()> {
    check_stopping(
        MLP,
        &[
            "--optimiser",
            "sgd",
            "--schedule",
            "one-cycle",
            "--mixup",
            "0.4",
            "--dropout",
            "0.2",
            "--rotate",
            "10",
            "--class-weights",
            "balanced",
            "--patience",
            "2",
        ],
    )
}

#[cfg(unix)]
#[test]
fn frozen_layers_are_frozen_in_a_run_that_goes_on() -> Result<()> {
    check_stopping(
        MLP,
        &[
            "--optimiser",
            "adam",
            "--schedule",
            "step",
            "--step-epochs",
            "1",
            "--freeze",
            "hidden",
        ],
    )
}

#[cfg(all(unix, feature = "workers"))]
#[test]
fn a_run_of_several_workers_goes_on_as_well() -> Result<()> {
    check_stopping(MLP, &["--workers", "3", "--dropout", "0.1"])
}

#[test]
fn a_run_leaves_all_that_prediction_needs() -> Result<()> {
    let playground = Playground::new()?;
    assert!(start(&playground, MLP, "new", &[])?.wait()?.success());
    for file in [
        "config.json",
        "environment.json",
        "log.jsonl",
        "metrics.json",
        "loss.svg",
        "accuracy.svg",
        "checkpoint.json",
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
    let environment = fs::read(playground.file("runs/1-new/environment.json"))?;
    let environment: Value = serde_json::from_slice(&environment)?;
    assert_eq!(environment["command"][1], "train");
    for known in ["version", "device", "cores", "system", "processor"] {
        assert!(!environment[known].is_null(), "{known}");
    }
    let curves = fs::read_to_string(playground.file("runs/1-new/accuracy.svg"))?;
    assert!(curves.contains("<polyline") && curves.contains("validation photos"));
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

#[test]
fn a_run_whose_loss_is_no_number_ends_with_a_sentence() -> Result<()> {
    let playground = Playground::new()?;
    let data = data_folder()?;
    let call = [
        "train",
        "--architecture",
        "mlp",
        "--optimiser",
        "sgd",
        "--learning-rate",
        "1e30",
        "--train-images",
        "1280",
        "--epochs",
        "1",
        "--data",
        &data.to_string_lossy(),
    ];
    let answer = playground.trainer(&call)?;
    assert_eq!(answer.status, Some(3), "{}", answer.stderr);
    let sentence = "the loss is not finite; choose a lower --learning-rate";
    assert!(answer.stderr.contains(sentence), "{}", answer.stderr);
    for name in ["log.jsonl", "loss.svg", "mlp.weights", "checkpoint.json"] {
        assert!(!playground.file(&format!("runs/1-mlp/{name}")).exists());
    }
    Ok(())
}
