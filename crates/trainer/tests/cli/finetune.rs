//! `finetune` on the shipped net: drawings that it cannot know are learnt, and bad input is named.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::support::{Answer, LEGS, Playground, data_folder};

/// Writes a file of six such drawings, each a little more to the side, called by this word.
fn write_legs(playground: &Playground, word: &str) -> Result<()> {
    let line = |shift: u8| {
        let [x, y] = LEGS;
        let x = x.map(|x| x + shift);
        format!(r#"{{"word":"{word}","key_id":"1","recognized":true,"drawing":[[{x:?},{y:?}]]}}"#)
    };
    let lines: Vec<String> = (0..6).map(|number| line(4 * number)).collect();
    Ok(fs::write(playground.file("legs.ndjson"), lines.join("\n"))?)
}

/// A file that the page ships.
fn asset(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../assets")
        .join(name);
    path.to_string_lossy().into_owned()
}

/// Teaches the net in the file `weights` all that is in `legs.ndjson`.
fn finetune(playground: &Playground, weights: &str, flags: &[&str]) -> Result<Answer> {
    let (data, originals) = (data_folder()?, asset("teach.originals"));
    let call = [
        "finetune",
        "--weights",
        weights,
        "--examples",
        "legs.ndjson",
        "--measure",
        "legs.ndjson",
        "--data",
        &data.to_string_lossy(),
        "--originals",
        &originals,
    ];
    playground.trainer(&[&call[..], flags].concat())
}

/// The accuracies before and after in the line that begins so.
fn accuracies(answer: &Answer, group: &str) -> Result<[f64; 2]> {
    let mut lines = answer.stdout.lines();
    let line = lines
        .find(|line| line.starts_with(group))
        .context("no such group")?;
    let mut percents = line
        .split(" % ")
        .filter_map(|part| part.rsplit(' ').next()?.parse().ok());
    let mut next = || percents.next().context("no accuracy");
    Ok([next()?, next()?])
}

#[test]
fn what_is_taught_is_learnt_and_the_seed_decides() -> Result<()> {
    let playground = Playground::new()?;
    write_legs(&playground, "Bag")?;
    let shipped = asset("compact.weights");
    let flags = [
        "--steps",
        "40",
        "--strength",
        "1",
        "--learning-rate",
        "0.003",
    ];
    for _ in 0..2 {
        let answer = finetune(&playground, &shipped, &flags)?;
        assert_eq!((answer.status, answer.stderr.as_str()), (Some(0), ""));
        assert_eq!(accuracies(&answer, "examples' style")?, [0.0, 100.0]);
        let [before, after] = accuracies(&answer, "photos")?;
        assert!(before > 94.0 && after > 85.0, "{before} {after}");
    }
    let weights = |run| fs::read(playground.file(&format!("runs/{run}-finetune/compact.weights")));
    assert!(
        weights(1)? == weights(2)?,
        "the same seed gave other weights"
    );
    let data = data_folder()?;
    let call = [
        "evaluate",
        "--limit",
        "100",
        "--json",
        "--data",
        &data.to_string_lossy(),
    ];
    let taught = ["--weights", "runs/1-finetune/compact.weights"];
    assert_eq!(
        playground.trainer(&[&call[..], &taught].concat())?.status,
        Some(0)
    );
    Ok(())
}

#[test]
fn bad_input_is_named_and_nothing_is_written() -> Result<()> {
    let playground = Playground::new()?;
    let shipped = asset("compact.weights");
    finetune(&playground, &shipped, &[])?.is_usage_error("there is no file legs.ndjson");
    write_legs(&playground, "hat")?;
    finetune(&playground, &shipped, &[])?.is_usage_error("in legs.ndjson: line 1: \"hat\"");
    write_legs(&playground, "Bag")?;
    finetune(&playground, &shipped, &["--strength", "2"])?.is_usage_error("strength");
    fs::write(playground.file("net.weights"), b"no weights")?;
    finetune(&playground, "net.weights", &[])?.is_usage_error("in net.weights: ");
    assert!(!playground.file("runs").exists());
    Ok(())
}

#[test]
fn what_belongs_to_no_class_is_named() -> Result<()> {
    let playground = Playground::new()?;
    let shipped = asset("compact.weights");
    for folder in ["examples/Trouser", "examples/Trousers", "examples/.hidden"] {
        fs::create_dir_all(playground.file(folder))?;
    }
    fs::write(playground.file("examples/loose.PNG"), "")?;
    fs::write(playground.file("examples/LICENSE"), "")?;
    let examples = ["--examples", "examples"];
    let call = ["finetune", "--weights", &shipped];
    let answer = playground.trainer(&[&call[..], &examples].concat())?;
    answer.is_usage_error("belongs to no class: Trousers, loose.PNG; ");
    Ok(())
}

#[test]
fn forgetting_is_not_measured_on_images_that_were_learned() -> Result<()> {
    let playground = Playground::new()?;
    write_legs(&playground, "Bag")?;
    let sidecar = fs::read_to_string(playground.file("net.json"))?;
    let other = sidecar.replace(r#""images":5000,"seed":0"#, r#""images":5000,"seed":9"#);
    assert_ne!(other, sidecar);
    fs::write(playground.file("net.json"), other)?;
    finetune(&playground, "net.weights", &[])?.is_usage_error("measure on --split test");
    let flags = ["--split", "test", "--steps", "1"];
    let answer = finetune(&playground, "net.weights", &flags)?;
    assert_eq!((answer.status, answer.stderr.as_str()), (Some(0), ""));
    // The images against forgetting were mixed in, so of neither split all were held out.
    let taught = fs::read_to_string(playground.file("runs/1-finetune/mlp.json"))?;
    assert!(taught.contains(r#""kind": "empty""#), "{taught}");
    let data = data_folder()?;
    let data = data.to_string_lossy();
    let evaluate = ["evaluate", "--split", "validation", "--data", &data];
    let weights = ["--weights", "runs/1-finetune/mlp.weights"];
    playground
        .trainer(&[&evaluate[..], &weights].concat())?
        .is_usage_error("no image was held out of all its trainings");
    Ok(())
}
