//! Wrong flags and paths: status 2 and one sentence.

use crate::support::Playground;

#[test]
fn a_wrong_flag_is_one_sentence() -> anyhow::Result<()> {
    let playground = Playground::new()?;
    let check = |arguments: &[&str], expected: &str| -> anyhow::Result<()> {
        let answer = playground.trainer(arguments)?;
        answer.is_usage_error(expected);
        assert_eq!(answer.stdout, "");
        Ok(())
    };
    check(&["evaluate", "--splt", "test"], "'--split'")?;
    check(&["evaluate", "--limit", "many"], "'many'")?;
    check(&["predict"], "<PATH>")?;
    check(&["paint"], "'paint'")?;
    check(&["--device", "abacus"], "cpu, wgpu")?;
    check(
        &["train", "--resume", "x", "--epochs", "3"],
        "'--resume <RUN>'",
    )?;
    for flag in [
        "--drawings",
        "--validation-images",
        "--split-seed",
        "--seed",
        "--name",
        "--runs",
    ] {
        let sentence = format!("{flag} cannot be used with '--resume <RUN>'");
        check(&["train", "--resume", "x", flag, "7"], &sentence)?;
    }
    check(
        &["--seed", "7", "train", "--resume", "x"],
        "--seed cannot be used",
    )?;
    for command in ["train", "suspects"] {
        let share = [command, "--human-share", "0.2"];
        check(&share, "--human-share does nothing without --drawings")?;
    }
    check(
        &["opinions", "--drawings", ".", "--teacher-share", "0.5"],
        "--teacher-share does nothing without --teacher",
    )
}

#[test]
fn a_wrong_path_is_one_sentence() -> anyhow::Result<()> {
    let playground = Playground::new()?;
    let check = |arguments: &[&str], expected: &str| -> anyhow::Result<()> {
        playground.trainer(arguments)?.is_usage_error(expected);
        Ok(())
    };
    check(&["--data", ".", "train"], "no train-images-idx3-ubyte.gz")?;
    check(
        &["--data", ".", "evaluate", "--weights", "net.weights"],
        "--data names .",
    )?;
    check(&["evaluate"], "assets/compact.weights")?;
    check(
        &["predict", "--weights", "other.weights", "a.png"],
        "other.weights",
    )?;
    let drawings = ["evaluate", "--weights", "net.weights", "--drawings", "none"];
    check(&drawings, "none/quickdraw/train")
}

#[cfg(not(feature = "wgpu"))]
#[test]
fn a_build_without_the_graphics_card_says_how_to_get_one() -> anyhow::Result<()> {
    let arguments = [
        "predict",
        "--device",
        "wgpu",
        "--weights",
        "net.weights",
        "a.png",
    ];
    let answer = Playground::new()?.trainer(&arguments)?;
    answer.is_usage_error("cargo run -p trainer --features wgpu");
    Ok(())
}

#[test]
fn a_run_that_is_not_there_cannot_be_resumed() -> anyhow::Result<()> {
    let data = crate::support::data_folder()?;
    let answer = Playground::new()?.trainer(&[
        "--data",
        &data.to_string_lossy(),
        "train",
        "--resume",
        "runs/7-gone",
    ])?;
    answer.is_usage_error("runs/7-gone is not a run folder");
    Ok(())
}

#[test]
fn a_run_whose_settings_make_no_sense_is_not_resumed() -> anyhow::Result<()> {
    let playground = Playground::new()?;
    std::fs::create_dir(playground.file("1-zero"))?;
    let config = r#"{"seed": 1, "validation_images": 9, "split_seed": 0, "batch_size": 0}"#;
    std::fs::write(playground.file("1-zero/config.json"), config)?;
    playground
        .trainer(&["train", "--resume", "1-zero"])?
        .is_usage_error("1-zero/config.json: invalid value '0' for '--batch-size <BATCH_SIZE>'");
    Ok(())
}

#[test]
fn without_a_command_three_lines_say_what_comes() -> anyhow::Result<()> {
    let playground = Playground::new()?;
    // Without data the run ends before it begins.
    let answer = playground.trainer(&["--data", "."])?;
    answer.is_usage_error("--data names .");
    assert_eq!(answer.stdout.lines().count(), 3, "{}", answer.stdout);
    assert!(!playground.file("runs").exists());
    Ok(())
}

#[test]
fn help_is_no_error() -> anyhow::Result<()> {
    let answer = Playground::new()?.trainer(&["train", "--help"])?;
    assert_eq!((answer.status, answer.stderr.as_str()), (Some(0), ""));
    for flag in [
        "--epochs",
        "--resume",
        "--validation-images",
        "--data",
        "--seed",
    ] {
        assert!(
            answer.stdout.contains(flag),
            "{flag} is not in {}",
            answer.stdout
        );
    }
    Ok(())
}

#[test]
fn damaged_weights_are_the_caller_s_whatever_reads_them() -> anyhow::Result<()> {
    let playground = Playground::new()?;
    let data = crate::support::data_folder()?;
    let data = data.to_string_lossy();
    let mut bytes = std::fs::read(playground.file("net.weights"))?;
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(playground.file("net.weights"), bytes)?;
    std::fs::write(playground.file("teach.originals"), "no originals")?;
    std::fs::write(playground.file("a.ndjson"), "")?;
    let weights = ["--weights", "net.weights"];
    let data = ["--data", &data];
    let export = |format| {
        [
            &["export", "--output", "a", "--format", format],
            &weights[..],
        ]
        .concat()
    };
    for call in [
        export("onnx"),
        export("safetensors"),
        export("wardrobe"),
        export("wardrobe-8bit"),
        [&["predict", "a.png"], &weights[..]].concat(),
        [&["explain", "a.png"], &weights[..]].concat(),
        [&["evaluate"], &weights[..], &data].concat(),
        [
            &["evaluate", "--compare", "net.weights", "net.weights"],
            &data[..],
        ]
        .concat(),
        [&["calibrate", "--output", "b.json"], &weights[..], &data].concat(),
        [&["report"], &weights[..], &data].concat(),
        [&["embed", "--limit", "9"], &weights[..], &data].concat(),
        [&["finetune", "--examples", "a.ndjson"], &weights[..], &data].concat(),
        [
            &["train", "--architecture", "mlp", "--from", "net.weights"],
            &data[..],
        ]
        .concat(),
        [
            &["train", "--architecture", "mlp", "--teacher", "net.weights"],
            &data[..],
        ]
        .concat(),
    ] {
        let answer = playground.trainer(&call)?;
        assert_eq!(answer.stdout, "", "{call:?}");
        answer.is_usage_error("in net.weights");
    }
    assert!(!playground.file("runs").exists());
    Ok(())
}
