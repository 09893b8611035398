//! The rules of the data viewer: what has arrived, what the net made of it, what is looked at. No
//! browser in here: events come in, [`Act`]s for the browser come out.

mod choice;
mod collection;
mod explore;
mod findings;
mod image_id;
mod layout;
mod query;
mod survey;
#[cfg(test)]
mod tests;
mod twins;

use model::image::Image;
use model::likeness::Index;
use model::published::Split;
use protocol::Classified;
use protocol::archive::Parcel;

pub use choice::{NEIGHBOURS, Sources};
pub use collection::{Collection, Stock};
pub use explore::{ClassPortrait, SHADES, portraits};
pub use findings::{Evaluation, Finding, Findings};
pub use image_id::{ALL_IMAGES, ImageId};
pub use layout::{Layout, Step, TILES};
pub use query::{Like, Order, Outcome, Query, View};
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
    /// Fetch the list of near duplicates.
    FetchTwins,
    /// Put this query into the address; as a step that leads back if `true`.
    Address(String, bool),
}

/// One person's look at the data set.
#[derive(Debug)]
pub struct Gallery {
    collection: Collection,
    findings: Findings,
    likeness: Index,
    twins: Option<Twins>,
    twins_are_asked: bool,
    query: Query,
    /// What the query shows.
    shown: Vec<ImageId>,
    survey: Option<Survey>,
    /// The drawing whose features are wanted.
    drawing_to_ask: Option<Image>,
    drawing_is_asked: bool,
    drawing: Option<Vec<i8>>,
    trouble: Option<String>,
}

impl Default for Gallery {
    fn default() -> Self {
        Self {
            collection: Collection::default(),
            findings: Findings::default(),
            likeness: Index::new(ALL_IMAGES),
            twins: None,
            twins_are_asked: false,
            query: Query::first(),
            shown: Vec::new(),
            survey: None,
            drawing_to_ask: None,
            drawing_is_asked: false,
            drawing: None,
            trouble: None,
        }
    }
}

impl Gallery {
    /// The room is entered, or its address changed: shows what the address asks for. The test images
    /// are fetched at once, the training images only when somebody asks for them.
    pub fn visit(&mut self, address: &str, drawing: Option<&Image>) -> Vec<Act> {
        let query = Query::parse(address);
        let mut acts = Vec::new();
        if query != self.query {
            self.query = query;
            self.refresh();
        }
        if *self.collection.stock(Split::Test) == Stock::Absent {
            acts.extend(self.bring(Split::Test));
        }
        acts.extend(self.prepare(drawing));
        acts
    }

    /// The person changes what is looked at. `step`: the way back leads to what was there before.
    pub fn look(
        &mut self,
        step: bool,
        drawing: Option<&Image>,
        change: impl FnOnce(&mut Query),
    ) -> Vec<Act> {
        let before = self.query.clone();
        change(&mut self.query);
        if self.query == before {
            return Vec::new();
        }
        let chosen = |query: &Query| Query {
            image: None,
            view: View::default(),
            ..query.clone()
        };
        if chosen(&before) != chosen(&self.query) {
            self.refresh();
        }
        let mut acts = vec![Act::Address(self.query.to_string(), step)];
        acts.extend(self.prepare(drawing));
        acts
    }

    /// What the query needs beside the images: near duplicates, the drawing's features.
    fn prepare(&mut self, drawing: Option<&Image>) -> Vec<Act> {
        let mut acts = Vec::new();
        if self.query.twins && !self.twins_are_asked {
            self.twins_are_asked = true;
            acts.push(Act::FetchTwins);
        }
        if self.query.like == Some(Like::Drawing) {
            self.drawing_to_ask = drawing.cloned();
            acts.extend(self.ask_next());
        }
        acts
    }

    /// The person asks for a part of the data set, perhaps once more after a failure.
    pub fn bring(&mut self, split: Split) -> Vec<Act> {
        match self.collection.stock(split) {
            Stock::Absent | Stock::Failed(_) => {
                self.collection.ask(split);
                vec![Act::Bring(split)]
            }
            _ => Vec::new(),
        }
    }

    /// The archive has sent something.
    pub fn receive(&mut self, split: Split, parcel: Parcel) -> Vec<Act> {
        let brings_labels = matches!(parcel, Parcel::Labels(_));
        self.collection.take(split, parcel);
        let is_over = matches!(self.collection.stock(split), Stock::Here | Stock::Failed(_));
        if brings_labels || is_over {
            self.refresh();
        }
        if is_over {
            vec![Act::Release(split)]
        } else {
            Vec::new()
        }
    }

    /// The list of near duplicates has arrived, or cannot be had; then the next look at it asks again.
    pub fn twins_fetched(&mut self, outcome: Result<Twins, String>) -> Vec<Act> {
        self.twins_are_asked = outcome.is_ok();
        match outcome {
            Ok(twins) => self.twins = Some(twins),
            Err(sentence) => self.trouble = Some(sentence),
        }
        self.refresh();
        Vec::new()
    }

    /// Has the net look at the images of the chosen part that it has not looked at.
    pub fn classify(&mut self) -> Vec<Act> {
        let parts = Split::BOTH
            .into_iter()
            .filter(|split| self.query.split.is_none_or(|wanted| wanted == *split))
            .filter(|split| *self.collection.stock(*split) == Stock::Here);
        let unknown = parts
            .flat_map(ImageId::all_of)
            .filter(|id| self.findings.prediction(*id).is_none())
            .collect();
        self.trouble = None;
        self.survey = Some(Survey::of(unknown));
        self.ask_next()
    }

    /// Stops that; what has been found stays.
    pub fn stop(&mut self) -> Vec<Act> {
        self.survey = None;
        self.refresh();
        vec![Act::StopClassifying]
    }

    /// The net has answered.
    pub fn classified(&mut self, images: Vec<Classified>, milliseconds: f64) -> Vec<Act> {
        if std::mem::take(&mut self.drawing_is_asked) {
            self.drawing = images.into_iter().next().map(|image| image.features);
            self.refresh();
            return self.ask_next();
        }
        let asked = self
            .survey
            .as_mut()
            .map(|survey| survey.answered(milliseconds));
        for (id, image) in asked.into_iter().flatten().zip(images) {
            self.findings.note(id, image.prediction);
            self.likeness.insert(id.number(), &image.features);
        }
        if self.query.needs_findings() {
            self.refresh();
        }
        self.ask_next()
    }

    /// The net cannot look at what it was asked to.
    pub fn not_classified(&mut self, sentence: String) -> Vec<Act> {
        self.survey = None;
        self.drawing_is_asked = false;
        self.trouble = Some(sentence);
        Vec::new()
    }

    /// Another net answers from now on: what the last one found is forgotten.
    pub fn forget_findings(&mut self) -> Vec<Act> {
        self.findings = Findings::default();
        self.likeness = Index::new(ALL_IMAGES);
        self.drawing = None;
        self.stop()
    }

    /// Asks about the drawing first, as somebody looks at it.
    fn ask_next(&mut self) -> Vec<Act> {
        if self.drawing_is_asked || self.survey.as_ref().is_some_and(Survey::is_asking) {
            return Vec::new();
        }
        if let Some(drawing) = self.drawing_to_ask.take() {
            self.drawing_is_asked = true;
            return vec![Act::Classify(vec![drawing])];
        }
        let Some(survey) = &mut self.survey else {
            return Vec::new();
        };
        let collection = &self.collection;
        let asked = survey.ask().iter();
        let images: Vec<Image> = asked.filter_map(|id| collection.image(*id)).collect();
        if images.is_empty() {
            self.survey = None;
            self.refresh();
            return Vec::new();
        }
        vec![Act::Classify(images)]
    }

    fn refresh(&mut self) {
        self.shown = self.sources().choose(&self.query);
    }

    /// All that is known.
    pub fn sources(&self) -> Sources<'_> {
        Sources {
            collection: &self.collection,
            findings: &self.findings,
            likeness: &self.likeness,
            twins: self.twins.as_ref(),
            drawing: self.drawing.as_deref(),
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

    /// What the net made of them.
    pub fn findings(&self) -> &Findings {
        &self.findings
    }

    /// The walk of the net through the images, while it lasts.
    pub fn survey(&self) -> Option<&Survey> {
        self.survey.as_ref()
    }

    /// Why the net could not look at the images.
    pub fn trouble(&self) -> Option<&str> {
        self.trouble.as_deref()
    }

    /// How good the net is on the images of the chosen part that it has looked at.
    pub fn evaluation(&self) -> Evaluation {
        let parts = Split::BOTH.into_iter();
        let chosen = parts.filter(|split| self.query.split.is_none_or(|wanted| wanted == *split));
        let answers = chosen.flat_map(ImageId::all_of).filter_map(|id| {
            let label = self.collection.label(id)?;
            Some((self.findings.prediction(id)?, label))
        });
        Evaluation::new(answers)
    }

    /// How many images of the chosen part the net has looked at.
    pub fn classified_in_part(&self) -> usize {
        match self.query.split {
            Some(split) => self.findings.known_in(split),
            None => Split::BOTH
                .map(|split| self.findings.known_in(split))
                .iter()
                .sum(),
        }
    }

    /// The near duplicates of an image, as far as their list is here.
    pub fn twins_of(&self, id: ImageId) -> Vec<ImageId> {
        let twins = self.twins.as_ref();
        twins.map_or_else(Vec::new, |twins| twins.of(id).collect())
    }

    /// The training images most like an image, the nearest first.
    pub fn training_neighbours(&self, id: ImageId, count: usize) -> Vec<ImageId> {
        let Some(features) = self.likeness.features(id.number()) else {
            return Vec::new();
        };
        let is_other_training_image =
            |number| number < Split::Train.count() && number != id.number();
        let nearest = self
            .likeness
            .nearest(features, count, is_other_training_image);
        let numbers = nearest.into_iter().map(|(number, _)| number);
        numbers.filter_map(ImageId::of_all).collect()
    }
}
