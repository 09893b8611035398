//! Having nets read the test images, in a worker of its own: training may go on meanwhile.

use super::TeachDesk;
use crate::browser::teacher::Teacher;
use crate::session::Device;
use crate::teach::evaluation::{Act, Evaluation};
use crate::teach::{Runs, Subject};
use leptos::prelude::*;
use leptos::task::spawn_local;
use protocol::teach::{Order, Report};

impl TeachDesk {
    /// Has a net read all test images, unless that is known.
    pub fn evaluate(self, subject: Subject) {
        let known = self
            .runs
            .with_untracked(|runs| runs.test(subject).is_some());
        if !known {
            self.tell_evaluation(|evaluation| evaluation.ask(subject));
        }
    }

    fn tell_evaluation(self, event: impl FnOnce(&mut Evaluation) -> Vec<Act>) {
        let acts = self.evaluation.try_update(event).unwrap_or_default();
        for act in acts {
            match act {
                Act::Start => self.start_evaluator(),
                Act::Send(subject) => self.send_net(subject),
                Act::Note(subject, counts) => {
                    self.change_runs(|runs: &mut Runs| runs.evaluated(subject, *counts));
                }
                Act::Stop => self.evaluator.set_value(None),
            }
        }
    }

    fn start_evaluator(self) {
        // What is still being fetched for the evaluator before is not this one's.
        let _ = self.sendings.next();
        let hear = move |report| self.tell_evaluation(|evaluation| evaluation.hear(report));
        let end = move |reason: String| self.tell_evaluation(|evaluation| evaluation.ended(reason));
        match Teacher::start(Device::Cpu, hear, end) {
            Ok(worker) => self.evaluator.set_value(Some(worker)),
            Err(reason) => end(reason),
        }
    }

    fn send_net(self, subject: Subject) {
        let is_wanted = self.sendings.next();
        spawn_local(async move {
            let net = match subject {
                None => self.desk.shipped().map(|net| (net.weights, net.sidecar)),
                Some(id) => {
                    let net = self.net_of(id).await;
                    net.map(|(weights, sidecar)| (weights.into_vec(), sidecar))
                }
            };
            if !is_wanted() {
                return;
            }
            let posted = match net {
                None => Err("This model is not here any more.".to_owned()),
                Some((weights, sidecar)) => self.evaluator.with_value(|worker| {
                    let order = Order::Evaluate { weights, sidecar };
                    worker.as_ref().map_or(Ok(()), |worker| worker.post(order))
                }),
            };
            if let Err(sentence) = posted {
                self.tell_evaluation(|evaluation| evaluation.hear(Report::Failed { sentence }));
            }
        });
    }
}
