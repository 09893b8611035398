//! The rules of the data viewer: what has arrived, what the net made of it, what is looked at. No
//! browser in here: events come in, [`Act`]s for the browser come out.

mod asking;
mod choice;
mod collection;
mod explore;
mod faults;
mod findings;
mod image_id;
mod layout;
mod likeness;
mod map;
mod nets;
mod query;
mod region;
mod survey;
#[cfg(test)]
mod tests;
mod twins;
mod visiting;

use model::class::CLASS_COUNT;
use model::image::Image;
use model::published::Split;
use protocol::Message;
use protocol::archive::Order as ArchiveOrder;

pub use choice::Sources;
pub use collection::{Collection, Stock};
pub use explore::{ClassPortrait, SHADES, portraits};
pub use faults::{Faults, Suspects, Suspicion};
pub use findings::{Evaluation, Finding, Findings};
pub use image_id::{ALL_IMAGES, ImageId};
pub use layout::{Layout, Step, TILES};
pub use likeness::{Likeness, Purpose};
pub use map::{DIM, Deed, Hand, Lens, Map, Shade, Surroundings, Tool};
pub use map::{RIGHT, UNKNOWN, WRONG, shades, surroundings};
pub use nets::{Looked, NetId, Nets};
pub use query::{Change, Colour, Fault, Kind, Like, Order, Outcome, Query, View};
pub use region::Region;
pub use survey::Survey;
pub use twins::Twins;

/// What the gallery asks of the browser.
#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    /// Have the archive bring this part.
    Bring(Split),
    /// End the archive that brought it.
    Release(Split),
    /// Have the net classify these.
    Classify(Vec<Image>),
    /// Nobody waits for that any more.
    StopClassifying,
    /// Give this to the archive that keeps features.
    Order(Message<ArchiveOrder>),
    /// Fetch the lists of near duplicates and label suspects.
    FetchFaults,
    /// Fetch the map.
    FetchMap,
    /// Put this query into the address; as a step that leads back if `true`.
    Address(String, bool),
}

/// One person's look at the data set.
#[derive(Debug)]
pub struct Gallery {
    collection: Collection,
    nets: Nets,
    likeness: Likeness,
    faults: Fetched<Faults>,
    map: Fetched<Map>,
    query: Query,
    /// What the query shows.
    shown: Vec<ImageId>,
    survey: Option<Survey>,
    drawing: Drawing,
    trouble: Option<String>,
}

/// A file that is fetched when it is first needed.
#[derive(Debug)]
struct Fetched<T> {
    is_asked: bool,
    content: Option<T>,
}

impl<T> Default for Fetched<T> {
    fn default() -> Self {
        Self {
            is_asked: false,
            content: None,
        }
    }
}

impl<T> Fetched<T> {
    /// Whether it is to be fetched now; it counts as asked for then.
    fn ask(&mut self) -> bool {
        !std::mem::replace(&mut self.is_asked, true)
    }

    /// It has arrived, or cannot be had; then it may be asked for again.
    fn receive(&mut self, outcome: Result<T, String>) -> Option<String> {
        self.is_asked = outcome.is_ok();
        match outcome {
            Ok(content) => {
                self.content = Some(content);
                None
            }
            Err(sentence) => Some(sentence),
        }
    }
}

/// The drawing on the canvas, and what the net's head sees of it.
#[derive(Debug, Default)]
struct Drawing {
    /// The drawing that was last asked about.
    image: Option<Image>,
    /// The one to ask about.
    to_ask: Option<Image>,
    is_asked: bool,
    features: Option<Vec<i8>>,
}

impl Default for Gallery {
    fn default() -> Self {
        Self {
            collection: Collection::default(),
            nets: Nets::default(),
            likeness: Likeness::default(),
            faults: Fetched::default(),
            map: Fetched::default(),
            query: Query::first(),
            shown: Vec::new(),
            survey: None,
            drawing: Drawing::default(),
            trouble: None,
        }
    }
}

impl Gallery {
    /// All that is known.
    pub fn sources(&self) -> Sources<'_> {
        Sources {
            collection: &self.collection,
            findings: self.findings(),
            before: self.nets.before().map(|before| &before.findings),
            faults: self.faults(),
            map: self.map(),
            alike: self.likeness.found(Purpose::Shown),
        }
    }

    /// What is looked at.
    pub fn query(&self) -> &Query {
        &self.query
    }

    /// The images that the query shows, in its order.
    pub fn shown(&self) -> &[ImageId] {
        &self.shown
    }

    /// The images as far as they have arrived.
    pub fn collection(&self) -> &Collection {
        &self.collection
    }

    /// The nets that have looked at them.
    pub fn nets(&self) -> &Nets {
        &self.nets
    }

    /// What the net that answers now made of them.
    pub fn findings(&self) -> &Findings {
        &self.nets.now().findings
    }

    /// Near duplicates and label suspects, once they are here.
    pub fn faults(&self) -> Option<&Faults> {
        self.faults.content.as_ref()
    }

    /// The map, once it is here.
    pub fn map(&self) -> Option<&Map> {
        self.map.content.as_ref()
    }

    /// The walk of the net through the images, while it lasts.
    pub fn survey(&self) -> Option<&Survey> {
        self.survey.as_ref()
    }

    /// What went wrong last.
    pub fn trouble(&self) -> Option<&str> {
        self.trouble.as_deref()
    }

    /// The images of the chosen part, of which some may not have arrived.
    fn in_part(&self) -> impl Iterator<Item = ImageId> {
        let parts = Split::BOTH.into_iter();
        let chosen = parts.filter(|split| self.query.takes(*split));
        chosen.flat_map(ImageId::all_of)
    }

    /// How good the net is on the images of the chosen part that it has looked at.
    pub fn evaluation(&self) -> Evaluation {
        Evaluation::new(self.in_part().filter_map(|id| {
            let label = self.collection.label(id)?;
            Some((self.findings().prediction(id)?, label))
        }))
    }

    /// How many images of the chosen part changed in which way, in the order of [`Change`]'s kinds;
    /// `None` unless two nets have looked at some image.
    pub fn changes(&self) -> Option<[usize; 4]> {
        let sources = self.sources();
        let mut counts = [0; 4];
        for change in self.in_part().filter_map(|id| sources.change(id)) {
            counts[change as usize] += 1;
        }
        (counts != [0; 4]).then_some(counts)
    }

    /// How many images of the chosen part the net has looked at.
    pub fn classified_in_part(&self) -> usize {
        match self.query.split {
            Some(split) => self.findings().known_in(split),
            None => self.findings().known(),
        }
    }

    /// The near duplicates of an image, as far as their list is here.
    pub fn twins_of(&self, id: ImageId) -> Vec<ImageId> {
        let faults = self.faults();
        faults.map_or_else(Vec::new, |faults| faults.twins.of(id).collect())
    }

    /// The training images most like the one whose details are shown, the nearest first.
    pub fn training_neighbours(&self) -> impl Iterator<Item = ImageId> {
        let found = self.likeness.found(Purpose::Beside).iter();
        found.map(|(id, _)| *id)
    }

    /// Where the drawing lies on the map; `None` unless there is one and its like has been found.
    pub fn drawing_place(&self) -> Option<[f64; 2]> {
        self.map()?.between(self.likeness.found(Purpose::Place))
    }

    /// Whether there is a drawing, as far as anybody has looked.
    pub fn has_drawing(&self) -> bool {
        self.drawing.image.is_some()
    }

    /// The label of most of the images that the drawing is most like.
    pub fn drawing_company(&self) -> Option<u8> {
        let found = self.likeness.found(Purpose::Place).iter();
        let mut counts = [0; CLASS_COUNT];
        for label in found.filter_map(|(id, _)| self.collection.label(*id)) {
            counts[usize::from(label)] += 1;
        }
        let (class, count) = counts.iter().enumerate().max_by_key(|(_, count)| **count)?;
        (*count > 0).then_some(class as u8)
    }
}
