//! From the address to the first answer, in a browser that has never seen the page.

use anyhow::{Context, Result};
use tests::browser::{Browser, WebGpu, wait_for};
use tests::dist;
use tests::page::{Device, Page};
use tests::site::Site;

use crate::WARDROBE;
use crate::figure::{Figure, median};

/// How often each start is measured, each time in a new browser.
const STARTS: usize = 5;

/// Draws a line as soon as there is a canvas, as an impatient person would, and notes in the page's
/// own clock when the page is ready and when the first answer stands there.
const STOPWATCH: &str = "window.noted = {}; \
    const note = name => { window.noted[name] ??= performance.now(); }; \
    const draw = canvas => { \
        const box = canvas.getBoundingClientRect(); \
        const send = (type, x, y) => canvas.dispatchEvent(new PointerEvent(type, { \
            bubbles: true, isPrimary: true, pointerId: 1, pointerType: 'mouse', button: 0, \
            clientX: box.left + x * box.width, clientY: box.top + y * box.height })); \
        send('pointerdown', 0.3, 0.2); \
        send('pointermove', 0.3, 0.8); \
        send('pointermove', 0.7, 0.8); \
        send('pointerup', 0.7, 0.8); \
    }; \
    const look = () => { \
        const canvas = document.querySelector('[aria-label=\"Drawing canvas\"]'); \
        if (canvas && !window.noted.canvas) { note('canvas'); setTimeout(draw, 0, canvas); } \
        if (document.querySelector('[data-state=ready]')) note('ready'); \
        if (document.querySelector('[data-testid=top-class]')?.textContent) note('answer'); \
        if (document.querySelector('[data-self-test-webgpu]')) note('webgpu'); \
    }; \
    new MutationObserver(look).observe(document, \
        { subtree: true, childList: true, attributes: true, characterData: true });";

pub(crate) fn figures() -> Result<Vec<Figure>> {
    let figure = |device, what: &str, value| Figure {
        runtime: WARDROBE,
        device,
        what: what.into(),
        value,
        unit: "ms",
    };
    let mut figures = Vec::new();
    for (name, what) in [
        ("canvas", "start to the canvas"),
        ("ready", "start to ready"),
        ("answer", "start to the first prediction"),
    ] {
        figures.push(figure("CPU", what, median_start(WebGpu::None, name)?));
    }
    let ready = median_start(WebGpu::Software, "webgpu")?;
    figures.push(figure("WebGPU (SwiftShader)", "start to ready", ready));
    Ok(figures)
}

/// The median time until the stopwatch noted `name`, in milliseconds.
fn median_start(webgpu: WebGpu, name: &str) -> Result<f64> {
    let site = Site::of(&dist())?;
    let starts = (0..STARTS).map(|_| start(&site, webgpu, name));
    Ok(median(starts.collect::<Result<_>>()?))
}

fn start(site: &Site, webgpu: WebGpu, name: &str) -> Result<f64> {
    let browser = Browser::start(webgpu)?;
    browser.before_each_page(STOPWATCH)?;
    browser.open(&site.url(""))?;
    let page = Page { browser };
    if webgpu == WebGpu::Software {
        page.self_test(Device::WebGpu)?;
    }
    let noted = wait_for("the stopwatch", || {
        let noted = page.browser.script("return window.noted", &[])?;
        Ok(noted[name].as_f64())
    });
    noted.with_context(|| format!("no {name}"))
}
