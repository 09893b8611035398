//! The room of the data set, as a person finds it.

use anyhow::{Context, Result};
use serde_json::{Value, json};
use tests::browser::{WebGpu, wait_for};
use tests::page::Page;
use tests::site::Site;

/// The page with the data set's room open at this query.
pub(crate) fn open(site: &Site, query: &str) -> Result<Page> {
    let page = Page::open_ready(site, WebGpu::None)?;
    go(&page, query)?;
    Ok(page)
}

pub(crate) fn go(page: &Page, query: &str) -> Result<()> {
    let script = "location.hash = arguments[0]";
    page.browser
        .script(script, &[json!(format!("#/data?{query}"))])?;
    Ok(())
}

pub(crate) fn text_of(page: &Page, selector: &str) -> Result<String> {
    let script = "return document.querySelector(arguments[0])?.innerText ?? ''";
    let text = page.browser.script(script, &[json!(selector)])?;
    Ok(text.as_str().unwrap_or_default().to_owned())
}

pub(crate) fn wait_for_text(page: &Page, selector: &str, words: &str) -> Result<String> {
    let found = wait_for(words, || {
        Ok(Some(text_of(page, selector)?).filter(|text| text.contains(words)))
    });
    found.with_context(|| format!("page: {}", page.text().unwrap_or_default()))
}

pub(crate) fn wait_for_test_set(page: &Page) -> Result<()> {
    wait_for_text(page, "[data-part=test]", "10,000 images").map(drop)
}

pub(crate) fn wait_for_count(page: &Page, count: &str) -> Result<()> {
    wait_for_text(page, "[data-testid=count]", count).map(drop)
}

/// How many of the wall's pixels are bright: none while no image is painted.
pub(crate) fn bright_pixels(page: &Page) -> Result<u64> {
    let script = "const canvas = document.querySelector('[data-testid=grid]'); \
                  const { width, height } = canvas; \
                  const { data } = canvas.getContext('2d').getImageData(0, 0, width, height); \
                  let bright = 0; \
                  for (let at = 0; at < data.length; at += 4) bright += data[at] > 128; \
                  return bright;";
    Ok(page.browser.script(script, &[])?.as_u64().unwrap_or(0))
}

pub(crate) fn press_on_wall(page: &Page, key: &str) -> Result<()> {
    let script = "const wall = document.querySelector('[role=listbox]'); wall.focus(); \
                  wall.dispatchEvent(new KeyboardEvent('keydown', { key: arguments[0], bubbles: true, cancelable: true }))";
    page.browser.script(script, &[json!(key)])?;
    Ok(())
}

/// Has the net look at all test images, which are here, and waits for the end.
pub(crate) fn classify_test_set(page: &Page) -> Result<String> {
    page.press_button("Classify 10,000 images")?;
    // Two cores may be compiling meanwhile: longer than anything else may take.
    let found = (0..4).find_map(|_| wait_for_text(page, "[data-testid=found]", "right").ok());
    found.context("the classification did not end")
}

/// What a script's body says, in the page.
pub(crate) fn ask(page: &Page, script: &str) -> Result<Value> {
    page.browser.script(script, &[])
}
