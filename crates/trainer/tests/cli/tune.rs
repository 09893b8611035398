//! `tune`, and `train --config`, with a few seconds of training.

use std::fs;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Result, ensure};
use serde_json::Value;

use crate::support::{Playground, data_folder};

#[test]
fn a_search_keeps_the_better_and_goes_on_where_it_was_stopped() -> Result<()> {
    let playground = Playground::new()?;
    let data = data_folder()?;
    let data = data.to_string_lossy();
    let space =
        r#"{"adamw_learning_rate": {"log": [0.0000001, 0.01]}, "batch_size": {"choice": [64]}}"#;
    fs::write(playground.file("space.json"), space)?;
    let call = [
        "tune",
        "--space",
        "space.json",
        "--trials",
        "3",
        "--rungs",
        "2",
        "--data",
        &data,
    ];
    let train = [
        "--",
        "--architecture",
        "mlp",
        "--train-images",
        "1000",
        "--validation-images",
        "300",
    ];
    let answer = playground.trainer(&[&call[..], &train].concat())?;
    assert_eq!((answer.status, answer.stderr.as_str()), (Some(0), ""));
    let board: Value =
        serde_json::from_slice(&fs::read(playground.file("tune/leaderboard.json"))?)?;
    let accuracy = |place: usize| {
        board[place]["validation_accuracy"]
            .as_f64()
            .unwrap_or_default()
    };
    // One of three goes on, to three epochs; behind it all three, the best first.
    assert_eq!(board.as_array().map(Vec::len), Some(4));
    assert_eq!(
        (&board[0]["epochs"], &board[1]["epochs"]),
        (&3.into(), &1.into())
    );
    assert_eq!(board[0]["trial"], board[1]["trial"]);
    assert!(accuracy(1) >= accuracy(2) && accuracy(2) >= accuracy(3));

    // Everything is there already, so nothing is trained again.
    let runs = fs::read_dir(playground.file("tune/runs"))?.count();
    assert_eq!(
        (
            runs,
            playground.trainer(&[&call[..], &train].concat())?.stdout
        ),
        (4, answer.stdout)
    );
    assert_eq!(fs::read_dir(playground.file("tune/runs"))?.count(), 4);

    let call = [
        "train",
        "--config",
        "tune/best.json",
        "--epochs",
        "1",
        "--data",
        &data,
    ];
    let answer = playground.trainer(&call)?;
    assert_eq!((answer.status, answer.stderr.as_str()), (Some(0), ""));
    let read = |path: &str| -> Result<Value> {
        Ok(serde_json::from_slice(&fs::read(playground.file(path))?)?)
    };
    let (best, config) = (read("tune/best.json")?, read("runs/1-mlp/config.json")?);
    assert_eq!(config["adamw_learning_rate"], best["adamw_learning_rate"]);
    assert_eq!(
        (&config["train_images"], &config["epochs"]),
        (&1000.into(), &1.into())
    );
    assert_eq!(read("runs/1-mlp/environment.json")?["command"][1], "train");
    Ok(())
}

/// How far a search goes.
const SEARCH: [&str; 4] = ["--trials", "4", "--rungs", "2"];

/// A search of seconds in the folder `output`.
fn search(playground: &Playground, output: &str, flags: &[&str]) -> Result<Command> {
    let data = data_folder()?;
    let space = r#"{"adamw_learning_rate": {"log": [0.0001, 0.01]}}"#;
    fs::write(playground.file("space.json"), space)?;
    let mut command = playground.command(&["tune", "--space", "space.json", "--output", output]);
    command.args(flags);
    command.arg("--data").arg(data);
    command.args(["--", "--architecture", "mlp"]);
    command.args(["--train-images", "1000", "--validation-images", "300"]);
    Ok(command)
}

/// A leaderboard without the runs' numbers, which are given as the runs begin.
fn board(playground: &Playground, output: &str) -> Result<Value> {
    let path = playground.file(&format!("{output}/leaderboard.json"));
    let mut board: Value = serde_json::from_slice(&fs::read(path)?)?;
    for outcome in board.as_array_mut().into_iter().flatten() {
        outcome["run"] = Value::Null;
    }
    Ok(board)
}

#[cfg(unix)]
#[test]
fn a_search_in_parallel_that_was_killed_ends_as_one_that_was_not() -> Result<()> {
    let playground = Playground::new()?;
    assert!(
        search(&playground, "whole", &SEARCH)?
            .output()?
            .status
            .success()
    );
    let parallel = || {
        search(
            &playground,
            "killed",
            &[&SEARCH[..], &["--parallel", "2"]].concat(),
        )
    };
    let mut killed = parallel()?.stdout(Stdio::null()).spawn()?;
    let begun = || fs::read_dir(playground.file("killed/runs")).map_or(0, Iterator::count);
    while begun() < 3 {
        ensure!(killed.try_wait()?.is_none(), "the search ended too soon");
        sleep(Duration::from_millis(5));
    }
    // `Child::kill` sends SIGKILL; the trainings under way outlive it, and are waited for.
    killed.kill()?;
    killed.wait()?;
    ensure!(
        !playground.file("killed/best.json").exists(),
        "killed too late"
    );
    let output = parallel()?.output()?;
    ensure!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert_eq!(board(&playground, "killed")?, board(&playground, "whole")?);
    // A training that was killed before it had a folder of its own is begun anew, none else.
    assert!((6..=8).contains(&begun()), "{} runs", begun());
    Ok(())
}

#[test]
fn settings_with_which_training_goes_wrong_do_not_end_the_search() -> Result<()> {
    let playground = Playground::new()?;
    let mut search = search(&playground, "tune", &["--trials", "2", "--rungs", "1"])?;
    let space = r#"{"learning_rate": {"choice": [1e30]}, "optimiser": {"choice": ["sgd"]}}"#;
    fs::write(playground.file("space.json"), space)?;
    let output = search.output()?;
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{stderr}");
    assert!(stderr.contains("the loss is not finite"), "{stderr}");
    let board = board(&playground, "tune")?;
    assert_eq!(board.as_array().map(Vec::len), Some(2));
    assert_eq!(board[0]["validation_accuracy"], 0.0);

    // Another space has other settings under the same names.
    fs::write(playground.file("space.json"), space.replace("1e30", "0.1"))?;
    let output = search.output()?;
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert!(
        stderr.contains("was trained with other settings"),
        "{stderr}"
    );
    Ok(())
}

#[test]
fn wrong_settings_are_named() -> Result<()> {
    let playground = Playground::new()?;
    let data = data_folder()?;
    let data = data.to_string_lossy();
    fs::write(playground.file("typo.json"), r#"{"learning_rat": 1}"#)?;
    fs::write(playground.file("zero.json"), r#"{"epochs": 0}"#)?;
    for (file, expected) in [
        ("typo.json", "there is no \"learning_rat\""),
        (
            "zero.json",
            "in zero.json: invalid value '0' for '--epochs <EPOCHS>'",
        ),
        ("none.json", "none.json holds no settings"),
    ] {
        let answer = playground.trainer(&["train", "--config", file, "--data", &data])?;
        answer.is_usage_error(expected);
    }
    playground
        .trainer(&["tune", "--space", "typo.json"])?
        .is_usage_error("no space to search");
    assert!(!playground.file("runs").exists());
    Ok(())
}
