//! What goes wrong, and that it is said in words and nothing is lost.

use std::fs;

use anyhow::{Result, ensure};
use tests::browser::{Browser, Pointer, WebGpu, wait_for};
use tests::dist;
use tests::drawings::{ANKLE_BOOT, BAG};
use tests::page::{Device, Page};
use tests::site::Site;
use tests::workers::{MORTAL, REACH_WORKERS};

use crate::data_room;

const WEIGHTS: &str = "assets/compact.weights";
const CPU_WORKER: &str = "worker-cpu.js";
const GPU_WORKER: &str = "worker-gpu.js";

/// In a worker: destroys the GPU device when the test says `die`.
const LOSABLE: &str = "const request = GPUAdapter.prototype.requestDevice; \
    GPUAdapter.prototype.requestDevice = async function (...words) { \
        self.lost = await request.apply(this, words); \
        return self.lost; \
    }; \
    self.addEventListener('message', event => { \
        if (event.data !== 'die') return; \
        event.stopImmediatePropagation(); \
        self.lost.destroy(); \
    });\n";

/// In a worker: a GPU that takes work and does none of it.
const IDLE_GPU: &str = "GPUComputePassEncoder.prototype.dispatchWorkgroups = () => {};\n";

/// Serves a script's file with something before it.
fn prepend(site: &Site, path: &str, script: &'static str) {
    site.alter(path, move |file| Some([script.as_bytes(), &file].concat()));
}

/// Opens the site in a browser in which a test can reach the workers.
fn open(site: &Site, webgpu: WebGpu) -> Result<Page> {
    let browser = Browser::start(webgpu)?;
    browser.before_each_page(REACH_WORKERS)?;
    browser.open(&site.url(""))?;
    let page = Page { browser };
    page.wait_until_ready()?;
    Ok(page)
}

fn wait_for_device(page: &Page, device: Device) -> Result<()> {
    wait_for("the device", || {
        Ok((page.device()? == device.name()).then_some(()))
    })
}

#[test]
fn a_worker_that_crashes_is_started_again() -> Result<()> {
    let site = Site::of(&dist())?;
    prepend(&site, CPU_WORKER, MORTAL);
    let page = open(&site, WebGpu::None)?;
    page.draw(Pointer::Mouse, &BAG.lines())?;
    let before = page.settled_guess()?;
    page.browser
        .script("workers.at(-1).postMessage('die')", &[])?;
    page.wait_for_notice("started again")?;
    page.wait_until_ready()?;
    page.draw(Pointer::Mouse, &ANKLE_BOOT.lines()[..1])?;
    page.guess_after(Some(before))?;
    Ok(())
}

#[test]
fn a_worker_that_falls_silent_is_started_again() -> Result<()> {
    let site = Site::of(&dist())?;
    let page = open(&site, WebGpu::None)?;
    page.browser.script("workers.at(-1).terminate()", &[])?;
    page.draw(Pointer::Mouse, &BAG.lines())?;
    page.wait_for_notice("started again")?;
    page.settled_guess()?;
    Ok(())
}

#[test]
fn a_lost_gpu_leaves_the_work_to_the_cpu() -> Result<()> {
    let site = Site::of(&dist())?;
    prepend(&site, GPU_WORKER, LOSABLE);
    let page = open(&site, WebGpu::Software)?;
    page.switch_to(Device::WebGpu)?;
    page.draw(Pointer::Mouse, &BAG.lines())?;
    let before = page.settled_guess()?;
    page.browser
        .script("workers.at(-1).postMessage('die')", &[])?;
    page.draw(Pointer::Mouse, &ANKLE_BOOT.lines()[..1])?;
    wait_for_device(&page, Device::Cpu)?;
    page.wait_for_notice("WebGPU is not used")?;
    page.guess_after(Some(before))?;
    Ok(())
}

#[test]
fn a_gpu_that_computes_nonsense_fails_the_self_test() -> Result<()> {
    let site = Site::of(&dist())?;
    prepend(&site, GPU_WORKER, IDLE_GPU);
    let page = open(&site, WebGpu::Software)?;
    page.wait_for_notice("computes something else than the CPU")?;
    ensure!(page.device()? == "cpu" && page.state()? == "ready");
    Ok(())
}

#[test]
fn a_gpu_module_that_cannot_be_fetched_leaves_the_work_to_the_cpu() -> Result<()> {
    let site = Site::of(&dist())?;
    site.alter(GPU_WORKER, |_| None);
    let page = open(&site, WebGpu::Software)?;
    page.wait_for_notice("WebGPU is not used")?;
    ensure!(page.device()? == "cpu" && page.state()? == "ready");
    page.draw(Pointer::Mouse, &BAG.lines())?;
    page.settled_guess()?;
    Ok(())
}

#[test]
fn missing_weights_are_named_and_can_be_fetched_again() -> Result<()> {
    let site = Site::of(&dist())?;
    site.alter(WEIGHTS, |_| None);
    check_error_and_recovery(&site, WEIGHTS)
}

#[test]
fn damaged_weights_are_noticed_and_can_be_fetched_again() -> Result<()> {
    let site = Site::of(&dist())?;
    site.alter(WEIGHTS, |mut weights| {
        let middle = weights.len() / 2;
        weights[middle] ^= 1;
        Some(weights)
    });
    check_error_and_recovery(&site, "checksum")
}

/// The page says `words`, keeps what is drawn meanwhile, and works once the site is repaired.
fn check_error_and_recovery(site: &Site, words: &str) -> Result<()> {
    let page = Page::open(site, WebGpu::None)?;
    page.wait_for_notice(words)?;
    // The sentence may come while the worker is tried once more.
    wait_for("the error", || Ok((page.state()? == "error").then_some(())))?;
    page.draw(Pointer::Mouse, &BAG.lines())?;
    ensure!(page.probabilities()?.is_none());
    site.repair();
    page.press_button("Try again")?;
    page.wait_until_ready()?;
    page.settled_guess()?;
    Ok(())
}

/// Serves a file with a bit changed in its middle.
fn damage(site: &Site, path: &str) {
    site.alter(path, |mut bytes| {
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        Some(bytes)
    });
}

#[test]
fn a_damaged_copy_in_the_browser_s_cache_is_passed_by() -> Result<()> {
    let site = Site::of(&dist())?;
    site.let_cache();
    damage(&site, WEIGHTS);
    check_error_and_recovery(&site, "damaged")?;
    // A damaged copy that an earlier visit has left costs a fetch and no word.
    damage(&site, WEIGHTS);
    let page = Page::open(&site, WebGpu::None)?;
    page.wait_for_notice("damaged")?;
    ensure!(!page.text()?.contains("export"), "{}", page.text()?);
    site.repair();
    page.browser.open("about:blank")?;
    page.browser.open(&site.url(""))?;
    page.wait_until_ready()
}

#[test]
fn a_damaged_program_in_the_browser_s_cache_is_passed_by() -> Result<()> {
    let site = Site::of(&dist())?;
    site.let_cache();
    let half = |bytes: Vec<u8>| Some(bytes[..bytes.len() / 2].to_vec());
    site.alter("worker-cpu_bg.wasm", half);
    check_error_and_recovery(&site, "orker-cpu_bg.wasm could not be loaded")
}

#[test]
fn a_damaged_map_in_the_browser_s_cache_is_passed_by() -> Result<()> {
    let site = Site::of(&dist())?;
    site.let_cache();
    site.alter("assets/map.bin", |bytes| Some(bytes[1..].to_vec()));
    let page = data_room::open(&site, "view=map")?;
    data_room::wait_for_text(&page, ".stock .trouble", "arrives damaged")?;
    site.repair();
    data_room::go(&page, "")?;
    data_room::go(&page, "view=map")?;
    data_room::wait_for_text(&page, "[data-testid=drawing-place]", "Draw something")?;
    Ok(())
}

#[test]
fn rows_that_cannot_be_read_are_counted() -> Result<()> {
    let site = Site::of(&dist())?;
    let list = r#"{"suspects":[[416,4,91],[502,4],[545,"4",97],[70000,1,90],[612,2,94]]}"#;
    site.alter("assets/suspects.json", |_| Some(list.as_bytes().to_vec()));
    let page = data_room::open(&site, "view=explore")?;
    data_room::wait_for_text(
        &page,
        ".stock .trouble",
        "3 of 5 rows of assets/suspects.json are left out: row 2",
    )?;
    Ok(())
}

#[test]
fn a_database_that_gives_no_reason_is_told_of_in_words() -> Result<()> {
    let site = Site::of(&dist())?;
    let browser = Browser::start(WebGpu::None)?;
    // An aborted transaction has no error.
    browser.before_each_page(
        "const put = IDBObjectStore.prototype.put; \
         IDBObjectStore.prototype.put = function (...words) { \
             const request = put.apply(this, words); \
             this.transaction.abort(); \
             return request; \
         }",
    )?;
    browser.open(&site.url(""))?;
    let page = Page { browser };
    page.wait_until_ready()?;
    page.draw(Pointer::Mouse, &BAG.lines())?;
    page.settled_guess()?;
    let choose = "document.querySelector('.misread select').value = '3'";
    page.browser.script(choose, &[])?;
    page.press_button("Keep as an example")?;
    let notice = page.wait_for_notice("database cannot be used")?;
    ensure!(!notice.contains("JsValue"), "{notice}");
    Ok(())
}

#[test]
fn full_storage_is_said_once_and_drawing_goes_on() -> Result<()> {
    let site = Site::of(&dist())?;
    let browser = Browser::start(WebGpu::None)?;
    browser.before_each_page(
        "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }; \
         IDBObjectStore.prototype.put = Storage.prototype.setItem;",
    )?;
    browser.open(&site.url(""))?;
    let page = Page { browser };
    page.wait_until_ready()?;
    page.draw(Pointer::Mouse, &BAG.lines())?;
    page.wait_for_notice("storage is full")?;
    page.press_button("Dismiss")?;
    let before = page.settled_guess()?;
    page.draw(Pointer::Mouse, &ANKLE_BOOT.lines()[..1])?;
    page.guess_after(Some(before))?;
    ensure!(!page.text()?.contains("storage is full"), "said twice");
    page.assert_no_errors()
}

#[test]
fn without_javascript_the_page_says_what_it_needs() -> Result<()> {
    let page = fs::read_to_string(dist().join("index.html"))?;
    let (_, text) = page.split_once("<noscript>").unwrap_or_default();
    ensure!(text.contains("JavaScript"), "{page}");
    Ok(())
}
