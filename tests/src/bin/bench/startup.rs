//! From the address to the first answer, in a browser that has never seen the page.

use anyhow::Result;
use tests::browser::{Browser, WebGpu, wait_for};
use tests::dist;
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
    let mut figures = measure(
        WebGpu::None,
        "CPU",
        &[
            ("canvas", "start to the canvas"),
            ("ready", "start to ready"),
            ("answer", "start to the first prediction"),
        ],
    )?;
    let moments = [("webgpu", "start to ready")];
    figures.extend(measure(WebGpu::Software, "WebGPU (SwiftShader)", &moments)?);
    Ok(figures)
}

/// The median times until the stopwatch noted each moment, named and in words.
fn measure(webgpu: WebGpu, device: &'static str, moments: &[(&str, &str)]) -> Result<Vec<Figure>> {
    eprintln!("measuring {STARTS} starts on {device} …");
    let site = Site::of(&dist())?;
    let starts = (0..STARTS).map(|_| start(&site, webgpu, moments));
    let starts: Vec<Vec<f64>> = starts.collect::<Result<_>>()?;
    let figure = |(index, (_, what)): (usize, &(&str, &str))| Figure {
        runtime: WARDROBE,
        device,
        what: format!("{what} (median of {STARTS})"),
        value: median(starts.iter().map(|times| times[index]).collect()),
        unit: "ms",
    };
    Ok(moments.iter().enumerate().map(figure).collect())
}

/// One start in a new browser: the milliseconds until each moment.
fn start(site: &Site, webgpu: WebGpu, moments: &[(&str, &str)]) -> Result<Vec<f64>> {
    let browser = Browser::start(webgpu)?;
    browser.before_each_page(STOPWATCH)?;
    browser.open(&site.url(""))?;
    wait_for("the stopwatch", || {
        let noted = browser.script("return window.noted", &[])?;
        Ok(moments
            .iter()
            .map(|(name, _)| noted[name].as_f64())
            .collect())
    })
}
