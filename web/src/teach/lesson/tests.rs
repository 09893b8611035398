//! The course of a training, by what it asks and shows.

use super::*;
use model::class::CLASS_COUNT;
use model::image::Image;

fn counts(right: u32) -> Counts {
    let mut counts = [[0; CLASS_COUNT]; CLASS_COUNT];
    (counts[0][0], counts[0][1]) = (right, 100 - right);
    counts
}

fn saved(step: u32) -> Saved {
    Saved {
        step,
        checkpoint: vec![step as u8],
        weights: vec![1],
        sidecar: "{}".into(),
    }
}

fn stepped(step: u32) -> Report {
    let progress = Progress {
        step,
        loss: 1.0,
        right: 3,
        examples: 16,
    };
    Report::Stepped {
        progress,
        milliseconds: 100.0,
    }
}

fn measured(step: u32, right: u32) -> Report {
    Report::Measured {
        step,
        held_out: counts(right),
        right: 1,
        memory_bytes: 1 << 20,
    }
}

/// A lesson that runs.
fn running() -> Lesson {
    let example = Example {
        image: Image::blank(),
        strokes: Vec::new(),
        label: 3,
    };
    let mut lesson = Lesson::default();
    let started = lesson.start(Settings::default(), vec![example], 2.0, Then::Run);
    assert_eq!(started, Ok(vec![Act::Start]));
    assert_eq!(lesson.hear(Report::Started), [Act::Begin]);
    let begun = Report::Begun {
        step: 0,
        before: counts(90),
    };
    assert_eq!(lesson.hear(begun), [Act::Send(Order::Run)]);
    lesson
}

#[test]
fn a_lesson_runs_to_its_end_and_is_recorded() {
    let mut lesson = running();
    lesson.hear(stepped(1));
    assert_eq!(
        (lesson.step_milliseconds, lesson.phase.clone()),
        (100.0, Phase::Running)
    );
    lesson.hear(measured(1, 89));
    let acts = lesson.hear(Report::Saved(saved(1)));
    assert_eq!(acts, [Act::Store, Act::Answer]);
    let acts = lesson.hear(Report::Done);
    assert!(
        matches!(&acts[..], [Act::Stop, Act::Record(run), Act::Store] if run.cost() == Some(-1.0)),
        "{acts:?}"
    );
    assert_eq!(lesson.phase, Phase::Done);
}

#[test]
fn pausing_waits_for_the_step_and_resuming_goes_on_from_the_saved_point() {
    let mut lesson = running();
    assert_eq!(lesson.pause(), [Act::Send(Order::Pause)]);
    lesson.hear(stepped(1));
    lesson.hear(Report::Saved(saved(1)));
    assert_eq!(lesson.phase, Phase::Pausing);
    lesson.hear(Report::Waiting);
    assert_eq!(lesson.phase, Phase::Paused);
    assert_eq!(lesson.resume(Then::Step), [Act::Start]);
    lesson.hear(Report::Started);
    let begun = Report::Begun {
        step: 1,
        before: counts(90),
    };
    assert_eq!(lesson.hear(begun), [Act::Send(Order::Step)]);
    assert_eq!(lesson.checkpoint(), [1]);
}

#[test]
fn forgetting_too_much_stops_it_and_goes_back() {
    let mut lesson = running();
    lesson.hear(measured(1, 89));
    lesson.hear(Report::Saved(saved(1)));
    lesson.hear(Report::Saved(saved(2)));
    let acts = lesson.hear(measured(3, 80));
    assert_eq!(acts, [Act::Stop, Act::Answer, Act::Store]);
    assert!(
        matches!(&lesson.phase, Phase::Stopped(why) if why.contains("10.0 points")),
        "{:?}",
        lesson.phase
    );
    assert_eq!(lesson.change(), Some(-1.0));
    let mut lesson = running();
    assert_eq!(
        lesson.hear(measured(1, 10)),
        [Act::Stop, Act::AnswerShipped, Act::Store]
    );
}

#[test]
fn a_dead_worker_is_made_anew_and_given_up_if_that_is_of_no_use() {
    let mut lesson = running();
    (1..=3).for_each(|step| drop(lesson.hear(stepped(step))));
    lesson.hear(Report::Saved(saved(2)));
    assert_eq!(lesson.ended("Killed."), [Act::Stop, Act::Start]);
    assert_eq!((lesson.history.len(), lesson.checkpoint()), (2, &[2][..]));
    lesson.ended("Killed.");
    lesson.ended("Killed.");
    assert_eq!(lesson.ended("Killed."), [Act::Stop, Act::Store]);
    assert!(matches!(lesson.phase, Phase::Stopped(_)));
}

#[test]
fn a_reload_in_mid_training_goes_on() {
    let mut lesson = running();
    lesson.hear(Report::Saved(saved(1)));
    lesson.hear(stepped(2));
    let bytes = postcard::to_allocvec(&lesson).unwrap();
    let (lesson, ran) = postcard::from_bytes::<Lesson>(&bytes).unwrap().take_up();
    assert!(ran && lesson.phase == Phase::Paused && lesson.history.is_empty());
    assert_eq!(lesson.checkpoint(), [1]);
}

#[test]
fn what_cannot_begin_is_said() {
    let mut lesson = Lesson::default();
    let sentence = lesson.start(Settings::default(), Vec::new(), 2.0, Then::Run);
    assert!(sentence.is_err_and(|sentence| sentence.contains("no example")));
    let acts = running().hear(Report::Failed {
        sentence: "No.".into(),
    });
    assert_eq!(acts, [Act::Stop, Act::Store]);
}
