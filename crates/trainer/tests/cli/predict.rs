//! `predict`: pictures good and bad, against the same net in this process.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, GrayImage, ImageEncoder, Luma, imageops};
use model::drawing::{self, Ink, Mark, PAPER_SIDE, Paper};
use model::image::{Image, PIXELS};
use model::prediction::softmax;
use serde_json::Value;

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
    let label: usize = serde_json::from_value(line["label"].clone())?;
    assert!(found.iter().all(|&other| other <= found[label]), "{line}");
    assert_eq!(line["class"], model::class::CLASS_NAMES[label]);
    assert_eq!(line["confidence"], line["probabilities"][label]);
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
fn very_wide_pictures_are_read() -> Result<()> {
    let playground = Playground::new()?;
    trousers(20_000, 40).save(playground.file("wide.png"))?;
    assert_eq!(predict(&playground, "drawing", &["wide.png"])?.len(), 1);
    Ok(())
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
    upright.save(playground.file("upright.png"))?;
    save_sideways(&upright, &playground.file("sideways.jpg"))?;
    let lines = predict(&playground, "photo", &["upright.png", "sideways.jpg"])?;
    assert_eq!(lines[0]["label"], lines[1]["label"]);
    let confidence = |line: &Value| line["confidence"].as_f64().unwrap_or_default();
    let difference = (confidence(&lines[0]) - confidence(&lines[1])).abs();
    assert!(difference < 0.02, "{} {}", lines[0], lines[1]);
    Ok(())
}

/// As a camera turned by 90° saves it: turned pixels, and an EXIF entry that says so.
fn save_sideways(upright: &GrayImage, path: &Path) -> Result<()> {
    let turned = imageops::rotate270(upright);
    let mut encoder = JpegEncoder::new_with_quality(fs::File::create(path)?, 95);
    // A TIFF header and one entry: orientation (0x0112), one short, 6 = turn right by 90°.
    let exif = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
    encoder.set_exif_metadata(exif.to_vec())?;
    encoder.write_image(
        &turned,
        turned.width(),
        turned.height(),
        ExtendedColorType::L8,
    )?;
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
    fs::create_dir(playground.file("folder"))?;
    GrayImage::from_pixel(50, 50, Luma([255])).save(playground.file("blank.png"))?;
    let files = [
        ("first.png", None),
        ("gone.png", Some("there is no file gone.png")),
        ("text.png", Some("this is not a PNG or JPEG picture")),
        ("empty.png", Some("this is not a PNG or JPEG picture")),
        ("cut.png", Some("the picture is damaged")),
        ("folder", Some("this is a folder, not a picture")),
        ("blank.png", Some("nothing is drawn")),
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
fn damaged_weights_are_refused_by_name() -> Result<()> {
    let playground = Playground::new()?;
    let mut bytes = fs::read(playground.file("net.weights"))?;
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(playground.file("net.weights"), bytes)?;
    let answer = playground.trainer(&["predict", "--weights", "net.weights", "a.png"])?;
    assert_eq!(answer.stdout, "");
    answer.is_usage_error("in net.weights");
    Ok(())
}

#[test]
fn a_folder_s_pictures_are_read_in_the_order_of_their_names() -> Result<()> {
    let playground = Playground::new()?;
    fs::create_dir(playground.file("many"))?;
    for name in ["b.png", "a.PNG", "c.jpg"] {
        trousers(90, 60).save(playground.file(&format!("many/{name}")))?;
    }
    fs::write(playground.file("many/notes.txt"), "no picture")?;
    let lines = predict(&playground, "drawing", &["many"])?;
    let names: Vec<&str> = lines
        .iter()
        .filter_map(|line| line["path"].as_str())
        .collect();
    assert_eq!(names, ["many/a.PNG", "many/b.png", "many/c.jpg"]);
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
