//! The measurements on one device.

use std::collections::BTreeSet;

use anyhow::{Context, Result, anyhow};
use serde_json::{Value, json};
use tests::browser::WebGpu;
use xtask::wire;

use super::agreement;
use super::answer::Answer;
use super::plan::{Device, Kind, Runtime, Work};
use super::stage::{DATA, Stage};

/// Images whose logits are compared.
const COMPARED: usize = 1;

/// How many single images go ahead unmeasured: browsers compile what runs often anew.
const WARM_UP: usize = 20;

/// What is counted of a GPU's work.
pub(crate) const COUNTS: [&str; 3] = ["dispatches", "submits", "maps"];

/// All that was measured on a device.
pub(crate) struct Field {
    /// What was measured.
    pub(crate) device: &'static Device,
    /// The rows of the table.
    pub(crate) rows: Vec<Row>,
    /// Largest difference between what we and a peer computed.
    pub(crate) difference: f64,
    /// Of what: a logit, or the loss of a step.
    pub(crate) compared: &'static str,
}

/// One row of the table.
pub(crate) struct Row {
    /// What was measured.
    pub(crate) what: String,
    /// Of what it is so many.
    pub(crate) unit: &'static str,
    /// For each runtime its measurements, one a round; none where it cannot do this.
    pub(crate) values: Vec<Vec<f64>>,
}

impl Row {
    pub(crate) fn new(device: &Device, what: String, unit: &'static str) -> Self {
        let values = vec![Vec::new(); device.runtimes.len()];
        Self { what, unit, values }
    }
}

impl Field {
    /// Measures everything in a new browser.
    ///
    /// # Errors
    /// When a runtime fails at what it should be able to do, or computes something else.
    pub(crate) fn measure(device: &'static Device) -> Result<Self> {
        let stage = Stage::open(device.webgpu)?;
        let mut field = Self {
            device,
            rows: Vec::new(),
            difference: 0.0,
            compared: "logit",
        };
        field.starts(&stage)?;
        field.agree(&stage)?;
        for work in device.works.iter().filter(|work| work.kind != Kind::First) {
            field.turns(&stage, work)?;
        }
        Ok(field)
    }

    fn is_cpu(&self) -> bool {
        self.device.webgpu == WebGpu::None
    }

    /// First predictions, each in a new worker, and the bytes that they took.
    fn starts(&mut self, stage: &Stage) -> Result<()> {
        let works = self.device.works.iter();
        for work in works.filter(|work| work.kind == Kind::First) {
            let mut times = Row::new(self.device, work.what(), "ms");
            let mut bytes = Row::new(
                self.device,
                "the worker's code over the wire (brotli)".into(),
                "KB",
            );
            for (round, index) in turns(work.rounds, self.device) {
                let runtime = &self.device.runtimes[index];
                let before = stage.site().requests().len();
                eprintln!("{}: {}, {}", self.device.name, work.what(), runtime.name);
                let outcome = stage.ask("start", &json!({ "address": runtime.worker }))?;
                times.values[index].push(outcome["first"].as_f64().context("no time")?);
                if round == 0 && self.is_cpu() {
                    bytes.values[index].push(kilobytes(stage, before)?);
                }
            }
            self.rows.push(times);
            // To compress the GPU's tens of megabytes takes longer than all else.
            self.rows.extend(self.is_cpu().then_some(bytes));
        }
        Ok(())
    }

    /// Compares the logits, and warms up all workers.
    fn agree(&mut self, stage: &Stage) -> Result<()> {
        let mut ours = Vec::new();
        for runtime in self.device.runtimes {
            let runs = if self.is_cpu() { WARM_UP } else { 1 };
            ask(stage, runtime, 1, runs)?;
            let rows = ask(stage, runtime, COMPARED, 1)?.rows;
            if ours.is_empty() {
                ours = rows;
                continue;
            }
            let difference = agreement::check(runtime.name, &ours, &rows)?;
            self.difference = self.difference.max(difference);
        }
        Ok(())
    }

    /// Some work, by turns; on a GPU also what is asked of it.
    fn turns(&mut self, stage: &Stage, work: &Work) -> Result<()> {
        eprintln!("{}: {}", self.device.name, work.what());
        let mut times = Row::new(self.device, work.what(), "ms");
        let mut counts =
            COUNTS.map(|name| Row::new(self.device, format!("{name}, {}", work.what()), ""));
        for (round, index) in turns(work.rounds, self.device) {
            let runtime = &self.device.runtimes[index];
            if work.batch > runtime.largest {
                continue;
            }
            if round == 0 {
                // Unmeasured: shaders are compiled for each size.
                ask(stage, runtime, work.batch, 1)?;
            }
            let (answer, asked) = self.counted(stage, runtime, work)?;
            times.values[index].push(answer.mean()?);
            for (row, count) in counts.iter_mut().zip(asked) {
                row.values[index].push(count / answer.milliseconds.len() as f64);
            }
        }
        self.rows.push(times);
        if !self.is_cpu() {
            self.rows.extend(counts);
        }
        Ok(())
    }

    /// An answer, and on a GPU how often it was asked for each of [`COUNTS`].
    fn counted(&self, stage: &Stage, runtime: &Runtime, work: &Work) -> Result<(Answer, Vec<f64>)> {
        let answer = || ask(stage, runtime, work.batch, work.runs);
        if self.is_cpu() {
            return Ok((answer()?, Vec::new()));
        }
        let counts = || stage.ask("counts", &json!({ "address": runtime.worker }));
        let (before, answer, after) = (counts()?, answer()?, counts()?);
        let asked = COUNTS.into_iter().map(|name| {
            let count = |counts: &Value| counts[name].as_f64().context("no count");
            Ok(count(&after)? - count(&before)?)
        });
        Ok((answer, asked.collect::<Result<_>>()?))
    }
}

/// Each round with each runtime, by its index; each is the first one in its turn.
pub(crate) fn turns(rounds: usize, device: &Device) -> impl Iterator<Item = (usize, usize)> {
    let count = device.runtimes.len();
    (0..rounds).flat_map(move |round| (0..count).map(move |turn| (round, (round + turn) % count)))
}

fn ask(stage: &Stage, runtime: &Runtime, batch: usize, runs: usize) -> Result<Answer> {
    let words = json!({ "address": runtime.worker, "batch": batch, "runs": runs });
    let outcome = stage.ask("infer", &words)?;
    Answer::read(&outcome, stage.temperature()).with_context(|| runtime.name)
}

/// What the code weighs that was fetched since then: scripts and modules, not weights and images.
fn kilobytes(stage: &Stage, before: usize) -> Result<f64> {
    let requests = stage.site().requests();
    let paths: BTreeSet<&String> = requests[before..].iter().collect();
    let mut bytes = 0;
    for path in paths.into_iter().filter(|path| !path.starts_with(DATA)) {
        let weight = wire::brotli_bytes(&stage.site().file(path));
        bytes += weight.map_err(|sentence| anyhow!(sentence))?;
    }
    Ok(bytes as f64 / 1000.0)
}
