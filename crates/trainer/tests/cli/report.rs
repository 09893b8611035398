//! `report` on the first images of the real test set.

use std::fs;

use anyhow::Result;

use crate::support::{Playground, data_folder};

#[test]
fn the_report_is_one_file_that_asks_for_nothing_from_elsewhere() -> Result<()> {
    let playground = Playground::new()?;
    let data = data_folder()?;
    let data = data.to_string_lossy();
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
        "Reliability on photos",
        "is \\ read as",
        "read wrong",
        "What is hard",
        "How it was trained is not known",
        "Of the 10000 test images, the first 300 were used.",
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

/// The report's text on a run of a few images by these flags.
fn report_on(playground: &Playground, name: &str, number: usize, flags: &[&str]) -> Result<String> {
    let data = data_folder()?;
    let data = data.to_string_lossy();
    let small = [
        "--architecture",
        "mlp",
        "--train-images",
        "128",
        "--epochs",
        "2",
    ];
    let begin = ["train", "--data", &data, "--name", name];
    let answer = playground.trainer(&[&begin[..], &small, flags].concat())?;
    anyhow::ensure!(answer.status == Some(0), "{}", answer.stderr);
    let weights = format!("runs/{number}-{name}/mlp.weights");
    let output = format!("{name}.html");
    let begin = [
        "report",
        "--data",
        &data,
        "--limit",
        "100",
        "--weights",
        &weights,
    ];
    let further: &[&str] = match name {
        "drawn" => &["--output", &output, "--drawings", "."],
        _ => &["--output", &output],
    };
    let answer = playground.trainer(&[&begin[..], further].concat())?;
    anyhow::ensure!(answer.status == Some(0), "{}", answer.stderr);
    Ok(fs::read_to_string(playground.file(&output))?)
}

#[test]
fn every_sentence_follows_from_the_run() -> Result<()> {
    let playground = Playground::new()?;
    let trousers = r#"{"word":"pants","drawing":[[[60,190,200,150,128,100,55,60],[20,20,240,240,90,240,240,20]]],"key_id":"1","recognized":true}"#;
    playground.write_drawings(trousers, trousers, &["line"])?;
    let plain = [
        "--flip",
        "0",
        "--shift",
        "0",
        "--erase",
        "0",
        "--doodle-share",
        "0",
        "--trace-share",
        "0",
        "--sketch-share",
        "0",
        "--validation-images",
        "300",
    ];
    let plain = report_on(&playground, "plain", 1, &plain)?;
    let drawn = ["--drawings", ".", "--rotate", "4"];
    let drawn = report_on(&playground, "drawn", 2, &drawn)?;
    let doodles = ["--doodle-share", "0.5", "--validation-images", "200"];
    let doodles = report_on(&playground, "doodles", 3, &doodles)?;
    for (page, there, absent) in [
        (
            &plain,
            &[
                "It was trained on photos alone.",
                "Images were not augmented.",
                "the best one on 300 validation photos.",
                "training loss",
            ][..],
            &[
                "doodle",
                "Drawings",
                "people's",
                "People",
                "icons",
                ", augmented",
                "run held out",
            ][..],
        ),
        (
            &drawn,
            &[
                "13 % people's drawings",
                "turned by up to 4 degrees",
                "5000 validation photos and, counting as much, on held-out drawings and icons.",
                "Drawings and icons also chose the best epoch and fitted the confidence",
                "are there for 1 of 10 classes; there are none of T-shirt/top, Pullover",
                "Quick, Draw! data made available by Google",
                "training, augmented",
            ][..],
            &["photos alone", "run held out", "MIT, ISC", "not augmented"][..],
        ),
        (
            &doodles,
            &[
                "50 % drawings made up by rule",
                "200 validation photos.",
                "training, augmented",
            ][..],
            &["people's", "People", "icons", "a little kind"][..],
        ),
    ] {
        for part in there {
            assert!(page.contains(part), "{part} is missing in the report");
        }
        for part in absent {
            assert!(!page.contains(part), "{part} is in the report");
        }
    }
    Ok(())
}
