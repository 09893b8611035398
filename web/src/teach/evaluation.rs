//! Having nets read all test images: one after the other, by a worker of its own.

use super::runs::Subject;
use protocol::teach::{Counts, Report};
use std::collections::VecDeque;

/// What an evaluation asks of the browser.
#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    /// Make the worker.
    Start,
    /// Send it this net.
    Send(Subject),
    /// Note what this net reads the test images as.
    Note(Subject, Box<Counts>),
    /// End the worker.
    Stop,
}

/// See the [module](self).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Evaluation {
    /// The first one is being evaluated.
    waiting: VecDeque<Subject>,
    /// Images that it has read.
    read: u32,
    /// Why the last one ended early, in words.
    pub failure: Option<String>,
}

impl Evaluation {
    /// Has this net evaluated, unless it is or will be already.
    pub fn ask(&mut self, subject: Subject) -> Vec<Act> {
        self.failure = None;
        if self.waiting.contains(&subject) {
            return Vec::new();
        }
        self.waiting.push_back(subject);
        if self.waiting.len() == 1 {
            vec![Act::Start]
        } else {
            Vec::new()
        }
    }

    /// The worker's report.
    pub fn hear(&mut self, report: Report) -> Vec<Act> {
        match report {
            Report::Started => self.next(),
            Report::Evaluating(read) => {
                self.read = read;
                Vec::new()
            }
            Report::Evaluated(counts) => {
                let done = self
                    .waiting
                    .pop_front()
                    .map(|subject| Act::Note(subject, Box::new(counts)));
                let mut acts: Vec<Act> = done.into_iter().collect();
                acts.extend(self.next());
                acts
            }
            Report::Failed { sentence } | Report::Died { sentence } => self.ended(sentence),
            _ => Vec::new(),
        }
    }

    /// The worker has ended by itself: what waits is given up.
    pub fn ended(&mut self, reason: String) -> Vec<Act> {
        if !self.waiting.is_empty() {
            self.failure = Some(reason);
        }
        self.waiting.clear();
        vec![Act::Stop]
    }

    /// The net that is being evaluated, and the share of the images that it has read, 0 to 1.
    pub fn under_way(&self) -> Option<(Subject, f64)> {
        let share = f64::from(self.read) / model::published::Split::Test.count() as f64;
        Some((*self.waiting.front()?, share))
    }

    fn next(&mut self) -> Vec<Act> {
        self.read = 0;
        vec![
            self.waiting
                .front()
                .map_or(Act::Stop, |subject| Act::Send(*subject)),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nets_are_evaluated_one_after_the_other() {
        let mut evaluation = Evaluation::default();
        assert_eq!(evaluation.ask(Some(1)), [Act::Start]);
        assert_eq!(evaluation.ask(None), []);
        assert_eq!(evaluation.ask(None), []);
        assert_eq!(evaluation.hear(Report::Started), [Act::Send(Some(1))]);
        evaluation.hear(Report::Evaluating(5_000));
        assert_eq!(evaluation.under_way(), Some((Some(1), 0.5)));
        let counts = [[7; 10]; 10];
        assert_eq!(
            evaluation.hear(Report::Evaluated(counts)),
            [Act::Note(Some(1), Box::new(counts)), Act::Send(None)]
        );
        assert_eq!(
            evaluation.hear(Report::Evaluated(counts)),
            [Act::Note(None, Box::new(counts)), Act::Stop]
        );
        assert_eq!(evaluation.under_way(), None);
    }

    #[test]
    fn why_it_failed_is_said_until_it_is_tried_again() {
        let mut evaluation = Evaluation::default();
        evaluation.ask(Some(1));
        let sentence = "The test images are not here.".to_owned();
        assert_eq!(
            evaluation.hear(Report::Failed {
                sentence: sentence.clone()
            }),
            [Act::Stop]
        );
        assert_eq!(
            (evaluation.failure.clone(), evaluation.under_way()),
            (Some(sentence), None)
        );
        assert_eq!(evaluation.ask(Some(1)), [Act::Start]);
        assert_eq!(evaluation.failure, None);
    }
}
