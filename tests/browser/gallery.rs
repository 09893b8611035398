//! The data set in the page: brought, shown, chosen from, classified.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use tests::browser::{Pointer, WebGpu, wait_for};
use tests::dist;
use tests::drawings::BAG;
use tests::page::Page;
use tests::site::Site;
use tests::trainer::trainer;

use crate::visit::Visit;

const TEST_IMAGES: &str = "data/fashion-mnist/t10k-images-idx3-ubyte.gz";

/// The page with the data set's room open at this query.
fn open(site: &Site, query: &str) -> Result<Page> {
    let page = Page::open_ready(site, WebGpu::None)?;
    go(&page, query)?;
    Ok(page)
}

fn go(page: &Page, query: &str) -> Result<()> {
    let script = "location.hash = arguments[0]";
    page.browser
        .script(script, &[json!(format!("#/data?{query}"))])?;
    Ok(())
}

fn text_of(page: &Page, selector: &str) -> Result<String> {
    let script = "return document.querySelector(arguments[0])?.innerText ?? ''";
    let text = page.browser.script(script, &[json!(selector)])?;
    Ok(text.as_str().unwrap_or_default().to_owned())
}

fn wait_for_text(page: &Page, selector: &str, words: &str) -> Result<String> {
    let found = wait_for(words, || {
        Ok(Some(text_of(page, selector)?).filter(|text| text.contains(words)))
    });
    found.with_context(|| format!("page: {}", page.text().unwrap_or_default()))
}

fn wait_for_test_set(page: &Page) -> Result<()> {
    wait_for_text(page, "[data-part=test]", "10,000 images").map(drop)
}

fn wait_for_count(page: &Page, count: &str) -> Result<()> {
    wait_for_text(page, "[data-testid=count]", count).map(drop)
}

/// How many of the wall's pixels are bright: none while no image is painted.
fn bright_pixels(page: &Page) -> Result<u64> {
    let script = "const canvas = document.querySelector('[data-testid=grid]'); \
                  const { width, height } = canvas; \
                  const { data } = canvas.getContext('2d').getImageData(0, 0, width, height); \
                  let bright = 0; \
                  for (let at = 0; at < data.length; at += 4) bright += data[at] > 128; \
                  return bright;";
    Ok(page.browser.script(script, &[])?.as_u64().unwrap_or(0))
}

fn press_on_wall(page: &Page, key: &str) -> Result<()> {
    let script = "const wall = document.querySelector('[role=listbox]'); wall.focus(); \
                  wall.dispatchEvent(new KeyboardEvent('keydown', { key: arguments[0], bubbles: true, cancelable: true }))";
    page.browser.script(script, &[json!(key)])?;
    Ok(())
}

#[test]
fn the_test_images_are_shown_and_keys_walk_through_them() -> Result<()> {
    let site = Site::of(&dist())?;
    let page = open(&site, "")?;
    wait_for_test_set(&page)?;
    wait_for("thumbnails", || {
        Ok((bright_pixels(&page)? > 10_000).then_some(()))
    })?;
    press_on_wall(&page, "Home")?;
    wait_for_text(&page, ".details", "Ankle boot")?;
    press_on_wall(&page, "ArrowRight")?;
    wait_for_text(&page, ".details", "Pullover")?;
    wait_for_text(
        &page,
        "#chosen-image",
        "Test set image 1: Pullover. 2 of 10,000",
    )?;
    press_on_wall(&page, "End")?;
    wait_for_text(&page, ".details", "image 9999")?;
    wait_for("the wall's end", || {
        Ok((bright_pixels(&page)? > 10_000).then_some(()))
    })?;
    let hash = page.browser.script("return location.hash", &[])?;
    ensure!(hash == "#/data?image=test-9999", "{hash}");
    page.assert_no_errors()?;
    ensure!(site.reports().is_empty());
    Ok(())
}

#[test]
fn filters_stand_in_the_address_and_the_way_back_undoes_them() -> Result<()> {
    let site = Site::of(&dist())?;
    let page = open(&site, "label=9")?;
    wait_for_count(&page, "1,000 images")?;
    go(&page, "words=trouser+5")?;
    wait_for_count(&page, "1 image")?;
    page.browser.script("history.back()", &[])?;
    wait_for_count(&page, "1,000 images")?;
    page.press_button("Show all")?;
    wait_for_count(&page, "10,000 images")?;
    page.assert_no_errors()
}

#[test]
fn the_files_are_fetched_once_and_kept_for_the_next_visit() -> Result<()> {
    let site = Site::of(&dist())?;
    let page = open(&site, "")?;
    wait_for_test_set(&page)?;
    page.browser.open("about:blank")?;
    page.browser.open(&site.url("#/data"))?;
    wait_for_test_set(&page)?;
    let fetched = site.requests();
    let count = |name: &str| fetched.iter().filter(|path| path.contains(name)).count();
    ensure!(
        (count("t10k-images"), count("t10k-labels")) == (1, 1),
        "{fetched:?}"
    );
    ensure!(count("train-") == 0, "the training set came unasked");
    Ok(())
}

#[test]
fn missing_files_are_named_and_can_be_fetched_again() -> Result<()> {
    check_trouble(|_| None, "cargo xtask data")
}

#[test]
fn a_damaged_file_is_noticed_and_can_be_fetched_again() -> Result<()> {
    let damage = |mut file: Vec<u8>| {
        let middle = file.len() / 2;
        file[middle] ^= 1;
        Some(file)
    };
    check_trouble(damage, "not the published file")
}

#[test]
fn a_file_cut_short_is_noticed_and_can_be_fetched_again() -> Result<()> {
    check_trouble(
        |file| Some(file[..1_000].to_vec()),
        "not the published file",
    )
}

/// The page names the file and says `words`, draws on, and shows the images once the site is repaired.
fn check_trouble(
    alteration: impl Fn(Vec<u8>) -> Option<Vec<u8>> + Send + 'static,
    words: &str,
) -> Result<()> {
    let site = Site::of(&dist())?;
    site.alter(TEST_IMAGES, alteration);
    let page = open(&site, "")?;
    let sentence = wait_for_text(&page, "[data-part=test]", words)?;
    ensure!(sentence.contains("t10k-images-idx3-ubyte.gz"), "{sentence}");
    page.browser.script("location.hash = '#/draw'", &[])?;
    page.draw(Pointer::Mouse, &BAG.lines())?;
    page.settled_guess()?;
    site.repair();
    go(&page, "")?;
    page.press_button("Try again")?;
    wait_for_test_set(&page)
}

#[test]
fn a_drawing_finds_its_like_and_is_answered_while_images_are_classified() -> Result<()> {
    let visit = Visit::new(WebGpu::None)?;
    let page = &visit.page;
    go(page, "")?;
    wait_for_test_set(page)?;
    page.press_button("Classify 10,000 images")?;
    wait_for_text(page, "[data-testid=survey]", "a second")?;
    page.browser.script("location.hash = '#/draw'", &[])?;
    page.draw(Pointer::Mouse, &BAG.lines())?;
    page.settled_guess()?;
    go(page, "like=drawing")?;
    wait_for_count(page, "100 images")?;
    page.press_button("Stop")?;
    wait_for_text(page, "[data-testid=found]", "right")?;
    visit.end()
}

#[test]
fn the_page_evaluates_to_the_last_image_as_the_trainer_does() -> Result<()> {
    let report: Value = serde_json::from_str(&trainer(&["evaluate", "--json"])?)?;
    let visit = Visit::new(WebGpu::None)?;
    let page = &visit.page;
    go(page, "view=results")?;
    wait_for_test_set(page)?;
    page.press_button("Classify 10,000 images")?;
    // Two cores may be compiling meanwhile: longer than anything else may take.
    let found = (0..4).find_map(|_| wait_for_text(page, "[data-testid=found]", "right").ok());
    let found = found.context("the classification did not end")?;
    let accuracy = report["accuracy"].as_f64().context("no accuracy")?;
    ensure!(
        found.contains(&format!("{:.2} %", 100.0 * accuracy)),
        "{found}"
    );
    let script = "return [...document.querySelectorAll('[data-testid=matrix] tbody tr')] \
                  .map(row => [...row.querySelectorAll('td')].map(cell => Number(cell.dataset.count)))";
    let matrix = page.browser.script(script, &[])?;
    ensure!(matrix == report["confusion_matrix"], "{matrix}");
    let (shirt, shirt_as_top) = ("Shirt", matrix[6][0].as_u64().context("no count")?);
    page.press_button(&format!("{shirt_as_top} {shirt} taken for T-shirt/top"))?;
    wait_for_count(page, &format!("{shirt_as_top} images"))?;
    visit.end()
}
