//! The desk of the room to teach in: its state in signals, what is stored of it, and the examples.

mod course;
mod evaluating;
mod nets;
mod opening;

pub use nets::Format;
use nets::StoredNet;
pub use opening::{LOOKING, Tab};

use crate::browser::download;
use crate::browser::teacher::Teacher;
use crate::desk::{Desk, Turns};
use crate::teach::{Evaluation, Field, Fields, Lesson, Runs, Tray};
use leptos::prelude::*;
use leptos::task::spawn_local;
use model::architecture::Architecture;
use model::drawing::{Mark, Stroke};
use model::image::Image;
use model::teach::{Example, Settings, parse_examples, write_examples};

const TRAY: &str = "teach.tray";
const LESSON: &str = "teach.course";
const RUNS: &str = "teach.history";

/// Everything that the room's parts share. Cheap to copy.
#[derive(Clone, Copy)]
pub struct TeachDesk {
    desk: Desk,
    /// Whether this tab may change what is kept.
    pub tab: RwSignal<Tab>,
    /// The examples.
    pub tray: RwSignal<Tray>,
    /// The example that is chosen.
    pub chosen: RwSignal<Option<u32>>,
    /// How the next lesson is to go.
    pub settings: RwSignal<Settings>,
    /// So many points may be forgotten.
    pub limit: RwSignal<f64>,
    /// The number fields that hold something else than what is set.
    pub fields: RwSignal<Fields>,
    /// Why nothing is kept, as a sentence, while the database refuses.
    pub not_kept: RwSignal<Option<String>>,
    /// The present lesson, or the last one.
    pub lesson: RwSignal<Lesson>,
    /// The finished ones.
    pub runs: RwSignal<Runs>,
    /// What is being looked at on the test images.
    pub evaluation: RwSignal<Evaluation>,
    /// Whether the net answers that the present lesson has come to.
    pub lesson_answers: RwSignal<bool>,
    /// Models of finished trainings that the database did not take, or has not taken yet.
    unstored: RwSignal<Vec<(u32, StoredNet)>>,
    /// Whether the list of finished trainings is in the database as it is here.
    runs_are_stored: RwSignal<bool>,
    /// Choices of a model that is to answer: only the last one counts.
    choices: Turns,
    /// Models that are sent to be evaluated: only the last one is wanted.
    sendings: Turns,
    worker: StoredValue<Option<Teacher>, LocalStorage>,
    /// How many workers have been made, so that nothing fetched for one is sent to the next.
    worker_number: StoredValue<u32>,
    /// What the person did before it was known whether this tab may.
    waiting: StoredValue<Vec<Box<dyn FnOnce()>>, LocalStorage>,
    evaluator: StoredValue<Option<Teacher>, LocalStorage>,
}

impl TeachDesk {
    /// An empty desk; [`Self::open`] brings what is stored.
    pub fn new(desk: Desk) -> Self {
        Self {
            desk,
            tab: RwSignal::new(Tab::Asking),
            tray: RwSignal::default(),
            chosen: RwSignal::new(None),
            settings: RwSignal::default(),
            limit: RwSignal::new(2.0),
            fields: RwSignal::default(),
            not_kept: RwSignal::new(None),
            lesson: RwSignal::default(),
            runs: RwSignal::default(),
            evaluation: RwSignal::default(),
            lesson_answers: RwSignal::new(false),
            unstored: RwSignal::default(),
            runs_are_stored: RwSignal::new(false),
            choices: Turns::new(),
            sendings: Turns::new(),
            worker: StoredValue::new_local(None),
            worker_number: StoredValue::new(0),
            waiting: StoredValue::new_local(Vec::new()),
            evaluator: StoredValue::new_local(None),
        }
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
        self.change_tray(move |tray| {
            tray.add(Example {
                image,
                strokes,
                label,
            });
        });
    }

    /// Changes the examples, and stores them, unless another tab teaches.
    pub fn change_tray(self, change: impl FnOnce(&mut Tray) + 'static) {
        self.when_ours(move || {
            self.tray.update(change);
            self.tray.with_untracked(|tray| self.store(TRAY, tray));
        });
    }

    /// Deletes the chosen example. Returns whether there was one.
    pub fn remove_chosen(self) -> bool {
        let chosen = self.chosen.try_update(Option::take).flatten();
        let chosen = chosen.filter(|id| self.tray.with_untracked(|tray| tray.get(*id).is_some()));
        if let Some(id) = chosen {
            self.change_tray(move |tray| tray.remove(id));
        }
        chosen.is_some()
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
                self.change_tray(move |tray| {
                    for example in examples {
                        tray.add(example);
                    }
                });
            }
            Err(error) => self.desk.hint(format!("{name}: {error}.")),
        }
    }

    /// Adds an image of the data set to the examples, under the label that its publishers gave it.
    pub fn add_photo(self, image: Image, label: u8) {
        self.change_tray(move |tray| {
            tray.add(Example {
                image,
                strokes: Vec::new(),
                label,
            });
        });
    }

    /// Takes in what was typed into a number field.
    pub fn enter(self, field: Field, text: String) {
        let (mut settings, mut limit) = (self.settings.get_untracked(), self.limit.get_untracked());
        self.fields
            .update(|fields| fields.enter(field, text, &mut settings, &mut limit));
        self.settings.set(settings);
        if limit != self.limit.get_untracked() {
            self.limit.set(limit);
            // Whoever sees too much being forgotten wants the training under way to stop sooner.
            self.tell(|lesson| lesson.set_limit(limit));
        }
    }

    /// What stands in a number field.
    pub fn text(self, field: Field) -> String {
        let limit = self.limit.get();
        let text = |settings: &Settings| {
            self.fields
                .with(|fields| fields.text(field, settings, limit))
        };
        self.settings.with(text)
    }

    /// Chooses what is trained next, with the usual settings: a network from scratch, or the pretrained one.
    pub fn choose_task(self, architecture: Option<Architecture>) {
        self.settings
            .set(architecture.map_or_else(Settings::default, Settings::from_scratch));
        self.fields.set(Fields::default());
    }

    /// Puts every setting back to what is usual for the chosen task.
    pub fn set_as_usual(self) {
        let scratch = self.settings.with_untracked(Settings::scratch);
        self.choose_task(scratch.map(|scratch| scratch.architecture));
    }

    /// Shows the person a sentence.
    pub fn hint(self, sentence: impl Into<String>) {
        self.desk.hint(sentence);
    }

    async fn loaded<T: serde::de::DeserializeOwned>(self, key: &str) -> Option<T> {
        match keep::get(key).await {
            Ok(value) => value,
            Err(sentence) => {
                self.note_kept(Err(sentence));
                None
            }
        }
    }

    /// Encodes the value at once, so that it need not be copied, and stores it. Only the tab that teaches
    /// does, and not before all that is stored is here.
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
            self.note_kept(stored);
        });
    }

    /// What came of keeping something. That it fails is told once, and stands in the room while it does.
    fn note_kept(self, outcome: Result<(), String>) {
        let failure = outcome.err();
        if let Some(sentence) = &failure
            && self.not_kept.with_untracked(Option::is_none)
        {
            self.desk.report(sentence.clone());
        }
        self.not_kept.set(failure);
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
