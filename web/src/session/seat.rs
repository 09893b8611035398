//! One device's worker, as the session sees it.

use super::Device;
use protocol::RequestId;

/// After this long without a word, a busy worker is asked whether it is alive. In milliseconds.
const PING_AFTER: f64 = 2_000.0;

/// A single step of the clock counts at most this much, in milliseconds: when the computer slept or
/// the tab was in the background, the worker stood still too.
const LONGEST_STEP: f64 = 1_500.0;

/// How far a worker is.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Phase {
    /// There is none.
    #[default]
    Absent,
    /// It is being fetched and started.
    Starting,
    /// It runs, and waits for the model's files.
    Waiting,
    /// It takes the model in and tests itself.
    Loading,
    /// It answers.
    Ready(Ready),
    /// It cannot be used, for this reason.
    Failed(String),
}

/// What is known of a device that answers.
#[derive(Clone, Debug, PartialEq)]
pub struct Ready {
    /// How many numbers the model has learnt.
    pub parameters: u32,
    /// Largest difference from the stored reference logits.
    pub self_test_difference: f32,
    /// Median milliseconds of one prediction, once measured.
    pub median: Option<f64>,
}

/// What a worker is busy with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Task {
    Load,
    Predict,
    Classify,
    Measure,
    /// To take another net, of this number.
    Replace(u32),
}

/// The one request that a worker has not answered yet.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Asked {
    id: RequestId,
    pub(super) task: Task,
    /// The answer is no longer wanted.
    pub(super) abandoned: bool,
    /// Milliseconds since it was asked.
    age: f64,
    /// Milliseconds since the worker was last heard.
    silence: f64,
    pinged: bool,
}

impl Asked {
    pub(super) fn new(id: RequestId, task: Task) -> Self {
        Self {
            id,
            task,
            abandoned: false,
            age: 0.0,
            silence: 0.0,
            pinged: false,
        }
    }
}

/// What to do about a worker that has not answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Patience {
    Waiting,
    Ask,
    Over,
}

#[derive(Debug, Default)]
pub(super) struct Seat {
    pub(super) phase: Phase,
    pub(super) asked: Option<Asked>,
    /// How often the worker ended since its last prediction.
    pub(super) deaths: u32,
    /// The number of the model that it answers with: 0 is the one that it loads.
    pub(super) net: u32,
}

impl Seat {
    pub(super) fn start(&mut self) {
        self.phase = Phase::Starting;
        self.asked = None;
    }

    /// The worker listens. It may say so twice, as nobody knows when it was first heard.
    pub(super) fn started(&mut self) {
        if self.phase == Phase::Starting {
            self.phase = Phase::Waiting;
        }
    }

    pub(super) fn loaded(&mut self, ready: Ready) {
        self.phase = Phase::Ready(ready);
    }

    pub(super) fn measured(&mut self, milliseconds: f64) {
        if let Phase::Ready(ready) = &mut self.phase {
            ready.median = Some(milliseconds);
        }
    }

    pub(super) fn ready(&self) -> Option<&Ready> {
        match &self.phase {
            Phase::Ready(ready) => Some(ready),
            _ => None,
        }
    }

    pub(super) fn failure(&self) -> Option<&str> {
        match &self.phase {
            Phase::Failed(sentence) => Some(sentence),
            _ => None,
        }
    }

    pub(super) fn is_waiting_for_model(&self) -> bool {
        self.phase == Phase::Waiting
    }

    /// Whether it answers, and is not busy.
    pub(super) fn is_free(&self) -> bool {
        self.ready().is_some() && self.asked.is_none()
    }

    pub(super) fn is_unmeasured(&self) -> bool {
        self.is_free() && self.ready().is_some_and(|ready| ready.median.is_none())
    }

    /// The answer to this task is no longer wanted, if it is under way.
    pub(super) fn abandon(&mut self, task: Task) {
        if let Some(asked) = self.asked.as_mut().filter(|asked| asked.task == task) {
            asked.abandoned = true;
        }
    }

    /// Whether this task is under way and its answer wanted.
    pub(super) fn does(&self, task: Task) -> bool {
        self.asked
            .is_some_and(|asked| asked.task == task && !asked.abandoned)
    }

    /// The worker was heard. Returns the request that this answers, which is then settled.
    pub(super) fn hear(&mut self, id: RequestId) -> Option<Asked> {
        if let Some(asked) = &mut self.asked {
            asked.silence = 0.0;
            asked.pinged = false;
        }
        self.asked.take_if(|asked| asked.id == id)
    }

    pub(super) fn wait(&mut self, device: Device, milliseconds: f64) -> Patience {
        let Some(asked) = &mut self.asked else {
            return Patience::Waiting;
        };
        let step = milliseconds.clamp(0.0, LONGEST_STEP);
        asked.age += step;
        asked.silence += step;
        let (longest_silence, longest_age) = limits(device, asked.task);
        if asked.silence > longest_silence || asked.age > longest_age {
            Patience::Over
        } else if asked.silence > PING_AFTER && !asked.pinged {
            asked.pinged = true;
            Patience::Ask
        } else {
            Patience::Waiting
        }
    }
}

/// How long a worker may stay silent, and how long one request may take, in milliseconds. WebGPU
/// compiles its shaders during the first requests, and may block while it does.
fn limits(device: Device, task: Task) -> (f64, f64) {
    match (device, task) {
        (Device::Cpu, Task::Load) => (20_000.0, 60_000.0),
        (Device::Cpu, _) => (6_000.0, 30_000.0),
        (Device::Gpu, Task::Predict) => (20_000.0, 60_000.0),
        (Device::Gpu, _) => (60_000.0, 180_000.0),
    }
}
