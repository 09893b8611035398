//! What is looked at: filters, order and view, and their way into the address and back.

use super::ImageId;
use form_urlencoded::{Serializer, parse};
use model::class::CLASS_COUNT;
use model::published::Split;

/// The views of the data set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum View {
    /// The images themselves.
    #[default]
    Images,
    /// How good the net is on them.
    Results,
    /// What the data are like.
    Explore,
}

impl View {
    /// All views, in order of the tabs.
    pub const ALL: [Self; 3] = [Self::Images, Self::Results, Self::Explore];

    /// What the person reads.
    pub fn name(self) -> &'static str {
        match self {
            Self::Images => "Images",
            Self::Results => "Results",
            Self::Explore => "Explore",
        }
    }

    /// What the address says.
    pub fn key(self) -> &'static str {
        match self {
            Self::Images => "images",
            Self::Results => "results",
            Self::Explore => "explore",
        }
    }
}

/// In which order images are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// As published.
    #[default]
    Published,
    /// The greatest loss first.
    Hardest,
    /// The least confidence first.
    Uncertain,
    /// The greatest confidence first.
    Surest,
}

impl Order {
    /// All orders.
    pub const ALL: [Self; 4] = [
        Self::Published,
        Self::Hardest,
        Self::Uncertain,
        Self::Surest,
    ];

    /// What the person reads.
    pub fn name(self) -> &'static str {
        match self {
            Self::Published => "as published",
            Self::Hardest => "hardest first",
            Self::Uncertain => "most uncertain first",
            Self::Surest => "surest first",
        }
    }

    /// What the address says.
    pub fn key(self) -> &'static str {
        match self {
            Self::Published => "published",
            Self::Hardest => "hardest",
            Self::Uncertain => "uncertain",
            Self::Surest => "surest",
        }
    }
}

/// Which answers of the net are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Those that agree with the label.
    Right,
    /// Those that do not.
    Wrong,
    /// Confident ones that do not: the label may be at fault.
    Suspect,
}

impl Outcome {
    /// All outcomes.
    pub const ALL: [Self; 3] = [Self::Right, Self::Wrong, Self::Suspect];

    /// What the address says.
    pub fn key(self) -> &'static str {
        match self {
            Self::Right => "right",
            Self::Wrong => "wrong",
            Self::Suspect => "suspect",
        }
    }
}

/// What images are compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Like {
    /// One of them.
    Image(ImageId),
    /// The drawing on the canvas.
    Drawing,
}

/// What is looked at. Two people with the same query see the same.
#[derive(Clone, Debug, Default, PartialEq)]
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
    /// Only images that another one nearly equals.
    pub twins: bool,
    /// The image whose details are shown.
    pub image: Option<ImageId>,
}

impl Query {
    /// What one sees first: the test images, which are here first.
    pub fn first() -> Self {
        Self {
            split: Some(Split::Test),
            ..Self::default()
        }
    }

    /// Whether images are left out, beyond the choice of a part.
    pub fn filters(&self) -> bool {
        let shown = Self {
            view: self.view,
            split: self.split,
            order: self.order,
            image: self.image,
            ..Self::default()
        };
        *self != shown
    }

    /// Whether it can only be met once the net has looked at the images.
    pub fn needs_findings(&self) -> bool {
        self.filters_by_findings() || self.like.is_some() || self.order != Order::Published
    }

    /// Whether what the net says decides what is shown.
    pub fn filters_by_findings(&self) -> bool {
        self.predicted.is_some()
            || self.outcome.is_some()
            || self.surer_than > 0
            || self.less_sure_than.is_some()
            || self.loss_from > 0
    }

    /// Reads what [`Query::to_string`] wrote; what it does not understand, it leaves out.
    pub fn parse(text: &str) -> Self {
        let mut query = Self::first();
        for (key, value) in parse(text.as_bytes()) {
            query.set(&key, &value);
        }
        query
    }

    fn set(&mut self, key: &str, value: &str) {
        let class = || {
            value
                .parse()
                .ok()
                .filter(|class| *class < CLASS_COUNT as u8)
        };
        match key {
            "view" => self.view = named(&View::ALL, View::key, value).unwrap_or_default(),
            "split" => self.split = named(&Split::BOTH, Split::name, value),
            "label" => self.label = class(),
            "predicted" => self.predicted = class(),
            "outcome" => self.outcome = named(&Outcome::ALL, Outcome::key, value),
            "surer" => self.surer_than = percent(value).unwrap_or(0),
            "unsure" => self.less_sure_than = percent(value),
            "loss" => self.loss_from = value.parse().unwrap_or(0),
            "words" => value.clone_into(&mut self.words),
            "order" => self.order = named(&Order::ALL, Order::key, value).unwrap_or_default(),
            "like" if value == DRAWING => self.like = Some(Like::Drawing),
            "like" => self.like = ImageId::from_key(value).map(Like::Image),
            "twins" => self.twins = value == YES,
            "image" => self.image = ImageId::from_key(value),
            _ => {}
        }
    }

    fn like_key(&self) -> Option<String> {
        self.like.map(|like| match like {
            Like::Image(id) => id.key(),
            Like::Drawing => DRAWING.to_owned(),
        })
    }
}

const DRAWING: &str = "drawing";
const BOTH: &str = "all";
const YES: &str = "yes";

/// The query as it stands in the address; what is as at first is left out.
impl std::fmt::Display for Query {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut text = Serializer::new(String::new());
        let mut add = |key, value: Option<String>| {
            if let Some(value) = value {
                text.append_pair(key, &value);
            }
        };
        let unless_default = |key: &str, default: bool| (!default).then(|| key.to_owned());
        add(
            "view",
            unless_default(self.view.key(), self.view == View::default()),
        );
        let split = self.split.map_or(BOTH, Split::name);
        add(
            "split",
            unless_default(split, self.split == Self::first().split),
        );
        add("label", self.label.map(|class| class.to_string()));
        add("predicted", self.predicted.map(|class| class.to_string()));
        add(
            "outcome",
            self.outcome.map(|outcome| outcome.key().to_owned()),
        );
        add(
            "surer",
            unless_default(&self.surer_than.to_string(), self.surer_than == 0),
        );
        add(
            "unsure",
            self.less_sure_than.map(|percent| percent.to_string()),
        );
        add(
            "loss",
            unless_default(&self.loss_from.to_string(), self.loss_from == 0),
        );
        add("words", unless_default(&self.words, self.words.is_empty()));
        add(
            "order",
            unless_default(self.order.key(), self.order == Order::default()),
        );
        add("like", self.like_key());
        add("twins", unless_default(YES, !self.twins));
        add("image", self.image.map(ImageId::key));
        f.write_str(&text.finish())
    }
}

fn named<T: Copy>(all: &[T], key: fn(T) -> &'static str, value: &str) -> Option<T> {
    all.iter().copied().find(|one| key(*one) == value)
}

fn percent(value: &str) -> Option<u8> {
    value.parse::<u8>().ok().filter(|percent| *percent <= 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_comes_back_from_its_address() {
        let id = ImageId::new(Split::Train, 77);
        let query = Query {
            view: View::Explore,
            split: None,
            label: Some(6),
            predicted: Some(0),
            outcome: Some(Outcome::Suspect),
            surer_than: 40,
            less_sure_than: Some(95),
            loss_from: 125,
            words: "ankle boot & co=1".to_owned(),
            order: Order::Hardest,
            like: id.map(Like::Image),
            twins: true,
            image: id,
        };
        assert_eq!(Query::parse(&query.to_string()), query);
    }

    #[test]
    fn what_is_as_at_first_needs_no_words() {
        assert_eq!(Query::first().to_string(), "");
        assert_eq!(Query::parse(""), Query::first());
        let query = Query {
            split: Some(Split::Train),
            ..Query::first()
        };
        assert_eq!(query.to_string(), "split=train");
        assert!(!query.filters());
    }

    #[test]
    fn nonsense_in_an_address_is_left_out() {
        let query = Query::parse(
            "label=10&predicted=x&twins=no&image=test-99999&unsure=101&z=1&split=test",
        );
        assert_eq!(query, Query::first());
    }

    #[test]
    fn filters_are_told_from_views() {
        assert!(
            Query {
                label: Some(1),
                ..Query::first()
            }
            .filters()
        );
        assert!(
            !Query {
                view: View::Explore,
                ..Query::first()
            }
            .filters()
        );
        assert!(
            Query {
                order: Order::Hardest,
                ..Query::first()
            }
            .needs_findings()
        );
    }
}
