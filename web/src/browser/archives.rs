//! The workers that bring the data set: one for each part, while it is being brought.

use super::line::Line;
use model::published::Split;
use protocol::archive::{Order, Parcel};
use protocol::{Message, RequestId};
use std::cell::OnceCell;
use std::rc::Rc;

/// The archives that run now.
#[derive(Default)]
pub struct Archives([Option<Rc<OnceCell<Line>>>; 2]);

impl Archives {
    /// Has a part brought; `hear` gets what comes of it.
    ///
    /// # Errors
    /// When the browser makes no worker, in words.
    pub fn start(
        &mut self,
        split: Split,
        hear: impl Fn(Parcel) + Clone + 'static,
    ) -> Result<(), String> {
        let place = Rc::new(OnceCell::new());
        let line = Rc::downgrade(&place);
        let on_end = hear.clone();
        let on_parcel = move |message: Message<Parcel>| {
            let line = line.upgrade();
            let parcel = match (message.body, line.as_ref().and_then(|line| line.get())) {
                // What is sent before it listens would be lost.
                (Parcel::Started, Some(line)) => order(line, split),
                (parcel, _) => Some(parcel),
            };
            if let Some(parcel) = parcel {
                hear(parcel);
            }
        };
        let on_end = move |sentence| on_end(Parcel::Failed { sentence });
        let line = Line::open("worker.js?archive", on_parcel, on_end)?;
        // It is empty: it was made here.
        let _ = place.set(line);
        self.0[split as usize] = Some(place);
        Ok(())
    }

    /// Ends a part's worker, and with it gives its memory back.
    pub fn end(&mut self, split: Split) {
        self.0[split as usize] = None;
    }
}

/// Orders a part; what comes of it where that fails.
fn order(line: &Line, split: Split) -> Option<Parcel> {
    let order = Message {
        id: RequestId(1),
        body: Order::Bring(split),
    };
    let failed = line.post(&order).err()?;
    Some(Parcel::Failed { sentence: failed })
}
