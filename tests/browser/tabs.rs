//! Two tabs of the page in one browser.

use anyhow::{Result, ensure};
use tests::browser::{Pointer, WebGpu};
use tests::drawings::{BAG, DRESS};

use crate::visit::Visit;

#[test]
fn each_tab_keeps_its_own_drawing() -> Result<()> {
    let visit = Visit::new(WebGpu::None)?;
    let page = &visit.page;
    page.draw(Pointer::Mouse, &BAG.lines())?;
    let bag = page.settled_guess()?;
    let first = page.browser.open_tab(&visit.site.url(""))?;
    page.wait_until_ready()?;
    // A new tab opens with what was drawn last in any.
    page.wait_for_guess(Some(bag))?;
    page.browser.press(&["Delete"])?;
    page.wait_for_guess(None)?;
    page.draw(Pointer::Mouse, &DRESS.lines())?;
    let dress = page.settled_guess()?;
    ensure!(bag != dress);
    page.browser.show_tab(&first)?;
    page.browser.script("location.reload()", &[])?;
    page.wait_until_ready()?;
    page.wait_for_guess(Some(bag))?;
    visit.end()
}
