//! What the net is asked to look at, what it says, and what is found by likeness.

use super::likeness::{Purpose, Wish};
use super::{Act, Drawing, Gallery, ImageId, Like, Likeness, NetId, Query, Stock, Survey, View};
use model::image::Image;
use model::published::Split;
use protocol::archive::{Of, Order};
use protocol::{Classified, Message, RequestId};

/// While the net walks through the images, searches are made anew after so many.
const SEARCH_EVERY: usize = 2_000;

impl Gallery {
    /// Has the net look at the images of the chosen part that it has not looked at.
    pub fn classify(&mut self) -> Vec<Act> {
        let here = |id: &ImageId| *self.collection.stock(id.split()) == Stock::Here;
        let unknown = self
            .in_part()
            .filter(here)
            .filter(|id| self.findings().prediction(*id).is_none())
            .collect();
        self.trouble = None;
        self.survey = Some(Survey::of(unknown));
        self.ask_next()
    }

    /// Stops that; what has been found stays.
    pub fn stop(&mut self) -> Vec<Act> {
        self.survey = None;
        self.drawing.forget_asking();
        self.refresh();
        let mut acts = vec![Act::StopClassifying];
        acts.extend(self.search());
        acts
    }

    /// The net has answered.
    pub fn classified(&mut self, images: Vec<Classified>, milliseconds: f64) -> Vec<Act> {
        let mut acts = Vec::new();
        if std::mem::take(&mut self.drawing.is_asked) {
            self.drawing.features = images.into_iter().next().map(|image| image.features);
        } else {
            acts.extend(self.note(images, milliseconds));
            if self.query.needs_findings() {
                self.refresh();
            }
        }
        acts.extend(self.ask_next());
        acts.extend(self.search());
        acts
    }

    /// Notes predictions, and has the features kept.
    fn note(&mut self, images: Vec<Classified>, milliseconds: f64) -> Option<Act> {
        let asked = self.survey.as_mut()?.answered(milliseconds);
        let (mut numbers, mut features) = (Vec::new(), Vec::new());
        for (id, image) in asked.into_iter().zip(images) {
            self.nets.findings_mut().note(id, image.prediction);
            numbers.push(id.number() as u32);
            features.push(image.features);
        }
        Some(order(Order::Keep {
            net: self.nets.now().number,
            images: numbers,
            features,
        }))
    }

    /// The net cannot look at what it was asked to.
    pub fn not_classified(&mut self, sentence: String) -> Vec<Act> {
        self.survey = None;
        self.drawing.forget_asking();
        self.trouble = Some(sentence);
        Vec::new()
    }

    /// Another net answers from now on. What the one before found is kept, to be compared.
    pub fn answer_with(&mut self, net: NetId) -> Vec<Act> {
        if net == self.nets.now().net {
            return Vec::new();
        }
        let forgotten = self.nets.answer_with(net).into_iter();
        let mut acts: Vec<Act> = forgotten.map(|net| order(Order::Forget { net })).collect();
        let image = self.drawing.image.take();
        self.drawing = Drawing {
            to_ask: image.clone(),
            image,
            ..Drawing::default()
        };
        acts.extend(self.stop());
        acts.extend(self.ask_next());
        acts
    }

    /// The archive that keeps the features has ended: without them, what was found is of half use.
    pub fn features_lost(&mut self, sentence: &str) -> Vec<Act> {
        self.nets.forget();
        self.likeness = Likeness::default();
        self.drawing = Drawing::default();
        self.trouble = Some(format!(
            "What the network had found was lost ({sentence}). Classify the images again."
        ));
        self.stop()
    }

    /// A search by likeness has been answered.
    pub fn found(&mut self, id: RequestId, images: &[(u32, f32)]) -> Vec<Act> {
        if self.likeness.answered(id, images) == Some(Purpose::Shown) {
            self.refresh();
        }
        self.search()
    }

    /// Asks about the drawing first, as somebody looks at it.
    pub(super) fn ask_next(&mut self) -> Vec<Act> {
        if self.drawing.is_asked || self.survey.as_ref().is_some_and(Survey::is_asking) {
            return Vec::new();
        }
        if let Some(drawing) = self.drawing.to_ask.take() {
            self.drawing.is_asked = true;
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

    /// Asks for whatever is to be found by likeness and has not been.
    pub(super) fn search(&mut self) -> Vec<Act> {
        let mut likeness = std::mem::take(&mut self.likeness);
        let sources = self.sources();
        let orders = Purpose::ALL.map(|purpose| {
            let wish = self.wish(purpose);
            likeness.wish(purpose, wish, |id| match purpose {
                Purpose::Shown => sources.shows(&self.query, id),
                Purpose::Beside => id.split() == Split::Train && Some(id) != self.query.image,
                Purpose::Place => true,
            })
        });
        self.likeness = likeness;
        orders.into_iter().flatten().map(Act::Order).collect()
    }

    fn wish(&self, purpose: Purpose) -> Option<Wish> {
        let known = self.findings().known();
        let of = match purpose {
            Purpose::Shown => self.of(self.query.like?),
            Purpose::Beside => self.of(Like::Image(self.query.image?)),
            Purpose::Place if self.query.view == View::Map => self.of(Like::Drawing),
            Purpose::Place => None,
        };
        Some(Wish {
            net: self.nets.now().number,
            of: of?,
            among: match purpose {
                Purpose::Shown => self.query.choice(),
                Purpose::Beside | Purpose::Place => Query::first(),
            },
            known: match self.survey {
                Some(_) => known - known % SEARCH_EVERY,
                None => known,
            },
        })
    }

    /// What images are compared with, once the net has looked at it.
    fn of(&self, like: Like) -> Option<Of> {
        match like {
            Like::Image(id) => {
                let is_known = self.findings().prediction(id).is_some();
                is_known.then_some(Of::Image(id.number() as u32))
            }
            Like::Drawing => self.drawing.features.clone().map(Of::Features),
        }
    }
}

/// An order that nobody answers.
fn order(body: Order) -> Act {
    Act::Order(Message {
        id: RequestId(0),
        body,
    })
}

impl Drawing {
    /// Somebody looks at what is on the canvas now.
    pub(super) fn look_at(&mut self, image: Option<&Image>) {
        if self.image.as_ref() == image {
            return;
        }
        self.image = image.cloned();
        self.to_ask = image.cloned();
        if image.is_none() {
            self.features = None;
        }
    }

    /// Nobody waits any more for what was asked.
    fn forget_asking(&mut self) {
        if std::mem::take(&mut self.is_asked) {
            self.image = None;
        }
    }
}
