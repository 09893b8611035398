//! `opinions` on drawings one of which is called what it is not, and `train` with what it gives.

use std::fs;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::support::{Answer, LEGS, Playground, data_folder};

/// A suitcase by anybody's eye, and nothing that anybody would know.
const CASE: [[u8; 5]; 2] = [[20, 200, 200, 20, 20], [80, 80, 190, 190, 80]];
const SCRAWL: [[u8; 5]; 2] = [[120, 140, 110, 150, 125], [10, 60, 120, 180, 250]];

/// The drawing of trousers that somebody calls a suitcase.
const ODD: &str = "odd";

/// The scrawl that somebody calls a T-shirt, of which there is no other drawing.
const LONE: &str = "lone";

/// Settings with which nets are trained in seconds, and learn drawings above all.
const SMALL: [&str; 8] = [
    "--architecture",
    "mlp",
    "--epochs",
    "6",
    "--train-images",
    "1280",
    "--human-share",
    "0.6",
];

/// Fills the playground's folder with drawings.
fn write_drawings(playground: &Playground) -> Result<()> {
    let line = |word: &str, key_id: &str, strokes: Value| {
        json!({"word": word, "key_id": key_id, "recognized": true, "drawing": [strokes]})
            .to_string()
    };
    let mut lines = vec![
        line("suitcase", ODD, json!(LEGS)),
        line("t-shirt", LONE, json!(SCRAWL)),
    ];
    for number in 0..10_u8 {
        let [x, y] = LEGS;
        let legs = json!([x.map(|x| x + 3 * number), y]);
        lines.push(line("pants", &format!("pants {number}"), legs));
        let [x, y] = CASE;
        let case = json!([x.map(|x| x + 3 * number), y]);
        lines.push(line("suitcase", &format!("case {number}"), case));
    }
    let other = line("pants", "other", json!(LEGS));
    playground.write_drawings(&lines.join("\n"), &other, &["line"])
}

fn call(playground: &Playground, command: &str, flags: &[&str]) -> Result<Answer> {
    let data = data_folder()?;
    let data = data.to_string_lossy();
    playground.trainer(&[&[command, "--data", &data], &SMALL[..], flags].concat())
}

/// What the file says of a drawing.
fn opinion(playground: &Playground, key_id: &str) -> Result<Vec<f64>> {
    let text = fs::read_to_string(playground.file("opinions.jsonl"))?;
    assert_eq!(text.lines().count(), 22);
    let mut lines = text.lines().map(serde_json::from_str::<Value>);
    let line = lines.find(|line| line.as_ref().is_ok_and(|line| line["key_id"] == key_id));
    let line = line.context("no opinion of it")??;
    Ok(serde_json::from_value(line["probabilities"].clone())?)
}

#[test]
fn a_drawing_looks_like_what_the_others_are_whatever_it_is_called() -> Result<()> {
    let playground = Playground::new()?;
    write_drawings(&playground)?;
    let flags = ["--drawings", ".", "--folds", "3"];
    let answer = call(&playground, "opinions", &flags)?;
    assert_eq!((answer.status, answer.stderr.as_str()), (Some(0), ""));
    assert!(answer.stdout.contains("validation"), "{}", answer.stdout);
    let odd = opinion(&playground, ODD)?;
    assert!(odd[1] > 2.0 * odd[8], "{odd:?}");
    let case = opinion(&playground, "case 4")?;
    assert!(case[8] > case[1], "{case:?}");
    // Who had learnt from it would know it: half of the drawings that are learnt would be this one.
    let lone = opinion(&playground, LONE)?;
    assert!(lone[0] < 0.5, "{lone:?}");
    call(&playground, "opinions", &flags)?.is_usage_error("opinions.jsonl");

    // What has been trained is not trained again.
    let again = call(
        &playground,
        "opinions",
        &[&flags[..], &["--force"]].concat(),
    )?;
    assert_eq!(again.status, Some(0), "{}", again.stderr);
    assert!(!again.stdout.contains("validation"), "{}", again.stdout);
    assert_eq!(opinion(&playground, ODD)?, odd);

    let fold = ["train", "--resume", "runs/1-opinions-1-of-3"];
    playground
        .trainer(&fold)?
        .is_usage_error("repeat the command that began it");

    // Opinions are learnt from: without them the same seed ends elsewhere.
    let plain = ["--drawings", ".", "--name", "plain"];
    assert_eq!(call(&playground, "train", &plain)?.status, Some(0));
    let told = [
        "--drawings",
        ".",
        "--name",
        "told",
        "--opinions",
        "opinions.jsonl",
    ];
    let answer = call(&playground, "train", &told)?;
    assert_eq!((answer.status, answer.stderr.as_str()), (Some(0), ""));
    let weights = |run: &str| fs::read(playground.file(&format!("runs/{run}/mlp.weights")));
    assert_ne!(weights("4-plain")?, weights("5-told")?);

    // Other drawings in the same folder are judged by nets of their own.
    let path = playground.file("quickdraw/train/all.ndjson");
    let text = fs::read_to_string(&path)?;
    let turned: Vec<&str> = text.lines().rev().collect();
    fs::write(&path, turned.join("\n"))?;
    let flags = [&flags[..], &["--force"]].concat();
    let other = call(&playground, "opinions", &flags)?;
    assert_eq!(other.status, Some(0), "{}", other.stderr);
    assert!(other.stdout.contains("validation"), "{}", other.stdout);
    Ok(())
}

#[test]
fn opinions_that_do_not_fit_are_refused() -> Result<()> {
    let playground = Playground::new()?;
    write_drawings(&playground)?;
    let flags = ["--opinions", "opinions.jsonl"];
    call(&playground, "train", &flags)?.is_usage_error("name their folder by --drawings");
    let flags = ["--drawings", ".", "--opinions", "opinions.jsonl"];
    call(&playground, "train", &flags)?.is_usage_error("there is no file opinions.jsonl");
    call(&playground, "opinions", &flags)?.is_usage_error("leave out --opinions");
    fs::write(playground.file("opinions.jsonl"), "{}")?;
    call(&playground, "train", &flags)?.is_usage_error("line 1: this is no opinion");
    let flags = ["--drawings", ".", "--folds", "1"];
    call(
        &playground,
        "opinions",
        &[&flags[..], &["--force"]].concat(),
    )?
    .is_usage_error("--folds");
    Ok(())
}
