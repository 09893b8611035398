//! The desk's part for the data set: tells the gallery of events, and carries out what it asks for.

use super::Desk;
use crate::browser::archives::Archives;
use crate::browser::{address, files};
use crate::gallery::{Act, Faults, Gallery, Map, Query, Suspects, Twins};
use crate::rooms::Room;
use crate::session::Session;
use leptos::prelude::*;
use leptos::task::spawn_local;
use model::image::Image;
use model::published::Split;
use protocol::Message;
use protocol::archive::{Order, Parcel};

const TWINS: &str = "assets/duplicates.json";
const SUSPECTS: &str = "assets/suspects.json";
const MAP: &str = "assets/map.bin";

impl Desk {
    /// Tells the gallery of an event, and carries out what it asks for.
    pub fn gallery(self, event: impl FnOnce(&mut Gallery) -> Vec<Act>) {
        let acts = self.gallery.try_update(event).unwrap_or_default();
        for act in acts {
            self.perform_for_gallery(act);
        }
    }

    /// Shows what the address asks for, if it is the gallery's.
    pub fn visit_gallery(self) {
        let address = self.rooms.with_untracked(|rooms| {
            (rooms.here() == Room::Data).then(|| rooms.query(Room::Data).to_owned())
        });
        if let Some(address) = address {
            let drawing = self.drawing_seen();
            self.gallery(|gallery| gallery.visit(&address, drawing.as_ref()));
        }
    }

    /// Changes what is looked at; the way back leads to what was there before.
    pub fn look(self, change: impl FnOnce(&mut Query)) {
        let drawing = self.drawing_seen();
        self.gallery(|gallery| gallery.look(true, drawing.as_ref(), change));
    }

    /// Changes what is looked at in passing, without a step in the history.
    pub fn glance(self, change: impl FnOnce(&mut Query)) {
        let drawing = self.drawing_seen();
        self.gallery(|gallery| gallery.look(false, drawing.as_ref(), change));
    }

    fn drawing_seen(self) -> Option<Image> {
        self.session
            .with_untracked(|session| session.image().cloned())
    }

    fn perform_for_gallery(self, act: Act) {
        match act {
            Act::Bring(split) => self.bring(split),
            Act::Release(split) => self.archives.update_value(|archives| archives.end(split)),
            Act::Classify(images) => self.tell(|session| session.classify(images)),
            Act::StopClassifying => self.tell(Session::stop_classifying),
            Act::Order(message) => self.order(&message),
            Act::FetchFaults => spawn_local(async move {
                let (outcome, left_out) = match fetch_faults().await {
                    Ok((faults, left_out)) => (Ok(faults), left_out),
                    Err(sentence) => (Err(sentence), None),
                };
                self.gallery(|gallery| gallery.faults_fetched(outcome, left_out));
            }),
            Act::FetchMap => spawn_local(async move {
                let outcome = fetch_map().await;
                self.gallery(|gallery| gallery.map_fetched(outcome));
            }),
            Act::Address(query, step) => self.note_address(&query, step),
        }
    }

    fn bring(self, split: Split) {
        let hear = move |parcel| self.gallery(|gallery| gallery.receive(split, parcel));
        let started = self
            .archives
            .try_update_value(|archives| archives.start(split, hear));
        if let Some(Err(sentence)) = started {
            hear(Parcel::Failed { sentence });
        }
    }

    /// Gives an order to the archive that keeps the features.
    fn order(self, message: &Message<Order>) {
        let hear = move |message: Message<Parcel>| match message.body {
            Parcel::Alike { images, .. } => {
                self.gallery(|gallery| gallery.found(message.id, &images));
            }
            Parcel::Died { sentence } | Parcel::Failed { sentence } => {
                self.archives.update_value(Archives::end_keeper);
                self.gallery(|gallery| gallery.features_lost(&sentence));
            }
            _ => {}
        };
        self.archives
            .update_value(|archives| archives.order(message, hear));
    }

    fn note_address(self, query: &str, step: bool) {
        self.rooms.update(|rooms| rooms.note(Room::Data, query));
        let address = self.rooms.with_untracked(|rooms| rooms.address(Room::Data));
        if step {
            address::go(&address);
        } else {
            address::replace(&address);
        }
    }
}

/// The lists, and what of them could not be read.
async fn fetch_faults() -> Result<(Faults, Option<String>), String> {
    let twins = files::rows(TWINS, "pairs", "the numbers of two images", Twins::pair).await?;
    let suspects = files::rows(
        SUSPECTS,
        "suspects",
        "an image's number, a class and a percentage",
        Suspects::one,
    )
    .await?;
    let faults = Faults {
        twins: Twins::new(twins.read),
        suspects: Suspects::new(suspects.read),
    };
    let left_out: Vec<String> = twins
        .left_out
        .into_iter()
        .chain(suspects.left_out)
        .collect();
    Ok((faults, (!left_out.is_empty()).then(|| left_out.join(" "))))
}

async fn fetch_map() -> Result<Map, String> {
    let read = |bytes: &[u8]| Map::decode(bytes).map_err(|error| error.to_string());
    files::content(MAP, read).await
}
