//! Pictures that are uploaded.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use image::{Rgba, RgbaImage};
use model::drawing::{Ink, Mark, PAPER_SIDE, Paper, to_image};
use tempfile::TempDir;
use tests::browser::{Pointer, WebGpu};
use tests::drawings::BAG;

use crate::visit::Visit;

/// A pair of trousers in blue on white, drawn by hand, as it were: legs of uneven length.
fn trousers(width: u32, height: u32) -> RgbaImage {
    RgbaImage::from_fn(width, height, |x, y| {
        let (x, y) = (x * 100 / width, y * 100 / height);
        let waist = (30..70).contains(&x) && (10..30).contains(&y);
        let left = (30..46).contains(&x) && (30..90).contains(&y);
        let right = (54..70).contains(&x) && (30..86).contains(&y);
        let inside = waist || left || right;
        if inside {
            Rgba([20, 40, 160, 255])
        } else {
            Rgba([255, 255, 255, 255])
        }
    })
}

fn saved(folder: &TempDir, name: &str, picture: &RgbaImage) -> Result<PathBuf> {
    let path = folder.path().join(name);
    picture.save(&path)?;
    Ok(path)
}

#[test]
fn an_uploaded_picture_becomes_the_same_image_as_natively() -> Result<()> {
    let folder = TempDir::new()?;
    let picture = trousers(300, 400);
    let visit = Visit::new(WebGpu::None)?;
    visit
        .page
        .upload(&saved(&folder, "trousers.png", &picture)?)?;
    visit.page.settled_guess()?;
    let mut paper = Paper::new(PAPER_SIDE);
    paper.apply(&Mark::Picture(Ink::from_rgba(300, 400, picture.as_raw())?));
    let expected = to_image(paper.ink()).context("a blank picture")?;
    ensure!(
        visit.page.model_view()? == expected.0,
        "page and command line see different images"
    );
    ensure!(
        visit.page.top_class()? == "Trouser",
        "{}",
        visit.page.top_class()?
    );
    visit.end()
}

#[test]
fn an_upload_that_is_no_picture_is_refused_and_the_drawing_kept() -> Result<()> {
    let folder = TempDir::new()?;
    let text = folder.path().join("letter.png");
    fs::write(&text, "Dear Sir or Madam")?;
    let visit = Visit::new(WebGpu::None)?;
    visit.page.draw(Pointer::Mouse, &BAG.lines())?;
    let before = visit.page.settled_guess()?;
    visit.page.upload(&text)?;
    visit.page.wait_for_notice("letter.png")?;
    ensure!(visit.page.settled_guess()? == before);
    visit.end()
}

#[test]
fn an_upload_of_20_000_pixels_width_is_answered_in_words() -> Result<()> {
    let folder = TempDir::new()?;
    let wide = saved(&folder, "wide.png", &trousers(20_000, 40))?;
    let visit = Visit::new(WebGpu::None)?;
    visit.page.upload(&wide)?;
    visit.page.wait_for_notice("wide.png")?;
    ensure!(visit.page.state()? == "ready");
    visit.page.draw(Pointer::Mouse, &BAG.lines())?;
    visit.page.settled_guess()?;
    visit.end()
}
