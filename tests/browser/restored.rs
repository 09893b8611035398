//! A browser may lose what is on a canvas, as when its process for graphics ends, and says so afterwards.

use anyhow::{Result, ensure};
use serde_json::json;
use tests::browser::{Pointer, WebGpu};
use tests::drawings::BAG;
use tests::page::Page;

use crate::data_room::{ask, go, wait_for_test_set, wait_for_text};
use crate::visit::Visit;

/// Loses what is on every canvas in sight, and has the browser say so. Returns how many canvases there were,
/// and the labels of those that are not as before.
const LOSE: &str = "return (async () => { \
    const seen = [...document.querySelectorAll('canvas')].filter(canvas => canvas.offsetParent && canvas.width); \
    const picture = canvas => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data \
        .reduce((sum, value) => (sum * 31 + value) % 1000003, 7); \
    const frames = async count => { while (count--) await new Promise(requestAnimationFrame); }; \
    await frames(5); \
    const before = seen.map(picture); \
    seen.forEach(canvas => canvas.getContext('2d').reset()); \
    const blank = seen.map(picture); \
    seen.forEach(canvas => canvas.dispatchEvent(new Event('contextrestored'))); \
    await frames(10); \
    const after = seen.map(picture); \
    const name = canvas => canvas.getAttribute('aria-label') ?? canvas.dataset.testid ?? canvas.parentElement.ariaLabel; \
    const changed = seen.filter((_, at) => before[at] !== after[at] || before[at] === blank[at]); \
    return [seen.length, changed.map(name)]; })()";

fn lose(page: &Page, canvases: u64) -> Result<()> {
    let [count, changed] = serde_json::from_value(ask(page, LOSE)?)?;
    let (count, changed): (serde_json::Value, serde_json::Value) = (count, changed);
    ensure!(
        count.as_u64().is_some_and(|count| count >= canvases),
        "{count} canvases"
    );
    ensure!(changed == json!([]), "not painted again: {changed}");
    Ok(())
}

#[test]
fn every_canvas_is_painted_again_when_its_context_is_restored() -> Result<()> {
    let visit = Visit::new(WebGpu::None)?;
    let page = &visit.page;
    page.draw(Pointer::Mouse, &BAG.lines())?;
    page.settled_guess()?;
    lose(page, 3)?;
    page.browser.script("location.hash = '#/teach'", &[])?;
    page.browser.press(&["8"])?;
    wait_for_text(page, "[data-testid=tray-summary]", "1 example")?;
    lose(page, 2)?;
    go(page, "view=images&image=test-3")?;
    wait_for_test_set(page)?;
    wait_for_text(page, ".details", "Trouser")?;
    lose(page, 2)?;
    go(page, "view=map&image=test-3")?;
    wait_for_text(page, "[data-testid=map-count]", "10,000 of 70,000")?;
    lose(page, 2)?;
    visit.end()
}
