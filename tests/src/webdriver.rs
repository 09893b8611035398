//! As much of the WebDriver protocol (W3C) as the tests need, spoken to chromedriver.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use serde_json::{Value, json};
use tempfile::TempDir;
use ureq::Agent;

/// The name under which the protocol passes a reference to an element.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A running chromedriver with one session, both ended on drop.
pub(crate) struct Driver {
    process: Child,
    agent: Agent,
    session: String,
    /// What browser and driver leave on the disk, profile included; removed with this.
    _folder: TempDir,
}

impl Driver {
    /// Starts chromedriver on a free port, and in it a session with these capabilities.
    pub(crate) fn start(capabilities: &Value) -> Result<Self> {
        let folder = TempDir::new()?;
        let mut process = Command::new("chromedriver")
            .arg("--port=0")
            .env("TMPDIR", folder.path())
            .stdout(Stdio::piped())
            .spawn()
            .context("chromedriver could not be started; `cargo xtask setup` installs it")?;
        let port = match announced_port(&mut process) {
            Ok(port) => port,
            Err(error) => {
                let _ = process.kill();
                return Err(error);
            }
        };
        let config = Agent::config_builder()
            .proxy(None)
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(180)));
        let mut driver = Self {
            process,
            agent: config.build().into(),
            session: format!("http://127.0.0.1:{port}/session"),
            _folder: folder,
        };
        let body = json!({ "capabilities": { "alwaysMatch": capabilities } });
        let answer = driver.post("", &body)?;
        let id = answer["sessionId"].as_str().context("no session id")?;
        driver.session = format!("{}/{id}", driver.session);
        Ok(driver)
    }

    /// Sends a command; `path` is what follows the session's address.
    pub(crate) fn post(&self, path: &str, body: &Value) -> Result<Value> {
        let url = format!("{}{path}", self.session);
        let response = self.agent.post(&url).send_json(body);
        value(response.with_context(|| format!("chromedriver: {path}"))?)
    }

    /// Asks for something; `path` is what follows the session's address.
    pub(crate) fn get(&self, path: &str) -> Result<Value> {
        let response = self.agent.get(format!("{}{path}", self.session)).call();
        value(response.with_context(|| format!("chromedriver: {path}"))?)
    }

    /// Runs a DevTools command, for what WebDriver has no word for.
    pub(crate) fn devtools(&self, command: &str, parameters: &Value) -> Result<Value> {
        let body = json!({ "cmd": command, "params": parameters });
        self.post("/goog/cdp/execute", &body)
    }

    /// The driver's process, below which the browser's are.
    pub(crate) fn process(&self) -> u32 {
        self.process.id()
    }

    /// The path of the first element that the XPath names.
    pub(crate) fn element(&self, xpath: &str) -> Result<String> {
        let body = json!({ "using": "xpath", "value": xpath });
        let found = self.post("/element", &body)?;
        let id = found[ELEMENT].as_str().context("no element id")?;
        Ok(format!("/element/{id}"))
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // Ending the session closes the browser; the driver itself is then killed.
        let _ = self.agent.delete(&self.session).call();
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Reads chromedriver's output up to the line that names its port.
fn announced_port(process: &mut Child) -> Result<u16> {
    let output = process.stdout.take().context("chromedriver's output")?;
    let mut lines = BufReader::new(output).lines();
    for line in lines.by_ref() {
        let line = line?;
        if let Some((_, port)) = line.split_once("successfully on port ") {
            let port = port.trim_end_matches('.').parse()?;
            // A pipe that nobody reads would block chromedriver one day.
            thread::spawn(move || lines.for_each(drop));
            return Ok(port);
        }
    }
    Err(anyhow!("chromedriver ended before it named its port"))
}

/// The `value` of an answer, or its error in words.
fn value(mut response: ureq::http::Response<ureq::Body>) -> Result<Value> {
    let body = response.body_mut().with_config().limit(64 << 20);
    let mut answer: Value = body.read_json()?;
    let value = answer["value"].take();
    if response.status().is_success() {
        return Ok(value);
    }
    let message = value["message"].as_str().unwrap_or_default();
    let first = message.lines().next().unwrap_or_default();
    bail!("{}: {first}", value["error"].as_str().unwrap_or("error"))
}
