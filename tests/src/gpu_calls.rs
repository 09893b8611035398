//! What a worker asks of WebGPU, counted.

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::site::Site;

/// Ahead of a worker's script: counts its calls, and tells when asked.
const COUNTER: &str = include_str!("../peers/browser/count.js");

/// Asks the worker for its counts.
const ASK: &str = "return new Promise(resolve => { \
    const channel = new BroadcastChannel(`counts?${arguments[0]}`); \
    channel.onmessage = event => resolve(event.data); \
    channel.postMessage('count'); \
});";

/// Calls since the worker started.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GpuCalls {
    /// Kernels run.
    pub dispatches: f64,
    /// Command buffers handed over.
    pub submits: f64,
    /// Results read back.
    pub maps: f64,
    /// Kernels compiled.
    pub pipelines: f64,
}

/// Has a worker of the site, such as "gpu", count from its start.
pub fn count(site: &Site, worker: &str) {
    site.alter(&format!("worker-{worker}.js"), |file| {
        Some([COUNTER.as_bytes(), &file].concat())
    });
}

impl GpuCalls {
    /// The counts of the page's worker of this name.
    ///
    /// # Errors
    /// When it does not count (see [`count`]) or there is none.
    pub fn of(browser: &Browser, worker: &str) -> Result<Self> {
        let counts = browser.script(ASK, &[json!(worker)])?;
        let number = |name: &str| -> Result<f64> {
            let value: &Value = &counts[name];
            value
                .as_f64()
                .with_context(|| format!("no count of {name}"))
        };
        Ok(Self {
            dispatches: number("dispatches")?,
            submits: number("submits")?,
            maps: number("maps")?,
            pipelines: number("pipelines")?,
        })
    }
}
