//! A gallery with an archive and a net that do what the test says.

use super::*;
use model::class::CLASS_COUNT;
use model::image::PIXELS;
use model::prediction::Prediction;

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

/// How many images an act asks the net about.
fn asked(acts: &[Act]) -> usize {
    match acts {
        [Act::Classify(images)] => images.len(),
        _ => 0,
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
    let mut acts = gallery.classify();
    let mut seen = 0;
    while asked(&acts) > 0 {
        let count = asked(&acts);
        seen += count;
        acts = gallery.classified(answers(count, 3), 1.0);
    }
    assert_eq!(
        (seen, gallery.findings().known_in(Split::Test)),
        (10_000, 10_000)
    );
    assert!(gallery.survey().is_none());
    assert_eq!(gallery.evaluation().matrix.accuracy(), 1.0);
    assert_eq!(asked(&gallery.classify()), 0);
}

#[test]
fn stopping_keeps_what_has_been_found() {
    let mut gallery = filled();
    let count = asked(&gallery.classify());
    gallery.classified(answers(count, 3), 1.0);
    assert_eq!(gallery.stop(), [Act::StopClassifying]);
    assert_eq!(gallery.findings().known_in(Split::Test), count);
    let acts = gallery.look(true, None, |query| query.outcome = Some(Outcome::Right));
    assert_eq!(gallery.shown().len(), count);
    assert_eq!(acts, [Act::Address("outcome=right".to_owned(), true)]);
}

#[test]
fn the_drawing_is_looked_at_between_the_images() {
    let mut gallery = filled();
    let first = asked(&gallery.classify());
    let drawing = Image([1; PIXELS]);
    gallery.look(true, Some(&drawing), |query| {
        query.like = Some(Like::Drawing);
    });
    let acts = gallery.classified(answers(first, 3), 1.0);
    assert_eq!(acts, [Act::Classify(vec![drawing])]);
    let acts = gallery.classified(answers(1, 3), 1.0);
    assert_eq!(asked(&acts), first);
    assert_eq!(gallery.shown().len(), first);
    gallery.classified(answers(first, 3), 1.0);
    assert_eq!(gallery.shown().len(), 2 * first);
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
fn near_duplicates_are_fetched_when_asked_for_and_again_after_a_failure() {
    let mut gallery = filled();
    let acts = gallery.look(true, None, |query| query.twins = true);
    assert!(acts.contains(&Act::FetchTwins) && gallery.shown().is_empty());
    gallery.twins_fetched(Err("not here".to_owned()));
    assert_eq!(gallery.trouble(), Some("not here"));
    assert_eq!(gallery.visit("twins=yes", None), [Act::FetchTwins]);
    gallery.twins_fetched(Ok(Twins::new([(7, 60_007)].into_iter())));
    assert_eq!(gallery.shown(), [id(7)]);
}
