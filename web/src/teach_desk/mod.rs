//! The desk of the room to teach in: its state in signals, what is stored of it, and the examples.

mod course;
mod evaluating;
mod nets;
mod photos;

pub use nets::Format;
use nets::StoredNet;

use crate::browser::download;
use crate::browser::tabs;
use crate::browser::teacher::Teacher;
use crate::desk::Desk;
use crate::teach::lesson::Then;
use crate::teach::{Evaluation, Lesson, Runs, Tray};
use leptos::prelude::*;
use leptos::task::spawn_local;
use model::drawing::{Mark, Stroke};
use model::teach::{Example, Settings, parse_examples, write_examples};

const TRAY: &str = "teach.tray";
const LESSON: &str = "teach.course";
const RUNS: &str = "teach.history";

/// The lock that the tab has which teaches.
const LOCK: &str = "wardrobe.teach";

/// What is said where another tab has it.
pub const LOOKING: &str =
    "Another tab of this page teaches. Here you can look on; close the other one to teach here.";

/// Whether this tab may change what is kept of teaching.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tab {
    /// That is not known yet.
    Asking,
    /// It may.
    Ours,
    /// Another one does.
    Looking,
}

/// Everything that the room's parts share. Cheap to copy.
#[derive(Clone, Copy)]
pub struct TeachDesk {
    desk: Desk,
    /// Whether this tab may change what is kept.
    pub tab: RwSignal<Tab>,
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
    /// What is being looked at on the test images.
    pub evaluation: RwSignal<Evaluation>,
    /// Whether the net answers that the present lesson has come to.
    pub lesson_answers: RwSignal<bool>,
    /// Nets of finished lessons that the database did not take.
    unstored: StoredValue<Vec<(u32, StoredNet)>>,
    worker: StoredValue<Option<Teacher>, LocalStorage>,
    /// How many workers have been made, so that nothing fetched for one is sent to the next.
    worker_number: StoredValue<u32>,
    /// Whether the stored examples are here; before that, storing would write over them.
    tray_is_here: StoredValue<bool>,
    evaluator: StoredValue<Option<Teacher>, LocalStorage>,
}

impl TeachDesk {
    /// An empty desk; [`Self::open`] brings what is stored.
    pub fn new(desk: Desk) -> Self {
        Self {
            desk,
            tab: RwSignal::new(Tab::Asking),
            tray: RwSignal::default(),
            settings: RwSignal::default(),
            limit: RwSignal::new(2.0),
            lesson: RwSignal::default(),
            runs: RwSignal::default(),
            evaluation: RwSignal::default(),
            lesson_answers: RwSignal::new(false),
            unstored: StoredValue::default(),
            worker: StoredValue::new_local(None),
            worker_number: StoredValue::new(0),
            tray_is_here: StoredValue::new(false),
            evaluator: StoredValue::new_local(None),
        }
    }

    /// Brings examples and trainings, lets the net answer that did when the page was left, and goes on
    /// with a lesson that ran. Where another tab teaches, this one looks on until that is closed: each
    /// would write over what the other one keeps.
    pub fn open(self) {
        tabs::claim(LOCK, move |ours| {
            if self.tab.get_untracked() == Tab::Looking {
                // It may have changed since it was brought.
                self.tray.set(Tray::default());
            }
            self.tray_is_here.set_value(false);
            self.tab.set(if ours { Tab::Ours } else { Tab::Looking });
            self.open_net();
            if ours {
                self.open_lesson();
            }
        });
    }

    fn open_net(self) {
        spawn_local(async move {
            self.bring_tray().await;
            let mut runs: Runs = self.loaded(RUNS).await.unwrap_or_default();
            if let Some(id) = runs.in_use
                && !self.answer_with_run(id).await
            {
                runs.in_use = None;
            }
            self.runs.set(runs);
        });
    }

    fn open_lesson(self) {
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
            });
        });
    }

    /// Changes the examples, and stores them, unless another tab teaches.
    pub fn change_tray(self, change: impl FnOnce(&mut Tray)) {
        if self.may_change() {
            self.tray.update(change);
            self.store_tray();
        }
    }

    /// Before the stored examples are here, storing would write over them.
    fn store_tray(self) {
        if self.tray_is_here.get_value() {
            self.tray.with_untracked(|tray| self.store(TRAY, tray));
        }
    }

    /// Whether this tab may teach; otherwise the person is told why not.
    fn may_change(self) -> bool {
        let looks_on = self.tab.get_untracked() == Tab::Looking;
        if looks_on {
            self.desk.hint(LOOKING);
        }
        !looks_on
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
            Ok(examples) => {
                self.change_tray(|tray| {
                    for example in examples {
                        tray.add(example);
                    }
                });
            }
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
        if self.tab.get_untracked() != Tab::Ours {
            return;
        }
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
