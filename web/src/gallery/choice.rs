//! Which images a query shows, in which order.

use super::{Change, Collection, Faults, Finding, Findings, ImageId, Map, Order, Outcome, Query};
use model::class::CLASS_NAMES;
use model::published::Split;

/// What a choice is made from.
pub struct Sources<'a> {
    /// Labels and pixels.
    pub collection: &'a Collection,
    /// Predictions.
    pub findings: &'a Findings,
    /// Those of the net before.
    pub before: Option<&'a Findings>,
    /// Near duplicates and label suspects, if the lists are here.
    pub faults: Option<&'a Faults>,
    /// Where the images lie, if the map is here.
    pub map: Option<&'a Map>,
    /// What was found by likeness, the most alike first.
    pub alike: &'a [(ImageId, f32)],
}

impl Sources<'_> {
    /// What the net says of an image, compared with its label.
    pub fn finding(&self, id: ImageId) -> Option<Finding> {
        let label = self.collection.label(id)?;
        let prediction = self.findings.prediction(id)?;
        Some(Finding::new(prediction, label))
    }

    /// What the net before made of an image, and what this one does; `None` unless both have looked.
    pub fn change(&self, id: ImageId) -> Option<Change> {
        let label = usize::from(self.collection.label(id)?);
        let before = self.before?.prediction(id)?.top().0 == label;
        let now = self.findings.prediction(id)?.top().0 == label;
        Some(Change::of(before, now))
    }

    /// The images that the query shows, in its order.
    pub fn choose(&self, query: &Query) -> Vec<ImageId> {
        if query.like.is_some() {
            let alike = self.alike.iter().map(|(id, _)| *id);
            return alike.filter(|id| self.shows(query, *id)).collect();
        }
        let parts = Split::BOTH
            .into_iter()
            .filter(|split| query.takes(*split) && self.collection.has_labels(*split));
        let mut chosen: Vec<ImageId> = parts
            .flat_map(ImageId::all_of)
            .filter(|id| self.shows(query, *id))
            .collect();
        self.sort(&mut chosen, query.order);
        chosen
    }

    /// Whether a query shows an image, likeness aside.
    pub fn shows(&self, query: &Query, id: ImageId) -> bool {
        let Some(label) = self.collection.label(id) else {
            return false;
        };
        query.takes(id.split())
            && query.label.is_none_or(|wanted| wanted == label)
            && mentions(&query.words, id, label)
            && query
                .fault
                .is_none_or(|fault| self.faults.is_some_and(|faults| faults.has(fault, id)))
            && self.lies_in(query, id)
            && self.suits(query, id, label)
    }

    fn lies_in(&self, query: &Query, id: ImageId) -> bool {
        query
            .region
            .as_ref()
            .is_none_or(|region| self.map.is_some_and(|map| region.contains(map.place(id))))
    }

    /// Whether the net's answer is as the query wants it; where none is wanted, any or none will do.
    fn suits(&self, query: &Query, id: ImageId, label: u8) -> bool {
        if !query.filters_by_findings() {
            return true;
        }
        let Some(finding) = self.finding(id) else {
            return false;
        };
        let percent = finding.confidence * 100.0;
        let outcome = query.outcome.is_none_or(|outcome| match outcome {
            Outcome::Right => finding.predicted == label,
            Outcome::Wrong => finding.predicted != label,
            Outcome::SureAndWrong => finding.is_sure_and_wrong(label),
        });
        outcome
            && query
                .predicted
                .is_none_or(|class| class == finding.predicted)
            && query
                .change
                .is_none_or(|change| self.change(id) == Some(change))
            && percent >= f32::from(query.surer_than)
            && query
                .less_sure_than
                .is_none_or(|most| percent <= f32::from(most))
            && finding.loss * 100.0 >= query.loss_from as f32
    }

    /// Images that the net has not looked at come last.
    fn sort(&self, chosen: &mut Vec<ImageId>, order: Order) {
        let key: fn(Finding) -> f32 = match order {
            Order::Published => return,
            Order::Hardest => |finding| -finding.loss,
            Order::Uncertain => |finding| finding.confidence,
            Order::Surest => |finding| -finding.confidence,
        };
        let mut keyed: Vec<(f32, ImageId)> = chosen
            .iter()
            .map(|id| (self.finding(*id).map_or(f32::INFINITY, key), *id))
            .collect();
        keyed.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        *chosen = keyed.into_iter().map(|(_, id)| id).collect();
    }
}

/// Whether each word is part of the label's name, or is the image's place in its part.
fn mentions(words: &str, id: ImageId, label: u8) -> bool {
    if words.is_empty() {
        return true;
    }
    let name = CLASS_NAMES[usize::from(label)].to_lowercase();
    words
        .split_whitespace()
        .all(|word| match word.parse::<usize>() {
            Ok(index) => id.index() == index,
            Err(_) => name.contains(&word.to_lowercase()),
        })
}

#[cfg(test)]
mod tests {
    use super::super::{ALL_IMAGES, Suspects, Twins};
    use super::*;
    use model::class::CLASS_COUNT;
    use model::map::encode;
    use model::prediction::Prediction;
    use protocol::archive::Parcel;

    /// A test set of three images: a trouser, a shirt taken for a T-shirt, and a boot not looked at. The
    /// net before read both right. On the map, the shirt lies apart.
    struct Stage {
        collection: Collection,
        findings: Findings,
        before: Findings,
        faults: Faults,
        map: Map,
    }

    fn id(index: usize) -> ImageId {
        ImageId::new(Split::Test, index).unwrap()
    }

    fn sure(class: usize, confidence: f32) -> Prediction {
        let mut probabilities = [(1.0 - confidence) / 9.0; CLASS_COUNT];
        probabilities[class] = confidence;
        Prediction { probabilities }
    }

    impl Stage {
        fn new() -> Self {
            let mut collection = Collection::default();
            collection.take(Split::Test, Parcel::Labels(vec![1, 6, 9]));
            let (mut findings, mut before) = (Findings::default(), Findings::default());
            findings.note(id(0), sure(1, 0.6));
            findings.note(id(1), sure(0, 0.95));
            before.note(id(0), sure(1, 0.9));
            before.note(id(1), sure(6, 0.9));
            let mut places = vec![[0, 0]; ALL_IMAGES];
            places[id(1).number()] = [500, 500];
            Self {
                collection,
                findings,
                before,
                faults: Faults {
                    twins: Twins::new(Twins::pair([60_000, 60_002])),
                    suspects: Suspects::new(Suspects::one([60_001, 0, 97])),
                },
                map: Map::decode(&encode(&places)).unwrap(),
            }
        }

        fn shows(&self, address: &str) -> Vec<usize> {
            let sources = Sources {
                collection: &self.collection,
                findings: &self.findings,
                before: Some(&self.before),
                faults: Some(&self.faults),
                map: Some(&self.map),
                alike: &[(id(1), 0.9), (id(0), 0.8)],
            };
            let chosen = sources.choose(&Query::parse(address));
            chosen
                .into_iter()
                .map(ImageId::index)
                .filter(|index| *index < 3)
                .collect()
        }
    }

    #[test]
    fn labels_words_and_places_filter() {
        let stage = Stage::new();
        assert_eq!(stage.shows(""), [0, 1, 2]);
        assert_eq!(stage.shows("split=train"), [0; 0]);
        assert_eq!(stage.shows("label=6"), [1]);
        assert_eq!(stage.shows("words=boot"), [2]);
        assert_eq!(stage.shows("words=SHIRT+1"), [1]);
        assert_eq!(stage.shows("fault=near"), [0, 2]);
        assert_eq!(stage.shows("fault=near&label=9"), [2]);
        assert_eq!(stage.shows("fault=suspect"), [1]);
        assert_eq!(stage.shows("region=400.400.600.400.600.600.400.600"), [1]);
    }

    #[test]
    fn the_net_s_answers_filter_what_it_has_looked_at() {
        let stage = Stage::new();
        assert_eq!(stage.shows("outcome=right"), [0]);
        assert_eq!(stage.shows("outcome=wrong"), [1]);
        assert_eq!(stage.shows("outcome=sure-and-wrong"), [1]);
        assert_eq!(stage.shows("predicted=0&label=6"), [1]);
        assert_eq!(stage.shows("surer=70"), [1]);
        assert_eq!(stage.shows("unsure=70"), [0]);
        assert_eq!(stage.shows("loss=100"), [1]);
    }

    #[test]
    fn orders_leave_unknown_images_to_the_end() {
        let stage = Stage::new();
        assert_eq!(stage.shows("order=hardest"), [1, 0, 2]);
        assert_eq!(stage.shows("order=uncertain"), [0, 1, 2]);
        assert_eq!(stage.shows("order=surest"), [1, 0, 2]);
    }

    #[test]
    fn what_is_alike_comes_in_its_own_order() {
        let stage = Stage::new();
        assert_eq!(stage.shows("like=drawing&order=published"), [1, 0]);
        assert_eq!(stage.shows("like=drawing&label=1"), [0]);
    }

    #[test]
    fn changes_from_the_net_before_filter() {
        let stage = Stage::new();
        assert_eq!(stage.shows("change=both-right"), [0]);
        assert_eq!(stage.shows("change=lost"), [1]);
        assert_eq!(stage.shows("change=won"), [0; 0]);
    }
}
