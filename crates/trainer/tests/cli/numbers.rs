//! Every number that the program takes, each alone at its extremes: one sentence and status 2, or it works. Which
//! flags take numbers is asked of clap's description of the command line, so that a new one is tried by itself.

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::sync::Mutex;
use std::sync::mpsc::channel;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use clap::Command;
use clap::error::ErrorKind;
use model::class::CLASS_COUNT;
use model::image::{Image, PIXELS};
use model::net::cpu_device;
use model::weights::WeightsError;
use trainer::cli;
use trainer::data::{Data, Labelled};
use trainer::interrupt::{Interrupt, Stopped};
use trainer::run_folder::{CONFIG, RunFolder};
use trainer::train::{self, diverged::Diverged};
use trainer::training::Run;
use trainer::usage::UsageError;

use crate::support::{Playground, data_folder};

/// Small, negative, a type's limits and one beyond, what is no number, too large and too small.
const EXTREMES: [&str; 17] = [
    "0",
    "1",
    "-1",
    "255",
    "256",
    "4294967295",
    "9223372036854775807",
    "-9223372036854775808",
    "18446744073709551615",
    "18446744073709551616",
    "NaN",
    "inf",
    "-inf",
    "1e308",
    "-1e308",
    "1e-308",
    "-1e-308",
];

/// What a call that asks for much may take before it counts as busy.
const BUSY: Duration = Duration::from_secs(4);

/// What one that asks for little may take before it counts as stuck.
const STUCK: Duration = Duration::from_secs(60);

/// A call of each command that is soon over, by flags and values.
const CALLS: [(&str, &[(&str, &str)]); 15] = [
    ("explore", &[]),
    (
        "train",
        &[
            ("architecture", "mlp"),
            ("train-images", "64"),
            ("validation-images", "16"),
            ("epochs", "1"),
        ],
    ),
    ("recipes", &[]),
    (
        "tune",
        &[("space", "space.json"), ("trials", "1"), ("rungs", "1")],
    ),
    ("evaluate", &[("weights", "net.weights"), ("limit", "40")]),
    (
        "calibrate",
        &[("weights", "net.weights"), ("output", "calibrated.json")],
    ),
    ("duplicates", &[("limit", "40")]),
    (
        "suspects",
        &[
            ("architecture", "mlp"),
            ("epochs", "1"),
            ("folds", "2"),
            ("limit", "40"),
        ],
    ),
    (
        "opinions",
        &[
            ("drawings", "."),
            ("architecture", "mlp"),
            ("train-images", "64"),
            ("epochs", "1"),
            ("folds", "2"),
        ],
    ),
    (
        "finetune",
        &[
            ("weights", "compact.weights"),
            ("examples", "examples.ndjson"),
            ("originals", "teach.originals"),
            ("steps", "2"),
        ],
    ),
    ("originals", &[("output", "a.originals")]),
    (
        "explain",
        &[("weights", "net.weights"), ("test-images", "0")],
    ),
    ("report", &[("weights", "net.weights"), ("limit", "40")]),
    (
        "embed",
        &[
            ("weights", "net.weights"),
            ("limit", "40"),
            ("rounds", "2"),
            ("output", "map"),
        ],
    ),
    (
        "predict",
        &[("weights", "net.weights"), ("test-images", "0")],
    ),
];

/// What follows `--` in the calls of commands that train in further processes.
const FURTHER: [&str; 5] = [
    "--",
    "--architecture=mlp",
    "--train-images=64",
    "--validation-images=16",
    "--epochs=1",
];

/// A flag that takes numbers, and what is written around one.
struct Flag {
    name: String,
    before: String,
}

impl Flag {
    fn word(&self, number: &str) -> String {
        format!("--{}={}{number}", self.name, self.before)
    }
}

/// Whether the command takes this word, whatever else it lacks.
fn takes(command: &str, word: &str) -> bool {
    let parsed = cli::command().try_get_matches_from(["trainer", command, word]);
    let refusal = parsed.err().map(|error| error.kind());
    refusal.is_none_or(|kind| kind == ErrorKind::MissingRequiredArgument)
}

/// The command's flags that take numbers.
fn numeric(command: &Command) -> Vec<Flag> {
    let mut command = command.clone();
    command.build();
    let flags = command.get_arguments().filter(|flag| !flag.is_hide_set());
    let names = flags.filter(|flag| flag.get_action().takes_values());
    let names = names.filter_map(|flag| flag.get_long().map(str::to_owned));
    let list = "1,".repeat(CLASS_COUNT - 1);
    names
        .filter_map(|name| {
            let takes = |word: &str| takes(command.get_name(), &format!("--{name}={word}"));
            let numbers = ["1", "10", "0.5"];
            let before = match numbers.iter().any(|number| takes(number)) {
                true => String::new(),
                false => list.clone(),
            };
            let is_numeric =
                !takes("word") && numbers.iter().any(|n| takes(&format!("{before}{n}")));
            is_numeric.then_some(Flag { name, before })
        })
        .collect()
}

/// The extremes that the flag's own check lets through.
fn let_through(command: &str, flag: &Flag) -> Vec<&'static str> {
    let passes = |number: &&str| takes(command, &flag.word(number));
    EXTREMES.into_iter().filter(passes).collect()
}

#[test]
fn a_number_out_of_its_flag_s_range_is_one_sentence_that_names_the_flag() {
    let mut count = 0;
    for command in cli::command().get_subcommands() {
        let name = command.get_name();
        for flag in numeric(command) {
            count += 1;
            for number in EXTREMES {
                for words in [
                    vec![flag.word(number)],
                    vec![
                        format!("--{}", flag.name),
                        format!("{}{number}", flag.before),
                    ],
                ] {
                    let line = ["trainer", name].map(String::from).into_iter().chain(words);
                    let Err(error) = cli::command().try_get_matches_from(line) else {
                        continue;
                    };
                    let sentence = cli::sentence(&error.to_string());
                    let is_named = sentence.contains(&format!("--{}", flag.name));
                    let is_refused = error.kind() == ErrorKind::ValueValidation && is_named;
                    let other = [
                        ErrorKind::MissingRequiredArgument,
                        ErrorKind::UnknownArgument,
                    ];
                    // `-inf` behind a space is taken for a flag.
                    assert!(
                        is_refused || other.contains(&error.kind()),
                        "{name}: {sentence}"
                    );
                    assert_eq!(sentence.lines().count(), 1, "{sentence}");
                }
            }
        }
    }
    // Else the description was not understood.
    assert!(count > 100, "{count} flags");
}

/// A few images of every class.
fn labelled(count: u8) -> Labelled {
    let mut images = Labelled::default();
    for index in 0..count {
        let pixel = |place: usize| (place * usize::from(index + 3) % 251) as u8;
        images.push(
            Image(std::array::from_fn::<u8, PIXELS, _>(pixel)),
            index % 10,
        );
    }
    images
}

/// Plans a run by these words, and if one has to be there for another to mean something, by that too.
fn planned(words: &[String]) -> Result<trainer::run_config::RunConfig> {
    let plan = |words: &[String]| cli::planned_run(words.iter().map(Into::into));
    plan(words).or_else(|error| {
        let sentence = error.to_string();
        let Some((_, needed)) = sentence.split_once("does nothing without ") else {
            return Err(error);
        };
        let mut needed: Vec<String> = needed.split(' ').map(String::from).collect();
        if needed.len() == 1 {
            needed.push("somewhere".into());
        }
        if needed[0] == "--opinions" {
            needed.push("--drawings=somewhere".into());
        }
        plan(&[words, &needed[..]].concat())
    })
}

/// Trains as planned on a few images; stops after a second, and fails where that does not help.
fn trains(mut config: trainer::run_config::RunConfig, runs: &Path) -> Result<()> {
    // These are for files that are not there.
    (config.train.teacher, config.train.opinions) = (None, None);
    let folder = RunFolder::create(runs, "extreme")?;
    folder.write_json(CONFIG, &config)?;
    let run = Run {
        validation: config.held_out.into(),
        config,
        data: Data {
            train: labelled(64),
            validation: labelled(16),
            test: Labelled::default(),
        },
        drawings: None,
        folder,
        device: cpu_device(),
        workers: Vec::new(),
        interrupt: Interrupt::default(),
    };
    let interrupt = run.interrupt.clone();
    let (send, ended) = channel();
    thread::spawn(move || send.send(train::run(run)));
    let result = ended.recv_timeout(Duration::from_secs(1)).or_else(|_| {
        interrupt.request();
        ended.recv_timeout(Duration::from_secs(30))
    });
    match result.context("it panics or hangs")? {
        // What diverges says so: by its loss, or by weights that half precision cannot hold.
        Err(error) if error.is::<Diverged>() || error.is::<WeightsError>() => Ok(()),
        Err(error) if !error.is::<Stopped>() => Err(error),
        _ => Ok(()),
    }
}

#[test]
fn training_takes_every_number_that_its_settings_let_through() -> Result<()> {
    let runs = tempfile::tempdir()?;
    let file = runs.path().join("settings.json");
    let command = cli::command();
    let train = command.find_subcommand("train").context("no train")?;
    let small = ["--architecture=mlp", "--epochs=1", "--train-images=64"].map(String::from);
    for flag in numeric(train) {
        let is_other = |word: &&String| !word.starts_with(&format!("--{}=", flag.name));
        let base: Vec<String> = small.iter().filter(is_other).cloned().collect();
        for number in let_through("train", &flag) {
            let what = || flag.word(number);
            match planned(&[&base[..], &[what()]].concat()) {
                Ok(config) => trains(config, runs.path()).with_context(what)?,
                Err(error) => ensure!(error.is::<UsageError>(), "{}: {error:#}", what()),
            }
        }
        // The same field in a file of settings, where a number need not be one of Rust's.
        for number in EXTREMES {
            let name = flag.name.replace('-', "_");
            let value = match flag.before.is_empty() {
                true => number.to_owned(),
                false => format!("\"{}{number}\"", flag.before),
            };
            fs::write(&file, format!("{{\"{name}\": {value}}}"))?;
            let read = planned(&[format!("--config={}", file.display())]);
            if let Err(error) = read {
                ensure!(error.is::<UsageError>(), "{name} {number}: {error:#}");
                ensure!(error.to_string().lines().count() == 1, "{name}: {error}");
            }
        }
    }
    Ok(())
}

/// The words of a command's call, with `flag` in the place of its own.
fn call(command: &str, flag: &Flag, number: &str) -> Result<Vec<String>> {
    let calls = CALLS.iter().find(|(name, _)| *name == command);
    let (_, words) = calls.with_context(|| format!("say in CALLS how to call {command}"))?;
    let others = words.iter().filter(|(name, _)| *name != flag.name);
    let mut line = vec![command.to_owned()];
    line.extend(others.map(|(name, value)| format!("--{name}={value}")));
    line.push(flag.word(number));
    let further = match command {
        "recipes" => &FURTHER[..],
        // It says itself for how many epochs.
        "tune" => &FURTHER[..4],
        _ => &[],
    };
    if command == "recipes" {
        line.push("mlp".into());
    }
    line.extend(further.iter().copied().map(String::from));
    Ok(line)
}

/// Makes the call in a folder of its own, and checks how it ends.
fn check(line: &[String], is_least: bool) -> Result<()> {
    let playground = Playground::new()?;
    let examples = r#"{"word":"pants","drawing":[[[60,190,200,150,128,100,55,60],[20,20,240,240,90,240,240,20]]],"key_id":"1","recognized":true}"#;
    fs::write(
        playground.file("examples.ndjson"),
        format!("{examples}\n{examples}\n"),
    )?;
    fs::write(
        playground.file("space.json"),
        r#"{"dropout": {"choice": [0.1]}}"#,
    )?;
    let lines = format!("{examples}\n").repeat(4);
    playground.write_drawings(&lines, &lines, &["line"])?;
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets");
    for name in ["teach.originals", "compact.weights", "compact.json"] {
        fs::copy(assets.join(name), playground.file(name))?;
    }
    let data = data_folder()?;
    let data = data.to_string_lossy();
    let words: Vec<&str> = (["--data", &data].into_iter())
        .chain(line.iter().map(String::as_str))
        .collect();
    let said = playground.file("stderr");
    let mut child = playground
        .command(&words)
        .stdout(Stdio::null())
        .stderr(fs::File::create(&said)?)
        .spawn()?;
    let patience = if is_least { STUCK } else { BUSY };
    let begun = Instant::now();
    let status = loop {
        match child.try_wait()? {
            Some(status) => break status.code(),
            None if begun.elapsed() < patience => thread::sleep(Duration::from_millis(20)),
            None if is_least => {
                child.kill()?;
                bail!("it hangs");
            }
            // Much was asked for.
            None => {
                child.kill()?;
                child.wait()?;
                break Some(0);
            }
        }
    };
    let said = fs::read_to_string(&said)?;
    ensure!(!said.contains("panicked"), "{said}");
    match status {
        Some(0 | 3) => Ok(()),
        Some(2) => {
            let last = said.lines().last().unwrap_or_default();
            ensure!(last.starts_with("error: "), "{said}");
            Ok(())
        }
        other => bail!("status {other:?}: {said}"),
    }
}

#[test]
fn every_command_takes_the_least_and_the_most_that_its_flags_let_through() -> Result<()> {
    let settings = {
        let command = cli::command();
        let train = command.find_subcommand("train").context("no train")?;
        numeric(train)
    };
    // What train's settings do has a test of its own.
    let is_setting = |name: &str| {
        let own = ["seed", "validation-images", "split-seed"];
        settings.iter().any(|flag| flag.name == name) && !own.contains(&name)
    };
    let mut lines = Vec::new();
    let commands = cli::command();
    for command in commands
        .get_subcommands()
        .filter(|command| command.get_name() != "tune")
    {
        let name = command.get_name();
        let flags = numeric(command).into_iter();
        for flag in
            flags.filter(|flag| name == "finetune" || name == "tune" || !is_setting(&flag.name))
        {
            let mut numbers = let_through(name, &flag);
            let most = numbers.split_off(1.min(numbers.len())).pop();
            for number in numbers.into_iter().chain(most) {
                lines.push((call(name, &flag, number)?, Some(number) != most));
            }
        }
    }
    let next = Mutex::new(lines.iter());
    let worker = || -> Result<()> {
        loop {
            let line = next.lock().map_err(|_| anyhow::anyhow!("poisoned"))?.next();
            let Some((line, is_least)) = line else {
                return Ok(());
            };
            check(line, *is_least).with_context(|| line.join(" "))?;
        }
    };
    thread::scope(|scope| {
        let workers = [(); 3].map(|()| scope.spawn(worker));
        let mut ends = workers.into_iter().map(|worker| worker.join());
        ends.try_for_each(|end| end.map_err(|_| anyhow::anyhow!("a check panicked"))?)
    })
}
