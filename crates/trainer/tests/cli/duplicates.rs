//! `duplicates` on the first images of the real data.

use std::fs;

use anyhow::Result;
use serde_json::{Value, json};

use crate::support::{Playground, data_folder};

#[test]
fn the_list_is_written_drawn_and_used() -> Result<()> {
    let playground = Playground::new()?;
    let data = data_folder()?;
    let data = data.to_string_lossy();
    let call = [
        "duplicates",
        "--limit",
        "4000",
        "--threshold",
        "0.98",
        "--data",
        &data,
    ];
    let files = ["--output", "list.json", "--picture", "pairs.png"];
    let answer = playground.trainer(&[&call[..], &files].concat())?;
    assert_eq!((answer.status, answer.stderr.as_str()), (Some(0), ""));
    assert!(
        answer.stdout.contains("the same to the byte: 0"),
        "{}",
        answer.stdout
    );
    let list: Value = serde_json::from_slice(&fs::read(playground.file("list.json"))?)?;
    let pairs = list["pairs"].as_array().map_or(0, Vec::len);
    assert!(pairs > 20 && answer.stdout.contains(&format!("or more: {pairs}")));
    let picture = image::open(playground.file("pairs.png"))?;
    assert!(picture.width() > 500 && picture.height() > 200);
    playground
        .trainer(&[&call[..], &files].concat())?
        .is_usage_error("list.json is there already");

    // One made-up leak: test image 0 resembles training image 5.
    let list = json!({"threshold": 0.98, "exact": 0, "pairs": [[5, 60_000]]});
    fs::write(playground.file("list.json"), list.to_string())?;
    let call = [
        "evaluate",
        "--weights",
        "net.weights",
        "--limit",
        "10",
        "--json",
    ];
    let answer = playground
        .trainer(&[&call[..], &["--data", &data, "--duplicates", "list.json"]].concat())?;
    let report: Value = serde_json::from_str(&answer.stdout)?;
    let leaked = &report["without_leaked"];
    assert_eq!(leaked["left_out"], 1);
    let accuracy = |report: &Value| report["accuracy"].as_f64().unwrap_or_default();
    let on_leaked = leaked["accuracy_on_leaked"].as_f64().unwrap_or_default();
    assert!((accuracy(leaked) * 9.0 + on_leaked - 10.0 * accuracy(&report)).abs() < 1e-9);
    Ok(())
}
