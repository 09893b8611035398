//! Keys on keyboards for other scripts, and what the Delete key deletes.

use anyhow::{Result, ensure};
use serde_json::{Value, json};
use tests::browser::{Pointer, WebGpu, wait_for};
use tests::drawings::BAG;
use tests::page::Page;

use crate::data_room::{ask, text_of, wait_for_text};
use crate::visit::Visit;

/// A key as such a keyboard sends it, to what has the focus.
fn press(page: &Page, event: Value) -> Result<()> {
    let script = "(document.activeElement ?? document.body).dispatchEvent(\
                  new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...arguments[0] }))";
    page.browser.script(script, &[event])?;
    Ok(())
}

#[test]
fn shortcuts_work_on_cyrillic_greek_hebrew_and_arabic_keyboards() -> Result<()> {
    let visit = Visit::new(WebGpu::None)?;
    let page = &visit.page;
    let tool = "return document.querySelector('.paper').dataset.tool";
    for (undo, eraser, brush) in [
        ("я", "у", "и"),
        ("ζ", "ε", "β"),
        ("ז", "ק", "נ"),
        ("ئ", "ث", "لا"),
    ] {
        page.draw(Pointer::Mouse, &BAG.lines()[..1])?;
        page.settled_guess()?;
        press(
            page,
            json!({ "key": undo, "code": "KeyZ", "ctrlKey": true }),
        )?;
        page.wait_for_guess(None)?;
        for (key, code, expected) in [(eraser, "KeyE", "eraser"), (brush, "KeyB", "brush")] {
            press(page, json!({ "key": key, "code": code }))?;
            wait_for(key, || Ok((ask(page, tool)? == expected).then_some(())))?;
        }
    }
    visit.end()
}

#[test]
fn unshifted_digits_label_and_delete_acts_on_the_chosen_example() -> Result<()> {
    let visit = Visit::new(WebGpu::None)?;
    let page = &visit.page;
    page.draw(Pointer::Mouse, &BAG.lines())?;
    let guess = page.settled_guess()?;
    page.browser.script("location.hash = '#/teach'", &[])?;
    wait_for_text(page, "[data-testid=tray-summary]", "No examples")?;
    // A French keyboard.
    press(page, json!({ "key": "_", "code": "Digit8" }))?;
    wait_for_text(page, "[data-label='8']", "Bag")?;
    press(page, json!({ "key": "à", "code": "Digit0" }))?;
    wait_for_text(page, "[data-testid=tray-summary]", "2 examples")?;
    let choose = "document.querySelector('[data-label=\"8\"] .thumbnail').click()";
    ask(page, choose)?;
    press(page, json!({ "key": "Delete", "code": "Delete" }))?;
    wait_for_text(page, "[data-testid=tray-summary]", "1 example")?;
    ask(page, "document.querySelector('.thumbnail').focus()")?;
    press(page, json!({ "key": "Delete", "code": "Delete" }))?;
    wait_for_text(page, "[data-testid=tray-summary]", "No examples")?;
    page.browser.script("location.hash = '#/'", &[])?;
    ensure!(
        page.settled_guess()? == guess,
        "the drawing was deleted too"
    );
    ask(page, "document.activeElement.blur()")?;
    press(page, json!({ "key": "Delete", "code": "Delete" }))?;
    page.wait_for_guess(None)?;
    ensure!(text_of(page, "[data-testid=top-class]")?.is_empty());
    visit.end()
}
