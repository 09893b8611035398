//! `tune`, and `train --config`, with a few seconds of training.

use std::collections::BTreeSet;
use std::fs;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Result, ensure};
use serde_json::{Value, json};

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

    // What the search found, not what it spent: a run by it takes all epochs and images unless told otherwise.
    let read = |path: &str| -> Result<Value> {
        Ok(serde_json::from_slice(&fs::read(playground.file(path))?)?)
    };
    let best = read("tune/best.json")?;
    assert!(
        best["epochs"].is_null() && best["train_images"].is_null(),
        "{best}"
    );
    let call = [
        "train",
        "--config",
        "tune/best.json",
        "--epochs",
        "1",
        "--train-images",
        "1000",
        "--seed",
        "4",
        "--data",
        &data,
    ];
    let answer = playground.trainer(&call)?;
    assert_eq!((answer.status, answer.stderr.as_str()), (Some(0), ""));
    let said = answer.stdout.lines().next();
    assert_eq!(
        said,
        Some("settings of tune/best.json; seed is 4 by flag, not 1")
    );
    let config = read("runs/1-mlp/config.json")?;
    for (name, value) in [
        ("adamw_learning_rate", &best["adamw_learning_rate"]),
        ("batch_size", &64.into()),
        ("validation_images", &300.into()),
        ("train_images", &1000.into()),
        ("epochs", &1.into()),
        ("seed", &4.into()),
    ] {
        assert_eq!(&config[name], value, "{name}");
    }
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
    let mut search = search(
        &playground,
        "tune",
        &["--trials", "12", "--parallel", "2", "--rungs", "2"],
    )?;
    // Diverges; overflows half precision; is refused; is fine.
    let space = r#"{"optimiser": {"choice": ["sgd"]}, "batch_size": {"choice": [64]}, "weight_decay": {"choice": [0]},
        "learning_rate": {"choice": [1e30, 1e6, "high", 0.05]}}"#;
    fs::write(playground.file("space.json"), space)?;
    let output = search.output()?;
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{stderr}");
    let board = board(&playground, "tune")?;
    let rates = |failed: bool| {
        let outcomes = board.as_array().into_iter().flatten();
        let of = outcomes.filter(|o| o["validation_accuracy"].is_null() == failed);
        let rates = of.map(|o| o["settings"]["learning_rate"].to_string());
        rates.collect::<BTreeSet<_>>()
    };
    let values = |values: &[Value]| values.iter().map(Value::to_string).collect();
    // All four are drawn by this seed.
    let failing = [json!(1e30), json!(1e6), json!("high")];
    assert_eq!(rates(true), values(&failing));
    assert_eq!(rates(false), values(&[json!(0.05)]));
    let best: Value = serde_json::from_slice(&fs::read(playground.file("tune/best.json"))?)?;
    assert_eq!(best["learning_rate"], 0.05);

    // Another space has other settings under the same names.
    fs::write(playground.file("space.json"), space.replace("0.05", "0.1"))?;
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
fn a_search_of_which_every_trial_fails_says_so() -> Result<()> {
    let playground = Playground::new()?;
    let mut search = search(&playground, "tune", &["--trials", "2", "--rungs", "1"])?;
    let space = r#"{"batch_size": {"uniform": [32, 64]}}"#;
    fs::write(playground.file("space.json"), space)?;
    let output = search.output()?;
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert!(
        stderr.contains("for '--batch-size <BATCH_SIZE>'") && stderr.contains("every trial failed"),
        "{stderr}"
    );
    assert_eq!(
        board(&playground, "tune")?.as_array().map(Vec::len),
        Some(2)
    );
    Ok(())
}

#[test]
fn a_search_that_makes_no_sense_does_not_begin() -> Result<()> {
    let playground = Playground::new()?;
    let refused = |space: &str, flags: &[&str], train: &[&str], expected: &str| -> Result<()> {
        let mut search = search(&playground, "tune", flags)?;
        fs::write(playground.file("space.json"), space)?;
        let output = search.args(train).output()?;
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{stderr}");
        assert!(
            stderr.lines().count() == 1 && stderr.contains(expected),
            "{stderr}"
        );
        assert!(!playground.file("tune").exists());
        Ok(())
    };
    let sound = r#"{"dropout": {"uniform": [0, 0.5]}}"#;
    refused(
        sound,
        &["--keep", "10", "--rungs", "21"],
        &[],
        "--rungs must be",
    )?;
    refused(
        sound,
        &["--trials", "1000000000000000000"],
        &[],
        "'--trials <TRIALS>': it must be",
    )?;
    refused(
        sound,
        &["--parallel", "1000000000"],
        &[],
        "'--parallel <PARALLEL>': it must be",
    )?;
    refused(
        sound,
        &["--epochs", "0"],
        &[],
        "'--epochs <EPOCHS>': it must be",
    )?;
    refused(
        sound,
        &[],
        &["--dropout", "0.1"],
        "dropout cannot be searched: it is given",
    )?;
    refused(sound, &[], &["--config", "a.json"], "--config and --resume")?;
    refused(sound, &[], &["--epochs", "3"], "--epochs")?;
    refused(
        r#"{"epochs": {"choice": [1]}}"#,
        &[],
        &[],
        "the rungs decide it",
    )?;
    refused(r#"{"seed": {"choice": [1]}}"#, &[], &[], "no such setting")?;
    refused(
        r#"{"flip": {"uniform": [-1e308, 1e308]}}"#,
        &[],
        &[],
        "too wide",
    )
}

#[test]
fn wrong_settings_are_named() -> Result<()> {
    let playground = Playground::new()?;
    let data = data_folder()?;
    let data = data.to_string_lossy();
    fs::write(playground.file("typo.json"), r#"{"learning_rat": 1}"#)?;
    fs::write(playground.file("zero.json"), r#"{"epochs": 0}"#)?;
    fs::write(
        playground.file("type.json"),
        r#"{"seed": 3, "epochs": 1.5}"#,
    )?;
    fs::write(playground.file("word.json"), r#"{"optimiser": "newton"}"#)?;
    fs::write(playground.file("seed.json"), r#"{"seed": -1}"#)?;
    fs::write(
        playground.file("fold.json"),
        r#"{"fold": {"number": 0, "of": 2}}"#,
    )?;
    for (file, expected) in [
        ("typo.json", "there is no setting \"learning_rat\""),
        (
            "type.json",
            "in type.json: invalid value '1.5' for '--epochs <EPOCHS>'",
        ),
        (
            "word.json",
            "in word.json: invalid value 'newton' for '--optimiser",
        ),
        (
            "seed.json",
            "in seed.json: invalid value '-1' for '--seed <SEED>'",
        ),
        ("fold.json", "\"fold\" belongs to a run"),
        (
            "zero.json",
            "in zero.json: invalid value '0' for '--epochs <EPOCHS>'",
        ),
        ("none.json", "there is no file none.json"),
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

#[test]
fn everything_in_a_settings_file_counts() -> Result<()> {
    let playground = Playground::new()?;
    let data = data_folder()?;
    let data = data.to_string_lossy();
    let small = [
        "--architecture",
        "mlp",
        "--train-images",
        "256",
        "--validation-images",
        "200",
        "--split-seed",
        "5",
        "--epochs",
        "1",
    ];
    let begin = ["train", "--seed", "9", "--data", &data];
    assert_eq!(
        playground.trainer(&[&begin[..], &small].concat())?.status,
        Some(0)
    );
    let file = |run: &str, name: &str| fs::read(playground.file(&format!("runs/{run}/{name}")));
    let again = [
        "train",
        "--config",
        "runs/1-mlp/config.json",
        "--data",
        &data,
    ];
    let answer = playground.trainer(&again)?;
    assert_eq!((answer.status, answer.stderr.as_str()), (Some(0), ""));
    assert_eq!(file("1-mlp", "config.json")?, file("2-mlp", "config.json")?);
    assert!(file("1-mlp", "mlp.weights")? == file("2-mlp", "mlp.weights")?);

    // The drawings as well: they are looked for where the file says.
    let mut config: Value = serde_json::from_slice(&file("1-mlp", "config.json")?)?;
    config["drawings"] = "gone".into();
    fs::write(playground.file("drawn.json"), config.to_string())?;
    let drawn = ["train", "--config", "drawn.json", "--data", &data];
    playground
        .trainer(&drawn)?
        .is_usage_error("gone/quickdraw/train");
    Ok(())
}
