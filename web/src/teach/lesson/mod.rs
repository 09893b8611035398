//! The course of a training: what the worker is asked, what its reports mean, when to stop by itself.

mod hearing;
mod phase;

use super::meter;
use crate::session::Device;
use model::teach::{Example, Progress, Settings};
use protocol::teach::{Counts, Mark, Order, Taught};
use serde::{Deserialize, Serialize};

pub use phase::{Act, Phase, Then};

/// One training from its beginning to its end. What it goes on from is stored by the worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lesson {
    /// How far it is.
    pub phase: Phase,
    /// What tells it from every other lesson.
    pub id: u64,
    /// How it is taught.
    pub settings: Settings,
    /// What is taught; empty from scratch.
    pub examples: Vec<Example>,
    /// So many points may the accuracy on held-out images fall before it stops by itself.
    pub limit: f64,
    /// The steps so far.
    pub history: Vec<Progress>,
    /// What the shipped net makes of the held-out images.
    pub before: Option<Counts>,
    /// What the trained one made of them, in the order of the steps.
    pub marks: Vec<Mark>,
    /// Mean time of a step, in milliseconds.
    pub step_milliseconds: f64,
    /// The net that training has come to.
    #[serde(skip)]
    taught: Option<Taught>,
    /// Where it is computed.
    #[serde(skip)]
    pub device: Device,
    /// Why it goes on without WebGPU, as a sentence, if that failed.
    #[serde(skip)]
    pub left_gpu: Option<String>,
    /// How much of the data set is here, 0 to 1, while it is being brought.
    #[serde(skip)]
    pub fetched: Option<f32>,
    /// Whether there is a worker that has the session.
    #[serde(skip)]
    alive: bool,
    /// Whether it was begun before the page was loaded.
    #[serde(skip)]
    taken_up: bool,
    deaths: u32,
}

impl Default for Lesson {
    fn default() -> Self {
        Self::new(0, Settings::default(), Vec::new(), 2.0)
    }
}

impl Lesson {
    fn new(id: u64, settings: Settings, examples: Vec<Example>, limit: f64) -> Self {
        Self {
            phase: Phase::Idle,
            id,
            settings,
            examples,
            limit,
            history: Vec::new(),
            before: None,
            marks: Vec::new(),
            step_milliseconds: 0.0,
            taught: None,
            device: Device::Cpu,
            left_gpu: None,
            fetched: None,
            alive: false,
            taken_up: false,
            deaths: 0,
        }
    }

    /// Begins anew, under an id that no other lesson has: `then` says whether to run or to take one step.
    ///
    /// # Errors
    /// One sentence about a setting that makes no sense, or about missing examples.
    pub fn start(
        &mut self,
        id: u64,
        settings: Settings,
        examples: Vec<Example>,
        limit: f64,
        then: Then,
    ) -> Result<Vec<Act>, String> {
        settings.check()?;
        let from_scratch = settings.scratch().is_some();
        if examples.is_empty() && !from_scratch {
            return Err(
                "There is no example to learn from: draw something and say what it is.".into(),
            );
        }
        if limit.is_nan() || limit <= 0.0 {
            return Err("The limit on forgetting must be above 0 points.".into());
        }
        let examples = if from_scratch { Vec::new() } else { examples };
        *self = Self::new(id, settings, examples, limit);
        self.phase = Phase::Starting(then);
        Ok(vec![Act::Store, Act::Start])
    }

    /// Goes on after a pause, or after the page was closed.
    pub fn resume(&mut self, then: Then) -> Vec<Act> {
        if self.phase != Phase::Paused {
            return Vec::new();
        }
        if self.alive {
            return self.go(then);
        }
        self.phase = Phase::Starting(then);
        vec![Act::Store, Act::Start]
    }

    /// Takes the lesson up as it was stored. It waits, also if it ran when the page was closed; whether
    /// it did is returned.
    pub fn take_up(mut self) -> (Self, bool) {
        let ran = matches!(self.phase, Phase::Running | Phase::Starting(_));
        if self.is_busy() {
            self.phase = Phase::Paused;
        }
        self.taken_up = true;
        (self, ran)
    }

    /// Whether nothing of it can have been stored yet.
    fn is_new(&self) -> bool {
        self.history.is_empty() && !self.taken_up
    }

    /// A worker is to be made: on the device that answers drawings, unless WebGPU has failed this lesson.
    pub fn choose(&mut self, answering: Device) -> Device {
        self.device = match self.left_gpu {
            Some(_) => Device::Cpu,
            None => answering,
        };
        self.device
    }

    /// From now on so many points may be forgotten.
    pub fn set_limit(&mut self, limit: f64) -> Vec<Act> {
        let goes_on = self.is_busy() || self.phase == Phase::Paused;
        if limit.is_nan() || limit <= 0.0 || !goes_on {
            return Vec::new();
        }
        self.limit = limit;
        vec![Act::Store]
    }

    /// Stops after the step under way, and waits.
    pub fn pause(&mut self) -> Vec<Act> {
        match self.phase {
            Phase::Running => {
                self.phase = Phase::Pausing;
                vec![Act::Send(Order::Pause)]
            }
            Phase::Starting(_) => self.wait(),
            _ => Vec::new(),
        }
    }

    /// Ends the training after the step under way, and keeps what it led to.
    pub fn end(&mut self) -> Vec<Act> {
        match self.phase {
            Phase::Running | Phase::Pausing => {
                self.phase = Phase::Ending;
                vec![Act::Send(Order::Pause)]
            }
            Phase::Paused | Phase::Starting(_) if self.taught.is_some() => self.done(),
            Phase::Paused => self.resume(Then::End),
            // The worker that is being made brings what was saved; if nothing was, nothing is lost.
            Phase::Starting(_) if self.is_new() => self.reset(),
            Phase::Starting(_) => {
                self.phase = Phase::Starting(Then::End);
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    /// Ends the training and forgets what it led to.
    pub fn reset(&mut self) -> Vec<Act> {
        *self = Self::new(self.id, self.settings.clone(), Vec::new(), self.limit);
        vec![Act::Stop, Act::AnswerAsBefore, Act::Store]
    }

    /// Whether the worker has something to do.
    pub fn is_busy(&self) -> bool {
        matches!(
            self.phase,
            Phase::Starting(_) | Phase::Running | Phase::Pausing | Phase::Ending
        )
    }

    /// Steps per second; `None` before a step was timed.
    pub fn steps_per_second(&self) -> Option<f64> {
        (self.step_milliseconds > 0.0).then(|| 1e3 / self.step_milliseconds)
    }

    /// The net that training has come to, once it has been saved.
    pub fn net(&self) -> Option<&Taught> {
        self.taught.as_ref()
    }

    /// The accuracy on held-out images in percent, by step. A fine-tuned net begins as the pretrained one.
    pub fn held_out(&self) -> Vec<(f64, f64)> {
        let start = self.before.filter(|_| self.settings.scratch().is_none());
        let start = start.map(|before| (0.0, meter::accuracy(&before)));
        let marks = self.marks.iter();
        let later = marks.map(|mark| (f64::from(mark.step), meter::accuracy(&mark.held_out)));
        start.into_iter().chain(later).collect()
    }

    /// How the accuracy on held-out images has changed, in points.
    pub fn change(&self) -> Option<f64> {
        let (before, mark) = (self.before.as_ref()?, self.marks.last()?);
        Some(meter::accuracy(&mark.held_out) - meter::accuracy(before))
    }
}

#[cfg(test)]
mod tests;
