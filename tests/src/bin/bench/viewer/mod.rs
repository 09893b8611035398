//! The data viewer: how soon it shows images, how smoothly it scrolls, what it holds in memory, how fast
//! the net looks at the test set and the like of an image is found.

mod likeness;

use ::tests::browser::{Browser, WebGpu, wait_for};
use ::tests::dist;
use ::tests::page::{Device, Page};
use ::tests::site::Site;
use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::WARDROBE;
use crate::figure::Figure;

/// How many frames the way through all images takes.
const FRAMES: usize = 600;

/// How often the way to the first thumbnails is measured.
const VISITS: usize = 5;

/// After so many images WebGPU's speed is read off the page: SwiftShader would need minutes for all.
const IMAGES_ON_GPU: u64 = 640;

/// Milliseconds from a click on the room's link until a frame shows thumbnails.
const FIRST_THUMBNAILS: &str = "return new Promise(resolve => { \
    const link = [...document.querySelectorAll('nav a')].find(link => link.innerText === 'Data'); \
    const start = performance.now(); \
    link.click(); \
    const look = () => { \
        const canvas = document.querySelector('[data-testid=grid]'); \
        if (canvas?.width > 300) { \
            const { data } = canvas.getContext('2d').getImageData(0, 0, 300, 150); \
            if (data.some((value, index) => index % 4 === 0 && value > 200)) { \
                resolve(performance.now() - start); \
                return; \
            } \
        } \
        requestAnimationFrame(look); \
    }; \
    look(); \
})";

/// Milliseconds between frames while `arguments[0]` of them lead through all of a scrolled element, or
/// move the map to and fro.
const FRAME_TIMES: &str = "const [frames, way] = arguments; \
    const wall = document.querySelector('[role=listbox]'), map = document.querySelector('[data-testid=map]'); \
    const steps = { \
        scroll: share => { wall.scrollTop = share * (wall.scrollHeight - wall.clientHeight); }, \
        map: share => map.dispatchEvent(new WheelEvent('wheel', \
            { deltaY: share % 0.2 < 0.1 ? -20 : 20, bubbles: true, cancelable: true })), \
    }; \
    return new Promise(resolve => { \
        const times = []; \
        let last; \
        const frame = now => { \
            if (last) times.push(now - last); \
            last = now; \
            if (times.length === frames) { resolve(times); return; } \
            steps[way](times.length / frames); \
            requestAnimationFrame(frame); \
        }; \
        requestAnimationFrame(frame); \
    });";

pub(crate) fn figures() -> Result<Vec<Figure>> {
    eprintln!("measuring the data viewer …");
    let site = Site::of(&dist())?;
    let mut figures = vec![first_thumbnails(&site)?];
    figures.extend(loaded(&site)?);
    figures.push(on_gpu(&site)?);
    figures.push(likeness::figure()?);
    Ok(figures)
}

fn figure(device: &'static str, what: impl Into<String>, value: f64, unit: &'static str) -> Figure {
    Figure {
        runtime: WARDROBE,
        device,
        what: what.into(),
        value,
        unit,
    }
}

/// With the test set's files in the browser's cache, as on every visit but the first.
fn first_thumbnails(site: &Site) -> Result<Figure> {
    let browser = Browser::start(WebGpu::None)?;
    browser.open(&site.url("#/data"))?;
    let page = Page { browser };
    wait_for_part(&page, "test", "10,000 images")?;
    let mut times = Vec::new();
    for _ in 0..VISITS {
        page.browser.open("about:blank")?;
        page.browser.open(&site.url(""))?;
        page.wait_until_ready()?;
        let time = page.browser.script(FIRST_THUMBNAILS, &[])?;
        times.push(time.as_f64().context("no time")?);
    }
    let what = format!("click to the first thumbnails, files cached (median of {VISITS})");
    Ok(figure("", what, crate::figure::median(times), "ms"))
}

/// All 70,000 images in one page, and the net's answers to the test set.
fn loaded(site: &Site) -> Result<Vec<Figure>> {
    let browser = Browser::start(WebGpu::None)?;
    browser.open(&site.url("#/data"))?;
    let page = Page { browser };
    page.wait_until_ready()?;
    wait_for_part(&page, "test", "10,000 images")?;
    page.press_button("Get the training set (26 MB)")?;
    wait_for_part(&page, "train", "60,000 images")?;
    let start = std::time::Instant::now();
    page.press_button("Classify 10,000 images")?;
    let mut tries = (0..3).map(|_| wait_for_text(&page, "[data-testid=found]", "right"));
    tries
        .find_map(Result::ok)
        .context("the classification did not end")?;
    let seconds = start.elapsed().as_secs_f64();
    go(&page, "#/data?split=all")?;
    wait_for_text(&page, "[data-testid=count]", "70,000")?;
    let scrolling = frames(&page, "scroll")?;
    go(&page, "#/data?split=all&view=map")?;
    wait_for_text(&page, "[data-testid=map-count]", "70,000 of 70,000")?;
    let map = frames(&page, "map")?;
    let megabytes = page.browser.tab_bytes()? as f64 / 1e6;
    Ok(vec![
        figure(
            "",
            "scrolling through 70,000 images, frame (95th percentile)",
            scrolling,
            "ms",
        ),
        figure(
            "",
            "zooming the map of 70,000 points, frame (95th percentile)",
            map,
            "ms",
        ),
        figure(
            "",
            "memory of the tab, all images and the map in it",
            megabytes,
            "MB",
        ),
        figure("CPU", "the whole test set classified in", seconds, "s"),
        figure(
            "CPU",
            "classifying the test set",
            10_000.0 / seconds,
            "images/s",
        ),
    ])
}

fn on_gpu(site: &Site) -> Result<Figure> {
    let page = Page::open_ready(site, WebGpu::Software)?;
    page.self_test(Device::WebGpu)?;
    page.switch_to(Device::WebGpu)?;
    go(&page, "#/data")?;
    wait_for_part(&page, "test", "10,000 images")?;
    page.press_button("Classify 10,000 images")?;
    let rate = wait_for("some images", || {
        let words = text_of(&page, "[data-testid=survey]")?;
        Ok(rate_after(&words, IMAGES_ON_GPU))
    })?;
    Ok(figure(
        "WebGPU (SwiftShader)",
        "classifying the test set",
        rate,
        "images/s",
    ))
}

/// Reads `640 of 10,000 images, 59 a second`, once there are at least so many.
fn rate_after(words: &str, least: u64) -> Option<f64> {
    let number = |word: &str| word.replace(',', "").parse::<u64>().ok();
    let (done, rest) = words.split_once(" of ")?;
    let rate = rest.rsplit_once(", ")?.1.strip_suffix(" a second")?;
    number(done).filter(|done| *done >= least)?;
    number(rate).map(|rate| rate as f64)
}

/// The 95th percentile of the frames' times.
fn frames(page: &Page, way: &str) -> Result<f64> {
    let times = page
        .browser
        .script(FRAME_TIMES, &[json!(FRAMES), json!(way)])?;
    let mut times: Vec<f64> = serde_json::from_value(times)?;
    times.sort_by(f64::total_cmp);
    times
        .get(times.len() * 95 / 100)
        .copied()
        .context("no frames")
}

fn go(page: &Page, hash: &str) -> Result<Value> {
    page.browser
        .script("location.hash = arguments[0]", &[json!(hash)])
}

fn text_of(page: &Page, selector: &str) -> Result<String> {
    let script = "return document.querySelector(arguments[0])?.innerText ?? ''";
    let text = page.browser.script(script, &[json!(selector)])?;
    Ok(text.as_str().unwrap_or_default().to_owned())
}

fn wait_for_text(page: &Page, selector: &str, words: &str) -> Result<()> {
    wait_for(words, || {
        Ok(text_of(page, selector)?.contains(words).then_some(()))
    })
}

fn wait_for_part(page: &Page, part: &str, words: &str) -> Result<()> {
    wait_for_text(page, &format!("[data-part={part}]"), words)
}

#[cfg(test)]
mod tests {
    use super::rate_after;

    #[test]
    fn the_page_s_words_are_read() {
        let words = "1,280 of 10,000 images, 59 a second";
        assert_eq!(rate_after(words, 640), Some(59.0));
        assert_eq!(rate_after(words, 2_000), None);
        assert_eq!(rate_after("32 of 10,000 images", 0), None);
    }
}
