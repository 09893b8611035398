//! The worker that teaches: a session, a step at a time, so that orders are heard between the steps.

use crate::{constructors, scope};
use model::metrics::ConfusionMatrix;
use model::net::{NetError, cpu_device, model_from_weights};
use model::teach::{self, Labelled, Originals, OriginalsError, Session, TeachError};
use model::weights::{self, Sidecar, WeightsError};
use protocol::teach::{Counts, Lesson, Order, Report, Saved};
use protocol::{Message, RequestId};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use thiserror::Error;
use wasm_bindgen_futures::spawn_local;

/// After so many steps the session and its net are sent to the page.
const SAVE_EVERY: usize = 20;

/// After so many steps the held-out images are looked at.
const MEASURE_EVERY: usize = 40;

/// Why a session cannot begin or go on; the page shows these words.
#[derive(Debug, Error)]
enum Failure {
    #[error(transparent)]
    Weights(#[from] WeightsError),
    #[error(transparent)]
    Originals(#[from] OriginalsError),
    #[error(transparent)]
    Teach(#[from] TeachError),
    #[error(transparent)]
    Net(#[from] NetError),
    #[error("the device gave the weights not back: {0}")]
    Read(String),
    #[error("the settings of the network cannot be written: {0}")]
    Sidecar(#[from] serde_json::Error),
}

/// A session with what it is measured on.
struct Teaching {
    session: Session,
    sidecar: Sidecar,
    held_out: Labelled,
    examples: Labelled,
}

#[derive(Default)]
struct Desk {
    /// Taken out while a step is under way.
    teaching: RefCell<Option<Teaching>>,
    running: Cell<bool>,
}

/// Listens for orders from now on, and tells the page so.
pub fn start() {
    constructors::run_once();
    scope::on_panic(|sentence| send(Report::Died { sentence }));
    let desk = Rc::new(Desk::default());
    scope::listen(move |bytes| match Message::<Order>::decode(&bytes) {
        Ok(message) => spawn_local(Rc::clone(&desk).hear(message.body)),
        Err(error) => send(Report::Died {
            sentence: error.to_string(),
        }),
    });
    send(Report::Started);
}

fn send(report: Report) {
    scope::send(RequestId(0), report);
}

impl Desk {
    async fn hear(self: Rc<Self>, order: Order) {
        let outcome = match order {
            Order::Begin(lesson) => self.begin(*lesson).await,
            Order::Run => self.run(usize::MAX).await,
            Order::Step => self.run(1).await,
            Order::Pause => {
                self.running.set(false);
                Ok(())
            }
        };
        if let Err(failure) = outcome {
            self.running.set(false);
            send(Report::Failed {
                sentence: failure.to_string(),
            });
        }
    }

    async fn begin(&self, lesson: Lesson) -> Result<(), Failure> {
        let device = cpu_device();
        let sidecar = Sidecar::parse(&lesson.sidecar)?;
        let net = model_from_weights(&lesson.weights, &sidecar, &device)?;
        let mut originals = Originals::decode(&lesson.originals)?;
        let held_out = std::mem::take(&mut originals.held_out);
        let examples = lesson.examples.iter();
        let shown = examples.map(|e| (e.image.clone(), e.label)).collect();
        let before = teach::measure(&net, &held_out, &device).await?;
        let (settings, examples) = (lesson.settings, lesson.examples);
        let session = if lesson.checkpoint.is_empty() {
            Session::new(&net, settings, examples, originals, &device)?
        } else {
            Session::from_bytes(&lesson.checkpoint, &net, examples, originals, &device)?
        };
        send(Report::Begun {
            step: session.step_count() as u32,
            before: counts(&before),
        });
        self.teaching.replace(Some(Teaching {
            session,
            sidecar,
            held_out,
            examples: shown,
        }));
        Ok(())
    }

    /// Steps until all steps are done, `most` are taken, or a pause is ordered.
    async fn run(&self, most: usize) -> Result<(), Failure> {
        // If it is out, it is being stepped already.
        let Some(mut teaching) = self.teaching.take() else {
            return Ok(());
        };
        self.running.set(true);
        let mut outcome = Ok(());
        let mut taken = 0;
        while outcome.is_ok() && self.running.get() && taken < most && !teaching.session.is_done() {
            outcome = teaching.step().await;
            taken += 1;
            scope::breathe().await;
        }
        self.running.set(false);
        if outcome.is_ok() {
            outcome = teaching.settle().await;
        }
        if outcome.is_ok() {
            send(match teaching.session.is_done() {
                true => Report::Done,
                false => Report::Waiting,
            });
        }
        self.teaching.replace(Some(teaching));
        outcome
    }
}

impl Teaching {
    async fn step(&mut self) -> Result<(), Failure> {
        let started = scope::now();
        let progress = self.session.step().await?;
        send(Report::Stepped {
            progress,
            milliseconds: (scope::now() - started) as f32,
        });
        let step = self.session.step_count();
        if self.session.is_done() {
            return Ok(());
        }
        if step.is_multiple_of(MEASURE_EVERY) {
            self.measure().await?;
        }
        if step.is_multiple_of(SAVE_EVERY) {
            self.save().await?;
        }
        Ok(())
    }

    /// At a pause and at the end: everything about the net as it is now.
    async fn settle(&self) -> Result<(), Failure> {
        self.measure().await?;
        self.save().await
    }

    async fn measure(&self) -> Result<(), Failure> {
        let (net, device) = (self.session.net(), cpu_device());
        let held_out = teach::measure(&net, &self.held_out, &device).await?;
        let examples = teach::measure(&net, &self.examples, &device).await?;
        let right = (0..examples.counts().len()).map(|class| examples.counts()[class][class]);
        send(Report::Measured {
            step: self.session.step_count() as u32,
            held_out: counts(&held_out),
            right: right.sum::<u64>() as u32,
            memory_bytes: scope::memory_bytes(),
        });
        Ok(())
    }

    async fn save(&self) -> Result<(), Failure> {
        let tensors = self.session.net().to_tensors().await;
        let weights = weights::encode(&tensors.map_err(Failure::Read)?);
        let sidecar = teach::sidecar_after(&self.sidecar, &weights, self.session.settings());
        send(Report::Saved(Saved {
            step: self.session.step_count() as u32,
            checkpoint: self.session.to_bytes().await?,
            weights,
            sidecar: serde_json::to_string(&sidecar)?,
        }));
        Ok(())
    }
}

fn counts(confusion: &ConfusionMatrix) -> Counts {
    confusion.counts().map(|row| row.map(|count| count as u32))
}
