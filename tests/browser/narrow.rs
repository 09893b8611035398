//! Narrow screens: whatever a panel holds, its buttons stay within reach.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use tests::browser::{WebGpu, wait_for};
use tests::page::Page;

use crate::data_room::{classify_test_set, go, wait_for_test_set, wait_for_text};
use crate::visit::Visit;

/// CSS pixels: the details beside the images, small phones, and a usual one.
const WIDTHS: [u32; 3] = [304, 320, 390];

/// Opens all that is folded, and lists what can be pressed or filled in and does not lie within the page's
/// width, unless it is scrolled to within its panel. The page itself does not scroll sideways.
const OUT_OF_REACH: &str = "\
    for (const fold of document.querySelectorAll('details')) fold.open = true; \
    const scrolls = element => { \
        for (let at = element.parentElement; at; at = at.parentElement) \
            if (['auto', 'scroll'].includes(getComputedStyle(at).overflowX) && at.scrollWidth > at.clientWidth \
                && at.getBoundingClientRect().right <= innerWidth + 1) return true; \
        return false; \
    }; \
    const beyond = [...document.querySelectorAll('button, a[href], input, select, summary')].filter(element => { \
        const box = element.getBoundingClientRect(); \
        const isSeen = element.checkVisibility({ checkVisibilityCSS: true }) && box.width > 2; \
        return isSeen && (box.left < -1 || box.right > innerWidth + 1) && !scrolls(element); \
    }); \
    const found = beyond.map(element => `${element.outerHTML.slice(0, 80)} ends at ${element.getBoundingClientRect().right}`); \
    const width = document.documentElement.scrollWidth; \
    if (width > innerWidth) found.push(`the page is ${width} wide`); \
    return found;";

fn check(page: &Page, place: &str) -> Result<()> {
    for width in WIDTHS {
        page.browser.narrow_to(width)?;
        wait_for("the width", || {
            Ok((page.browser.script("return innerWidth", &[])? == json!(width)).then_some(()))
        })?;
        let found = page.browser.script(OUT_OF_REACH, &[])?;
        let found: Vec<Value> = found.as_array().context("no list")?.clone();
        ensure!(found.is_empty(), "{place}, {width} pixels: {found:#?}");
    }
    Ok(())
}

#[test]
fn every_panel_keeps_its_buttons_within_reach() -> Result<()> {
    let visit = Visit::new(WebGpu::None)?;
    let page = &visit.page;
    check(page, "Draw")?;
    page.browser.script("location.hash = '#/teach'", &[])?;
    wait_for_text(page, "[data-testid=tray-summary]", "No examples")?;
    check(page, "Teach")?;
    go(page, "image=test-2")?;
    wait_for_test_set(page)?;
    wait_for_text(page, ".details", "Trouser")?;
    check(page, "an image's details")?;
    let filters = "document.querySelector('.fold').click()";
    page.browser.script(filters, &[])?;
    check(page, "filters")?;
    page.browser.script(filters, &[])?;
    go(page, "view=explore")?;
    wait_for_text(page, "[data-testid=faults]", "label suspects")?;
    check(page, "Explore")?;
    go(page, "view=map")?;
    wait_for_text(page, "[data-testid=drawing-place]", "Draw something")?;
    check(page, "the map")?;
    go(page, "view=results")?;
    classify_test_set(page)?;
    check(page, "results")?;
    visit.end()
}
