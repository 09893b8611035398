//! Drawing: with every pointing device, taking back, and what is said about it.

use std::env;
use std::fs;

use anyhow::{Context, Result, ensure};
use tests::browser::{Pointer, WebGpu, wait_for};
use tests::drawings::{ANKLE_BOOT, BAG, FIXTURES, TROUSER};
use tests::page::{Device, Page};

use crate::visit::Visit;

/// Opens the page without WebGPU, which starts sooner.
fn visit() -> Result<Visit> {
    Visit::new(WebGpu::None)
}

#[test]
fn a_blank_canvas_predicts_nothing() -> Result<()> {
    let visit = visit()?;
    ensure!(visit.page.probabilities()?.is_none());
    ensure!(visit.page.top_class()?.is_empty());
    visit.end()
}

#[test]
fn every_pointing_device_draws() -> Result<()> {
    for pointer in [Pointer::Mouse, Pointer::Touch, Pointer::Pen] {
        let visit = visit()?;
        visit.page.draw(pointer, &BAG.lines())?;
        let guess = visit.page.settled_guess()?;
        let sum: f64 = guess.iter().sum();
        ensure!(
            (sum - 1.0).abs() < 1e-3,
            "{pointer:?}: the probabilities add up to {sum}"
        );
        let ink = visit
            .page
            .model_view()?
            .iter()
            .filter(|pixel| **pixel > 128)
            .count();
        ensure!(ink > 60, "{pointer:?}: {ink} dark pixels are no bag");
        visit.end()?;
    }
    Ok(())
}

#[test]
fn undo_redo_and_clear_lead_back_to_the_same_guess() -> Result<()> {
    let visit = visit()?;
    let page = &visit.page;
    page.draw(Pointer::Mouse, &TROUSER.lines()[..1])?;
    let outline = page.settled_guess()?;
    page.draw(Pointer::Mouse, &TROUSER.lines()[1..])?;
    page.guess_after(Some(outline))?;
    let whole = page.settled_guess()?;
    page.press_button("Undo")?;
    page.wait_for_guess(Some(outline))?;
    page.press_button("Redo")?;
    page.wait_for_guess(Some(whole))?;
    page.press_button("Clear")?;
    page.wait_for_guess(None)?;
    ensure!(page.top_class()?.is_empty());
    page.press_button("Undo")?;
    page.wait_for_guess(Some(whole))?;
    visit.end()
}

#[test]
fn the_keyboard_undoes_and_redoes() -> Result<()> {
    let visit = visit()?;
    let page = &visit.page;
    page.draw(Pointer::Mouse, &TROUSER.lines()[..1])?;
    let drawn = page.settled_guess()?;
    page.browser.press(&["Control", "z"])?;
    page.wait_for_guess(None)?;
    page.browser.press(&["Control", "Shift", "Z"])?;
    page.wait_for_guess(Some(drawn))?;
    visit.end()
}

/// What the picture beside the one that the net sees shows: its caption and how many of its pixels
/// are more orange than blue.
fn why(page: &Page) -> Result<(String, u64)> {
    let script = "const why = document.querySelector('[data-testid=why]'); \
                  const pixels = why.querySelector('canvas').getContext('2d').getImageData(0, 0, 28, 28).data; \
                  let orange = 0; \
                  for (let i = 0; i < pixels.length; i += 4) orange += pixels[i] > pixels[i + 2] + 30; \
                  return [why.innerText.trim(), orange];";
    Ok(serde_json::from_value(page.browser.script(script, &[])?)?)
}

#[test]
fn the_answer_comes_with_its_reasons_and_any_class_can_be_asked_for_them() -> Result<()> {
    let visit = visit()?;
    let page = &visit.page;
    ensure!(why(page)? == ("Why".to_owned(), 0), "reasons for nothing");
    page.draw(Pointer::Mouse, &TROUSER.lines())?;
    page.settled_guess()?;
    let (caption, orange) = why(page)?;
    ensure!(caption == "Why Trouser", "{caption}");
    ensure!(orange > 20, "{orange} pixels speak for trousers");
    let focus = "document.querySelector('[role=radiogroup]').focus()";
    page.browser.script(focus, &[])?;
    page.browser.press(&["ArrowDown"])?;
    wait_for("another class's reasons", || {
        Ok((why(page)?.0 == "Why T-shirt/top?").then_some(()))
    })?;
    page.browser.press(&["Escape"])?;
    wait_for("the likeliest class's reasons", || {
        Ok((why(page)? == (caption.clone(), orange)).then_some(()))
    })?;
    visit.end()
}

#[test]
fn a_closed_outline_can_be_filled() -> Result<()> {
    let visit = visit()?;
    let page = &visit.page;
    page.draw(Pointer::Mouse, &TROUSER.lines()[..1])?;
    let outline = page.settled_guess()?;
    let centre = 28 * 7 + 14;
    ensure!(page.model_view()?[centre] < 32, "the outline is not empty");
    page.choose("Fill")?;
    page.draw(Pointer::Mouse, &[vec![(128.0, 60.0), (128.0, 60.0)]])?;
    page.guess_after(Some(outline))?;
    ensure!(
        page.model_view()?[centre] > 96,
        "the outline was not filled"
    );
    visit.end()
}

#[test]
fn the_drawing_outlives_a_reload() -> Result<()> {
    let visit = visit()?;
    visit.page.draw(Pointer::Mouse, &BAG.lines())?;
    let before = visit.page.settled_guess()?;
    visit.page.browser.open(&visit.site.url(""))?;
    visit.page.wait_until_ready()?;
    visit.page.wait_for_guess(Some(before))?;
    visit.end()
}

#[test]
fn on_a_phone_the_page_fits_and_a_finger_draws_without_scrolling() -> Result<()> {
    let visit = visit()?;
    let page = &visit.page;
    page.browser.become_phone()?;
    page.browser.open(&visit.site.url(""))?;
    page.wait_until_ready()?;
    let width = page
        .browser
        .script("return document.documentElement.scrollWidth", &[])?;
    ensure!(
        width.as_f64().is_some_and(|width| width <= 360.0),
        "the page is {width} wide"
    );
    let place = "return [window.scrollX, window.scrollY].join()";
    page.draw(Pointer::Touch, &ANKLE_BOOT.lines()[..1])?;
    let before = page.browser.script(place, &[])?;
    page.draw(
        Pointer::Touch,
        &[vec![(60.0, 240.0), (60.0, 120.0), (60.0, 20.0)]],
    )?;
    page.settled_guess()?;
    ensure!(
        page.browser.script(place, &[])? == before,
        "the page was scrolled"
    );
    visit.end()
}

#[test]
fn unmistakable_drawings_are_recognised() -> Result<()> {
    let visit = visit()?;
    let page = &visit.page;
    let mut wrong = Vec::new();
    for fixture in FIXTURES {
        page.draw(Pointer::Mouse, &fixture.lines())?;
        page.settled_guess()?;
        let top = page.top_class()?;
        println!("{}: {top}", fixture.class);
        if top != fixture.class {
            wrong.push(format!("{} for {}", top, fixture.class));
        }
        page.press_button("Clear")?;
        page.wait_for_guess(None)?;
    }
    ensure!(wrong.is_empty(), "{wrong:?}");
    visit.end()
}

/// Writes the README's picture where `WARDROBE_SCREENSHOT` says.
#[test]
#[ignore = "writes a file: run by `cargo xtask screenshot`"]
fn screenshot() -> Result<()> {
    let path = env::var_os("WARDROBE_SCREENSHOT").context("no WARDROBE_SCREENSHOT")?;
    let visit = Visit::new(WebGpu::Software)?;
    let page = &visit.page;
    let mut lines = ANKLE_BOOT.lines()[..1].to_vec();
    let sole = vec![(24.0, 180.0), (70.0, 184.0), (140.0, 180.0), (194.0, 168.0)];
    let band = vec![(106.0, 52.0), (140.0, 56.0), (186.0, 50.0)];
    lines.extend([sole, band]);
    let lines: Vec<_> = lines.iter().map(|line| rounded(line)).collect();
    page.draw(Pointer::Mouse, &lines)?;
    page.choose("Fill")?;
    page.draw(Pointer::Mouse, &[vec![(150.0, 80.0), (150.0, 80.0)]])?;
    page.choose("Brush")?;
    page.self_test(Device::WebGpu)?;
    wait_for("both devices to be measured", || {
        let text = page.text()?;
        Ok((!text.contains("preparing") && !text.contains("measuring")).then_some(()))
    })?;
    page.settled_guess()?;
    fs::write(&path, page.browser.screenshot()?)?;
    visit.end()
}

/// The line with its corners cut three times over (Chaikin), as a hand would draw it.
fn rounded(line: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let mut line = line.to_vec();
    for _ in 0..3 {
        let between = |share: f64, a: (f64, f64), b: (f64, f64)| {
            (a.0 + share * (b.0 - a.0), a.1 + share * (b.1 - a.1))
        };
        let cut = |ends: &[(f64, f64)]| {
            [
                between(0.25, ends[0], ends[1]),
                between(0.75, ends[0], ends[1]),
            ]
        };
        let inner = line.windows(2).flat_map(cut);
        line = line
            .first()
            .copied()
            .into_iter()
            .chain(inner)
            .chain(line.last().copied())
            .collect();
    }
    line
}
