//! The desk of the room to teach in: its state in signals, and what its lessons ask for carried out.

mod nets;
mod photos;

pub use nets::Format;
use nets::StoredNet;

use crate::browser::model_files::fetch_bytes;
use crate::browser::teacher::Teacher;
use crate::browser::{download, keep};
use crate::desk::Desk;
use crate::teach::lesson::Then;
use crate::teach::{Act, Lesson, Phase, Runs, Tray};
use leptos::prelude::*;
use leptos::task::spawn_local;
use model::drawing::{Mark, Stroke};
use model::teach::{Example, Settings, parse_examples, write_examples};
use protocol::teach::{Lesson as Taught, Order};

const ORIGINALS: &str = "assets/teach.originals";

const TRAY: &str = "teach.tray";
const LESSON: &str = "teach.lesson";
const RUNS: &str = "teach.runs";

/// Everything that the room's parts share. Cheap to copy.
#[derive(Clone, Copy)]
pub struct TeachDesk {
    desk: Desk,
    /// The examples.
    pub tray: RwSignal<Tray>,
    /// How the next lesson is to go.
    pub settings: RwSignal<Settings>,
    /// So many points may be forgotten.
    pub limit: RwSignal<f64>,
    /// The present lesson, or the last one.
    pub lesson: RwSignal<Lesson>,
    /// The finished ones.
    pub runs: RwSignal<Runs>,
    worker: StoredValue<Option<Teacher>, LocalStorage>,
    /// Whether the stored examples are here; before that, storing would write over them.
    tray_is_here: StoredValue<bool>,
}

impl TeachDesk {
    /// An empty desk; [`Self::open`] brings what is stored.
    pub fn new(desk: Desk) -> Self {
        Self {
            desk,
            tray: RwSignal::default(),
            settings: RwSignal::default(),
            limit: RwSignal::new(2.0),
            lesson: RwSignal::default(),
            runs: RwSignal::default(),
            worker: StoredValue::new_local(None),
            tray_is_here: StoredValue::new(false),
        }
    }

    /// Brings the examples, and lets the net answer that did when the page was left.
    pub fn open_net(self) {
        spawn_local(async move {
            self.bring_tray().await;
            let runs = self.loaded::<Runs>(RUNS).await;
            if let Some(id) = runs.as_ref().and_then(|runs| runs.in_use) {
                self.answer_with_run(id).await;
            }
            self.runs.set(runs.unwrap_or_default());
        });
    }

    /// Brings the lesson as it was left; one that ran goes on.
    pub fn open(self) {
        spawn_local(async move {
            let Some(lesson) = self.loaded::<Lesson>(LESSON).await else {
                return;
            };
            let (lesson, ran) = lesson.take_up();
            self.settings.set(lesson.settings.clone());
            self.limit.set(lesson.limit);
            self.lesson.set(lesson);
            if ran {
                self.tell(|lesson| lesson.resume(Then::Run));
            }
        });
    }

    /// Says of what is on the paper that it is of this class.
    pub fn label(self, label: u8) {
        let Some(image) = self.desk.pad.with_untracked(|pad| pad.image()) else {
            self.desk.hint("Draw something first, then say what it is.");
            return;
        };
        let strokes = self
            .desk
            .pad
            .with_untracked(|pad| strokes(pad.drawing().marks()));
        self.change_tray(|tray| {
            tray.add(Example {
                image,
                strokes,
                label,
            })
        });
    }

    /// Changes the examples, and stores them. `None` once the page's parts are gone.
    pub fn change_tray<T>(self, change: impl FnOnce(&mut Tray) -> T) -> Option<T> {
        let outcome = self.tray.try_update(change);
        self.tray.with_untracked(|tray| self.store(TRAY, tray));
        outcome
    }

    /// Begins a lesson, or goes on with one that waits.
    pub fn go(self, then: Then) {
        if self
            .lesson
            .with_untracked(|lesson| lesson.phase == Phase::Paused)
        {
            self.tell(|lesson| lesson.resume(then));
            return;
        }
        let examples = self.tray.with_untracked(Tray::examples);
        let (settings, limit) = (self.settings.get_untracked(), self.limit.get_untracked());
        let started = self
            .lesson
            .try_update(|lesson| lesson.start(settings, examples, limit, then));
        match started {
            Some(Ok(acts)) => acts.into_iter().for_each(|act| self.perform(act)),
            Some(Err(sentence)) => self.desk.hint(sentence),
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
                    self.answer_with(weights, sidecar);
                }
            }
            Act::AnswerShipped => self.answer_shipped(),
            Act::Record(run) => {
                if let Some(net) = self.lesson_net() {
                    self.record(*run, &net);
                }
            }
        }
    }

    /// The net that the lesson has come to.
    fn lesson_net(self) -> Option<StoredNet> {
        self.lesson.with_untracked(|lesson| {
            let saved = lesson.net()?;
            Some((saved.weights.clone(), saved.sidecar.clone()))
        })
    }

    fn start_worker(self) {
        // The worker ends when it is replaced, and must not be from within its own listener.
        let hear = move |report| self.tell(|lesson| lesson.hear(report));
        let end = move |reason: String| self.tell(|lesson| lesson.ended(&reason));
        match Teacher::start(
            move |report| set_timeout_now(move || hear(report)),
            move |reason| set_timeout_now(move || end(reason)),
        ) {
            Ok(teacher) => self.worker.set_value(Some(teacher)),
            Err(reason) => self.tell(|lesson| lesson.ended(&reason)),
        }
    }

    fn begin(self) {
        spawn_local(async move {
            let originals = match fetch_bytes(ORIGINALS).await {
                Ok(originals) => originals,
                Err(sentence) => return self.fail(sentence),
            };
            let Some(shipped) = self.desk.shipped() else {
                return self
                    .fail("The network has not been loaded yet; try again in a moment.".into());
            };
            let taught = self.lesson.with_untracked(|lesson| Taught {
                weights: shipped.weights,
                sidecar: shipped.sidecar,
                originals,
                examples: lesson.examples.clone(),
                settings: lesson.settings.clone(),
                checkpoint: lesson.checkpoint().to_vec(),
            });
            self.post(Order::Begin(Box::new(taught)));
        });
    }

    fn fail(self, sentence: String) {
        self.tell(|lesson| lesson.hear(protocol::teach::Report::Failed { sentence }));
    }

    fn post(self, order: Order) {
        let posted = self
            .worker
            .with_value(|worker| worker.as_ref().map(|worker| worker.post(order)));
        if let Some(Err(reason)) = posted {
            self.tell(|lesson| lesson.ended(&reason));
        }
    }

    /// Saves the examples as one file.
    pub fn export_examples(self) {
        let text = self
            .tray
            .with_untracked(|tray| write_examples(&tray.examples()));
        self.say_if_refused(download::save("wardrobe-examples.ndjson", text.as_bytes()));
    }

    /// Takes the examples of a file in, or says what is wrong with it.
    pub fn import_examples(self, name: &str, bytes: &[u8]) {
        let text = String::from_utf8_lossy(bytes);
        match parse_examples(&text) {
            Ok(examples) => self.change_tray(|tray| {
                for example in examples {
                    tray.add(example);
                }
            }),
            Err(error) => self.desk.hint(format!("{name}: {error}.")),
        }
    }

    /// Shows the person a sentence.
    pub fn hint(self, sentence: impl Into<String>) {
        self.desk.hint(sentence);
    }

    async fn loaded<T: serde::de::DeserializeOwned>(self, key: &str) -> Option<T> {
        match keep::get(key).await {
            Ok(value) => value,
            Err(sentence) => {
                self.desk.report(sentence);
                None
            }
        }
    }

    /// Encodes the value at once, so that it need not be copied, and stores it.
    fn store<T: serde::Serialize>(self, key: &'static str, value: &T) {
        let encoded = keep::encode(value);
        spawn_local(async move {
            let stored = match encoded {
                Ok(value) => keep::put(key, &value).await,
                Err(sentence) => Err(sentence),
            };
            self.say_if_refused(stored);
        });
    }

    fn say_if_refused(self, outcome: Result<(), String>) {
        if let Err(sentence) = outcome {
            self.desk.report(sentence);
        }
    }
}

/// Calls `act` once the present event has been dealt with.
fn set_timeout_now(act: impl FnOnce() + 'static) {
    set_timeout(act, std::time::Duration::ZERO);
}

/// The strokes of a drawing that is made of nothing else; empty otherwise.
fn strokes(marks: &[Mark]) -> Vec<Stroke> {
    let stroke = |mark: &Mark| match mark {
        Mark::Stroke(stroke) => Some(stroke.clone()),
        _ => None,
    };
    marks
        .iter()
        .map(stroke)
        .collect::<Option<_>>()
        .unwrap_or_default()
}
