//! `suspects` on the first images of the real data.

use std::fs;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::support::{Playground, data_folder};

#[test]
fn images_are_judged_by_nets_that_did_not_learn_from_them() -> Result<()> {
    let playground = Playground::new()?;
    let data = data_folder()?;
    let data = data.to_string_lossy();
    let answer = playground.trainer(&[
        "suspects",
        "--data",
        &data,
        "--architecture",
        "mlp",
        "--epochs",
        "3",
        "--limit",
        "1200",
        "--folds",
        "3",
        "--percent",
        "60",
        "--output",
        "list.json",
    ])?;
    assert_eq!((answer.status, answer.stderr.as_str()), (Some(0), ""));
    let list: Value = serde_json::from_slice(&fs::read(playground.file("list.json"))?)?;
    let accuracy = list["accuracy"].as_f64().context("no accuracy")?;
    assert!((0.4..0.95).contains(&accuracy), "{accuracy}");
    let suspects: Vec<(usize, u8, u8)> = serde_json::from_value(list["suspects"].clone())?;
    assert!(!suspects.is_empty() && suspects.is_sorted());
    let known = |number: usize| number < 1_200 || (60_000..61_200).contains(&number);
    assert!(
        suspects
            .iter()
            .all(|(number, class, percent)| known(*number) && *class < 10 && *percent >= 60)
    );
    Ok(())
}

#[cfg(unix)]
#[test]
fn a_search_that_was_stopped_says_so_by_its_status() -> Result<()> {
    let playground = Playground::new()?;
    let data = data_folder()?;
    let flags = [
        "--architecture",
        "mlp",
        "--epochs",
        "500",
        "--limit",
        "1200",
    ];
    let mut command = playground.command(&["suspects", "--data"]);
    let command = command.arg(&data).args(flags).stdout(Stdio::null());
    let mut child = command.stderr(Stdio::piped()).spawn()?;
    let log = playground.file("runs/1-suspects-1-of-5/log.jsonl");
    while !log.exists() {
        ensure!(
            child.try_wait()?.is_none(),
            "the search ended without a log"
        );
        sleep(Duration::from_millis(20));
    }
    let id = child.id().to_string();
    ensure!(Command::new("kill").args(["-INT", &id]).status()?.success());
    let output = child.wait_with_output()?;
    let stderr = String::from_utf8(output.stderr)?;
    assert_eq!(output.status.code(), Some(130), "{stderr}");
    assert!(stderr.contains("the same command goes on"), "{stderr}");
    assert!(!playground.file("suspects.json").exists());
    Ok(())
}
