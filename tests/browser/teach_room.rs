//! The room to teach in, as a person finds it.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use base64::{Engine, prelude::BASE64_STANDARD};
use model::net::{Net, cpu_device};
use model::teach::{Example, parse_examples, write_examples};
use model::weights::{Sidecar, unbundle};
use serde_json::json;
use tempfile::TempDir;
use tests::browser::{Browser, Pointer, WebGpu, wait_for};
use tests::dist;
use tests::drawings::{BAG, DRESS, Fixture, T_SHIRT, TROUSER};
use tests::page::Page;
use tests::site::Site;
use tests::workers::{MORTAL, REACH_WORKERS};

const TEACH_WORKERS: [&str; 2] = ["worker-teach.js", "worker-teach-gpu.js"];

/// Keeps the files that the page saves where a test can reach them, and the bytes that its workers send.
const REACH_FILES: &str = "window.saved = {}; window.received = []; \
    const blobs = {}; \
    const create = URL.createObjectURL; \
    URL.createObjectURL = blob => { const url = create.call(URL, blob); blobs[url] = blob; return url; }; \
    const click = HTMLElement.prototype.click; \
    HTMLElement.prototype.click = function () { \
        if (!this.download) return click.call(this); \
        window.saved[this.download] = blobs[this.href]; \
    };";

/// Counts the bytes of each message from the worker that teaches.
const COUNT_BYTES: &str = "const Reached = window.Worker; \
    window.Worker = class extends Reached { \
        constructor(...words) { \
            super(...words); \
            if (words[0].includes('teach')) \
                this.addEventListener('message', event => window.received.push(event.data.byteLength)); \
        } \
    };";

/// A file that was saved, in base64.
const SAVED: &str = "const blob = window.saved[arguments[0]]; \
    if (!blob) return null; \
    return blob.arrayBuffer().then(buffer => { \
        let text = ''; \
        for (const byte of new Uint8Array(buffer)) text += String.fromCharCode(byte); \
        return btoa(text); \
    });";

/// See the [module](self).
pub(crate) struct Room {
    pub(crate) site: Site,
    pub(crate) page: Page,
    /// What is given to the page: it reads its files when it comes to it.
    folder: TempDir,
}

impl Room {
    pub(crate) fn open() -> Result<Self> {
        Self::open_with(WebGpu::None)
    }

    pub(crate) fn open_with(webgpu: WebGpu) -> Result<Self> {
        Self::open_in(Browser::start(webgpu)?, "")
    }

    /// Opens the page in this browser; page and worker that teaches run this script before their own.
    pub(crate) fn open_in(browser: Browser, script: &'static str) -> Result<Self> {
        let site = Site::of(&dist())?;
        for worker in TEACH_WORKERS {
            site.alter(worker, move |file| {
                Some([script.as_bytes(), MORTAL.as_bytes(), &file].concat())
            });
        }
        for script in [script, REACH_WORKERS, REACH_FILES, COUNT_BYTES] {
            browser.before_each_page(script)?;
        }
        browser.open(&site.url("#/teach"))?;
        let page = Page { browser };
        page.wait_until_ready()?;
        Ok(Self {
            site,
            page,
            folder: tempfile::tempdir()?,
        })
    }

    pub(crate) fn reload(&self) -> Result<()> {
        self.page.browser.open("about:blank")?;
        self.page.browser.open(&self.site.url("#/teach"))?;
        self.page.wait_until_ready()
    }

    /// Ends a visit in which nothing went wrong.
    pub(crate) fn end(self) -> Result<()> {
        self.page.assert_no_errors()?;
        let reports = self.site.reports();
        ensure!(reports.is_empty(), "requests elsewhere: {reports:#?}");
        Ok(())
    }

    /// Draws on a blank sheet, and says what it is.
    pub(crate) fn teach(&self, lines: &[Vec<(f64, f64)>], name: &str) -> Result<()> {
        self.page.browser.press(&["Delete"])?;
        self.page.draw(Pointer::Mouse, lines)?;
        self.page.settled_guess()?;
        self.page.browser.click(&format!(
            "//div[@class='labels']/button[contains(., '{name}')]"
        ))
    }

    /// Chooses what is trained, by the beginning of its name.
    pub(crate) fn choose_task(&self, name: &str) -> Result<()> {
        let label =
            format!("//div[@role='radiogroup']/label[starts-with(normalize-space(), '{name}')]");
        self.page.browser.click(&label)
    }

    /// Sets a number or choice in the settings by the name that stands beside it.
    pub(crate) fn set(&self, name: &str, value: &str) -> Result<()> {
        let script = "const field = [...document.querySelectorAll('.fields label, .limit')] \
                .find(label => label.innerText.trim().startsWith(arguments[0])) \
                .querySelector('input, select'); \
            field.value = arguments[1]; \
            field.dispatchEvent(new Event('change', { bubbles: true }));";
        // What is folded away has no text.
        self.page
            .browser
            .script("document.querySelector('.advanced').open = true", &[])?;
        self.page
            .browser
            .script(script, &[json!(name), json!(value)])?;
        Ok(())
    }

    pub(crate) fn attribute(&self, name: &str) -> Result<String> {
        let script = "return document.querySelector('.training').getAttribute(arguments[0])";
        let value = self.page.browser.script(script, &[json!(name)])?;
        Ok(value.as_str().unwrap_or_default().to_owned())
    }

    pub(crate) fn words(&self, id: &str) -> Result<String> {
        let script = "return document.querySelector(`[data-testid=\"${arguments[0]}\"]`).innerText";
        let value = self.page.browser.script(script, &[json!(id)])?;
        Ok(value.as_str().unwrap_or_default().to_owned())
    }

    pub(crate) fn wait_for_words(&self, id: &str, part: &str) -> Result<()> {
        wait_for(part, || Ok(self.words(id)?.contains(part).then_some(())))
            .with_context(|| format!("{id} says: {}", self.words(id).unwrap_or_default()))
    }

    pub(crate) fn wait_for_phase(&self, phase: &str) -> Result<()> {
        wait_for(phase, || {
            Ok((self.attribute("data-phase")? == phase).then_some(()))
        })
        .with_context(|| self.words("training-status").unwrap_or_default())
    }

    pub(crate) fn wait_for_step(&self, step: u32) -> Result<()> {
        wait_for("steps", || {
            Ok((self.attribute("data-step")?.parse::<u32>()? >= step).then_some(()))
        })
        .with_context(|| self.words("training-status").unwrap_or_default())
    }

    /// Ends the worker that teaches, as a trap would.
    pub(crate) fn kill_worker(&self) -> Result<()> {
        let script = "workers.at(-1).postMessage('die')";
        self.page.browser.script(script, &[])?;
        Ok(())
    }

    /// The bytes of every message from the worker that teaches, since the page was opened.
    pub(crate) fn received_bytes(&self) -> Result<Vec<u64>> {
        let bytes = self.page.browser.script("return received", &[])?;
        Ok(serde_json::from_value(bytes)?)
    }

    /// Presses a button of a training in the list, and returns the file of this name, the only one that is
    /// saved then: browsers hold a second one back.
    pub(crate) fn save(&self, run: u32, button: &str, name: &str) -> Result<Vec<u8>> {
        let row = format!("//tr[@data-run='{run}']");
        let browser = &self.page.browser;
        browser.script("window.saved = {}", &[])?;
        browser.click(&format!("{row}//button[normalize-space()='{button}']"))?;
        let file = self.saved(name)?;
        let names = browser.script("return Object.keys(saved)", &[])?;
        ensure!(names == json!([name]), "{names}");
        Ok(file)
    }

    /// The file of this name that the page saved.
    pub(crate) fn saved(&self, name: &str) -> Result<Vec<u8>> {
        let text = wait_for(name, || {
            let text = self.page.browser.script(SAVED, &[json!(name)])?;
            Ok(text.as_str().map(str::to_owned))
        })?;
        Ok(BASE64_STANDARD.decode(text)?)
    }

    /// Saves the file of a training's net into a folder; returns its path.
    pub(crate) fn save_net(&self, run: u32, name: &str, folder: &Path) -> Result<PathBuf> {
        let path = folder.join(format!("{name}.weights"));
        fs::write(
            &path,
            self.save(run, "Weights", &format!("{name}.weights"))?,
        )?;
        Ok(path)
    }

    /// Has the page load a net from its file, or from its two files.
    pub(crate) fn load_net(&self, files: &[&Path]) -> Result<()> {
        // One path a line chooses several files.
        let lines: Vec<String> = files
            .iter()
            .map(|file| file.display().to_string())
            .collect();
        let field = "//input[starts-with(@aria-label, 'Load a network')]";
        self.page
            .browser
            .choose_file(field, Path::new(&lines.join("\n")))
    }

    pub(crate) fn import(&self, examples: &[Example]) -> Result<()> {
        self.import_text(&write_examples(examples))?;
        self.wait_for_words("tray-summary", &format!("{} examples", examples.len()))
    }

    pub(crate) fn import_text(&self, text: &str) -> Result<()> {
        let path = self.folder.path().join("mine.ndjson");
        fs::write(&path, text)?;
        self.page
            .browser
            .choose_file("//input[@aria-label='Import examples']", &path)
    }
}

/// The net in a file that the page saved.
pub(crate) fn net_in(path: &Path) -> Result<Net> {
    let file = fs::read(path)?;
    let (weights, sidecar) = unbundle(&file)?.context("weights and sidecar")?;
    let sidecar = Sidecar::parse(sidecar)?;
    Ok(Net::from_weights(weights, &sidecar, &cpu_device())?)
}

/// Some drawings as the page reads them, all with wrong names: there is much to learn.
pub(crate) fn examples() -> Result<Vec<Example>> {
    let fixtures: [(&Fixture, &str); 4] = [
        (&BAG, "dress"),
        (&DRESS, "bag"),
        (&T_SHIRT, "trouser"),
        (&TROUSER, "shirt"),
    ];
    let mut text = String::new();
    for (fixture, word) in fixtures {
        let strokes: Vec<_> = fixture
            .lines()
            .into_iter()
            .map(|line| {
                let (xs, ys): (Vec<f64>, Vec<f64>) = line.into_iter().unzip();
                [xs, ys]
            })
            .collect();
        text += &json!({"word": word, "key_id": "1", "recognized": true, "drawing": strokes})
            .to_string();
        text.push('\n');
    }
    Ok(parse_examples(&text)?)
}
