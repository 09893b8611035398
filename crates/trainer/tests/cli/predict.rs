//! `predict`: pictures good and bad, against the same net in this process.

use std::fs;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context, Result};
use image::codecs::png::PngEncoder;
use image::{
    DynamicImage, ExtendedColorType, GrayImage, ImageEncoder, ImageFormat, Luma, Rgb, RgbImage,
    imageops,
};
use model::drawing::{self, Ink, Mark, PAPER_SIDE, Paper};
use model::image::{Image, PIXELS};
use model::prediction::softmax;
use serde_json::Value;

use crate::pictures;
use crate::support::{Playground, data_folder};

/// White paper with a black trouser-like shape, wider than high.
fn trousers(width: u32, height: u32) -> GrayImage {
    GrayImage::from_fn(width, height, |x, y| {
        let waist = y < height / 3 && x > width / 4 && x < 3 * width / 4;
        let leg = x > width / 4 && x < width / 3 && y < 5 * height / 6;
        Luma([if waist || leg { 0 } else { 255 }])
    })
}

/// What the page makes of a grey picture: it goes onto the paper first.
fn as_drawing(picture: &GrayImage) -> Result<Image> {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let mut paper = Paper::new(PAPER_SIDE);
    paper.apply(&Mark::Picture(Ink::from_luminance(width, height, picture)?));
    drawing::to_image(paper.ink()).context("nothing is drawn")
}

/// Checks a line against the logits that the net has for `image`.
fn check(line: &Value, playground: &Playground, image: &Image, temperature: f32) -> Result<()> {
    let expected = softmax(&playground.logits(image)?, temperature);
    let found: Vec<f32> = serde_json::from_value(line["probabilities"].clone())?;
    assert_eq!(found.len(), 10);
    for (found, expected) in found.iter().zip(expected) {
        assert!((found - expected).abs() < 1e-5, "{line} {expected}");
    }
    let predicted = model::class::CLASS_NAMES
        .iter()
        .position(|name| line["predicted"] == *name);
    let predicted = predicted.context("no class was predicted")?;
    assert!(
        found.iter().all(|&other| other <= found[predicted]),
        "{line}"
    );
    assert_eq!(line["confidence"], line["probabilities"][predicted]);
    assert!(line.get("label").is_none(), "{line}");
    Ok(())
}

/// The lines for these files, all of which must be readable.
fn predict(playground: &Playground, kind: &str, files: &[&str]) -> Result<Vec<Value>> {
    let flags = [
        "predict",
        "--weights",
        "net.weights",
        "--json",
        "--kind",
        kind,
    ];
    let answer = playground.trainer(&[&flags, files].concat())?;
    assert_eq!(
        (answer.status, answer.stderr.as_str()),
        (Some(0), ""),
        "{}",
        answer.stdout
    );
    answer.json_lines()
}

#[test]
fn a_drawing_goes_the_way_of_the_page() -> Result<()> {
    let playground = Playground::new()?;
    let picture = trousers(300, 200);
    picture.save(playground.file("a.png"))?;
    picture.save(playground.file("b.jpg"))?;
    // The name says nothing; the bytes do.
    fs::copy(playground.file("a.png"), playground.file("c.txt"))?;
    let lines = predict(&playground, "drawing", &["a.png", "b.jpg", "c.txt"])?;
    check(&lines[0], &playground, &as_drawing(&picture)?, 0.5)?;
    let jpeg = image::open(playground.file("b.jpg"))?.into_luma8();
    check(&lines[1], &playground, &as_drawing(&jpeg)?, 0.5)?;
    assert_eq!(lines[0]["probabilities"], lines[2]["probabilities"]);
    Ok(())
}

#[test]
fn large_pictures_are_read_scaled_down_as_the_page_does() -> Result<()> {
    let playground = Playground::new()?;
    trousers(4096, 2048).save(playground.file("large.png"))?;
    trousers(2048, 1024).save(playground.file("small.png"))?;
    let lines = predict(&playground, "drawing", &["large.png", "small.png"])?;
    assert_eq!(lines[0]["label"], lines[1]["label"]);
    Ok(())
}

#[test]
fn every_format_gives_the_same_image_which_ever_way_up_it_is_stored() -> Result<()> {
    let playground = Playground::new()?;
    let upright = trousers(240, 160);
    upright.save(playground.file("upright.png"))?;
    let mut names = vec!["upright.png".to_owned()];
    for name in ["plain.webp", "plain.gif", "plain.bmp"] {
        DynamicImage::from(upright.clone())
            .into_rgb8()
            .save(playground.file(name))?;
        names.push(name.to_owned());
    }
    for number in 2..=8 {
        // Lossless, and without a hint in the name.
        for (format, end) in [(ImageFormat::Png, "a"), (ImageFormat::WebP, "b")] {
            let name = format!("{number}{end}");
            fs::write(
                playground.file(&name),
                pictures::stored(&upright, number, format)?,
            )?;
            names.push(name);
        }
    }
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    for line in predict(&playground, "drawing", &names)? {
        check(&line, &playground, &as_drawing(&upright)?, 0.5)?;
    }
    for number in [3, 6, 8] {
        let jpeg = pictures::stored(&upright, number, ImageFormat::Jpeg)?;
        fs::write(playground.file("turned.jpg"), jpeg)?;
        let lines = predict(&playground, "drawing", &["upright.png", "turned.jpg"])?;
        let confidence = |line: &Value| line["confidence"].as_f64().unwrap_or_default();
        let difference = (confidence(&lines[0]) - confidence(&lines[1])).abs();
        assert_eq!(lines[0]["label"], lines[1]["label"]);
        assert!(difference < 0.02, "{number}: {} {}", lines[0], lines[1]);
    }
    Ok(())
}

#[test]
fn ink_as_light_as_its_paper_is_read() -> Result<()> {
    let playground = Playground::new()?;
    let drawn = trousers(90, 60);
    drawn.save(playground.file("black.png"))?;
    let green = RgbImage::from_fn(90, 60, |x, y| match drawn.get_pixel(x, y) {
        Luma([0]) => Rgb([0, 128, 0]),
        _ => Rgb([139, 69, 19]),
    });
    green.save(playground.file("green.png"))?;
    for line in predict(&playground, "drawing", &["black.png", "green.png"])? {
        check(&line, &playground, &as_drawing(&drawn)?, 0.5)?;
    }
    Ok(())
}

#[test]
fn what_unpacks_to_far_more_than_the_file_takes_no_memory() -> Result<()> {
    let playground = Playground::new()?;
    let picture = trousers(90, 60);
    let mut png = Vec::new();
    let mut encoder = PngEncoder::new(&mut png);
    encoder.set_icc_profile(vec![0; 400 << 20])?;
    encoder.write_image(&picture, 90, 60, ExtendedColorType::L8)?;
    assert!(png.len() < 4 << 20, "{}", png.len());
    fs::write(playground.file("profile.png"), &png)?;
    picture.save(playground.file("plain.png"))?;
    let flags = ["predict", "--weights", "net.weights", "--json"];
    let peak = |file: &str| peak_memory(&mut playground.command(&[&flags[..], &[file]].concat()));
    let (plain, profile) = (peak("plain.png")?, peak("profile.png")?);
    assert!(profile < plain + 100_000, "{plain} kB, {profile} kB");
    let lines = predict(&playground, "drawing", &["plain.png", "profile.png"])?;
    assert_eq!(lines[0]["probabilities"], lines[1]["probabilities"]);
    Ok(())
}

/// The most memory in kB that a program has had, as Linux counts it.
fn peak_memory(command: &mut Command) -> Result<u64> {
    let mut child = command.stdout(Stdio::null()).spawn()?;
    let mut peak = 0;
    while child.try_wait()?.is_none() {
        let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let number = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
        peak = number.unwrap_or(peak);
        sleep(Duration::from_millis(2));
    }
    Ok(peak)
}

#[test]
fn a_photo_of_28_pixels_is_taken_as_it_is() -> Result<()> {
    let playground = Playground::new()?;
    let pixel = |x: u32, y: u32| {
        if x.min(y) > 5 && x.max(y) < 20 {
            9 * y as u8
        } else {
            0
        }
    };
    let photo = GrayImage::from_fn(28, 28, |x, y| Luma([pixel(x, y)]));
    photo.save(playground.file("dark.png"))?;
    let mut light = photo.clone();
    imageops::invert(&mut light);
    light.save(playground.file("light.png"))?;
    let lines = predict(&playground, "photo", &["dark.png", "light.png"])?;
    let pixels: [u8; PIXELS] = photo.as_raw().as_slice().try_into()?;
    for line in &lines {
        check(line, &playground, &Image(pixels), 1.5)?;
    }
    Ok(())
}

#[test]
fn a_photo_from_a_camera_held_sideways_is_turned_upright() -> Result<()> {
    let playground = Playground::new()?;
    let upright = trousers(240, 160);
    for number in 1..=8 {
        let stored = pictures::stored(&upright, number, ImageFormat::WebP)?;
        fs::write(playground.file(&format!("{number}.webp")), stored)?;
    }
    let files = [
        "1.webp", "2.webp", "3.webp", "4.webp", "5.webp", "6.webp", "7.webp", "8.webp",
    ];
    let lines = predict(&playground, "photo", &files)?;
    for line in &lines {
        assert_eq!(line["probabilities"], lines[0]["probabilities"], "{line}");
    }
    Ok(())
}

#[test]
fn bad_files_are_named_and_the_rest_go_on() -> Result<()> {
    let playground = Playground::new()?;
    let picture = trousers(90, 60);
    picture.save(playground.file("first.png"))?;
    picture.save(playground.file("last.png"))?;
    fs::write(playground.file("text.png"), "not a picture")?;
    fs::write(playground.file("empty.png"), "")?;
    let whole = fs::read(playground.file("first.png"))?;
    fs::write(playground.file("cut.png"), &whole[..whole.len() / 2])?;
    let mut damaged = whole.clone();
    let middle = whole.len() / 2;
    damaged[middle..middle + 8].fill(0x55);
    fs::write(playground.file("damaged.png"), damaged)?;
    // The size, and the checksum behind it.
    let mut huge = whole;
    huge[16..24].copy_from_slice(&[0, 0, 0x42, 0x68, 0, 0, 0x42, 0x68]);
    let sum = crc32fast::hash(&huge[12..29]);
    huge[29..33].copy_from_slice(&sum.to_be_bytes());
    fs::write(playground.file("huge.png"), huge)?;
    trousers(20_000, 40).save(playground.file("wide.png"))?;
    let jpeg = pictures::stored(&picture, 1, ImageFormat::Jpeg)?;
    fs::write(playground.file("cut.jpg"), &jpeg[..jpeg.len() - 2])?;
    let webp = pictures::stored(&picture, 1, ImageFormat::WebP)?;
    fs::write(playground.file("cut.webp"), &webp[..webp.len() - 2])?;
    fs::write(
        playground.file("vector.png"),
        "<svg xmlns='http://www.w3.org/2000/svg'/>",
    )?;
    fs::write(
        playground.file("new.png"),
        b"\0\0\0\x10ftypavif\0\0\0\0\0\0\0\x18metaispe\0\0\0\0\0\0\0\x09\0\0\0\x09",
    )?;
    fs::create_dir(playground.file("folder"))?;
    GrayImage::from_pixel(50, 50, Luma([255])).save(playground.file("blank.png"))?;
    let files = [
        ("first.png", None),
        ("gone.png", Some("there is no file gone.png")),
        ("text.png", Some("this is not a picture")),
        ("empty.png", Some("the file is empty")),
        ("cut.png", Some("the PNG picture is cut off")),
        ("cut.jpg", Some("the JPEG picture is cut off")),
        ("cut.webp", Some("the WebP picture is cut off")),
        ("damaged.png", Some("the PNG picture is damaged")),
        ("huge.png", Some("the picture is 17000 pixels wide")),
        ("wide.png", Some("the picture is 20000 pixels wide")),
        ("vector.png", Some("this is an SVG file")),
        ("new.png", Some("this is an AVIF file")),
        ("folder", Some("folder is a folder, not a file")),
        ("blank.png", Some("nothing in the picture stands out")),
        ("last.png", None),
    ];
    let mut arguments = vec!["predict", "--weights", "net.weights", "--json"];
    arguments.extend(files.map(|(name, _)| name));
    let answer = playground.trainer(&arguments)?;
    assert_eq!(answer.status, Some(1));
    let lines = answer.json_lines()?;
    assert_eq!(lines.len(), files.len());
    for (line, (name, error)) in lines.iter().zip(files) {
        assert_eq!(line["path"], name);
        match error {
            None => check(line, &playground, &as_drawing(&picture)?, 0.5)?,
            Some(error) => {
                let found = line["error"].as_str().unwrap_or_default();
                assert!(found.starts_with(error), "{line}");
                assert_eq!(
                    line.as_object().map(serde_json::Map::len),
                    Some(2),
                    "{line}"
                );
            }
        }
    }
    Ok(())
}

#[test]
fn a_table_for_people_has_a_line_a_file() -> Result<()> {
    let playground = Playground::new()?;
    trousers(90, 60).save(playground.file("a.png"))?;
    let answer = playground.trainer(&["predict", "--weights", "net.weights", "a.png", "b.png"])?;
    assert_eq!(answer.status, Some(1));
    let lines: Vec<&str> = answer.stdout.lines().collect();
    let words = ["sure", "familiar"];
    assert!(
        words.iter().all(|word| lines[0].contains(word)),
        "{}",
        lines[0]
    );
    assert!(
        lines[0].contains('%') && lines[0].ends_with("a.png"),
        "{}",
        lines[0]
    );
    assert!(
        lines[1].contains("b.png: there is no file b.png"),
        "{}",
        lines[1]
    );
    assert_eq!(lines.len(), 2);
    Ok(())
}

#[test]
fn a_folder_s_pictures_are_read_in_the_order_of_their_names() -> Result<()> {
    let playground = Playground::new()?;
    fs::create_dir(playground.file("many"))?;
    for name in ["b.png", "a.PNG", "c.jpg", "d.webp"] {
        trousers(90, 60).save(playground.file(&format!("many/{name}")))?;
    }
    fs::write(playground.file("many/notes.txt"), "no picture")?;
    let lines = predict(&playground, "drawing", &["many"])?;
    let names: Vec<&str> = lines
        .iter()
        .filter_map(|line| line["path"].as_str())
        .collect();
    assert_eq!(
        names,
        ["many/a.PNG", "many/b.png", "many/c.jpg", "many/d.webp"]
    );
    Ok(())
}

#[test]
fn test_images_are_compared_with_what_they_are_and_drawn() -> Result<()> {
    let playground = Playground::new()?;
    let data = data_folder()?;
    let data = data.to_string_lossy();
    let call = [
        "predict",
        "--weights",
        "net.weights",
        "--json",
        "--data",
        &data,
    ];
    let flags = ["--test-images", "0,3,7", "--picture", "sheet.png"];
    let answer = playground.trainer(&[&call[..], &flags].concat())?;
    assert_eq!((answer.status, answer.stderr.as_str()), (Some(0), ""));
    let lines = answer.json_lines()?;
    // From the published labels.
    let actual: Vec<&str> = lines
        .iter()
        .filter_map(|line| line["actual"].as_str())
        .collect();
    assert_eq!(actual, ["Ankle boot", "Trouser", "Shirt"]);
    assert!(image::open(playground.file("sheet.png"))?.width() > 250);
    let again = playground.trainer(&[&call[..], &flags].concat())?;
    again.is_usage_error("sheet.png is there already");
    let beyond = playground.trainer(&[&call[..], &["--test-images", "10000"]].concat())?;
    beyond.is_usage_error("there is no test image 10000: they are numbered 0 to 9999");
    Ok(())
}

#[cfg(unix)]
#[test]
fn pipes_and_devices_are_refused_and_the_rest_is_read() -> Result<()> {
    let playground = Playground::new()?;
    let made = Command::new("mkfifo")
        .arg(playground.file("a.png"))
        .status()?;
    assert!(made.success());
    GrayImage::from_pixel(50, 50, Luma([255])).save(playground.file("b.png"))?;
    let call = [
        "predict",
        "--weights",
        "net.weights",
        "--json",
        ".",
        "/dev/zero",
    ];
    let answer = playground.trainer(&call)?;
    assert_eq!(answer.status, Some(1), "{}", answer.stderr);
    let lines = answer.json_lines()?;
    let errors: Vec<_> = lines
        .iter()
        .filter_map(|line| line["error"].as_str())
        .collect();
    assert_eq!(errors.len(), 3, "{lines:?}");
    for (error, expected) in errors
        .into_iter()
        .zip(["a pipe", "nothing in the picture", "a pipe"])
    {
        assert!(error.contains(expected), "{error}");
    }
    // Weights, settings, drawings.
    fs::rename(playground.file("a.png"), playground.file("pipe.weights"))?;
    fs::copy(playground.file("net.json"), playground.file("pipe.json"))?;
    for call in [
        &["predict", "--weights", "/dev/zero", "b.png"][..],
        &["predict", "--weights", "pipe.weights", "b.png"],
        &["train", "--config", "pipe.weights"],
        &["tune", "--space", "/dev/zero"],
        &[
            "finetune",
            "--weights",
            "net.weights",
            "--examples",
            "pipe.weights",
        ],
        &[
            "finetune",
            "--weights",
            "net.weights",
            "--examples",
            "/dev/zero",
        ],
    ] {
        let answer = playground.trainer(call)?;
        assert_eq!(answer.status, Some(2), "{call:?}: {}", answer.stderr);
        assert_eq!(answer.stderr.lines().count(), 1, "{}", answer.stderr);
    }
    Ok(())
}
