//! `serve` and `train --remote`: workers on devices that other processes lend.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Stdio};
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use model::weights::{self, NamedTensor};

use crate::support::{Answer, Playground, data_folder};

/// A process that lends its device until this is dropped.
struct Lender {
    process: Child,
    /// Open as long as the process may write.
    output: BufReader<ChildStdout>,
}

impl Lender {
    fn start(playground: &Playground, flags: &[&str]) -> Result<Self> {
        let mut command = playground.command(&["serve", "--listen", "127.0.0.1:0"]);
        let command = command.args(flags).env("RUST_LOG", "error");
        let mut process = command.stdout(Stdio::piped()).spawn()?;
        let output = process.stdout.take().context("no standard output")?;
        let output = BufReader::new(output);
        Ok(Self { process, output })
    }

    /// Where the device is lent. To be asked once.
    fn address(&mut self) -> Result<String> {
        let mut line = String::new();
        self.output.read_line(&mut line)?;
        let address = line
            .split([' ', ','])
            .find(|word| word.starts_with("ws://"));
        Ok(address.with_context(|| line.clone())?.to_owned())
    }
}

impl Drop for Lender {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The flags of a run with this name, of so many images and epochs.
fn flags(name: &str, [images, epochs]: [&str; 2], further: &[&str]) -> Result<Vec<String>> {
    let data = data_folder()?.to_string_lossy().into_owned();
    let few = ["--train-images", images, "--validation-images", "200"];
    let short = [
        "--batch-size",
        "64",
        "--epochs",
        epochs,
        "--optimiser",
        "sgd",
    ];
    let named = ["train", "--name", name, "--data", &data];
    let all = [&named[..], &few, &short, further].concat();
    Ok(all.into_iter().map(String::from).collect())
}

/// A run of ten steps.
fn train(playground: &Playground, name: &str, further: &[&str]) -> Result<Answer> {
    let flags = flags(name, ["320", "2"], further)?;
    playground.trainer(&flags.iter().map(String::as_str).collect::<Vec<_>>())
}

/// What the run `<number>-<name>` with these flags exports of this net.
fn trained(
    playground: &Playground,
    (number, name): (usize, &str),
    net: &str,
    further: &[&str],
) -> Result<Vec<NamedTensor>> {
    let all = [&["--architecture", net], further].concat();
    let answer = train(playground, name, &all)?;
    assert_eq!((answer.status, answer.stderr.as_str()), (Some(0), ""));
    let file = playground.file(&format!("runs/{number}-{name}/{net}.weights"));
    Ok(weights::decode(&fs::read(file)?)?)
}

/// The largest difference between two nets' weights.
fn difference(left: &[NamedTensor], right: &[NamedTensor]) -> f32 {
    let values = |net: &[NamedTensor]| -> Vec<f32> {
        net.iter().flat_map(|t| t.values.iter().copied()).collect()
    };
    let (left, right) = (values(left), values(right));
    assert_eq!(left.len(), right.len());
    let differences = left.iter().zip(&right).map(|(l, r)| (l - r).abs());
    differences.fold(0.0, f32::max)
}

#[test]
fn workers_elsewhere_learn_what_workers_here_learn() -> Result<()> {
    let playground = Playground::new()?;
    let mut lenders = [
        Lender::start(&playground, &[])?,
        Lender::start(&playground, &[])?,
    ];
    let [first, second] = [lenders[0].address()?, lenders[1].address()?];
    let elsewhere = ["--workers", "0", "--remote", &first, "--remote", &second];
    for (round, net) in ["mlp", "compact"].into_iter().enumerate() {
        let number = 4 * round;
        let alone = trained(&playground, (number + 1, "alone"), net, &[])?;
        let here = trained(&playground, (number + 2, "here"), net, &["--workers", "2"])?;
        let there = trained(&playground, (number + 3, "there"), net, &elsewhere)?;
        let again = trained(&playground, (number + 4, "again"), net, &elsewhere)?;
        // Batch normalisation sees each half for itself, so one that learns alone comes out otherwise.
        let [close, far] = [difference(&here, &there), difference(&here, &alone)];
        assert!(close < 1e-4, "{net}: {close}");
        assert!(net == "mlp" || far > 10.0 * close, "{net}: {close} {far}");
        assert!(there == again, "{net}: the same run came out otherwise");
    }
    Ok(())
}

#[test]
fn a_device_is_lent_to_who_knows_the_token() -> Result<()> {
    let playground = Playground::new()?;
    for (name, token) in [
        ("token", "open sesame\n"),
        ("wrong", "open rye"),
        ("empty", " "),
    ] {
        fs::write(playground.file(name), token)?;
    }
    let mut lender = Lender::start(&playground, &["--token-file", "token"])?;
    let address = lender.address()?;
    let borrow = |further: &[&str]| {
        train(
            &playground,
            "run",
            &[&["--remote", &address], further].concat(),
        )
    };
    borrow(&["--token-file", "wrong"])?.is_usage_error("--token-file");
    borrow(&["--token-file", "empty"])?.is_usage_error("the file is empty");
    borrow(&[])?.is_usage_error(&address);
    assert!(!playground.file("runs").exists());
    let further = [
        "--architecture",
        "small-cnn",
        "--dropout",
        "0.2",
        "--token-file",
        "token",
    ];
    let answer = borrow(&further)?;
    assert_eq!((answer.status, answer.stderr.as_str()), (Some(0), ""));
    let config = fs::read_to_string(playground.file("runs/1-run/config.json"))?;
    assert!(config.contains(&address) && !config.contains("sesame"));
    let open = ["serve", "--listen", "0.0.0.0:0"];
    playground.trainer(&open)?.is_usage_error("--token-file");
    Ok(())
}

#[test]
fn where_nobody_lends_is_said_in_one_sentence() -> Result<()> {
    let playground = Playground::new()?;
    // A port that no system gives to a program that asks for any.
    let answer = train(&playground, "run", &["--remote", "ws://127.0.0.1:1"])?;
    answer.is_usage_error("nobody lends a device");
    let misspelt = train(&playground, "run", &["--remote", "127.0.0.1"])?;
    misspelt.is_usage_error("an address is like ws://");
    train(&playground, "run", &["--workers", "0"])?.is_usage_error("--workers");
    assert!(!playground.file("runs").exists());
    Ok(())
}

#[test]
fn a_run_whose_lender_died_goes_on_with_other_workers() -> Result<()> {
    let playground = Playground::new()?;
    let mut lender = Lender::start(&playground, &[])?;
    let address = lender.address()?;
    let further = ["--architecture", "mlp", "--remote", &address];
    let flags = flags("run", ["6000", "8"], &further)?;
    let flags: Vec<&str> = flags.iter().map(String::as_str).collect();
    let mut command = playground.command(&flags);
    let mut run = command
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()?;
    while !playground.file("runs/1-run/log.jsonl").exists() {
        ensure!(run.try_wait()?.is_none(), "the run ended without a log");
        sleep(Duration::from_millis(20));
    }
    drop(lender);
    let output = run.wait_with_output()?;
    let said = String::from_utf8(output.stderr)?;
    assert_eq!(
        (output.status.code(), said.lines().count()),
        (Some(1), 1),
        "{said}"
    );
    for part in [&address, "saved, go on with", "--resume runs/1-run"] {
        assert!(said.contains(part), "{said}");
    }
    let data = data_folder()?;
    let resume = [
        "train",
        "--resume",
        "runs/1-run",
        "--data",
        &data.to_string_lossy(),
    ];
    playground.trainer(&resume)?.is_usage_error(&address);
    let answer = playground.trainer(&[&resume[..], &["--workers", "2"]].concat())?;
    assert_eq!((answer.status, answer.stderr.as_str()), (Some(0), ""));
    assert!(!answer.stdout.contains("epoch 1/8"), "{}", answer.stdout);
    assert!(answer.stdout.contains("epoch 8/8"), "{}", answer.stdout);
    Ok(())
}
