//! The data set in the page: brought, shown, chosen from, classified.

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use tests::browser::{Browser, Pointer, WebGpu, wait_for};
use tests::dist;
use tests::drawings::BAG;
use tests::page::Page;
use tests::site::Site;
use tests::trainer::trainer;
use tests::workers::COUNT_WORKERS;

use crate::data_room::{bright_pixels, classify_test_set, go, open, press_on_wall};
use crate::data_room::{wait_for_count, wait_for_test_set, wait_for_text};
use crate::visit::Visit;

const TEST_IMAGES: &str = "data/fashion-mnist/t10k-images-idx3-ubyte.gz";

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
    check_trouble(|_| None, "could not be fetched")
}

#[test]
fn a_damaged_file_is_noticed_and_can_be_fetched_again() -> Result<()> {
    let damage = |mut file: Vec<u8>| {
        let middle = file.len() / 2;
        file[middle] ^= 1;
        Some(file)
    };
    check_trouble(damage, "cannot be unpacked")
}

#[test]
fn a_file_cut_short_is_noticed_and_can_be_fetched_again() -> Result<()> {
    check_trouble(|file| Some(file[..1_000].to_vec()), "cannot be unpacked")
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
    let found = classify_test_set(page)?;
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

#[test]
fn one_bar_scrolls_the_images_and_none_the_page() -> Result<()> {
    let site = Site::of(&dist())?;
    for is_phone in [false, true] {
        let page = open(&site, "")?;
        if is_phone {
            page.browser.become_phone()?;
        }
        wait_for_test_set(&page)?;
        let script = "const page = document.scrollingElement, wall = document.querySelector('[role=listbox]'); \
                      return [page.scrollHeight - page.clientHeight, wall.scrollHeight - wall.clientHeight, \
                      page.scrollWidth - page.clientWidth, wall.clientHeight];";
        let [down, wall, across, height]: [i64; 4] =
            serde_json::from_value(page.browser.script(script, &[])?)?;
        ensure!(
            down <= 0 && across <= 0,
            "the page scrolls by {down} and {across}, phone: {is_phone}"
        );
        ensure!(
            wall > 1_000,
            "the wall scrolls by {wall}, phone: {is_phone}"
        );
        ensure!(
            height > 250,
            "the wall is {height} pixels high, phone: {is_phone}"
        );
        page.assert_no_errors()?;
    }
    Ok(())
}

#[test]
fn leaving_in_the_middle_of_fetching_loses_and_leaks_nothing() -> Result<()> {
    let site = Site::of(&dist())?;
    let browser = Browser::start(WebGpu::None)?;
    browser.before_each_page(COUNT_WORKERS)?;
    browser.open(&site.url("#/data?split=all"))?;
    let page = Page { browser };
    page.wait_until_ready()?;
    page.press_button("Get the training set (26 MB)")?;
    page.browser.script("location.hash = '#/draw'", &[])?;
    page.draw(Pointer::Mouse, &BAG.lines())?;
    page.settled_guess()?;
    go(&page, "split=all&label=9")?;
    wait_for_text(&page, "[data-part=train]", "60,000 images")?;
    wait_for_count(&page, "7,000 images")?;
    let running = "return window.runningWorkers('archive')";
    wait_for("the end of the archives", || {
        Ok((page.browser.script(running, &[])? == 0).then_some(()))
    })?;
    page.assert_no_errors()
}
