//! Pictures that are opened, dropped and pasted.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use image::{GrayImage, ImageFormat, Luma, Rgba, RgbaImage};
use model::drawing::{Ink, picture_to_image};
use tempfile::TempDir;
use tests::browser::{Pointer, WebGpu, wait_for};
use tests::drawings::BAG;
use tests::page::Page;
use tests::pictures::stored;

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

/// What the net sees of a picture by the command line's way.
fn natively(picture: &RgbaImage) -> Result<Vec<u8>> {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let ink = Ink::from_rgba(width, height, picture.as_raw())?;
    Ok(picture_to_image(ink).context("a blank picture")?.0.to_vec())
}

/// What the net sees of a file that is put on blank paper.
fn seen(page: &Page, name: &str, kind: &str, bytes: &[u8]) -> Result<Vec<u8>> {
    page.press_button("Clear")?;
    page.wait_for_guess(None)?;
    page.drop_files(&[(name, kind, bytes)])?;
    page.settled_guess().with_context(|| name.to_owned())?;
    page.model_view()
}

fn largest_difference(a: &[u8], b: &[u8]) -> u8 {
    let differences = a.iter().zip(b).map(|(a, b)| a.abs_diff(*b));
    differences.max().unwrap_or(255)
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
    ensure!(
        visit.page.model_view()? == natively(&picture)?,
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
fn every_format_is_read_upright_whatever_name_and_type_it_comes_with() -> Result<()> {
    let picture = trousers(300, 400);
    let expected = natively(&picture)?;
    let grey = GrayImage::from_fn(300, 400, |x, y| match picture.get_pixel(x, y) {
        Rgba([255, ..]) => Luma([255]),
        _ => Luma([0]),
    });
    let visit = Visit::new(WebGpu::None)?;
    visit.page.draw(Pointer::Mouse, &BAG.lines())?;
    for number in 1..=8 {
        for (format, tolerance) in [
            (ImageFormat::Png, 0),
            (ImageFormat::WebP, 0),
            (ImageFormat::Jpeg, 24),
        ] {
            let bytes = stored(&grey, number, format)?;
            let name = format!("{number} as {format:?}");
            let view = seen(&visit.page, &name, "application/octet-stream", &bytes)?;
            let difference = largest_difference(&view, &expected);
            ensure!(difference <= tolerance, "{name}: {difference}");
        }
    }
    for format in [ImageFormat::Gif, ImageFormat::Bmp] {
        let mut bytes = std::io::Cursor::new(Vec::new());
        picture.write_to(&mut bytes, format)?;
        let view = seen(&visit.page, "picture.png", "image/png", bytes.get_ref())?;
        ensure!(largest_difference(&view, &expected) <= 2, "{format:?}");
    }
    // A black bar on white, stored lying; the file has it turned, as a camera does.
    let bar = decoded(AVIF)?;
    let view = seen(&visit.page, "bar.avif", "image/avif", &bar)?;
    let columns = (0..28).filter(|x| (0..28).any(|y| view[28 * y + x] > 128));
    ensure!(columns.count() < 14, "an AVIF that lies: {view:?}");
    visit.end()
}

/// A bar of 30 by 12 pixels on 64 by 48, and a property that turns it by a right angle (`irot`).
const AVIF: &str = "AAAAIGZ0eXBhdmlmAAAAAGF2aWZtaWYxbWlhZk1BMUIAAAD1bWV0YQAAAAAAAAAhaGRscgAAAAAAAAAAcGljdAAAAAAAAAAAAAAAAAAAAAAOcGl0bQAAAAAAAQAAAB5pbG9jAAAAAEQAAAEAAQAAAAEAAAEdAAAAPgAAAChpaW5mAAAAAAABAAAAGmluZmUCAAAAAAEAAGF2MDFDb2xvcgAAAAB0aXBycAAAAFRpcGNvAAAAFGlzcGUAAAAAAAAAQAAAADAAAAAQcGl4aQAAAAADCAgIAAAADGF2MUOBAAwAAAAAE2NvbHJuY2x4AAEADQAGgAAAAAlpcm90AwAAABhpcG1hAAAAAAAAAAEAAQUBAoMEhQAAAEZtZGF0EgAKCRgVf72iAhoNCDIvRPHh4ZlAYYYfhAAAAtvTx0Jfj2SZfPiwelAvOu/KEtcfo16TBT7ENGEOF82y2t4=";

fn decoded(text: &str) -> Result<Vec<u8>> {
    use base64::Engine;
    Ok(base64::engine::general_purpose::STANDARD.decode(text)?)
}

#[test]
fn a_picture_replaces_the_drawing_and_one_undo_brings_it_back() -> Result<()> {
    let folder = TempDir::new()?;
    let visit = Visit::new(WebGpu::None)?;
    let page = &visit.page;
    page.draw(Pointer::Mouse, &BAG.lines())?;
    let bag = page.settled_guess()?;
    let pictures: Vec<RgbaImage> = (0..6)
        .map(|number| trousers(1024, 600 + 80 * number))
        .collect();
    let open = |picture: &RgbaImage| -> Result<()> {
        page.upload(&saved(&folder, "trousers.png", picture)?)?;
        wait_for("the picture", || {
            Ok((page.model_view()? == natively(picture)?).then_some(()))
        })
    };
    open(&pictures[0])?;
    page.press_button("Undo")?;
    page.wait_for_guess(Some(bag))?;
    for picture in &pictures {
        open(picture)?;
    }
    ensure!(!page.text()?.contains("storage"), "{}", page.text()?);
    page.browser.open(&visit.site.url(""))?;
    page.wait_until_ready()?;
    page.settled_guess()?;
    ensure!(
        page.model_view()? == natively(&pictures[5])?,
        "not after a reload"
    );
    page.press_button("Undo")?;
    wait_for("the picture before", || {
        Ok((page.model_view()? == natively(&pictures[4])?).then_some(()))
    })?;
    visit.end()
}

#[test]
fn what_cannot_be_opened_is_told_in_a_sentence_and_the_drawing_kept() -> Result<()> {
    let visit = Visit::new(WebGpu::None)?;
    let page = &visit.page;
    page.draw(Pointer::Mouse, &BAG.lines())?;
    let before = page.settled_guess()?;
    let grey = GrayImage::from_pixel(60, 60, Luma([255]));
    let png = stored(&grey, 1, ImageFormat::Png)?;
    let jpeg = stored(&grey, 1, ImageFormat::Jpeg)?;
    let webp = stored(&grey, 1, ImageFormat::WebP)?;
    let gif = b"GIF89a\x09\0\x09\0".to_vec();
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec();
    let mut huge = png.clone();
    huge[16..24].copy_from_slice(&[0, 0, 0x42, 0x68, 0, 0, 0x42, 0x68]);
    let files = [
        ("blank.png", &png[..], "stands out from its background"),
        ("cut.jpg", &jpeg[..jpeg.len() - 2], "cut off"),
        ("cut.webp", &webp[..webp.len() - 2], "cut off"),
        ("cut.png", &png[..png.len() - 2], "cut off"),
        ("damaged.gif", &gif[..], "damaged"),
        ("drawing.svg", &svg[..], "an SVG file"),
        ("empty.png", &[], "is empty"),
        ("letter.png", &b"Dear Sir or Madam"[..], "not a picture"),
        ("huge.png", &huge[..], "17000 pixels wide"),
    ];
    for (name, bytes, words) in files {
        page.drop_files(&[(name, "image/png", bytes)])?;
        let notice = page.wait_for_notice(&format!("{name} cannot be opened"))?;
        ensure!(notice.contains(words), "{notice}");
    }
    page.paste_text("trousers")?;
    page.wait_for_notice("no picture on the clipboard")?;
    page.drop_files(&[])?;
    page.wait_for_notice("no file")?;
    ensure!(page.settled_guess()? == before);
    visit.end()
}

#[test]
fn of_several_files_the_first_is_opened_and_of_two_pictures_the_later_stays() -> Result<()> {
    let folder = TempDir::new()?;
    let small = trousers(300, 400);
    let path = saved(&folder, "small.png", &small)?;
    let bytes = fs::read(&path)?;
    let visit = Visit::new(WebGpu::None)?;
    let page = &visit.page;
    page.drop_files(&[("a.png", "", &bytes[..]), ("b.png", "", &b"anything"[..])])?;
    page.wait_for_notice("Only the first of 2 files, a.png, was opened")?;
    page.settled_guess()?;
    ensure!(page.model_view()? == natively(&small)?);
    page.press_button("Clear")?;
    page.wait_for_guess(None)?;
    // Forty-eight million pixels take their time.
    let large = GrayImage::from_fn(8000, 6000, |x, y| {
        let inside = (2000..6000).contains(&x) && (2000..4000).contains(&y);
        Luma([if inside { 0 } else { 255 }])
    });
    let large_path = folder.path().join("large.png");
    large.save(&large_path)?;
    page.upload(&large_path)?;
    page.upload(&path)?;
    std::thread::sleep(std::time::Duration::from_secs(3));
    page.settled_guess()?;
    ensure!(
        page.model_view()? == natively(&small)?,
        "a picture that was opened before"
    );
    page.upload(&large_path)?;
    page.guess_after(page.probabilities()?)?;
    page.settled_guess()?;
    let view = page.model_view()?;
    let ink = view.iter().filter(|&&pixel| pixel > 200).count();
    ensure!(ink == 28 * 14, "{ink} pixels of ink");
    visit.end()
}

#[test]
fn canvases_that_the_browser_falsifies_are_told() -> Result<()> {
    let folder = TempDir::new()?;
    let path = saved(&folder, "trousers.png", &trousers(300, 400))?;
    let visit = Visit::new(WebGpu::None)?;
    for falsified in ["255", "Math.random() * 256"] {
        let script = format!(
            "const read = CanvasRenderingContext2D.prototype.getImageData; \
             window.trueRead ??= read; \
             CanvasRenderingContext2D.prototype.getImageData = function (...place) {{ \
                 const data = window.trueRead.apply(this, place); \
                 data.data.forEach((_, index) => data.data[index] = {falsified}); \
                 return data; \
             }};"
        );
        visit.page.browser.script(&script, &[])?;
        visit.page.upload(&path)?;
        visit.page.wait_for_notice("falsifies")?;
        ensure!(visit.page.probabilities()?.is_none());
        visit.page.draw(Pointer::Mouse, &BAG.lines())?;
        visit.page.settled_guess()?;
        visit.page.press_button("Clear")?;
        visit.page.wait_for_guess(None)?;
    }
    visit.end()
}

#[test]
fn ink_as_light_as_its_paper_is_read() -> Result<()> {
    let folder = TempDir::new()?;
    let mut picture = trousers(300, 400);
    for pixel in picture.pixels_mut() {
        *pixel = match *pixel {
            Rgba([255, ..]) => Rgba([139, 69, 19, 255]),
            _ => Rgba([0, 128, 0, 255]),
        };
    }
    let visit = Visit::new(WebGpu::None)?;
    visit.page.upload(&saved(&folder, "green.png", &picture)?)?;
    visit.page.settled_guess()?;
    ensure!(visit.page.model_view()? == natively(&trousers(300, 400))?);
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
