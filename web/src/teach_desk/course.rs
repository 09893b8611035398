//! The lesson's part of the desk: tells it of events, and carries out what it asks for.

use super::nets::StoredNet;
use super::{LESSON, TeachDesk};
use crate::browser::files::{self, Cache};
use crate::browser::model_files::ModelFiles;
use crate::browser::teacher::Teacher;
use crate::session::{Origin, Session};
use crate::teach::lesson::Then;
use crate::teach::{Act, Lesson, Phase, Tray};
use leptos::prelude::*;
use leptos::task::spawn_local;
use model::teach::Originals;
use protocol::Load;
use protocol::teach::{Lesson as Taught, Order, Report};
use serde_bytes::ByteBuf;

const ORIGINALS: &str = "assets/teach.originals";

impl TeachDesk {
    /// Begins a lesson, or goes on with one that waits.
    pub fn go(self, then: Then) {
        self.when_ours(move || self.go_now(then));
    }

    fn go_now(self, then: Then) {
        if self
            .lesson
            .with_untracked(|lesson| lesson.phase == Phase::Paused)
        {
            self.tell(|lesson| lesson.resume(then));
            return;
        }
        let fields = self.fields.get_untracked();
        if let Some(sentence) = self.settings.with_untracked(|s| fields.obstacle(s)) {
            return self.hint(sentence);
        }
        let examples = self.tray.with_untracked(Tray::examples);
        let (settings, limit) = (self.settings.get_untracked(), self.limit.get_untracked());
        // No two lessons begin in the same millisecond.
        let id = js_sys::Date::now() as u64;
        let started = self
            .lesson
            .try_update(|lesson| lesson.start(id, settings, examples, limit, then));
        match started {
            Some(Ok(acts)) => acts.into_iter().for_each(|act| self.perform(act)),
            Some(Err(sentence)) => self.hint(sentence),
            None => {}
        }
    }

    /// Tells the lesson of an event, and carries out what it asks for.
    pub fn tell(self, event: impl FnOnce(&mut Lesson) -> Vec<Act>) {
        let acts = self.lesson.try_update(event).unwrap_or_default();
        for act in acts {
            self.perform(act);
        }
    }

    fn perform(self, act: Act) {
        match act {
            Act::Start => self.start_worker(),
            Act::Stop => self.worker.set_value(None),
            Act::Begin => self.begin(),
            Act::Send(order) => self.post(order),
            Act::Store => self
                .lesson
                .with_untracked(|lesson| self.store(LESSON, lesson)),
            Act::Answer => {
                if let Some((weights, sidecar)) = self.lesson_net() {
                    self.answer_with(Origin::Training, weights.into_vec(), sidecar);
                    self.lesson_answers.set(true);
                }
            }
            Act::AnswerAsBefore => self.answer_as_before(),
            Act::Record(run) => {
                if let Some(net) = self.lesson_net() {
                    self.record(*run, net);
                }
            }
            Act::Warn(sentence) => self.say_if_refused(Err(sentence)),
            Act::NotKept(sentence) => self.note_kept(Err(sentence)),
        }
    }

    /// The net that the lesson has come to.
    fn lesson_net(self) -> Option<StoredNet> {
        self.lesson.with_untracked(|lesson| {
            let taught = lesson.net()?;
            Some((
                ByteBuf::from(taught.weights.clone()),
                taught.sidecar.clone(),
            ))
        })
    }

    fn start_worker(self) {
        let hear = move |report| self.tell(|lesson| lesson.hear(report));
        let end = move |reason: String| self.tell(|lesson| lesson.ended(&reason));
        let answering = self.desk.session.with_untracked(Session::device);
        let device = self
            .lesson
            .try_update_untracked(|lesson| lesson.choose(answering))
            .unwrap_or_default();
        self.worker_number.update_value(|number| *number += 1);
        match Teacher::start(device, hear, end) {
            Ok(teacher) => self.worker.set_value(Some(teacher)),
            Err(reason) => self.tell(|lesson| lesson.ended(&reason)),
        }
    }

    fn begin(self) {
        let number = self.worker_number.get_value();
        spawn_local(async move {
            let files = self.files().await;
            if self.worker_number.try_get_value() != Some(number) {
                // The worker that they were fetched for has been ended, and another one made.
                return;
            }
            let (originals, shipped) = match files {
                Ok(files) => files,
                Err(sentence) => return self.fail(sentence),
            };
            let taught = self.lesson.with_untracked(|lesson| Taught {
                id: lesson.id,
                weights: shipped.weights,
                sidecar: shipped.sidecar,
                originals,
                examples: lesson.examples.clone(),
                settings: lesson.settings.clone(),
            });
            self.post(Order::Begin(Box::new(taught)));
        });
    }

    /// The images to replay, and the shipped net: a lesson that goes on after a reload may be the first
    /// to need it.
    async fn files(self) -> Result<(Vec<u8>, Load), String> {
        let checked = |bytes: &[u8]| match Originals::decode(bytes) {
            Ok(_) => Ok(bytes.to_vec()),
            Err(_) => Err("its checksum does not fit".to_owned()),
        };
        let originals = files::content(ORIGINALS, checked).await?;
        let shipped = match self.desk.shipped() {
            Some(shipped) => shipped,
            None => ModelFiles::fetch(Cache::Allowed).await?.load(),
        };
        Ok((originals, shipped))
    }

    fn fail(self, sentence: String) {
        self.tell(|lesson| lesson.hear(Report::Failed { sentence }));
    }

    fn post(self, order: Order) {
        let posted = self
            .worker
            .with_value(|worker| worker.as_ref().map(|worker| worker.post(order)));
        if let Some(Err(reason)) = posted {
            self.tell(|lesson| lesson.ended(&reason));
        }
    }
}
