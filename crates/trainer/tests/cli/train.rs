//! `train`: a run's folder, and runs that are stopped half-way.

use std::fs;
use std::process::{Child, Command};
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::support::{Answer, Playground, data_folder};

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
    // Ctrl-C saves; a kill takes what came after the last epoch.
    let stop =
        |number, name, signal| stop_half_way(&playground, net, number, name, further, signal);
    assert_eq!(stop(2, "interrupted", "-INT")?, Some(130));
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
    for name in ["log.jsonl", "loss.svg", "mlp.weights", "checkpoints"] {
        assert!(!playground.file(&format!("runs/1-mlp/{name}")).exists());
    }
    Ok(())
}

/// `train` in this playground with these flags beside the data's.
fn train(playground: &Playground, flags: &[&str]) -> Result<Answer> {
    let data = data_folder()?;
    let data = data.to_string_lossy();
    playground.trainer(&[&["train"], flags, &["--data", &data]].concat())
}

#[test]
fn a_run_whose_weights_are_not_finite_ends_within_an_epoch() -> Result<()> {
    let playground = Playground::new()?;
    let flags = ["--learning-rate", "3000", "--epochs", "4"];
    let few = ["--train-images", "640", "--validation-images", "300"];
    let small = ["--batch-size", "64"];
    let answer = train(&playground, &[&flags[..], &few, &small].concat())?;
    assert_eq!(answer.status, Some(3), "{}", answer.stderr);
    assert_eq!(answer.stderr.lines().count(), 1, "{}", answer.stderr);
    assert!(answer.stderr.contains("not finite"), "{}", answer.stderr);
    for name in ["log.jsonl", "compact.weights", "checkpoints"] {
        assert!(!playground.file(&format!("runs/1-compact/{name}")).exists());
    }
    Ok(())
}

#[test]
fn batches_that_weigh_nothing_teach_nothing_and_a_set_that_does_is_refused() -> Result<()> {
    let playground = Playground::new()?;
    let flags = [
        "--architecture",
        "mlp",
        "--epochs",
        "1",
        "--batch-size",
        "1",
    ];
    let few = ["--train-images", "40", "--validation-images", "300"];
    // Nine in ten batches of one image are of other classes.
    let one = ["--class-weights", "0,0,0,0,0,0,0,0,1e-30,0"];
    let answer = train(&playground, &[&flags[..], &few, &one].concat())?;
    assert_eq!((answer.status, answer.stderr.as_str()), (Some(0), ""));
    let single = ["--train-images", "1", "--validation-images", "300"];
    for class in 0..10 {
        let mut weights = ["0"; 10];
        weights[class] = "1";
        let weights = weights.join(",");
        let only = ["--class-weights", weights.as_str(), "--name", "single"];
        let answer = train(&playground, &[&flags[..], &single, &only].concat())?;
        // The one image is of one class.
        if answer.status != Some(0) {
            answer.is_usage_error("nothing can be learnt");
        }
    }
    let runs = fs::read_dir(playground.file("runs"))?.count();
    assert_eq!(runs, 2, "one run that could learn, and the first");
    Ok(())
}

#[cfg(unix)]
#[test]
fn a_damaged_checkpoint_or_log_costs_only_what_came_after() -> Result<()> {
    let playground = Playground::new()?;
    let file = |name: &str| playground.file(&format!("runs/{name}"));
    assert!(start(&playground, MLP, "whole", &[])?.wait()?.success());
    let stopped = stop_half_way(&playground, MLP, 2, "damaged", &[], "-INT")?;
    assert_ne!(stopped, None, "it saves and ends");
    let steps = fs::read_dir(file("2-damaged/checkpoints"))?;
    let step = |entry: fs::DirEntry| entry.file_name().to_str()?.parse().ok();
    let steps: Vec<u32> = steps.flatten().filter_map(step).collect();
    let newest = steps.iter().max().context("a checkpoint")?;
    assert_eq!(steps.len(), 2, "the epoch's and the one of the stop");
    let flip = |name: &str, place: usize| -> Result<()> {
        let mut bytes = fs::read(file(name))?;
        bytes[place] ^= 0x80;
        Ok(fs::write(file(name), bytes)?)
    };
    flip(&format!("2-damaged/checkpoints/{newest}/model.bpk"), 99)?;
    flip("2-damaged/log.jsonl", 20)?;
    fs::write(file("2-damaged/mlp.weights.part"), "half")?;
    let answer = train(&playground, &["--resume", "runs/2-damaged"])?;
    assert_eq!(answer.status, Some(0), "{}", answer.stderr);
    let said = format!("checkpoints/{newest}/model.bpk is damaged");
    assert!(answer.stderr.contains(&said), "{}", answer.stderr);
    assert_eq!(logged_epochs(&playground, "2-damaged")?, [1, 2, 3]);
    assert!(!file("2-damaged/mlp.weights.part").exists());
    let weights = |run: &str| fs::read(file(&format!("{run}/mlp.weights")));
    assert!(weights("1-whole")? == weights("2-damaged")?);
    Ok(())
}
