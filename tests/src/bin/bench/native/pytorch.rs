//! PyTorch's side: a process that is told what to do, line by line.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context, Result};
use serde_json::{Value, json};
use tests::root;

use super::{Work, exchange};

/// The process; it ends when its input does.
pub(crate) struct PyTorch {
    process: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl PyTorch {
    /// Starts it on what [`exchange::write`] has written.
    pub(crate) fn start(python: &Path) -> Result<Self> {
        let mut process = Command::new(python)
            .arg("-Wignore") // PyTorch misses NumPy, which is not used here.
            .arg(root().join("tests/peers/pytorch.py"))
            .arg(exchange::folder())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("{} could not be started", python.display()))?;
        let output = process.stdout.take().context("no output")?;
        Ok(Self {
            input: process.stdin.take(),
            output: BufReader::new(output),
            process,
        })
    }

    /// Logits and the losses of some training steps, all on the first `batch` images.
    pub(crate) fn check(&mut self, batch: usize, steps: usize) -> Result<Value> {
        self.ask("check", batch, steps)
    }

    /// The mean seconds of some runs.
    pub(crate) fn seconds(&mut self, work: &Work, runs: usize) -> Result<f64> {
        let answer = self.ask(work.name, work.batch, runs)?;
        answer["seconds"].as_f64().context("no seconds")
    }

    fn ask(&mut self, work: &str, batch: usize, runs: usize) -> Result<Value> {
        let request = json!({ "work": work, "batch": batch, "runs": runs });
        let mut answer = String::new();
        let stopped = "PyTorch's side stopped; its output above says why";
        let input = self.input.as_mut().context(stopped)?;
        writeln!(input, "{request}").context(stopped)?;
        self.output.read_line(&mut answer)?;
        serde_json::from_str(&answer).context(stopped)
    }
}

impl Drop for PyTorch {
    fn drop(&mut self) {
        self.input = None;
        // Nothing depends on how it ends.
        let _ = self.process.wait();
    }
}
