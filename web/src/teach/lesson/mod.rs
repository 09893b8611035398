//! The course of a training: what the worker is asked, what its reports mean, when to stop by itself.

use super::meter;
use super::runs::Run;
use model::teach::{Example, Progress, Settings};
use protocol::teach::{Counts, Order, Report, Saved};
use serde::{Deserialize, Serialize};

/// How often the worker may end without having come further before the training is given up.
const MOST_DEATHS: u32 = 3;

/// How far a training is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum Phase {
    /// There is none.
    #[default]
    Idle,
    /// The worker is being made ready; then it runs, or takes one step, or waits.
    Starting(Then),
    /// Step after step.
    Running,
    /// The step under way is the last one for now.
    Pausing,
    /// It waits.
    Paused,
    /// All steps are done.
    Done,
    /// It was ended, for this reason.
    Stopped(String),
}

/// What follows when the worker is ready.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Then {
    /// It runs.
    Run,
    /// It takes one step.
    Step,
}

/// What the net made of things at a step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mark {
    /// Steps done.
    pub step: u32,
    /// What the held-out images were read as.
    pub held_out: Counts,
    /// How many of the examples were read right.
    pub right: u32,
    /// Bytes of memory that the worker had taken.
    pub memory_bytes: u32,
}

/// What a lesson asks of the browser.
#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    /// Make the worker anew.
    Start,
    /// End it.
    Stop,
    /// Send it the lesson, from its last saved point on if there is one.
    Begin,
    /// Send it an order.
    Send(Order),
    /// Store the lesson.
    Store,
    /// Let the net of the last saved point answer.
    Answer,
    /// Let the shipped net answer.
    AnswerShipped,
    /// Add this run, whose net is that of the last saved point, to the finished ones.
    Record(Box<Run>),
}

/// One training from its beginning to its end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lesson {
    /// How far it is.
    pub phase: Phase,
    /// How it is taught.
    pub settings: Settings,
    /// What is taught.
    pub examples: Vec<Example>,
    /// So many points may the accuracy on held-out images fall before it stops by itself.
    pub limit: f64,
    /// The steps so far.
    pub history: Vec<Progress>,
    /// What the net as it was makes of the held-out images.
    pub before: Option<Counts>,
    /// What the taught one made of them, in the order of the steps.
    pub marks: Vec<Mark>,
    /// The last point that the worker saved.
    saved: Option<Saved>,
    /// The last saved point at which the limit was known to be kept. Not stored: it would double what is
    /// written at each checkpoint, and what was stored stands in for it.
    #[serde(skip)]
    good: Option<Saved>,
    /// Mean time of a step, in milliseconds.
    pub step_milliseconds: f64,
    deaths: u32,
}

impl Default for Lesson {
    fn default() -> Self {
        Self::new(Settings::default(), Vec::new(), 2.0)
    }
}

impl Lesson {
    fn new(settings: Settings, examples: Vec<Example>, limit: f64) -> Self {
        Self {
            phase: Phase::Idle,
            settings,
            examples,
            limit,
            history: Vec::new(),
            before: None,
            marks: Vec::new(),
            saved: None,
            good: None,
            step_milliseconds: 0.0,
            deaths: 0,
        }
    }

    /// Begins anew: `then` says whether to run or to take one step.
    ///
    /// # Errors
    /// One sentence about a setting that makes no sense, or about missing examples.
    pub fn start(
        &mut self,
        settings: Settings,
        examples: Vec<Example>,
        limit: f64,
        then: Then,
    ) -> Result<Vec<Act>, String> {
        settings.check()?;
        if examples.is_empty() {
            return Err(
                "There is no example to learn from: draw something and say what it is.".into(),
            );
        }
        if limit.is_nan() || limit <= 0.0 {
            return Err("The limit on forgetting must be above 0 points.".into());
        }
        *self = Self::new(settings, examples, limit);
        self.phase = Phase::Starting(then);
        Ok(vec![Act::Start])
    }

    /// Goes on after a pause, or after the page was closed.
    pub fn resume(&mut self, then: Then) -> Vec<Act> {
        if self.phase != Phase::Paused {
            return Vec::new();
        }
        self.phase = Phase::Starting(then);
        vec![Act::Start]
    }

    /// Takes the lesson up as it was stored. It waits, also if it ran when the page was closed; whether
    /// it did is returned.
    pub fn take_up(mut self) -> (Self, bool) {
        let ran = matches!(self.phase, Phase::Running | Phase::Starting(_));
        if ran || self.phase == Phase::Pausing {
            self.phase = Phase::Paused;
        }
        self.go_back_to_saved();
        self.good = self.saved.clone();
        (self, ran)
    }

    /// Stops after the step under way, and waits.
    pub fn pause(&mut self) -> Vec<Act> {
        if self.phase != Phase::Running {
            return Vec::new();
        }
        self.phase = Phase::Pausing;
        vec![Act::Send(Order::Pause)]
    }

    /// Ends the training and forgets what it led to.
    pub fn stop(&mut self) -> Vec<Act> {
        *self = Self {
            phase: Phase::Idle,
            ..Self::new(self.settings.clone(), Vec::new(), self.limit)
        };
        vec![Act::Stop, Act::AnswerShipped, Act::Store]
    }

    /// The worker's report.
    pub fn hear(&mut self, report: Report) -> Vec<Act> {
        match report {
            Report::Started => vec![Act::Begin],
            Report::Begun { before, .. } => self.begun(before),
            Report::Stepped {
                progress,
                milliseconds,
            } => {
                self.stepped(progress, milliseconds);
                Vec::new()
            }
            Report::Measured {
                step,
                held_out,
                right,
                memory_bytes,
            } => self.measured(Mark {
                step,
                held_out,
                right,
                memory_bytes,
            }),
            Report::Saved(saved) => self.saved(saved),
            Report::Waiting => {
                self.phase = Phase::Paused;
                vec![Act::Store]
            }
            Report::Done => self.done(),
            Report::Failed { sentence } => {
                self.phase = Phase::Stopped(sentence);
                vec![Act::Stop, Act::Store]
            }
            Report::Died { sentence } => self.ended(&sentence),
        }
    }

    /// The worker has ended by itself. It is made anew and goes on from the last saved point, unless
    /// that has been of no use.
    pub fn ended(&mut self, reason: &str) -> Vec<Act> {
        if !self.is_busy() {
            return vec![Act::Stop];
        }
        self.deaths += 1;
        if self.deaths > MOST_DEATHS {
            self.phase = Phase::Stopped(format!(
                "The worker that trains ended again and again. {reason}"
            ));
            return vec![Act::Stop, Act::Store];
        }
        self.go_back_to_saved();
        self.phase = Phase::Starting(Then::Run);
        vec![Act::Stop, Act::Start]
    }

    /// Whether the worker has something to do.
    pub fn is_busy(&self) -> bool {
        matches!(
            self.phase,
            Phase::Starting(_) | Phase::Running | Phase::Pausing
        )
    }

    /// The session to go on from; empty to begin anew.
    pub fn checkpoint(&self) -> &[u8] {
        self.saved.as_ref().map_or(&[], |saved| &saved.checkpoint)
    }

    /// The net of the last saved point: the weights file and its sidecar.
    pub fn net(&self) -> Option<&Saved> {
        self.saved.as_ref()
    }

    /// How the accuracy on held-out images has changed, in points.
    pub fn change(&self) -> Option<f64> {
        let (before, mark) = (self.before.as_ref()?, self.marks.last()?);
        Some(meter::accuracy(&mark.held_out) - meter::accuracy(before))
    }

    fn begun(&mut self, before: Counts) -> Vec<Act> {
        self.before = Some(before);
        let Phase::Starting(then) = self.phase else {
            return Vec::new();
        };
        self.phase = Phase::Running;
        vec![Act::Send(match then {
            Then::Run => Order::Run,
            Then::Step => Order::Step,
        })]
    }

    fn stepped(&mut self, progress: Progress, milliseconds: f32) {
        let share = if self.history.is_empty() { 1.0 } else { 0.1 };
        self.step_milliseconds += share * (f64::from(milliseconds) - self.step_milliseconds);
        self.history.push(progress);
    }

    fn measured(&mut self, mark: Mark) -> Vec<Act> {
        self.marks.push(mark);
        match self.change() {
            Some(change) if -change > self.limit => self.roll_back(-change),
            _ => Vec::new(),
        }
    }

    /// Too much was forgotten: back to the last point where it was not.
    fn roll_back(&mut self, forgotten: f64) -> Vec<Act> {
        let limit = self.limit;
        let net = match self.good {
            Some(_) => Act::Answer,
            None => Act::AnswerShipped,
        };
        let place = match &self.good {
            Some(good) => format!("step {}", good.step),
            None => "the shipped network".to_owned(),
        };
        self.saved = self.good.clone();
        self.go_back_to_saved();
        self.phase = Phase::Stopped(format!(
            "Stopped by itself: {forgotten:.1} points were forgotten, and the limit is {limit}. Back to {place}; add examples, replay more, or choose less strength."
        ));
        vec![Act::Stop, net, Act::Store]
    }

    fn saved(&mut self, saved: Saved) -> Vec<Act> {
        if self
            .marks
            .last()
            .is_some_and(|mark| mark.step == saved.step)
        {
            self.good = Some(saved.clone());
        }
        self.saved = Some(saved);
        self.deaths = 0;
        vec![Act::Store, Act::Answer]
    }

    fn done(&mut self) -> Vec<Act> {
        self.phase = Phase::Done;
        let (Some(before), Some(mark), Some(_)) = (self.before, self.marks.last(), &self.saved)
        else {
            return vec![Act::Stop, Act::Store];
        };
        let run = Run::finished(
            self.settings.clone(),
            self.examples.len() as u32,
            before,
            mark,
        );
        vec![Act::Stop, Act::Record(Box::new(run)), Act::Store]
    }

    /// Forgets what came after the last saved point: it will be done again.
    fn go_back_to_saved(&mut self) {
        let step = self.saved.as_ref().map_or(0, |saved| saved.step);
        self.history.retain(|progress| progress.step <= step);
        self.marks.retain(|mark| mark.step <= step);
    }
}

#[cfg(test)]
mod tests;
