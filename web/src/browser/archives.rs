//! The workers for the data set: one for each part, while it is being brought, and one that keeps
//! features and finds what is alike.

use super::line::Line;
use model::published::Split;
use protocol::archive::{Order, Parcel};
use protocol::{Message, RequestId};
use std::cell::RefCell;
use std::rc::Rc;

const SCRIPT: &str = "worker.js?archive";

/// The archives that run now.
#[derive(Default)]
pub struct Archives {
    parts: [Option<Archive>; 2],
    keeper: Option<Archive>,
}

impl Archives {
    /// Has a part brought; `hear` gets what comes of it.
    ///
    /// # Errors
    /// When the browser makes no worker, in words.
    pub fn start(&mut self, split: Split, hear: impl Fn(Parcel) + 'static) -> Result<(), String> {
        let archive = Archive::open(move |message| hear(message.body))?;
        let id = RequestId(1);
        let body = Order::Bring(split);
        archive.order(&Message { id, body });
        self.parts[split as usize] = Some(archive);
        Ok(())
    }

    /// Ends a part's worker, and with it gives its memory back.
    pub fn end(&mut self, split: Split) {
        self.parts[split as usize] = None;
    }

    /// Gives an order to the worker that keeps features, which is started by the first one. `hear` gets
    /// what that worker says from then on.
    pub fn order(&mut self, message: &Message<Order>, hear: impl Fn(Message<Parcel>) + 'static) {
        if self.keeper.is_none() {
            // Without a worker nothing is found by likeness; all else goes on.
            self.keeper = Archive::open(hear).ok();
        }
        if let Some(keeper) = &self.keeper {
            keeper.order(message);
        }
    }

    /// Ends the worker that keeps features.
    pub fn end_keeper(&mut self) {
        self.keeper = None;
    }
}

/// A running archive. What it is ordered before it listens waits here, as it would be lost.
struct Archive(Rc<RefCell<State>>);

#[derive(Default)]
struct State {
    line: Option<Line>,
    listens: bool,
    waiting: Vec<Message<Order>>,
}

impl Archive {
    fn open(hear: impl Fn(Message<Parcel>) + 'static) -> Result<Self, String> {
        let state = Rc::new(RefCell::new(State::default()));
        let hear = Rc::new(hear);
        let (here, told) = (Rc::downgrade(&state), Rc::clone(&hear));
        let on_message = move |message: Message<Parcel>| match (message.body, here.upgrade()) {
            (Parcel::Started, Some(state)) => {
                let sentence = state.borrow_mut().begin();
                sentence
                    .into_iter()
                    .for_each(|sentence| told(failed(sentence)));
            }
            (body, _) => told(Message { body, ..message }),
        };
        let on_end = Rc::new(move |sentence| hear(failed(sentence)));
        let line = Line::open(SCRIPT, on_message, move |sentence| on_end(sentence))?;
        state.borrow_mut().line = Some(line);
        Ok(Self(state))
    }

    fn order(&self, message: &Message<Order>) {
        let mut state = self.0.borrow_mut();
        if state.listens {
            // A browser that refuses has ended the worker, and says so by itself.
            let _ = state.post(message);
        } else {
            state.waiting.push(message.clone());
        }
    }
}

impl State {
    /// It listens: sends what has waited. Returns why that fails, if it does.
    fn begin(&mut self) -> Option<String> {
        self.listens = true;
        let waiting = std::mem::take(&mut self.waiting);
        waiting.iter().find_map(|message| self.post(message).err())
    }

    fn post(&self, message: &Message<Order>) -> Result<(), String> {
        self.line.as_ref().map_or(Ok(()), |line| line.post(message))
    }
}

fn failed(sentence: String) -> Message<Parcel> {
    Message {
        id: RequestId(0),
        body: Parcel::Failed { sentence },
    }
}
