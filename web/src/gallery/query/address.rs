//! A query's way into the address and back.

use super::{Colour, Kind, Like, Order, Query, View};
use crate::gallery::{ImageId, Region};
use form_urlencoded::{Serializer, parse};
use model::class::CLASS_COUNT;
use model::published::Split;

const BOTH: &str = "all";

impl Query {
    /// Reads what [`Query::to_string`] wrote; what it does not understand, it leaves out.
    pub fn parse(text: &str) -> Self {
        let mut query = Self::first();
        for (key, value) in parse(text.as_bytes()) {
            query.set(&key, &value);
        }
        query
    }

    fn set(&mut self, key: &str, value: &str) {
        match key {
            "view" => self.view = View::of_key(value).unwrap_or(View::Images),
            "split" => self.split = Split::BOTH.into_iter().find(|part| part.name() == value),
            "label" => self.label = class(value),
            "predicted" => self.predicted = class(value),
            "outcome" => self.outcome = Kind::of_key(value),
            "change" => self.change = Kind::of_key(value),
            "surer" => self.surer_than = percent(value).unwrap_or(0),
            "unsure" => self.less_sure_than = percent(value),
            "loss" => self.loss_from = value.parse().unwrap_or(0),
            "words" => value.clone_into(&mut self.words),
            "order" => self.order = Order::of_key(value).unwrap_or(Order::Published),
            "like" => self.like = Like::of_key(value),
            "fault" => self.fault = Kind::of_key(value),
            "region" => self.region = Region::from_key(value),
            "colour" => self.colour = Colour::of_key(value).unwrap_or(Colour::Label),
            "image" => self.image = ImageId::from_key(value),
            _ => {}
        }
    }

    /// Each thing that may be in the address, with its value.
    fn parts(&self) -> [(&'static str, Option<String>); 16] {
        let number = |class: u8| class.to_string();
        let key = |key: &'static str| Some(key.to_owned());
        [
            ("view", key(self.view.key())),
            ("split", key(self.split.map_or(BOTH, Split::name))),
            ("label", self.label.map(number)),
            ("predicted", self.predicted.map(number)),
            ("outcome", self.outcome.and_then(|one| key(one.key()))),
            ("change", self.change.and_then(|one| key(one.key()))),
            ("surer", Some(self.surer_than.to_string())),
            ("unsure", self.less_sure_than.map(number)),
            ("loss", Some(self.loss_from.to_string())),
            ("words", Some(self.words.clone())),
            ("order", key(self.order.key())),
            ("like", self.like.map(Like::key)),
            ("fault", self.fault.and_then(|one| key(one.key()))),
            ("region", self.region.as_ref().map(Region::key)),
            ("colour", key(self.colour.key())),
            ("image", self.image.map(ImageId::key)),
        ]
    }
}

/// The query as it stands in the address; what is as at first is left out.
impl std::fmt::Display for Query {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut text = Serializer::new(String::new());
        for ((key, value), (_, first)) in self.parts().into_iter().zip(Self::first().parts()) {
            if let Some(value) = value.filter(|value| first.as_ref() != Some(value)) {
                text.append_pair(key, &value);
            }
        }
        f.write_str(&text.finish())
    }
}

fn class(value: &str) -> Option<u8> {
    let class = value.parse().ok();
    class.filter(|class| *class < CLASS_COUNT as u8)
}

fn percent(value: &str) -> Option<u8> {
    value.parse::<u8>().ok().filter(|percent| *percent <= 100)
}

#[cfg(test)]
mod tests {
    use super::super::{Change, Fault, Outcome};
    use super::*;

    #[test]
    fn a_query_comes_back_from_its_address() {
        let id = ImageId::new(Split::Train, 77);
        let query = Query {
            view: View::Explore,
            split: None,
            label: Some(6),
            predicted: Some(0),
            outcome: Some(Outcome::SureAndWrong),
            change: Some(Change::Lost),
            surer_than: 40,
            less_sure_than: Some(95),
            loss_from: 125,
            words: "ankle boot & co=1".to_owned(),
            order: Order::Hardest,
            like: id.map(Like::Image),
            fault: Some(Fault::Across),
            region: Region::from_key("1.2.30.4.5.600"),
            colour: Colour::Error,
            image: id,
        };
        assert!(query.region.is_some());
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
    }

    #[test]
    fn nonsense_in_an_address_is_left_out() {
        let query = Query::parse(
            "label=10&predicted=x&fault=no&image=test-99999&unsure=101&z=1&split=test&region=1.2",
        );
        assert_eq!(query, Query::first());
    }
}
