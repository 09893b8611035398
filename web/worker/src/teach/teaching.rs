//! A session with what it is measured on, and how it is stored.

use super::device::device;
use super::failure::Failure;
use super::photos;
use super::send;
use crate::scope;
use model::metrics::ConfusionMatrix;
use model::net::{Device, Model, Prepared, model_from_weights};
use model::published::Split;
use model::teach::{self, Labelled, Originals, Pace, Photos, Progress, Scratch, Session};
use model::weights::{self, Sidecar};
use protocol::teach::{Counts, Lesson, Mark, Report, Taught};
use serde::{Deserialize, Serialize};
use std::cell::RefCell;
use std::rc::Rc;

/// Under this key the session is stored.
const CHECKPOINT: &str = "teach.checkpoint";

/// From scratch, at most so many images of each kind are looked at at a mark.
const LOOKED_AT: usize = 2_000;

/// Steps are told at most so often, in milliseconds: a small net takes hundreds a second.
const TELL_EVERY: f64 = 100.0;

/// What a session goes on from; written whole or not at all.
#[derive(Serialize, Deserialize)]
struct Checkpoint {
    lesson: u64,
    /// What the shipped net reads the held-out images as: a session that goes on need not measure it again.
    before: Counts,
    marks: Vec<Mark>,
    #[serde(with = "serde_bytes")]
    session: Vec<u8>,
}

/// See the [module](self).
pub(super) struct Teaching {
    lesson: u64,
    session: Session,
    /// The shipped net's.
    sidecar: Sidecar,
    held_out: Labelled,
    /// What is learnt, or the first of it.
    learnt: Labelled,
    before: Counts,
    marks: Vec<Mark>,
    pace: Pace,
    /// Steps that the page has not been told of, and when it was told last.
    untold: Vec<Progress>,
    told: f64,
}

impl Teaching {
    /// Makes the session, and takes it up where it was stored, if it was. Tells the page.
    ///
    /// # Errors
    /// Where the net, the originals, the photos, the settings or what is stored is of no use.
    pub(super) async fn begin(lesson: Lesson) -> Result<Self, Failure> {
        let device = device().await?;
        let sidecar = Sidecar::parse(&lesson.sidecar)?;
        let shipped = model_from_weights(&lesson.weights, &sidecar, &device)?;
        let id = lesson.id;
        let (session, learnt, held_out) = match lesson.settings.scratch() {
            Some(scratch) => from_scratch(lesson, scratch, &device).await?,
            None => fine_tuning(lesson, &shipped, &device)?,
        };
        // What cannot be read is of an earlier version: the lesson begins anew.
        let stored = keep::get::<Checkpoint>(CHECKPOINT).await.ok().flatten();
        let stored = stored.filter(|stored| stored.lesson == id);
        let (session, before, marks) = match stored {
            Some(stored) => (
                session.resumed(&stored.session)?,
                stored.before,
                stored.marks,
            ),
            None => {
                let before = teach::measure(&shipped.prepared(), &held_out, &device).await?;
                (session, counts(&before), Vec::new())
            }
        };
        let mut teaching = Self {
            lesson: id,
            session,
            sidecar,
            held_out,
            learnt,
            before,
            marks,
            pace: Pace::default(),
            untold: Vec::new(),
            told: scope::now(),
        };
        send(Report::Begun {
            before,
            history: teaching.session.history().to_vec(),
            marks: teaching.marks.clone(),
        });
        if teaching.is_settled() {
            send(Report::Saved(teaching.taught(None).await?));
        } else if teaching.session.step_count() > 0 {
            // It was stored between two marks. Whoever ends it now wants to know what it has come to.
            teaching.settle().await?;
        }
        Ok(teaching)
    }

    /// Whether the net as it is now has been looked at.
    fn is_settled(&self) -> bool {
        let step = self.session.step_count() as u32;
        self.marks.last().is_some_and(|mark| mark.step == step)
    }

    pub(super) fn is_done(&self) -> bool {
        self.session.is_done()
    }

    /// Takes a step; now and then stores the session, or looks at the net as well.
    pub(super) async fn step(&mut self) -> Result<(), Failure> {
        let begun = scope::now();
        self.untold.push(self.session.step().await?);
        let store = self.pace.stepped(scope::now() - begun);
        if scope::now() - self.told > TELL_EVERY {
            self.tell();
        }
        let every = self.session.settings().mark_every();
        if self.session.step_count().is_multiple_of(every) && !self.is_done() {
            self.settle().await?;
        } else if store && !self.is_done() {
            // Why it could not be stored is told with the next mark.
            let _ = self.store().await?;
        }
        Ok(())
    }

    /// Everything about the net as it is now: told, looked at, saved. Nothing where that has been done.
    pub(super) async fn settle(&mut self) -> Result<(), Failure> {
        self.tell();
        if self.is_settled() {
            return Ok(());
        }
        let step = self.session.step_count() as u32;
        let net = self.session.net();
        self.session.check_finite(&net).await?;
        self.measure(&net.prepared(), step).await?;
        let not_stored = self.store().await?.err();
        send(Report::Saved(self.taught_net(&net, not_stored).await?));
        self.told = scope::now();
        Ok(())
    }

    fn tell(&mut self) {
        let now = scope::now();
        let steps = std::mem::take(&mut self.untold);
        if !steps.is_empty() {
            let milliseconds = ((now - self.told) / steps.len() as f64) as f32;
            send(Report::Stepped {
                steps,
                milliseconds,
            });
        }
        self.told = now;
    }

    async fn measure(&mut self, net: &Prepared, step: u32) -> Result<(), Failure> {
        let device = device().await?;
        let held_out = teach::measure(net, &self.held_out, &device).await?;
        let learnt = teach::measure(net, &self.learnt, &device).await?;
        let right = (0..learnt.counts().len()).map(|class| learnt.counts()[class][class]);
        let mark = Mark {
            step,
            held_out: counts(&held_out),
            right: right.sum::<u64>() as u32,
            seen: self.learnt.len() as u32,
            memory_bytes: scope::memory_bytes(),
        };
        self.marks.push(mark.clone());
        send(Report::Measured(mark));
        Ok(())
    }

    /// The inner result says why the browser keeps nothing.
    async fn store(&mut self) -> Result<Result<(), String>, Failure> {
        // Not again at once where the browser refuses.
        self.pace.stored();
        let checkpoint = Checkpoint {
            lesson: self.lesson,
            before: self.before,
            marks: self.marks.clone(),
            session: self.session.to_bytes().await?,
        };
        Ok(match keep::encode(&checkpoint) {
            Ok(bytes) => keep::put(CHECKPOINT, &bytes).await,
            Err(sentence) => Err(sentence),
        })
    }

    async fn taught(&self, not_stored: Option<String>) -> Result<Taught, Failure> {
        self.taught_net(&self.session.net(), not_stored).await
    }

    async fn taught_net(&self, net: &Model, not_stored: Option<String>) -> Result<Taught, Failure> {
        let tensors = net.to_tensors().await.map_err(Failure::Read)?;
        let weights = weights::encode(&tensors);
        let settings = self.session.settings();
        let sidecar = teach::sidecar_from_scratch(&tensors, &weights, settings)
            .unwrap_or_else(|| teach::sidecar_after(&self.sidecar, &weights, settings));
        Ok(Taught {
            step: self.session.step_count() as u32,
            weights,
            sidecar: serde_json::to_string(&sidecar)?,
            not_stored,
        })
    }
}

/// The session, what is learnt, and what is held out.
type Parts = (Session, Labelled, Labelled);

fn fine_tuning(lesson: Lesson, shipped: &Model, device: &Device) -> Result<Parts, Failure> {
    let mut originals = Originals::decode(&lesson.originals)?;
    let held_out = std::mem::take(&mut originals.held_out);
    let examples = lesson.examples.iter();
    let learnt = examples.map(|e| (e.image.clone(), e.label)).collect();
    let (settings, examples) = (lesson.settings, lesson.examples);
    let session = Session::new(shipped, settings, examples, originals, device)?;
    Ok((session, learnt, held_out))
}

async fn from_scratch(lesson: Lesson, scratch: Scratch, device: &Device) -> Result<Parts, Failure> {
    let photos = Rc::new(RefCell::new(Photos::new(&scratch)));
    let arriving = Rc::clone(&photos);
    let take = move |image, label| arriving.borrow_mut().push(image, label);
    let progress = |share| send(Report::Fetching(share));
    let brought = photos::bring(Split::Train, take, progress).await;
    brought.map_err(Failure::Photos)?;
    let Photos {
        train, validation, ..
    } = photos.take();
    let learnt = train.first(LOOKED_AT);
    let held_out = validation.first(LOOKED_AT);
    let session = Session::from_scratch(lesson.settings, train, device)?;
    Ok((session, learnt, held_out))
}

pub(super) fn counts(confusion: &ConfusionMatrix) -> Counts {
    confusion.counts().map(|row| row.map(|count| count as u32))
}
