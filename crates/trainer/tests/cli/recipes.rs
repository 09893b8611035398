//! `train --recipe` and `recipes`, on a few of the real images.

use std::fs;

use anyhow::Result;
use serde_json::Value;

use crate::support::{Playground, data_folder};

const SMALL: [&str; 6] = [
    "--train-images",
    "640",
    "--validation-images",
    "200",
    "--epochs",
    "1",
];

#[test]
fn the_table_has_every_recipe_and_is_not_made_twice() -> Result<()> {
    let playground = Playground::new()?;
    let data = data_folder()?;
    let data = data.to_string_lossy();
    let recipes = ["mlp", "mlp-sgd", "small-cnn-regularised"];
    let call = [
        &["recipes", "--parallel", "2", "--data", &data],
        &recipes[..],
        &["--"],
        &SMALL,
    ]
    .concat();
    let answer = playground.trainer(&call)?;
    assert_eq!(answer.status, Some(0), "{}", answer.stderr);
    let rows: Vec<&str> = answer.stdout.lines().skip(2).collect();
    assert_eq!(rows.len(), 3, "{}", answer.stdout);
    for (row, recipe) in rows.iter().zip(recipes) {
        assert!(
            row.starts_with(&format!("| {recipe} |")) && row.ends_with("% |"),
            "{row}"
        );
    }
    let rows: Value = serde_json::from_slice(&fs::read(playground.file("recipes/recipes.json"))?)?;
    assert_eq!(
        (&rows[0]["parameters"], &rows[0]["epochs"]),
        (&101_770.into(), &1.into())
    );
    let runs = || fs::read_dir(playground.file("recipes")).map_or(0, Iterator::count);
    let before = runs();
    assert_eq!(playground.trainer(&call)?.stdout, answer.stdout);
    assert_eq!(runs(), before);

    // What was trained with other settings is not taken for what is asked for.
    let other = playground.trainer(&["recipes", "mlp", "--data", &data])?;
    let sentence = "was trained with other settings: name another folder by --output";
    assert_eq!(other.status, Some(2), "{}", other.stderr);
    assert!(other.stderr.contains(sentence), "{}", other.stderr);
    assert_eq!(runs(), before);
    Ok(())
}

#[test]
fn a_recipe_gives_way_to_flags() -> Result<()> {
    let playground = Playground::new()?;
    let data = data_folder()?;
    let data = data.to_string_lossy();
    let call = [
        "train",
        "--recipe",
        "mlp",
        "--dropout",
        "0.1",
        "--data",
        &data,
    ];
    let answer = playground.trainer(&[&call[..], &SMALL].concat())?;
    assert_eq!((answer.status, answer.stderr.as_str()), (Some(0), ""));
    let config = fs::read(playground.file("runs/1-mlp/config.json"))?;
    let config: Value = serde_json::from_slice(&config)?;
    assert_eq!(
        (&config["optimiser"], &config["batch_size"]),
        (&"adam".into(), &32.into())
    );
    assert_eq!(
        (&config["dropout"], &config["epochs"]),
        (&0.1.into(), &1.into())
    );
    playground
        .trainer(&["train", "--recipe", "soup"])?
        .is_usage_error("mlp, mlp-sgd");
    playground
        .trainer(&["recipes", "soup"])?
        .is_usage_error("mlp, mlp-sgd");
    playground
        .trainer(&["recipes", "--parallel", "0", "--data", &data])?
        .is_usage_error("--parallel");
    Ok(())
}
