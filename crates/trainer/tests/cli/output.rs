//! Standard output that nobody reads or that is full, and paths that are not UTF-8: no panic, nothing lost.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::os::unix::ffi::OsStrExt;
use std::process::{Command, Output, Stdio};

use anyhow::{Context, Result, ensure};
use trainer::data::published;

use crate::support::{LEGS, Playground, data_folder};

/// A call of each command that ends by itself, of seconds, with what it leaves behind.
const CALLS: [(&str, &str); 18] = [
    ("--help", ""),
    ("train --help", ""),
    ("explore", ""),
    ("evaluate --weights net.weights --limit 9", ""),
    ("evaluate --weights net.weights --limit 9 --json", ""),
    ("predict --weights net.weights --test-images 0", ""),
    (
        "explain --weights net.weights --test-images 0 --force",
        "explained/1-test-image-0.png",
    ),
    (
        "calibrate --weights net.weights --output fitted.json --force",
        "fitted.json",
    ),
    (
        "duplicates --limit 50 --output pairs.json --force",
        "pairs.json",
    ),
    (
        "export --weights net.weights --format wardrobe --output out/a.weights --force",
        "out/golden.json",
    ),
    ("originals --output a.originals --force", "a.originals"),
    (
        "embed --weights net.weights --limit 50 --rounds 1 --force",
        "map.json",
    ),
    (
        "report --weights net.weights --limit 9 --force",
        "report.html",
    ),
    (
        "finetune --weights net.weights --examples legs.ndjson --originals a.originals --steps 1",
        "",
    ),
    (
        "train --architecture mlp --train-images 64 --validation-images 9 --epochs 1",
        "",
    ),
    (
        "suspects --architecture mlp --epochs 1 --limit 60 --folds 2 --output list.json --force",
        "runs",
    ),
    (
        "recipes mlp -- --train-images 64 --validation-images 9 --epochs 1",
        "recipes",
    ),
    (
        "tune --space space.json --trials 1 --rungs 1 -- --architecture mlp --train-images 64 --validation-images 9",
        "tune/runs",
    ),
];

/// A folder with all that the calls read.
fn playground() -> Result<Playground> {
    let playground = Playground::new()?;
    let [x, y] = LEGS;
    let legs =
        format!(r#"{{"word":"Bag","key_id":"1","recognized":true,"drawing":[[{x:?},{y:?}]]}}"#);
    let two = format!("{legs}\n{}", legs.replace("\"1\"", "\"2\""));
    fs::write(playground.file("legs.ndjson"), two)?;
    fs::write(
        playground.file("space.json"),
        r#"{"dropout": {"choice": [0.1]}}"#,
    )?;
    fs::create_dir(playground.file("out"))?;
    Ok(playground)
}

/// The program with the words of a call.
fn command(playground: &Playground, call: &str) -> Result<Command> {
    let mut command = playground.command(&[]);
    command.args(call.split_whitespace());
    command.env(published::FOLDER_VARIABLE, data_folder()?);
    command.stderr(Stdio::piped());
    Ok(command)
}

fn stderr(output: &Output) -> Result<String> {
    Ok(String::from_utf8(output.stderr.clone())?)
}

#[test]
fn nobody_reading_is_a_quiet_end() -> Result<()> {
    let playground = playground()?;
    for (call, left) in CALLS {
        let (reader, writer) = std::io::pipe()?;
        drop(reader);
        let output = command(&playground, call)?.stdout(writer).output()?;
        let said = stderr(&output)?;
        // As the shell reports of a program that SIGPIPE ended.
        ensure!(
            output.status.code() == Some(141),
            "{call}: {} {said}",
            output.status
        );
        ensure!(
            !said.contains("error") && !said.contains("panicked"),
            "{call}: {said}"
        );
        ensure!(playground.file(left).exists(), "{call} left no {left}");
    }
    // Of training nothing is lost: an epoch is saved before it is spoken of.
    let weights = fs::read_dir(playground.file("runs"))?
        .flatten()
        .any(|run| run.path().join("config.json").exists());
    ensure!(weights, "no run is left");
    Ok(())
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_behind_the_output_is_one_sentence() -> Result<()> {
    let playground = playground()?;
    for (call, left) in CALLS {
        let full = File::options().write(true).open("/dev/full")?;
        let output = command(&playground, call)?.stdout(full).output()?;
        let said = stderr(&output)?;
        let last = said.lines().last().unwrap_or_default();
        ensure!(
            output.status.code() == Some(1),
            "{call}: {} {said}",
            output.status
        );
        let sentence = "error: cannot write to standard output: ";
        ensure!(
            last.starts_with(sentence) && !said.contains("panicked"),
            "{call}: {said}"
        );
        ensure!(playground.file(left).exists(), "{call} left no {left}");
    }
    // The same for standard error, where there is nobody left to tell.
    let full = File::options().write(true).open("/dev/full")?;
    let status = command(&playground, "predict")?.stderr(full).status()?;
    assert_eq!(status.code(), Some(2));
    Ok(())
}

#[test]
fn a_path_that_is_not_utf_8_is_a_path() -> Result<()> {
    let playground = playground()?;
    let odd = OsStr::from_bytes(b"odd-\xff");
    let call = |words: &str, path: &OsStr, further: &str| -> Result<(Option<i32>, String)> {
        let mut command = command(&playground, words)?;
        command.arg(path).args(further.split_whitespace());
        let output = command.output()?;
        let said = stderr(&output)?;
        ensure!(!said.contains("panicked"), "{words}: {said}");
        Ok((output.status.code(), said))
    };
    let small = "--train-images 64 --validation-images 9 --epochs 1 --architecture mlp";
    let (status, said) = call("train --runs", odd, small)?;
    assert_eq!(status, Some(0), "{said}");
    ensure!(
        playground
            .file("")
            .join(odd)
            .join("1-mlp/environment.json")
            .exists()
    );
    let search = "--space space.json --trials 1 --rungs 1 -- --architecture mlp --train-images 64";
    let (status, said) = call("tune --output", OsStr::from_bytes(b"search-\xff"), search)?;
    assert_eq!(status, Some(0), "{said}");
    // What would have to go into config.json is refused before anything is written.
    for flag in ["train --from", "train --drawings", "train --teacher"] {
        let (status, said) = call(flag, odd, "--runs none")?;
        assert_eq!((status, said.lines().count()), (Some(2), 1), "{said}");
        ensure!(said.contains("rename that file or folder"), "{said}");
    }
    ensure!(!playground.file("none").exists());
    let calls = [
        ("predict --weights net.weights", Some(1)),
        ("train --name", Some(2)),
        ("train --config", Some(2)),
        ("evaluate --weights", Some(2)),
        ("", Some(2)),
    ];
    for (words, expected) in calls {
        assert_eq!(call(words, odd, "")?.0, expected, "{words}");
    }
    Ok(())
}

/// The log of the first run in a folder of runs, once it is there.
fn first_log(runs: &std::path::Path) -> Option<std::path::PathBuf> {
    let mut logs = fs::read_dir(runs).ok()?.flatten();
    logs.find_map(|run| Some(run.path().join("log.jsonl")).filter(|log| log.exists()))
}

#[test]
fn a_search_that_is_stopped_saves_its_runs() -> Result<()> {
    let playground = playground()?;
    let call = "tune --space space.json --trials 2 --rungs 1 --epochs 500 --parallel 2 -- --architecture mlp \
        --train-images 1000 --validation-images 9";
    let mut child = command(&playground, call)?.stdout(Stdio::null()).spawn()?;
    let runs = playground.file("tune/runs");
    let log = loop {
        if let Some(log) = first_log(&runs) {
            break log;
        }
        ensure!(
            child.try_wait()?.is_none(),
            "the search ended without a log"
        );
        std::thread::sleep(std::time::Duration::from_millis(20));
    };
    // As from another window: a terminal would send it to all.
    let id = child.id().to_string();
    ensure!(Command::new("kill").args(["-INT", &id]).status()?.success());
    let output = child.wait_with_output()?;
    let said = stderr(&output)?;
    assert_eq!(output.status.code(), Some(130), "{said}");
    ensure!(said.contains("the same command goes on"), "{said}");
    let run = log.parent().context("a log lies in a run's folder")?;
    ensure!(run.join("checkpoints").exists() && !run.join("metrics.json").exists());
    // Nobody trains there any more.
    trainer::run_folder::RunFolder::open(run)?.lock()?;
    Ok(())
}
