//! Wardrobe's page, as a person or an assistive technology finds it.

use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::browser::{Browser, Pointer, WebGpu, wait_for};
use crate::site::Site;

/// Notes each text that the page changes in a text node: a browser's translator puts other nodes into such a
/// node's place, and whoever reads the translated page would see the old text for ever. The body's own are the
/// parser's, which appends to them as the page arrives.
const WATCH_TEXTS: &str = "window.changedTexts = []; \
    new MutationObserver(records => { \
        for (const { target } of records) { \
            const element = target.parentElement; \
            if (target.nodeType === 3 && element && element !== document.body && !element.closest('[translate=no]')) \
                window.changedTexts.push(`${element.outerHTML.slice(0, 120)} in ${element.parentElement?.className}`); \
        } \
    }).observe(document, { subtree: true, characterData: true });";

const CANVAS: &str = r#"[aria-label="Drawing canvas"]"#;

/// Where a net is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Device {
    /// The GPU, by WebGPU.
    WebGpu,
    /// WebAssembly.
    Cpu,
}

impl Device {
    /// As `data-device` has it.
    pub fn name(self) -> &'static str {
        match self {
            Self::WebGpu => "webgpu",
            Self::Cpu => "cpu",
        }
    }
}

/// The page in a browser of its own.
pub struct Page {
    /// The browser that shows it.
    pub browser: Browser,
}

impl Page {
    /// Opens the site's page in a new browser, whatever becomes of it.
    ///
    /// # Errors
    /// When the browser cannot be started.
    pub fn open(site: &Site, webgpu: WebGpu) -> Result<Self> {
        let browser = Browser::start(webgpu)?;
        browser.before_each_page(WATCH_TEXTS)?;
        browser.open(&site.url(""))?;
        Ok(Self { browser })
    }

    /// Opens the site's page and waits until it is ready to guess.
    ///
    /// # Errors
    /// When it does not become ready: with what it says.
    pub fn open_ready(site: &Site, webgpu: WebGpu) -> Result<Self> {
        let page = Self::open(site, webgpu)?;
        page.wait_until_ready()?;
        Ok(page)
    }

    /// Waits for `data-state="ready"`.
    ///
    /// # Errors
    /// When the page comes to an error instead, or to nothing.
    pub fn wait_until_ready(&self) -> Result<()> {
        let ready = wait_for("the page to be ready", || match self.state()?.as_str() {
            "ready" => Ok(Some(())),
            "error" => bail!("the page is in error"),
            _ => Ok(None),
        });
        ready.with_context(|| {
            let errors = self.browser.errors().unwrap_or_default();
            format!(
                "console: {errors:#?}\npage: {}",
                self.text().unwrap_or_default()
            )
        })
    }

    /// `data-state`: `loading`, `ready` or `error`.
    ///
    /// # Errors
    /// When the browser cannot say.
    pub fn state(&self) -> Result<String> {
        self.root_attribute("data-state")
    }

    /// `data-device`: `webgpu` or `cpu`.
    ///
    /// # Errors
    /// When the browser cannot say.
    pub fn device(&self) -> Result<String> {
        self.root_attribute("data-device")
    }

    /// An attribute of the page's root element, empty while there is none.
    ///
    /// # Errors
    /// When the browser cannot say.
    pub fn root_attribute(&self, name: &str) -> Result<String> {
        let script = "return document.querySelector('[data-state]')?.getAttribute(arguments[0])";
        let value = self.browser.script(script, &[json!(name)])?;
        Ok(value.as_str().unwrap_or_default().to_owned())
    }

    /// The largest difference from the stored logits that a device's self-test found; waits for it.
    ///
    /// # Errors
    /// When the device does not come to it.
    pub fn self_test(&self, device: Device) -> Result<f64> {
        let name = format!("data-self-test-{}", device.name());
        wait_for("the self-test", || {
            Ok(self.root_attribute(&name)?.parse().ok())
        })
    }

    /// All words on the page.
    ///
    /// # Errors
    /// When the browser cannot say.
    pub fn text(&self) -> Result<String> {
        let text = self.browser.script("return document.body.innerText", &[])?;
        Ok(text.as_str().unwrap_or_default().to_owned())
    }

    /// Where in the window places of the paper are, in CSS pixels; they are scrolled into it.
    ///
    /// # Errors
    /// When there is no canvas.
    pub fn on_paper(&self, places: &[(f64, f64)]) -> Result<Vec<(f64, f64)>> {
        let script = "const canvas = document.querySelector(arguments[0]); \
                      canvas.scrollIntoView({ block: 'center' }); \
                      const box = canvas.getBoundingClientRect(); \
                      return [box.left, box.top, box.width / 256, box.height / 256];";
        let canvas = self.browser.script(script, &[json!(CANVAS)])?;
        let [left, top, width, height] = numbers(&canvas)?;
        let to_window = |&(x, y): &(f64, f64)| (left + x * width, top + y * height);
        Ok(places.iter().map(to_window).collect())
    }

    /// Whether there is ink at a place of the paper.
    ///
    /// # Errors
    /// When there is no canvas.
    pub fn is_inked(&self, (x, y): (f64, f64)) -> Result<bool> {
        let script = "const canvas = document.querySelector(arguments[0]); \
                      const pixel = at => Math.round(at / 256 * canvas.width); \
                      const place = [pixel(arguments[1]), pixel(arguments[2]), 1, 1]; \
                      return canvas.getContext('2d').getImageData(...place).data[0] < 128;";
        let inked = self
            .browser
            .script(script, &[json!(CANVAS), json!(x), json!(y)])?;
        inked.as_bool().context("no pixel")
    }

    /// Draws lines in paper units (the paper is 256 wide and high) on the canvas.
    ///
    /// # Errors
    /// When there is no canvas.
    pub fn draw(&self, pointer: Pointer, lines: &[Vec<(f64, f64)>]) -> Result<()> {
        for line in lines {
            self.browser.drag(pointer, &self.on_paper(line)?)?;
        }
        Ok(())
    }

    /// Presses the button with this name.
    ///
    /// # Errors
    /// When there is none.
    pub fn press_button(&self, name: &str) -> Result<()> {
        let named = format!("normalize-space()='{name}' or @aria-label='{name}'");
        self.browser.click(&format!("//button[{named}]"))
    }

    /// Chooses one of several, such as a tool or a device, by the name that stands beside it.
    ///
    /// # Errors
    /// When there is none.
    pub fn choose(&self, name: &str) -> Result<()> {
        self.browser
            .click(&format!("//label[span[normalize-space()='{name}']]"))
    }

    /// Gives a file to the page's upload.
    ///
    /// # Errors
    /// When there is no file input.
    pub fn upload(&self, path: &Path) -> Result<()> {
        self.browser.choose_file("//input[@type='file']", path)
    }

    /// Drops files of these names, MIME types and bytes on the page.
    ///
    /// # Errors
    /// When the browser cannot.
    pub fn drop_files(&self, files: &[(&str, &str, &[u8])]) -> Result<()> {
        let script = "const data = new DataTransfer(); \
                      for (const [name, type, bytes] of arguments[0]) \
                          data.items.add(new File([Uint8Array.from(bytes)], name, { type })); \
                      document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }))";
        self.browser.script(script, &[json!(files)])?;
        Ok(())
    }

    /// Pastes text.
    ///
    /// # Errors
    /// When the browser cannot.
    pub fn paste_text(&self, text: &str) -> Result<()> {
        let script = "const data = new DataTransfer(); \
                      data.setData('text/plain', arguments[0]); \
                      document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))";
        self.browser.script(script, &[json!(text)])?;
        Ok(())
    }

    /// Switches to a device and waits until the page says that it uses it.
    ///
    /// # Errors
    /// When it does not.
    pub fn switch_to(&self, device: Device) -> Result<()> {
        self.choose(match device {
            Device::WebGpu => "WebGPU",
            Device::Cpu => "CPU",
        })?;
        wait_for("the other device", || {
            Ok((self.device()? == device.name() && self.state()? == "ready").then_some(()))
        })
    }

    /// The ten classes' probabilities, or nothing while the page guesses nothing.
    ///
    /// # Errors
    /// When there are not ten rows.
    pub fn probabilities(&self) -> Result<Option<[f64; 10]>> {
        let script = "return [...Array(10).keys()].map(index => { \
                      const row = document.querySelector(`[data-class=\"${index}\"]`); \
                      if (!row) throw new Error(`no row for class ${index}`); \
                      return row.dataset.probability || null; })";
        let values = self.browser.script(script, &[])?;
        let values = values.as_array().context("no rows")?;
        let numbers = values.iter().map(|value| value.as_str()?.parse().ok());
        let numbers: Option<Vec<f64>> = numbers.collect();
        Ok(numbers.and_then(|numbers| numbers.try_into().ok()))
    }

    /// The top answer's words, or nothing while the page guesses nothing.
    ///
    /// # Errors
    /// When there is no place for it.
    pub fn top_class(&self) -> Result<String> {
        let script = "return document.querySelector('[data-testid=\"top-class\"]').innerText";
        let text = self.browser.script(script, &[])?;
        Ok(text.as_str().context("no text")?.trim().to_owned())
    }

    /// Waits for a guess that differs from `before`, which is also the way to wait for the first.
    ///
    /// # Errors
    /// When none comes.
    pub fn guess_after(&self, before: Option<[f64; 10]>) -> Result<[f64; 10]> {
        wait_for("a new guess", || {
            Ok(self.probabilities()?.filter(|guess| Some(*guess) != before))
        })
    }

    /// Waits until the guess is this one.
    ///
    /// # Errors
    /// When it does not become so.
    pub fn wait_for_guess(&self, expected: Option<[f64; 10]>) -> Result<()> {
        wait_for("the expected guess", || {
            Ok((self.probabilities()? == expected).then_some(()))
        })
    }

    /// Waits for a guess that a second look after some frames finds unchanged: the last point of a
    /// line may still be on its way.
    ///
    /// # Errors
    /// When there is none.
    pub fn settled_guess(&self) -> Result<[f64; 10]> {
        wait_for("a guess that stands", || {
            let first = self.probabilities()?;
            sleep(Duration::from_millis(250));
            Ok(first.filter(|_| self.probabilities().is_ok_and(|second| second == first)))
        })
    }

    /// The 28 × 28 picture that the net sees, as the page shows it: 0 background, 255 garment.
    ///
    /// # Errors
    /// When the page does not show one.
    pub fn model_view(&self) -> Result<Vec<u8>> {
        let script = "const canvas = document.querySelector('[data-testid=\"model-view\"]'); \
                      const data = canvas.getContext('2d').getImageData(0, 0, 28, 28).data; \
                      return [...data].filter((_, index) => index % 4 === 0);";
        let pixels = self.browser.script(script, &[])?;
        Ok(serde_json::from_value(pixels)?)
    }

    /// Waits for a sentence about trouble that contains `words`.
    ///
    /// # Errors
    /// When none comes: with what the page says instead.
    pub fn wait_for_notice(&self, words: &str) -> Result<String> {
        let script = "return document.querySelector('[role=\"alert\"]')?.innerText ?? ''";
        let said = || -> Result<String> {
            let text = self.browser.script(script, &[])?;
            Ok(text.as_str().unwrap_or_default().to_owned())
        };
        let notice = wait_for("a sentence about the trouble", || {
            Ok(Some(said()?).filter(|said| said.contains(words)))
        });
        notice.with_context(|| {
            format!(
                "expected {words:?}; the page says: {}",
                said().unwrap_or_default()
            )
        })
    }

    /// Fails when the page has changed a text that a translator could not follow. Of pages that were opened
    /// by [`Self::open`].
    ///
    /// # Errors
    /// With the elements whose text was changed.
    pub fn assert_translatable(&self) -> Result<()> {
        let changed = self
            .browser
            .script("return window.changedTexts ?? []", &[])?;
        anyhow::ensure!(changed == json!([]), "texts changed in place: {changed:#}");
        Ok(())
    }

    /// Fails when the browser logged an error.
    ///
    /// # Errors
    /// With the errors.
    pub fn assert_no_errors(&self) -> Result<()> {
        let errors = self.browser.errors()?;
        anyhow::ensure!(errors.is_empty(), "errors in the console: {errors:#?}");
        Ok(())
    }
}

fn numbers<const N: usize>(value: &Value) -> Result<[f64; N]> {
    let numbers = value.as_array().context("no list")?.iter();
    let numbers: Option<Vec<f64>> = numbers.map(Value::as_f64).collect();
    let numbers = numbers.context("no numbers")?;
    numbers.try_into().ok().context("another count of numbers")
}
