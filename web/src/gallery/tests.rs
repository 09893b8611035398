//! A gallery with an archive and a net that do what the test says.

use super::*;
use model::class::CLASS_COUNT;
use model::image::PIXELS;
use model::prediction::Prediction;
use protocol::archive::{self, Of, Parcel, Search};
use protocol::{Classified, RequestId};

fn id(index: usize) -> ImageId {
    ImageId::new(Split::Test, index).unwrap()
}

/// A gallery in which all test images have arrived, each labelled 3.
fn filled() -> Gallery {
    let mut gallery = Gallery::default();
    assert_eq!(gallery.visit("", None), [Act::Bring(Split::Test)]);
    let count = Split::Test.count();
    gallery.receive(Split::Test, Parcel::Labels(vec![3; count]));
    gallery.receive(Split::Test, Parcel::Images(vec![9; count * PIXELS]));
    let acts = gallery.receive(Split::Test, Parcel::Complete);
    assert_eq!(acts, [Act::Release(Split::Test)]);
    gallery
}

fn answers(count: usize, class: usize) -> Vec<Classified> {
    let mut probabilities = [0.0; CLASS_COUNT];
    probabilities[class] = 1.0;
    let answer = Classified {
        prediction: Prediction { probabilities },
        features: vec![5, class as i8],
    };
    vec![answer; count]
}

/// How many images these acts ask the net about.
fn asked(acts: &[Act]) -> usize {
    let count = |act: &Act| match act {
        Act::Classify(images) => images.len(),
        _ => 0,
    };
    acts.iter().map(count).sum()
}

/// The search among these acts, if there is one.
fn search(acts: &[Act]) -> Option<(RequestId, &Search)> {
    acts.iter().find_map(|act| match act {
        Act::Order(Message {
            id,
            body: archive::Order::Find(search),
        }) => Some((*id, search)),
        _ => None,
    })
}

/// Has the net look at all images, of which it takes each for this class.
fn classify_all(gallery: &mut Gallery, class: usize) {
    let mut acts = gallery.classify();
    while asked(&acts) > 0 {
        let count = asked(&acts);
        acts = gallery.classified(answers(count, class), 1.0);
    }
}

#[test]
fn labels_are_shown_before_the_images_have_come() {
    let mut gallery = Gallery::default();
    gallery.visit("label=3", None);
    gallery.receive(Split::Test, Parcel::Labels(vec![3, 4, 3]));
    assert_eq!(&gallery.shown()[..2], [id(0), id(2)]);
}

#[test]
fn a_failed_part_can_be_asked_for_again() {
    let mut gallery = Gallery::default();
    gallery.visit("", None);
    assert!(gallery.bring(Split::Test).is_empty());
    let sentence = "t10k is not here.".to_owned();
    gallery.receive(Split::Test, Parcel::Failed { sentence });
    assert!(gallery.visit("", None).is_empty());
    assert_eq!(gallery.bring(Split::Test), [Act::Bring(Split::Test)]);
}

#[test]
fn every_image_is_classified_and_evaluated() {
    let mut gallery = filled();
    classify_all(&mut gallery, 3);
    assert_eq!(gallery.findings().known_in(Split::Test), 10_000);
    assert!(gallery.survey().is_none());
    assert_eq!(gallery.evaluation().matrix.accuracy(), 1.0);
    assert_eq!(asked(&gallery.classify()), 0);
}

#[test]
fn stopping_keeps_what_has_been_found() {
    let mut gallery = filled();
    let count = asked(&gallery.classify());
    gallery.classified(answers(count, 3), 1.0);
    assert!(gallery.stop().contains(&Act::StopClassifying));
    assert_eq!(gallery.findings().known_in(Split::Test), count);
    let acts = gallery.look(true, None, |query| query.outcome = Some(Outcome::Right));
    assert_eq!(gallery.shown().len(), count);
    assert_eq!(acts, [Act::Address("outcome=right".to_owned(), true)]);
}

#[test]
fn the_drawing_is_looked_at_between_the_images_and_its_like_is_searched() {
    let mut gallery = filled();
    let first = asked(&gallery.classify());
    let drawing = Image([1; PIXELS]);
    gallery.look(true, Some(&drawing), |query| {
        query.like = Some(Like::Drawing);
    });
    let acts = gallery.classified(answers(first, 3), 1.0);
    assert!(acts.contains(&Act::Classify(vec![drawing])));
    let acts = gallery.classified(answers(1, 7), 1.0);
    assert_eq!(asked(&acts), first);
    let (asked_id, wanted) = search(&acts).unwrap();
    assert_eq!(wanted.of, Of::Features(vec![5, 7]));
    gallery.found(asked_id, &[(60_004, 0.9), (60_001, 0.8)]);
    assert_eq!(gallery.shown(), [4, 1].map(id));
    let acts = gallery.stop();
    assert!(search(&acts).is_some(), "more features are known now");
}

#[test]
fn the_image_looked_at_is_searched_for_among_training_images_once_it_is_known() {
    let mut gallery = filled();
    let acts = gallery.look(false, None, |query| query.image = Some(id(7)));
    assert_eq!(search(&acts), None);
    classify_all(&mut gallery, 3);
    let acts = gallery.look(false, None, |query| query.image = Some(id(8)));
    assert_eq!(search(&acts), None, "one search at a time");
    let acts = gallery.found(RequestId(1), &[(5, 0.9)]);
    let (_, wanted) = search(&acts).unwrap();
    assert_eq!(wanted.of, Of::Image(60_008));
    assert_eq!((wanted.wanted[0], wanted.wanted[60_000 / 8]), (0xff, 0));
}

#[test]
fn another_net_s_findings_are_kept_and_compared() {
    let mut gallery = filled();
    classify_all(&mut gallery, 3);
    assert!(gallery.answer_with(NetId(None)).is_empty());
    let acts = gallery.answer_with(NetId(Some(1)));
    assert!(acts.contains(&Act::StopClassifying));
    assert_eq!((gallery.classified_in_part(), gallery.changes()), (0, None));
    classify_all(&mut gallery, 4);
    assert_eq!(gallery.changes(), Some([0, 10_000, 0, 0]));
    gallery.look(true, None, |query| query.change = Some(Change::Lost));
    assert_eq!(gallery.shown().len(), 10_000);
    gallery.answer_with(NetId(None));
    assert_eq!(gallery.evaluation().matrix.accuracy(), 1.0);
    assert_eq!(gallery.changes(), Some([0, 0, 10_000, 0]));
    let forget = |number| {
        Act::Order(Message {
            id: RequestId(0),
            body: archive::Order::Forget { net: number },
        })
    };
    assert!(gallery.answer_with(NetId(Some(2))).contains(&forget(1)));
}

#[test]
fn lost_features_are_found_anew() {
    let mut gallery = filled();
    classify_all(&mut gallery, 3);
    gallery.features_lost("It stopped");
    assert!(
        gallery
            .trouble()
            .is_some_and(|words| words.contains("It stopped"))
    );
    assert_eq!(gallery.classified_in_part(), 0);
    assert!(asked(&gallery.classify()) > 0);
}

#[test]
fn the_map_is_fetched_when_it_is_looked_at_and_holds_the_drawing() {
    let mut gallery = filled();
    let drawing = Image([1; PIXELS]);
    let acts = gallery.look(true, Some(&drawing), |query| query.view = View::Map);
    assert!(acts.contains(&Act::FetchMap) && asked(&acts) == 1);
    let places = vec![[100, 200]; ALL_IMAGES];
    gallery.map_fetched(Map::decode(&model::map::encode(&places)).map_err(|_| String::new()));
    let acts = gallery.classified(answers(1, 3), 1.0);
    let (asked, _) = search(&acts).unwrap();
    assert_eq!(gallery.drawing_place(), None);
    gallery.found(asked, &[(5, 0.9)]);
    assert_eq!(gallery.drawing_place(), Some([100.0, 200.0]));
    // Another net sees another likeness in the same drawing.
    let acts = gallery.answer_with(NetId(Some(1)));
    assert!(acts.contains(&Act::Classify(vec![drawing])));
    assert!(gallery.has_drawing());
    gallery.look(true, None, |query| query.colour = Colour::Error);
    assert_eq!(gallery.drawing_place(), None, "the canvas was cleared");
}

#[test]
fn details_and_views_do_not_change_what_is_shown() {
    let mut gallery = filled();
    let acts = gallery.look(false, None, |query| query.image = Some(id(7)));
    assert_eq!(acts, [Act::Address("image=test-7".to_owned(), false)]);
    assert_eq!(gallery.shown().len(), 10_000);
    let acts = gallery.look(true, None, |query| query.view = View::Results);
    assert_eq!(acts.len(), 1);
}

#[test]
fn faults_are_fetched_when_asked_for_and_again_after_a_failure() {
    let mut gallery = filled();
    let acts = gallery.look(true, None, |query| query.fault = Some(Fault::Near));
    assert!(acts.contains(&Act::FetchFaults) && gallery.shown().is_empty());
    gallery.faults_fetched(Err("not here".to_owned()), None);
    assert_eq!(gallery.trouble(), Some("not here"));
    assert_eq!(gallery.visit("fault=near", None), [Act::FetchFaults]);
    let faults = Faults {
        twins: Twins::new(Twins::pair([7, 60_007])),
        ..Faults::default()
    };
    gallery.faults_fetched(Ok(faults), Some("1 of 2 rows is left out.".to_owned()));
    assert_eq!(gallery.shown(), [id(7)]);
    assert_eq!(gallery.trouble(), Some("1 of 2 rows is left out."));
}
