//! Pages that a browser's translator has gone over: it puts elements of its own into the place of each text.

use anyhow::{Result, ensure};
use tests::browser::{Pointer, WebGpu, wait_for};
use tests::drawings::{BAG, DRESS};
use tests::page::Page;

use crate::data_room::{self, text_of, wait_for_count, wait_for_test_set, wait_for_text};
use crate::teach_room::{Room, examples};
use crate::visit::Visit;

/// Does what a translator does, once.
const TRANSLATE: &str = "\
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT); \
    const texts = []; \
    while (walk.nextNode()) \
        if (walk.currentNode.data.trim()) texts.push(walk.currentNode); \
    for (const text of texts) { \
        const outer = document.createElement('font'); \
        outer.appendChild(document.createElement('font')).textContent = `«${text.data}»`; \
        text.replaceWith(outer); \
    }";

fn translate(page: &Page) -> Result<()> {
    page.browser.script(TRANSLATE, &[])?;
    Ok(())
}

#[test]
fn a_translated_page_shows_the_present_answer() -> Result<()> {
    let visit = Visit::new(WebGpu::None)?;
    let page = &visit.page;
    page.draw(Pointer::Mouse, &BAG.lines())?;
    page.settled_guess()?;
    translate(page)?;
    ensure!(page.top_class()? == "«Bag»");
    page.browser.press(&["Delete"])?;
    page.wait_for_guess(None)?;
    page.draw(Pointer::Mouse, &DRESS.lines())?;
    let guess = page.settled_guess()?;
    ensure!(page.top_class()? == "Dress", "{}", page.top_class()?);
    // All ten percentages and the headline's are those of the answer.
    let share = |probability: f64| match (100.0 * probability).round() {
        share if share < 1.0 => "< 1".to_owned(),
        share if share > 99.0 => "> 99".to_owned(),
        share => share.to_string(),
    };
    for (class, probability) in guess.into_iter().enumerate() {
        let words = text_of(page, &format!("[data-class='{class}'] .share"))?;
        ensure!(
            words.starts_with(&share(probability)),
            "{class}: {words} for {probability}"
        );
    }
    let top = guess.into_iter().fold(0.0, f64::max);
    ensure!(text_of(page, ".topline .share")?.starts_with(&share(top)));
    wait_for_text(page, "[data-testid=latency]", "Last answer: CPU")?;
    page.choose("«CPU»")?;
    wait_for_text(page, "[data-testid=status]", "Ready on the CPU.")?;
    visit.end()
}

#[test]
fn a_translated_training_can_be_followed() -> Result<()> {
    let room = Room::open()?;
    let page = &room.page;
    room.import(&examples()?)?;
    translate(page)?;
    room.set("«Steps»", "400")?;
    page.press_button("«Train»")?;
    room.wait_for_step(2)?;
    room.wait_for_words("training-status", "Step ")?;
    page.press_button("Pause")?;
    room.wait_for_phase("paused")?;
    room.wait_for_words("training-status", "Waits at step")?;
    ensure!(text_of(page, ".training .primary")? == "Go on");
    translate(page)?;
    page.press_button("«Stop and keep»")
        .or_else(|_| page.press_button("««Stop and keep»»"))?;
    room.wait_for_phase("done")?;
    wait_for("the button", || {
        Ok((text_of(page, ".training .primary")? == "Train").then_some(()))
    })?;
    room.wait_for_words("answering", "training 1")?;
    room.end()
}

#[test]
fn a_translated_data_room_follows_what_is_chosen() -> Result<()> {
    let visit = Visit::new(WebGpu::None)?;
    let page = &visit.page;
    data_room::go(page, "image=test-2")?;
    wait_for_test_set(page)?;
    wait_for_text(page, ".details h2", "Trouser")?;
    translate(page)?;
    data_room::go(page, "label=3&image=test-0")?;
    wait_for_count(page, "1,000 images")?;
    wait_for_text(page, ".details h2", "Ankle boot")?;
    wait_for_text(page, ".details-head", "image 0")?;
    wait_for_text(
        page,
        "[data-testid=map-count], [data-testid=count]",
        "1,000",
    )?;
    data_room::go(page, "view=explore")?;
    wait_for_text(page, "[data-testid=faults]", "label suspects")?;
    translate(page)?;
    data_room::go(page, "view=explore&split=both")?;
    data_room::go(page, "view=map")?;
    wait_for_text(page, "[data-testid=map-count]", "10,000 of 70,000")?;
    translate(page)?;
    data_room::go(page, "view=map&label=1")?;
    wait_for_text(page, "[data-testid=map-count]", "1,000 of 70,000")?;
    visit.end()
}
