//! `cargo xtask bench teach --examples PATH --measure PATH [--tilt DEGREES] [--steps STEPS]`: what somebody's
//! drawings teach the shipped net in the page, on the CPU, with the usual settings: how long it takes, how
//! long the page's thread is held up, what memory the worker takes, and what the net reads afterwards.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};
use base64::{Engine, prelude::BASE64_STANDARD};
use burn::tensor::read_sync;
use model::teach::{self, Example, Labelled, write_examples};
use serde_json::{Value, json};
use tests::browser::{Browser, WebGpu, wait_for};
use tests::page::Page;
use tests::site::Site;
use tests::{dist, root};
use trainer::examples::{Selection, load};
use trainer::nets::{DeviceName, Loaded, WeightsFile};

/// Examples of each class that are taught.
const PER_CLASS: usize = 5;

/// Chooses them.
const SEED: u64 = 1;

/// Notes the tasks that held the page's thread up for more than 50 ms, and the nets that are saved.
const WATCH: &str = "window.long = []; \
    new PerformanceObserver(list => long.push(...list.getEntries().map(task => task.duration))) \
        .observe({ type: 'longtask', buffered: true }); \
    window.saved = {}; const blobs = {}; \
    const create = URL.createObjectURL; \
    URL.createObjectURL = blob => { const url = create.call(URL, blob); blobs[url] = blob; return url; }; \
    const click = HTMLElement.prototype.click; \
    HTMLElement.prototype.click = function () { \
        this.download ? saved[this.download] = blobs[this.href] : click.call(this); \
    };";

/// A saved file in base64.
const SAVED: &str = "const blob = saved[arguments[0]]; \
    return blob && blob.arrayBuffer().then(buffer => { \
        let text = ''; \
        for (const byte of new Uint8Array(buffer)) text += String.fromCharCode(byte); \
        return btoa(text); \
    });";

/// Sets the number of steps.
const SET_STEPS: &str = "document.querySelector('.advanced').open = true; \
    const field = [...document.querySelectorAll('.fields label')] \
        .find(label => label.innerText.trim() === 'Steps').querySelector('input'); \
    field.value = arguments[0]; \
    field.dispatchEvent(new Event('change', { bubbles: true }));";

/// What is asked for.
struct Flags {
    examples: PathBuf,
    measure: Option<PathBuf>,
    tilt: f32,
    steps: Option<usize>,
}

impl Flags {
    fn parse(words: &[String]) -> Result<Self> {
        let mut flags = Self {
            examples: PathBuf::new(),
            measure: None,
            tilt: 0.0,
            steps: None,
        };
        let (pairs, rest) = words.as_chunks::<2>();
        ensure!(rest.is_empty(), "{} lacks its value", rest[0]);
        for [flag, value] in pairs {
            match flag.as_str() {
                "--examples" => flags.examples = value.into(),
                "--measure" => flags.measure = Some(value.into()),
                "--tilt" => flags.tilt = value.parse().context("--tilt takes degrees")?,
                "--steps" => flags.steps = Some(value.parse().context("--steps takes a number")?),
                _ => bail!("bench teach takes --examples, --measure, --tilt and --steps"),
            }
        }
        ensure!(
            flags.examples.exists(),
            "say which drawings to teach: --examples PATH"
        );
        Ok(flags)
    }
}

/// Teaches in the page, and prints what came of it.
pub fn run(words: &[String]) -> Result<()> {
    let flags = Flags::parse(words)?;
    let selection = Selection {
        per_class: Some(PER_CLASS),
        tilt: flags.tilt,
    };
    let (taught, mut rest) = selection.split(load(&flags.examples)?, SEED)?;
    if let Some(path) = &flags.measure {
        rest = selection.change(load(path)?);
    }
    println!("{} examples are taught", taught.len());
    let folder = tempfile::tempdir()?;
    let weights = teach_in_page(&taught, flags.steps, folder.path())?;
    let test = trainer::data::load_test(&dist().join("data/fashion-mnist"))?;
    let test = test.images.into_iter().zip(test.labels).collect();
    let rest = rest.into_iter().map(|e| (e.image, e.label)).collect();
    let nets = [root().join("assets/compact.weights"), weights]
        .map(|path| WeightsFile::new(&path).load(DeviceName::Cpu));
    let [before, after] = nets;
    let nets = [before?, after?];
    report("the rest of these drawings", &nets, &rest)?;
    report("the test images", &nets, &test)
}

fn teach_in_page(taught: &[Example], steps: Option<usize>, folder: &Path) -> Result<PathBuf> {
    let site = Site::of(&dist())?;
    let browser = Browser::start(WebGpu::None)?;
    browser.before_each_page(WATCH)?;
    browser.open(&site.url("#/teach"))?;
    let page = Page { browser };
    page.wait_until_ready()?;
    let file = folder.join("examples.ndjson");
    fs::write(&file, write_examples(taught))?;
    let field = "//input[@aria-label='Import examples']";
    page.browser.choose_file(field, &file)?;
    let summary = "return document.querySelector('[data-testid=\"tray-summary\"]').innerText";
    wait_for("the examples", || {
        let text = page.browser.script(summary, &[])?;
        Ok(text
            .as_str()
            .filter(|text| text.contains("examples of"))
            .map(drop))
    })?;
    if let Some(steps) = steps {
        page.browser
            .script(SET_STEPS, &[json!(steps.to_string())])?;
    }
    page.browser.script("long.length = 0", &[])?;
    let begun = Instant::now();
    page.press_button("Train")?;
    let training = wait_for_end(&page)?;
    println!("trained in {:.1} s", begun.elapsed().as_secs_f64());
    println!("bytes of memory at the marks: {training}");
    let long = page.browser.script("return long", &[])?;
    println!("tasks of the page's thread over 50 ms, in ms: {long}");
    save(&page, folder)
}

/// Waits as long as it takes; returns the worker's memory.
fn wait_for_end(page: &Page) -> Result<Value> {
    let phase = "return document.querySelector('.training').dataset.phase";
    let memory = "return document.querySelector('.training').dataset.memory";
    loop {
        let ended = wait_for("the end", || {
            let phase = page.browser.script(phase, &[])?;
            Ok((phase == "done" || phase == "stopped").then_some(phase))
        });
        match ended {
            Ok(phase) => {
                ensure!(phase == "done", "the training stopped by itself");
                return page.browser.script(memory, &[]);
            }
            Err(_) if page.browser.script(phase, &[])? == "running" => {}
            Err(error) => return Err(error),
        }
    }
}

fn save(page: &Page, folder: &Path) -> Result<PathBuf> {
    page.browser
        .click("//tr[@data-run='1']//button[normalize-space()='Weights']")?;
    let name = "wardrobe-compact.weights";
    let text = wait_for(name, || {
        let text = page.browser.script(SAVED, &[json!(name)])?;
        Ok(text.as_str().map(str::to_owned))
    })?;
    let path = folder.join(name);
    fs::write(&path, BASE64_STANDARD.decode(text)?)?;
    Ok(path)
}

fn report(what: &str, nets: &[Loaded; 2], images: &Labelled) -> Result<()> {
    let accuracy = |net: &Loaded| -> Result<f64> {
        let measured = teach::measure(net.net().model(), images, net.net().device());
        Ok(100.0 * read_sync(measured)?.accuracy())
    };
    let (before, after) = (accuracy(&nets[0])?, accuracy(&nets[1])?);
    println!(
        "{what}, {}: {before:.2} % before, {after:.2} % after ({:+.2} points)",
        images.len(),
        after - before
    );
    Ok(())
}
