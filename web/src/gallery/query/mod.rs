//! What is looked at: filters, order and view. Its way into the address and back is in [`address`].

mod address;
mod kinds;

use super::{ImageId, Region};
use model::published::Split;

pub use kinds::{Change, Colour, Fault, Kind, Like, Order, Outcome, View};

/// What is looked at. Two people with the same query see the same.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// Which view.
    pub view: View,
    /// Which part; both if `None`.
    pub split: Option<Split>,
    /// The publishers' class.
    pub label: Option<u8>,
    /// The net's class.
    pub predicted: Option<u8>,
    /// Whether the two agree.
    pub outcome: Option<Outcome>,
    /// Whether another net's answer agreed.
    pub change: Option<Change>,
    /// Least confidence in percent; 0 for all.
    pub surer_than: u8,
    /// Greatest confidence in percent; `None` for all.
    pub less_sure_than: Option<u8>,
    /// Least loss in hundredths; 0 for all.
    pub loss_from: u32,
    /// Words of class names, or an image's place in its part.
    pub words: String,
    /// In which order.
    pub order: Order,
    /// Nearest neighbours only, the nearest first.
    pub like: Option<Like>,
    /// Only images that have this fault.
    pub fault: Option<Fault>,
    /// Only images in this part of the map.
    pub region: Option<Region>,
    /// What the map's colours say.
    pub colour: Colour,
    /// The image whose details are shown.
    pub image: Option<ImageId>,
}

impl Query {
    /// What one sees first: the test images, which are here first.
    pub fn first() -> Self {
        Self {
            view: View::Images,
            split: Some(Split::Test),
            label: None,
            predicted: None,
            outcome: None,
            change: None,
            surer_than: 0,
            less_sure_than: None,
            loss_from: 0,
            words: String::new(),
            order: Order::Published,
            like: None,
            fault: None,
            region: None,
            colour: Colour::Label,
            image: None,
        }
    }

    /// The same view of the same part, with nothing left out of it.
    pub fn unfiltered(&self) -> Self {
        Self {
            view: self.view,
            split: self.split,
            order: self.order,
            colour: self.colour,
            image: self.image,
            ..Self::first()
        }
    }

    /// What decides which images are shown, and in which order: all but how they are looked at.
    pub fn choice(&self) -> Self {
        Self {
            view: View::Images,
            colour: Colour::Label,
            image: None,
            ..self.clone()
        }
    }

    /// Whether images are left out, beyond the choice of a part.
    pub fn filters(&self) -> bool {
        *self != self.unfiltered()
    }

    /// Whether it can only be met once the net has looked at the images.
    pub fn needs_findings(&self) -> bool {
        self.filters_by_findings() || self.like.is_some() || self.order != Order::Published
    }

    /// Whether what the net says decides what is shown.
    pub fn filters_by_findings(&self) -> bool {
        self.predicted.is_some()
            || self.outcome.is_some()
            || self.change.is_some()
            || self.surer_than > 0
            || self.less_sure_than.is_some()
            || self.loss_from > 0
    }

    /// Whether it shows images of a part.
    pub fn takes(&self, split: Split) -> bool {
        self.split.is_none_or(|wanted| wanted == split)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_are_told_from_views() {
        let first = Query::first();
        let filtered = Query {
            label: Some(1),
            ..Query::first()
        };
        assert!(filtered.filters() && !first.filters());
        assert!(!filtered.unfiltered().filters());
        let looked_at_otherwise = Query {
            view: View::Map,
            colour: Colour::Error,
            split: None,
            ..Query::first()
        };
        assert!(!looked_at_otherwise.filters());
        let ordered = Query {
            order: Order::Hardest,
            ..Query::first()
        };
        assert!(ordered.needs_findings() && !ordered.filters());
    }

    #[test]
    fn how_images_are_looked_at_does_not_decide_which() {
        let query = Query {
            view: View::Explore,
            colour: Colour::Error,
            image: ImageId::of_all(3),
            label: Some(4),
            ..Query::first()
        };
        let choice = Query {
            label: Some(4),
            ..Query::first()
        };
        assert_eq!(query.choice(), choice);
    }
}
