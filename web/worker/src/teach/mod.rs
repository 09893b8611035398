//! The worker that teaches: a session, a step at a time, so that orders are heard between the steps.

mod device;
mod failure;
mod photos;
mod teaching;

use crate::{constructors, scope};
use device::device;
use failure::Failure;
use model::net::Net;
use model::published::Split;
use model::teach::{self, Labelled};
use model::weights::Sidecar;
use protocol::teach::{Order, Report};
use protocol::{Message, RequestId};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use teaching::{Teaching, counts};
use wasm_bindgen_futures::spawn_local;

#[derive(Default)]
struct Desk {
    /// Taken out while a step is under way.
    teaching: RefCell<Option<Teaching>>,
    running: Cell<bool>,
    /// The steps that were ordered while the session was still being made ready.
    ordered: Cell<Option<usize>>,
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
            Order::Begin(lesson) => match Teaching::begin(*lesson).await {
                Ok(teaching) => {
                    self.teaching.replace(Some(teaching));
                    match self.ordered.take() {
                        Some(most) => self.run(most).await,
                        None => Ok(()),
                    }
                }
                Err(failure) => Err(failure),
            },
            Order::Run => self.run(usize::MAX).await,
            Order::Step => self.run(1).await,
            Order::Pause => {
                self.running.set(false);
                // What was ordered before the session was ready waits at once.
                self.ordered.set(self.ordered.take().map(|_| 0));
                Ok(())
            }
            Order::Evaluate { weights, sidecar } => evaluate(&weights, &sidecar).await,
        };
        if let Err(failure) = outcome {
            self.running.set(false);
            let sentence = failure.to_string();
            send(match failure.is_of_device() {
                // Another worker, on the CPU if need be, can go on.
                true => Report::Died { sentence },
                false => Report::Failed { sentence },
            });
        }
    }

    /// Steps until all steps are done, `most` are taken, or a pause is ordered.
    async fn run(&self, most: usize) -> Result<(), Failure> {
        // If it is out, it is being stepped already, or has been announced and is not ready yet.
        let Some(mut teaching) = self.teaching.take() else {
            if !self.running.get() {
                self.ordered.set(Some(most));
            }
            return Ok(());
        };
        self.running.set(true);
        let mut outcome = Ok(());
        let mut taken = 0;
        while outcome.is_ok() && self.running.get() && taken < most && !teaching.is_done() {
            outcome = teaching.step().await;
            taken += 1;
            scope::breathe().await;
        }
        self.running.set(false);
        if outcome.is_ok() {
            outcome = teaching.settle().await;
        }
        if outcome.is_ok() {
            send(match teaching.is_done() {
                true => Report::Done,
                false => Report::Waiting,
            });
        }
        self.teaching.replace(Some(teaching));
        outcome
    }
}

/// Has a net read all test images.
async fn evaluate(weights: &[u8], sidecar: &str) -> Result<(), Failure> {
    let net = Net::from_weights(weights, &Sidecar::parse(sidecar)?, &device().await?)?;
    let images = Rc::new(RefCell::new(Labelled::default()));
    let arriving = Rc::clone(&images);
    let take = move |image, label| arriving.borrow_mut().push(image, label);
    let brought = photos::bring(Split::Test, take, |_| ()).await;
    brought.map_err(Failure::Photos)?;
    let tell = async |done: usize| {
        if done.is_multiple_of(500) {
            send(Report::Evaluating(done as u32));
        }
    };
    let images = images.take();
    let confusion = teach::measure_telling(net.model(), &images, net.device(), tell).await?;
    send(Report::Evaluated(counts(&confusion)));
    Ok(())
}
