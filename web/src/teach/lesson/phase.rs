//! How far a training is, and what it asks of the browser.

use crate::teach::runs::Run;
use protocol::teach::Order;
use serde::{Deserialize, Serialize};

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
    /// The step under way is the last one.
    Ending,
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
    /// It ends with the net that was saved.
    End,
}

/// What a lesson asks of the browser.
#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    /// Make the worker anew.
    Start,
    /// End it.
    Stop,
    /// Send it the lesson; it goes on from where the lesson was stored, if it was.
    Begin,
    /// Send it an order.
    Send(Order),
    /// Store the lesson.
    Store,
    /// Let the net that training has come to answer.
    Answer,
    /// Let the net answer that did before the training.
    AnswerAsBefore,
    /// Add this run, whose net is what training has come to, to the finished ones.
    Record(Box<Run>),
    /// Say what went wrong.
    Warn(String),
    /// Say that what was to be stored could not be.
    NotKept(String),
}
