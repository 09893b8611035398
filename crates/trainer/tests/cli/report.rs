//! `report` on the first images of the real test set.

use std::fs;

use anyhow::Result;

use crate::support::{Playground, data_folder};

#[test]
fn the_report_is_one_file_that_asks_for_nothing_from_elsewhere() -> Result<()> {
    let playground = Playground::new()?;
    let data = data_folder()?;
    let data = data.to_string_lossy();
    let epoch = r#"{"epoch":1,"epochs":2,"loss":1.5,"train_accuracy":0.4,"validation_accuracy":0.5,"learning_rate":0.01,"images_per_second":9.0}"#;
    fs::write(playground.file("log.jsonl"), format!("{epoch}\n"))?;
    let call = [
        "report",
        "--weights",
        "net.weights",
        "--limit",
        "300",
        "--data",
        &data,
    ];
    let answer = playground.trainer(&call)?;
    assert_eq!((answer.status, answer.stderr.as_str()), (Some(0), ""));
    let html = fs::read_to_string(playground.file("report.html"))?;
    for part in [
        "The data",
        "The training run",
        "training loss",
        "Reliability on photos",
        "is \\ read as",
        "read wrong",
        "What is hard",
        "@media print",
    ] {
        assert!(html.contains(part), "{part} is missing");
    }
    for reference in ["src=\"http", "href=", "url(", "@import", "<script"] {
        assert!(
            !html.contains(reference),
            "the report refers to {reference}"
        );
    }
    assert_eq!(
        html.matches("<img").count(),
        html.matches("src=\"data:image/png").count()
    );
    playground
        .trainer(&call)?
        .is_usage_error("report.html is there already");
    Ok(())
}
