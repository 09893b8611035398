//! Which images a query shows, in which order.

use super::{Collection, Finding, Findings, ImageId, Like, Order, Outcome, Query, Twins};
use model::class::CLASS_NAMES;
use model::likeness::Index;
use model::published::Split;

/// How many nearest neighbours are shown.
pub const NEIGHBOURS: usize = 100;

/// What a choice is made from.
pub struct Sources<'a> {
    /// Labels and pixels.
    pub collection: &'a Collection,
    /// Predictions.
    pub findings: &'a Findings,
    /// Features.
    pub likeness: &'a Index,
    /// Near duplicates, if the list is here.
    pub twins: Option<&'a Twins>,
    /// The features of the drawing on the canvas, if they are known.
    pub drawing: Option<&'a [i8]>,
}

impl Sources<'_> {
    /// What the net says of an image, compared with its label.
    pub fn finding(&self, id: ImageId) -> Option<Finding> {
        let label = self.collection.label(id)?;
        let prediction = self.findings.prediction(id)?;
        Some(Finding::new(prediction, label))
    }

    /// The images that the query shows, in its order.
    pub fn choose(&self, query: &Query) -> Vec<ImageId> {
        if let Some(like) = query.like {
            return self.neighbours(query, like);
        }
        let parts = Split::BOTH
            .into_iter()
            .filter(|split| query.split.is_none_or(|wanted| wanted == *split))
            .filter(|split| self.collection.has_labels(*split));
        let mut chosen: Vec<ImageId> = parts
            .flat_map(ImageId::all_of)
            .filter(|id| self.shows(query, *id))
            .collect();
        self.sort(&mut chosen, query.order);
        chosen
    }

    /// The nearest neighbours of an image or of the drawing, the image itself first.
    fn neighbours(&self, query: &Query, like: Like) -> Vec<ImageId> {
        let features = match like {
            Like::Image(id) => self.likeness.features(id.number()),
            Like::Drawing => self.drawing,
        };
        let Some(features) = features else {
            return Vec::new();
        };
        let wanted = |number| ImageId::of_all(number).is_some_and(|id| self.shows(query, id));
        let nearest = self.likeness.nearest(features, NEIGHBOURS, wanted);
        let ids = nearest.into_iter();
        ids.filter_map(|(number, _)| ImageId::of_all(number))
            .collect()
    }

    fn shows(&self, query: &Query, id: ImageId) -> bool {
        let Some(label) = self.collection.label(id) else {
            return false;
        };
        query.split.is_none_or(|split| split == id.split())
            && query.label.is_none_or(|wanted| wanted == label)
            && mentions(&query.words, id, label)
            && (!query.twins || self.has_twins(id))
            && self.suits(query, id, label)
    }

    fn has_twins(&self, id: ImageId) -> bool {
        self.twins
            .is_some_and(|twins| twins.of(id).next().is_some())
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
            Outcome::Suspect => finding.suspects(label),
        });
        outcome
            && query
                .predicted
                .is_none_or(|class| class == finding.predicted)
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
    use super::*;
    use model::class::CLASS_COUNT;
    use model::prediction::Prediction;
    use protocol::archive::Parcel;

    /// A test set of three images: a trouser, a shirt taken for a T-shirt, and a boot not looked at.
    struct Stage {
        collection: Collection,
        findings: Findings,
        likeness: Index,
        twins: Twins,
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
            let mut findings = Findings::default();
            findings.note(id(0), sure(1, 0.6));
            findings.note(id(1), sure(0, 0.95));
            let mut likeness = Index::new(super::super::ALL_IMAGES);
            likeness.insert(id(0).number(), &[1, 0]);
            likeness.insert(id(1).number(), &[9, 3]);
            Self {
                collection,
                findings,
                likeness,
                twins: Twins::new([(60_000, 60_002)].into_iter()),
            }
        }

        fn shows(&self, address: &str) -> Vec<usize> {
            let sources = Sources {
                collection: &self.collection,
                findings: &self.findings,
                likeness: &self.likeness,
                twins: Some(&self.twins),
                drawing: Some(&[1, 1]),
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
        assert_eq!(stage.shows("twins=yes"), [0, 2]);
        assert_eq!(stage.shows("twins=yes&label=9"), [2]);
    }

    #[test]
    fn the_net_s_answers_filter_what_it_has_looked_at() {
        let stage = Stage::new();
        assert_eq!(stage.shows("outcome=right"), [0]);
        assert_eq!(stage.shows("outcome=wrong"), [1]);
        assert_eq!(stage.shows("outcome=suspect"), [1]);
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
    fn neighbours_come_nearest_first() {
        let stage = Stage::new();
        assert_eq!(stage.shows("like=test-0"), [0, 1]);
        assert_eq!(stage.shows("like=drawing"), [1, 0]);
        assert_eq!(stage.shows("like=drawing&label=1"), [0]);
        assert_eq!(stage.shows("like=test-2"), [0; 0]);
    }
}
