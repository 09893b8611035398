//! Headless Chromium.

use std::path::Path;
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use crate::memory::{descendants, largest_renderer_bytes};
use crate::webdriver::Driver;

/// Flags for every start: no window, no sandbox (containers have no user namespaces), and nothing
/// that makes the browser call home.
const FLAGS: [&str; 10] = [
    "--headless",
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1280,1000",
    // As another machine's, as far as the browser knows.
    "--host-resolver-rules=MAP afar.test 127.0.0.1",
];

/// Flags that give WebGPU on a machine without a GPU; without them there is no adapter.
const WEBGPU_FLAGS: [&str; 2] = ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"];

/// How long anything may take. Generous: two cores may be compiling at the same time.
const PATIENCE: Duration = Duration::from_secs(120);

/// Whether the browser offers WebGPU.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WebGpu {
    /// An adapter, computed by SwiftShader on the CPU.
    Software,
    /// No adapter.
    None,
}

/// A pointing device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pointer {
    /// A mouse with its left button.
    Mouse,
    /// A finger.
    Touch,
    /// A pen, with middling pressure.
    Pen,
}

/// A browser with a profile of its own and one tab, closed on drop.
pub struct Browser {
    driver: Driver,
}

impl Browser {
    /// Starts a browser.
    ///
    /// # Errors
    /// When Chromium or its driver is missing or does not start.
    pub fn start(webgpu: WebGpu) -> Result<Self> {
        Self::start_with(webgpu, None, &json!({}))
    }

    /// Starts a browser with these preferences, in a folder that keeps its profile beyond its end if one is
    /// given.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub fn start_with(webgpu: WebGpu, profile: Option<&Path>, preferences: &Value) -> Result<Self> {
        let extra: &[&str] = match webgpu {
            WebGpu::Software => &WEBGPU_FLAGS,
            WebGpu::None => &["--disable-gpu"],
        };
        let profile = profile.map(|folder| format!("--user-data-dir={}", folder.display()));
        let flags: Vec<&str> = FLAGS
            .iter()
            .chain(extra)
            .copied()
            .chain(profile.as_deref())
            .collect();
        let driver = Driver::start(&json!({
            "browserName": "chrome",
            "goog:chromeOptions": { "args": flags, "prefs": preferences },
            "goog:loggingPrefs": { "browser": "ALL" },
            "timeouts": { "script": PATIENCE.as_millis() as u64 },
        }))?;
        Ok(Self { driver })
    }

    /// Opens an address and waits for the document, not for what its scripts do.
    ///
    /// # Errors
    /// When the browser cannot.
    pub fn open(&self, url: &str) -> Result<()> {
        self.driver.post("/url", &json!({ "url": url }))?;
        Ok(())
    }

    /// Opens an address in a tab of its own, which all that follows is about. Returns the tab before.
    ///
    /// # Errors
    /// When the browser cannot.
    pub fn open_tab(&self, url: &str) -> Result<String> {
        let before = self.driver.get("/window")?;
        let tab = self.driver.post("/window/new", &json!({ "type": "tab" }))?;
        self.driver
            .post("/window", &json!({ "handle": tab["handle"] }))?;
        self.open(url)?;
        Ok(before.as_str().context("no tab")?.to_owned())
    }

    /// Closes another tab.
    ///
    /// # Errors
    /// When the browser cannot.
    pub fn close_tab(&self, tab: &str) -> Result<()> {
        let here = self.driver.get("/window")?;
        self.driver.post("/window", &json!({ "handle": tab }))?;
        self.driver.devtools("Page.close", &json!({}))?;
        self.driver.post("/window", &json!({ "handle": here }))?;
        Ok(())
    }

    /// Runs a script's body in the page, with `arguments` in the variable of that name; a promise is
    /// awaited.
    ///
    /// # Errors
    /// When it throws.
    pub fn script(&self, body: &str, arguments: &[Value]) -> Result<Value> {
        let body = json!({ "script": body, "args": arguments });
        self.driver.post("/execute/sync", &body)
    }

    /// Shows a tab that was left, which all that follows is about.
    ///
    /// # Errors
    /// When it is closed.
    pub fn show_tab(&self, tab: &str) -> Result<()> {
        self.driver.post("/window", &json!({ "handle": tab }))?;
        Ok(())
    }

    /// Makes the page this wide, in CSS pixels, and 720 high.
    ///
    /// # Errors
    /// When the browser cannot.
    pub fn narrow_to(&self, width: u32) -> Result<()> {
        let screen =
            json!({ "width": width, "height": 720, "deviceScaleFactor": 2, "mobile": true });
        self.driver
            .devtools("Emulation.setDeviceMetricsOverride", &screen)?;
        Ok(())
    }

    /// Makes the window a phone's: 360 by 720 CSS pixels, three device pixels each, with touch.
    ///
    /// # Errors
    /// When the browser cannot.
    pub fn become_phone(&self) -> Result<()> {
        let screen = json!({ "width": 360, "height": 720, "deviceScaleFactor": 3, "mobile": true });
        self.driver
            .devtools("Emulation.setDeviceMetricsOverride", &screen)?;
        let touch = json!({ "enabled": true });
        self.driver
            .devtools("Emulation.setTouchEmulationEnabled", &touch)?;
        Ok(())
    }

    /// Makes the page so many CSS pixels wide and high.
    ///
    /// # Errors
    /// When the browser cannot.
    pub fn resize(&self, width: u32, height: u32) -> Result<()> {
        let screen =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.driver
            .devtools("Emulation.setDeviceMetricsOverride", &screen)?;
        Ok(())
    }

    /// Has every page opened from now on run this script before its own.
    ///
    /// # Errors
    /// When the browser cannot.
    pub fn before_each_page(&self, script: &str) -> Result<()> {
        let parameters = json!({ "source": script });
        let command = "Page.addScriptToEvaluateOnNewDocument";
        self.driver.devtools(command, &parameters)?;
        Ok(())
    }

    /// Clicks the element that the XPath names.
    ///
    /// # Errors
    /// When there is none, or it is covered or disabled.
    pub fn click(&self, xpath: &str) -> Result<()> {
        let element = self.driver.element(xpath)?;
        self.driver.post(&format!("{element}/click"), &json!({}))?;
        Ok(())
    }

    /// Gives a file to the file input that the XPath names.
    ///
    /// # Errors
    /// When there is no such input.
    pub fn choose_file(&self, xpath: &str, path: &Path) -> Result<()> {
        let element = self.driver.element(xpath)?;
        let body = json!({ "text": path.display().to_string() });
        self.driver.post(&format!("{element}/value"), &body)?;
        Ok(())
    }

    /// Presses keys together, such as `["Control", "z"]`.
    ///
    /// # Errors
    /// When the browser cannot.
    pub fn press(&self, keys: &[&str]) -> Result<()> {
        let codes: Vec<&str> = keys.iter().map(|key| key_code(key)).collect();
        let down = codes
            .iter()
            .map(|key| json!({ "type": "keyDown", "value": key }));
        let up = codes.iter().rev();
        let up = up.map(|key| json!({ "type": "keyUp", "value": key }));
        let actions: Vec<Value> = down.chain(up).collect();
        self.act(&json!({ "type": "key", "id": "keyboard", "actions": actions }))
    }

    /// Draws one line through these points, in CSS pixels of the window.
    ///
    /// # Errors
    /// When a point lies outside the window.
    pub fn drag(&self, pointer: Pointer, points: &[(f64, f64)]) -> Result<()> {
        let kind = match pointer {
            Pointer::Mouse => "mouse",
            Pointer::Touch => "touch",
            Pointer::Pen => "pen",
        };
        let mut actions: Vec<Value> = points.iter().map(move_to).collect();
        actions.insert(
            1,
            json!({ "type": "pointerDown", "button": 0, "pressure": 0.5 }),
        );
        actions.push(json!({ "type": "pointerUp", "button": 0 }));
        self.act(&json!({
            "type": "pointer",
            "id": kind,
            "parameters": { "pointerType": kind },
            "actions": actions,
        }))
    }

    /// Has the fingers on the screen do something, such as `"touchStart"`: these places, in CSS pixels of the
    /// window, are all that is touched now.
    ///
    /// # Errors
    /// When the browser cannot.
    pub fn touch(&self, kind: &str, places: &[(f64, f64)]) -> Result<()> {
        let places = places.iter().enumerate();
        let points: Vec<Value> = places
            .map(|(id, (x, y))| json!({ "x": x, "y": y, "id": id }))
            .collect();
        let parameters = json!({ "type": kind, "touchPoints": points });
        self.driver
            .devtools("Input.dispatchTouchEvent", &parameters)?;
        Ok(())
    }

    /// Has a pen do something, such as `"mousePressed"`, at a place in CSS pixels of the window.
    ///
    /// # Errors
    /// When the browser cannot.
    pub fn pen(&self, kind: &str, (x, y): (f64, f64)) -> Result<()> {
        let buttons = u8::from(kind != "mouseReleased");
        let parameters = json!({ "type": kind, "x": x, "y": y, "pointerType": "pen",
            "button": "left", "buttons": buttons, "clickCount": 1, "force": 0.5 });
        self.driver
            .devtools("Input.dispatchMouseEvent", &parameters)?;
        Ok(())
    }

    fn act(&self, source: &Value) -> Result<()> {
        let body = json!({ "actions": [source] });
        self.driver.post("/actions", &body)?;
        Ok(())
    }

    /// Ends the browser by SIGKILL, all its processes at once.
    ///
    /// # Errors
    /// When there is no `kill`.
    pub fn kill(self) -> Result<()> {
        let processes = descendants(self.driver.process());
        let ids = processes[1..].iter().map(u32::to_string);
        Command::new("kill").arg("-KILL").args(ids).status()?;
        Ok(())
    }

    /// Bytes of memory that the tab takes, its workers included. On Linux alone.
    ///
    /// # Errors
    /// When the system does not tell.
    pub fn tab_bytes(&self) -> Result<u64> {
        largest_renderer_bytes(self.driver.process())
    }

    /// A picture of the window, as a PNG file's bytes.
    ///
    /// # Errors
    /// When the browser cannot.
    pub fn screenshot(&self) -> Result<Vec<u8>> {
        let picture = self.driver.get("/screenshot")?;
        Ok(BASE64_STANDARD.decode(picture.as_str().context("no picture")?)?)
    }

    /// What the browser logged as an error since the last call, a line each.
    ///
    /// # Errors
    /// When the browser cannot.
    pub fn errors(&self) -> Result<Vec<String>> {
        let log = self.driver.post("/se/log", &json!({ "type": "browser" }))?;
        let lines = log.as_array().context("no log")?;
        let errors = lines.iter().filter(|line| line["level"] == "SEVERE");
        Ok(errors.map(|line| line["message"].to_string()).collect())
    }
}

/// Asks again and again until there is an answer.
///
/// # Errors
/// What `ask` fails with, or that the answer did not come within two minutes.
pub fn wait_for<T>(what: &str, mut ask: impl FnMut() -> Result<Option<T>>) -> Result<T> {
    let start = Instant::now();
    while start.elapsed() < PATIENCE {
        if let Some(answer) = ask()? {
            return Ok(answer);
        }
        sleep(Duration::from_millis(30));
    }
    bail!("waited {} s in vain: {what}", PATIENCE.as_secs())
}

fn move_to(&(x, y): &(f64, f64)) -> Value {
    let (x, y) = (x.round() as i64, y.round() as i64);
    json!({ "type": "pointerMove", "duration": 0, "x": x, "y": y })
}

/// The protocol's code points for keys that have no character.
fn key_code(key: &str) -> &str {
    match key {
        "Shift" => "\u{E008}",
        "Control" => "\u{E009}",
        "Enter" => "\u{E007}",
        "Tab" => "\u{E004}",
        "Delete" => "\u{E017}",
        "PageUp" => "\u{E00E}",
        "PageDown" => "\u{E00F}",
        "ArrowLeft" => "\u{E012}",
        "ArrowRight" => "\u{E014}",
        "Escape" => "\u{E00C}",
        "ArrowUp" => "\u{E013}",
        "ArrowDown" => "\u{E015}",
        character => character,
    }
}
