//! `export`; what the files hold is tested in the `model` crate.

use std::fs;

use anyhow::Result;
use model::export;
use model::golden;
use model::net::{Net, cpu_device};
use model::weights::Sidecar;

use crate::support::{Answer, Playground};

fn export(playground: &Playground, flags: &[&str]) -> Result<Answer> {
    playground.trainer(&[&["export", "--weights", "net.weights"], flags].concat())
}

#[test]
fn each_format_is_written() -> Result<()> {
    let playground = Playground::new()?;
    let weights = fs::read(playground.file("net.weights"))?;
    let sidecar = Sidecar::parse(&fs::read_to_string(playground.file("net.json"))?)?;
    for (format, expected) in [
        ("onnx", export::onnx(&weights, &sidecar)?),
        ("safetensors", export::safetensors(&weights, &sidecar)?),
        ("wardrobe", weights),
    ] {
        let answer = export(&playground, &["--format", format, "--output", "copy.file"])?;
        assert_eq!((answer.status, answer.stderr.as_str()), (Some(0), ""));
        assert!(answer.stdout.starts_with("wrote copy.file"));
        assert!(
            fs::read(playground.file("copy.file"))? == expected,
            "{format}"
        );
        fs::remove_file(playground.file("copy.file"))?;
    }
    let beside = fs::read_to_string(playground.file("copy.json"))?;
    assert_eq!(Sidecar::parse(&beside)?, sidecar);
    Ok(())
}

#[test]
fn eight_bits_are_loaded_again_and_read_the_same() -> Result<()> {
    let playground = Playground::new()?;
    let out = ["--format", "wardrobe-8bit", "--output", "small.weights"];
    let answer = export(&playground, &out)?;
    assert_eq!((answer.status, answer.stderr.as_str()), (Some(0), ""));
    let small = fs::read(playground.file("small.weights"))?;
    let whole = fs::read(playground.file("net.weights"))?;
    assert!(
        small.len() * 100 < whole.len() * 55,
        "{} bytes",
        small.len()
    );
    let sidecar = Sidecar::parse(&fs::read_to_string(playground.file("small.json"))?)?;
    let net = Net::from_weights(&small, &sidecar, &cpu_device())?;
    let golden = fs::read_to_string(playground.file("golden.json"))?;
    let logits = net.logits_blocking(&golden::images())?;
    golden::check(&logits, &serde_json::from_str(&golden)?)?;
    let whole = Net::from_weights(&whole, &sidecar_of(&playground)?, &cpu_device())?;
    for (small, whole) in logits.iter().zip(whole.logits_blocking(&golden::images())?) {
        for (a, b) in small.iter().zip(whole) {
            assert!((a - b).abs() < 0.05, "{a} {b}");
        }
    }
    Ok(())
}

fn sidecar_of(playground: &Playground) -> Result<Sidecar> {
    let json = fs::read_to_string(playground.file("net.json"))?;
    Ok(Sidecar::parse(&json)?)
}

#[test]
fn nothing_is_written_over_unless_that_is_asked_for() -> Result<()> {
    let playground = Playground::new()?;
    fs::write(playground.file("kept.json"), "precious")?;
    let flags = ["--format", "wardrobe", "--output", "kept.weights"];
    export(&playground, &flags)?.is_usage_error("kept.json is there already");
    assert!(!playground.file("kept.weights").exists());
    assert_eq!(fs::read(playground.file("kept.json"))?, b"precious");
    let answer = export(&playground, &[&flags[..], &["--force"]].concat())?;
    assert_eq!(answer.status, Some(0), "{}", answer.stderr);
    assert_ne!(fs::read(playground.file("kept.json"))?, b"precious");
    Ok(())
}

#[test]
fn wrong_calls_are_answered_in_one_sentence() -> Result<()> {
    let playground = Playground::new()?;
    let check = |flags: &[&str], expected: &str| -> Result<()> {
        export(&playground, flags)?.is_usage_error(expected);
        Ok(())
    };
    check(&["--format", "onnx"], "--output <FILE>")?;
    check(
        &["--format", "pickle", "--output", "a"],
        "onnx, safetensors, wardrobe",
    )?;
    check(
        &["--format", "onnx", "--output", "no/a.onnx"],
        "no folder no",
    )?;
    check(
        &["--format", "wardrobe", "--output", "a.json"],
        ".weights instead",
    )?;
    let other = [
        "export",
        "--weights",
        "none",
        "--format",
        "onnx",
        "--output",
        "a",
    ];
    playground
        .trainer(&other)?
        .is_usage_error("no weights at none");
    Ok(())
}

#[test]
fn a_file_that_is_read_or_written_already_is_not_written_over() -> Result<()> {
    let playground = Playground::new()?;
    let weights = fs::read(playground.file("net.weights"))?;
    let sidecar = fs::read(playground.file("net.json"))?;
    let check = |format: &str, output: &str, expected: &str| -> Result<()> {
        let flags = ["--force", "--format", format, "--output", output];
        export(&playground, &flags)?.is_usage_error(expected);
        assert!(fs::read(playground.file("net.weights"))? == weights);
        assert!(fs::read(playground.file("net.json"))? == sidecar);
        Ok(())
    };
    // Its sidecar would be golden.json, as the golden logits are.
    check(
        "wardrobe",
        "golden.weights",
        "golden.json would be written twice",
    )?;
    check(
        "wardrobe",
        "net.weights",
        "net.weights is read by this command",
    )?;
    check("onnx", "net.weights", "net.weights is read by this command")?;
    check("onnx", "./net.json", "net.json is read by this command")?;
    check(
        "wardrobe-8bit",
        "net.bin",
        "net.json is read by this command",
    )
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_written_through_or_refused() -> Result<()> {
    use std::os::unix::fs::{FileTypeExt, symlink};
    let playground = Playground::new()?;
    fs::create_dir(playground.file("folder"))?;
    symlink("nowhere", playground.file("dangling"))?;
    symlink("real.onnx", playground.file("link"))?;
    fs::write(playground.file("real.onnx"), "old")?;
    symlink("/dev/null", playground.file("null"))?;
    let write = |output: &str| {
        let flags = ["--force", "--format", "onnx", "--output", output];
        export(&playground, &flags)
    };
    write("folder")?.is_usage_error("folder is a folder");
    write("dangling")?.is_usage_error("dangling is a link that leads nowhere");
    for output in ["null", "/dev/null", "link"] {
        let answer = write(output)?;
        assert_eq!((answer.status, answer.stderr.as_str()), (Some(0), ""));
    }
    assert!(fs::metadata("/dev/null")?.file_type().is_char_device());
    assert!(playground.file("null").is_symlink());
    assert!(playground.file("link").is_symlink());
    assert!(fs::metadata(playground.file("real.onnx"))?.len() > 1000);
    Ok(())
}

#[test]
fn one_file_holds_all_that_the_commands_need() -> Result<()> {
    let playground = Playground::new()?;
    let out = ["--format", "wardrobe-single", "--output", "single.weights"];
    let answer = export(&playground, &out)?;
    assert_eq!((answer.status, answer.stderr.as_str()), (Some(0), ""));
    assert!(!playground.file("single.json").exists());
    let weights = fs::read(playground.file("net.weights"))?;
    let expected = export::onnx(&weights, &sidecar_of(&playground)?)?;
    fs::remove_file(playground.file("net.json"))?;
    let flags = ["--format", "onnx", "--output", "a.onnx"];
    export(&playground, &flags)?.is_usage_error("net.json is missing");
    let single = ["export", "--weights", "single.weights"];
    let answer = playground.trainer(&[&single[..], &flags].concat())?;
    assert_eq!(answer.status, Some(0), "{}", answer.stderr);
    assert!(fs::read(playground.file("a.onnx"))? == expected);
    let mut damaged = fs::read(playground.file("single.weights"))?;
    damaged[40] ^= 1;
    fs::write(playground.file("single.weights"), damaged)?;
    playground
        .trainer(&[&single[..], &flags].concat())?
        .is_usage_error("in single.weights: the weights are damaged");
    Ok(())
}
