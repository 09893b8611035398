//! Pointers as they really come: palms, lost ends, two fingers.

use anyhow::{Context, Result, ensure};
use serde_json::json;
use tests::browser::{Pointer, WebGpu, wait_for};
use tests::drawings::BAG;

use crate::data_room::ask;
use crate::visit::Visit;

/// Dispatches a pointer event at a place of the paper: `[type, more of the event, x, y]`.
const POINT: &str = "const canvas = document.querySelector('[aria-label=\"Drawing canvas\"]'); \
    const box = canvas.getBoundingClientRect(); \
    const [type, more, x, y] = arguments; \
    const at = { clientX: box.left + x / 256 * box.width, clientY: box.top + y / 256 * box.height }; \
    canvas.dispatchEvent(new PointerEvent(type, { bubbles: true, cancelable: true, isPrimary: true, ...at, ...more }))";

fn point(visit: &Visit, kind: &str, more: serde_json::Value, (x, y): (f64, f64)) -> Result<()> {
    let arguments = [json!(kind), more, json!(x), json!(y)];
    visit.page.browser.script(POINT, &arguments)?;
    Ok(())
}

fn inked(visit: &Visit, places: &[(f64, f64)]) -> Result<Vec<bool>> {
    // A frame later everything is painted.
    ask(
        &visit.page,
        "return new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(0))))",
    )?;
    places
        .iter()
        .map(|place| visit.page.is_inked(*place))
        .collect()
}

#[test]
fn a_pen_draws_though_a_palm_came_first_and_the_palm_leaves_no_mark() -> Result<()> {
    let visit = Visit::new(WebGpu::None)?;
    let browser = &visit.page.browser;
    let places = visit
        .page
        .on_paper(&[(220.0, 220.0), (60.0, 60.0), (160.0, 60.0)])?;
    let [palm, from, to] = places[..] else {
        return Err(anyhow::anyhow!("no places"));
    };
    browser.touch("touchStart", &[palm])?;
    browser.touch("touchMove", &[(palm.0 - 4.0, palm.1)])?;
    ensure!(
        inked(&visit, &[(220.0, 220.0)])? == [true],
        "the palm marks"
    );
    browser.pen("mousePressed", from)?;
    browser.pen("mouseMoved", to)?;
    browser.touch("touchMove", &[(palm.0 - 40.0, palm.1)])?;
    browser.pen("mouseReleased", to)?;
    browser.touch("touchEnd", &[])?;
    let found = inked(&visit, &[(220.0, 220.0), (205.0, 220.0), (110.0, 60.0)])?;
    ensure!(found == [false, false, true], "{found:?}");
    visit.end()
}

#[test]
fn strokes_end_whose_end_was_lost_and_the_page_is_not_deaf() -> Result<()> {
    let visit = Visit::new(WebGpu::None)?;
    let mouse =
        |buttons: u16| json!({ "pointerId": 1, "pointerType": "mouse", "buttons": buttons });
    point(&visit, "pointerdown", mouse(1), (20.0, 20.0))?;
    point(&visit, "pointermove", mouse(1), (60.0, 20.0))?;
    point(&visit, "pointermove", mouse(0), (60.0, 60.0))?;
    point(&visit, "pointermove", mouse(0), (60.0, 120.0))?;
    let found = inked(&visit, &[(40.0, 20.0), (60.0, 90.0)])?;
    ensure!(found == [true, false], "without buttons: {found:?}");
    for (end, down) in [("lostpointercapture", 140.0), ("blur", 180.0)] {
        point(&visit, "pointerdown", mouse(1), (20.0, down))?;
        point(&visit, "pointermove", mouse(1), (60.0, down))?;
        match end {
            "blur" => drop(ask(&visit.page, "dispatchEvent(new Event('blur'))")?),
            end => point(&visit, end, mouse(1), (60.0, down))?,
        }
        point(&visit, "pointermove", mouse(1), (120.0, down))?;
        let found = inked(&visit, &[(40.0, down), (100.0, down)])?;
        ensure!(found == [true, false], "{end}: {found:?}");
    }
    // A finger whose end never comes.
    let finger = json!({ "pointerId": 77, "pointerType": "touch", "buttons": 1 });
    point(&visit, "pointerdown", finger, (240.0, 20.0))?;
    visit.page.press_button("Clear")?;
    visit.page.wait_for_guess(None)?;
    for pointer in [Pointer::Touch, Pointer::Mouse] {
        visit.page.draw(pointer, &BAG.lines())?;
        visit.page.settled_guess()?;
        ensure!(visit.page.top_class()? == "Bag", "{pointer:?}");
        visit.page.press_button("Clear")?;
        visit.page.wait_for_guess(None)?;
    }
    visit.end()
}

#[test]
fn two_fingers_zoom_and_scroll_the_page_and_leave_no_stroke() -> Result<()> {
    let visit = Visit::new(WebGpu::None)?;
    let page = &visit.page;
    page.browser.become_phone()?;
    page.browser.open(&visit.site.url(""))?;
    page.wait_until_ready()?;
    let zoom = || -> Result<f64> {
        let scale = ask(page, "return visualViewport.scale")?;
        scale.as_f64().context("no scale")
    };
    let blank = || ask(page, "return document.querySelector('.invitation').hidden");
    let corners = page.on_paper(&[(80.0, 128.0), (176.0, 128.0)])?;
    // Apart, and together again.
    for (factor, expected) in [(2.0, true), (0.4, false)] {
        let [a, b] = corners[..] else {
            return Err(anyhow::anyhow!("no corners"));
        };
        let middle = (a.0 + b.0) / 2.0;
        page.browser.touch("touchStart", &[a])?;
        page.browser.touch("touchStart", &[a, b])?;
        for step in 1..=10 {
            let scale = 1.0 + (factor - 1.0) * f64::from(step) / 10.0;
            let moved = [a, b].map(|(x, y)| (middle + (x - middle) * scale, y));
            page.browser.touch("touchMove", &moved)?;
        }
        page.browser.touch("touchEnd", &[])?;
        wait_for("another zoom", || {
            Ok(((zoom()? > 1.2) == expected).then_some(()))
        })?;
    }
    ensure!(blank()? == false, "the pinch left a stroke");
    let scrolled = || ask(page, "return window.scrollY + visualViewport.offsetTop");
    ask(page, "window.scrollTo(0, 0)")?;
    let before = scrolled()?;
    let [a, b] = page.on_paper(&[(80.0, 220.0), (176.0, 220.0)])?[..] else {
        return Err(anyhow::anyhow!("no corners"));
    };
    page.browser.touch("touchStart", &[a])?;
    page.browser.touch("touchStart", &[a, b])?;
    for step in 1..=10 {
        let up = f64::from(step) * 12.0;
        page.browser
            .touch("touchMove", &[(a.0, a.1 - up), (b.0, b.1 - up)])?;
    }
    page.browser.touch("touchEnd", &[])?;
    wait_for(
        "another place",
        || Ok((scrolled()? != before).then_some(())),
    )?;
    ensure!(blank()? == false, "scrolling left a stroke");
    page.draw(Pointer::Touch, &BAG.lines()[..1])?;
    page.settled_guess()?;
    visit.end()
}
