//! What follows from the worker's reports, and from its end.

use super::{Act, Lesson, Phase, Then};
use crate::session::Device;
use crate::teach::runs::Run;
use model::teach::Progress;
use protocol::teach::{Mark, Order, Report, Taught};

/// How often the worker may end without having come further before the training is given up.
const MOST_DEATHS: u32 = 3;

impl Lesson {
    /// The worker's report.
    pub fn hear(&mut self, report: Report) -> Vec<Act> {
        if !self.is_busy() {
            // It was sent before the worker was ended.
            return Vec::new();
        }
        match report {
            Report::Started => vec![Act::Begin],
            Report::Fetching(share) => {
                self.fetched = Some(share);
                Vec::new()
            }
            Report::Begun {
                before,
                history,
                marks,
            } => {
                (self.before, self.history, self.marks) = (Some(before), history, marks);
                self.begun()
            }
            Report::Stepped {
                steps,
                milliseconds,
            } => {
                self.stepped(steps, milliseconds);
                Vec::new()
            }
            Report::Measured(mark) => self.measured(mark),
            Report::Saved(taught) => self.saved(taught),
            Report::Waiting if self.phase == Phase::Ending => self.done(),
            Report::Waiting => {
                self.phase = Phase::Paused;
                vec![Act::Store]
            }
            Report::Done => self.done(),
            Report::Failed { sentence } => self.given_up(sentence),
            Report::Died { sentence } => self.ended(&sentence),
            Report::Evaluating(_) | Report::Evaluated(_) => Vec::new(),
        }
    }

    /// The worker has ended by itself. It is made anew and goes on from where it was stored, unless
    /// that has been of no use. After WebGPU comes the CPU.
    pub fn ended(&mut self, reason: &str) -> Vec<Act> {
        self.alive = false;
        if !self.is_busy() {
            return vec![Act::Stop];
        }
        if self.device == Device::Gpu {
            self.left_gpu = Some(format!(
                "Training on WebGPU ended ({}); it goes on on the CPU.",
                reason.trim_end_matches('.')
            ));
        } else {
            self.deaths += 1;
        }
        if self.deaths > MOST_DEATHS {
            return self.given_up(format!(
                "The worker that trains ended again and again. {reason}"
            ));
        }
        let then = match self.phase {
            Phase::Pausing => return self.wait(),
            Phase::Starting(then) => then,
            Phase::Ending => Then::End,
            _ => Then::Run,
        };
        self.phase = Phase::Starting(then);
        vec![Act::Stop, Act::Start]
    }

    /// It waits, without a worker; a new one goes on from where it was stored.
    pub(super) fn wait(&mut self) -> Vec<Act> {
        self.phase = Phase::Paused;
        self.alive = false;
        vec![Act::Stop, Act::Store]
    }

    /// It cannot go on now. What it has come to is not lost: "Go on" tries again from there.
    fn given_up(&mut self, why: String) -> Vec<Act> {
        if self.is_new() {
            return self.stopped(why);
        }
        self.deaths = 0;
        let mut acts = self.wait();
        let is_stored = self
            .taught
            .as_ref()
            .is_none_or(|taught| taught.not_stored.is_none());
        acts.push(Act::Warn(if is_stored {
            format!("{why} What has been learnt so far is kept: \u{201c}Go on\u{201d} tries again.")
        } else {
            format!(
                "{why} What has been learnt could not be stored: \u{201c}Go on\u{201d} begins anew."
            )
        }));
        acts
    }

    fn begun(&mut self) -> Vec<Act> {
        (self.alive, self.fetched) = (true, None);
        match self.phase {
            Phase::Starting(then) => self.go(then),
            _ => Vec::new(),
        }
    }

    pub(super) fn go(&mut self, then: Then) -> Vec<Act> {
        self.phase = match then {
            Then::End => Phase::Ending,
            _ => Phase::Running,
        };
        match then {
            Then::Run => vec![Act::Send(Order::Run)],
            Then::Step => vec![Act::Send(Order::Step)],
            // What was saved comes by itself. If nothing was, there is nothing to keep.
            Then::End if self.history.is_empty() => self.reset(),
            Then::End => Vec::new(),
        }
    }

    fn stepped(&mut self, steps: Vec<Progress>, milliseconds: f32) {
        let share = if self.step_milliseconds == 0.0 {
            1.0
        } else {
            0.3
        };
        self.step_milliseconds += share * (f64::from(milliseconds) - self.step_milliseconds);
        self.history.extend(steps);
    }

    fn measured(&mut self, mark: Mark) -> Vec<Act> {
        self.marks.push(mark);
        match self.change() {
            // From random weights there is nothing to forget.
            Some(change) if -change > self.limit && self.settings.scratch().is_none() => {
                self.roll_back(-change)
            }
            _ => Vec::new(),
        }
    }

    /// Too much was forgotten: back to what was last saved, which is before that.
    fn roll_back(&mut self, forgotten: f64) -> Vec<Act> {
        let step = self.taught.as_ref().map_or(0, |taught| taught.step);
        self.history.retain(|progress| progress.step <= step);
        self.marks.retain(|mark| mark.step <= step);
        let place = match step {
            0 => "the network as it was".to_owned(),
            step => format!("step {step}"),
        };
        let limit = self.limit;
        let kept = match self.run() {
            Some(run) => Act::Record(Box::new(run)),
            None => Act::AnswerAsBefore,
        };
        let mut acts = self.stopped(format!(
            "Stopped by itself: {forgotten:.1} points were forgotten, and the limit is {limit}. Back to {place}; add examples, replay more, or choose less strength."
        ));
        acts.insert(1, kept);
        acts
    }

    fn stopped(&mut self, why: String) -> Vec<Act> {
        self.phase = Phase::Stopped(why);
        self.alive = false;
        vec![Act::Stop, Act::Store]
    }

    fn saved(&mut self, taught: Taught) -> Vec<Act> {
        let not_stored = taught.not_stored.clone();
        self.taught = Some(taught);
        self.deaths = 0;
        if self.phase == Phase::Ending {
            return self.done();
        }
        let warning = not_stored.map(Act::NotKept);
        warning.into_iter().chain([Act::Answer]).collect()
    }

    pub(super) fn done(&mut self) -> Vec<Act> {
        self.phase = Phase::Done;
        self.alive = false;
        let run = self.run().map(|run| Act::Record(Box::new(run)));
        [Some(Act::Stop), run, Some(Act::Store)]
            .into_iter()
            .flatten()
            .collect()
    }

    /// The training as it stands, for the history; `None` while there is no net of it.
    fn run(&self) -> Option<Run> {
        let (before, mark, taught) = (self.before?, self.marks.last()?, self.taught.as_ref()?);
        (mark.step == taught.step).then(|| Run::finished(self.settings.clone(), before, mark))
    }
}
