//! The course of a training, by what it asks and shows.

mod trouble;

use super::*;
use model::architecture::Architecture;
use model::class::CLASS_COUNT;
use model::image::Image;
use protocol::teach::Report;

fn counts(right: u32) -> Counts {
    let mut counts = [[0; CLASS_COUNT]; CLASS_COUNT];
    (counts[0][0], counts[0][1]) = (right, 100 - right);
    counts
}

fn saved(step: u32) -> Report {
    Report::Saved(Taught {
        step,
        weights: vec![step as u8],
        sidecar: "{}".into(),
        not_stored: None,
    })
}

fn progress(step: u32) -> Progress {
    Progress {
        step,
        loss: 1.0,
        right: 3,
        examples: 16,
    }
}

fn stepped(step: u32) -> Report {
    Report::Stepped {
        steps: vec![progress(step)],
        milliseconds: 100.0,
    }
}

fn mark(step: u32, right: u32) -> Mark {
    Mark {
        step,
        held_out: counts(right),
        right: 1,
        seen: 1,
        memory_bytes: 1 << 20,
    }
}

fn measured(step: u32, right: u32) -> Report {
    Report::Measured(mark(step, right))
}

fn begun(steps: u32) -> Report {
    Report::Begun {
        before: counts(90),
        history: (1..=steps).map(progress).collect(),
        marks: (1..=steps).map(|step| mark(step, 89)).collect(),
    }
}

fn example() -> Example {
    Example {
        image: Image::blank(),
        strokes: Vec::new(),
        label: 3,
    }
}

/// A lesson that runs.
fn running() -> Lesson {
    let mut lesson = Lesson::default();
    let started = lesson.start(7, Settings::default(), vec![example()], 2.0, Then::Run);
    assert_eq!(started, Ok(vec![Act::Store, Act::Start]));
    assert_eq!(lesson.hear(Report::Started), [Act::Begin]);
    assert_eq!(lesson.hear(begun(0)), [Act::Send(Order::Run)]);
    lesson
}

/// One that has been looked at and saved at this step.
fn saved_at(step: u32) -> Lesson {
    let mut lesson = running();
    (1..=step).for_each(|step| drop(lesson.hear(stepped(step))));
    assert_eq!(lesson.hear(measured(step, 89)), []);
    assert_eq!(lesson.hear(saved(step)), [Act::Answer]);
    lesson
}

fn recorded_step(acts: &[Act]) -> Option<u32> {
    acts.iter().find_map(|act| match act {
        Act::Record(run) => Some(run.steps),
        _ => None,
    })
}

#[test]
fn a_lesson_runs_to_its_end_and_is_recorded() {
    let mut lesson = saved_at(1);
    assert_eq!(
        (lesson.step_milliseconds, lesson.phase.clone()),
        (100.0, Phase::Running)
    );
    let acts = lesson.hear(Report::Done);
    assert!(
        matches!(&acts[..], [Act::Stop, Act::Record(run), Act::Store]
            if run.held_out_accuracy() == Some((89.0, -1.0))),
        "{acts:?}"
    );
    assert_eq!(lesson.phase, Phase::Done);
}

#[test]
fn pausing_waits_for_the_step_and_the_same_worker_goes_on() {
    let mut lesson = running();
    assert_eq!(lesson.pause(), [Act::Send(Order::Pause)]);
    lesson.hear(stepped(1));
    lesson.hear(saved(1));
    assert_eq!(lesson.phase, Phase::Pausing);
    assert_eq!(lesson.hear(Report::Waiting), [Act::Store]);
    assert_eq!(lesson.phase, Phase::Paused);
    assert_eq!(lesson.resume(Then::Step), [Act::Send(Order::Step)]);
}

#[test]
fn ending_keeps_what_it_has_come_to_and_resetting_does_not() {
    let mut lesson = saved_at(1);
    assert_eq!(lesson.end(), [Act::Send(Order::Pause)]);
    lesson.hear(stepped(2));
    lesson.hear(measured(2, 89));
    assert_eq!(recorded_step(&lesson.hear(saved(2))), Some(2));
    assert_eq!(lesson.phase, Phase::Done);
    assert_eq!(lesson.hear(Report::Waiting), []);

    let mut lesson = saved_at(1);
    lesson.pause();
    lesson.hear(Report::Waiting);
    assert_eq!(recorded_step(&lesson.end()), Some(1));

    let mut lesson = saved_at(1);
    assert_eq!(lesson.reset(), [Act::Stop, Act::AnswerAsBefore, Act::Store]);
    assert!(lesson.phase == Phase::Idle && lesson.history.is_empty());
}

#[test]
fn forgetting_too_much_stops_it_and_goes_back_to_what_was_saved() {
    let mut lesson = saved_at(1);
    lesson.hear(stepped(2));
    let acts = lesson.hear(measured(2, 80));
    assert!(
        matches!(&acts[..], [Act::Stop, Act::Record(run), Act::Store] if run.steps == 1),
        "{acts:?}"
    );
    assert!(
        matches!(&lesson.phase, Phase::Stopped(why) if why.contains("10.0 points")),
        "{:?}",
        lesson.phase
    );
    assert_eq!((lesson.change(), lesson.history.len()), (Some(-1.0), 1));
    assert_eq!(lesson.hear(saved(2)), [], "sent before it was stopped");
    let mut lesson = running();
    assert_eq!(
        lesson.hear(measured(1, 10)),
        [Act::Stop, Act::AnswerAsBefore, Act::Store]
    );
}

#[test]
fn a_net_from_scratch_has_nothing_to_forget_and_needs_no_example() {
    let mut lesson = Lesson::default();
    let settings = Settings::from_scratch(Architecture::Mlp);
    assert!(
        lesson
            .start(8, settings, vec![example()], 2.0, Then::Run)
            .is_ok()
    );
    assert!(lesson.examples.is_empty());
    lesson.hear(Report::Started);
    lesson.hear(Report::Fetching(0.5));
    assert_eq!(lesson.fetched, Some(0.5));
    lesson.hear(begun(0));
    assert_eq!(lesson.fetched, None);
    assert_eq!(lesson.hear(measured(1, 10)), []);
}

#[test]
fn only_a_fine_tuned_net_begins_with_what_the_pretrained_one_reads_right() {
    let tuned = saved_at(1);
    assert_eq!(tuned.held_out(), [(0.0, 90.0), (1.0, 89.0)]);
    let mut scratch = Lesson::default();
    let settings = Settings::from_scratch(Architecture::Mlp);
    let started = scratch.start(8, settings, Vec::new(), 2.0, Then::Run);
    assert!(started.is_ok());
    scratch.hear(Report::Started);
    scratch.hear(begun(0));
    assert_eq!(scratch.held_out(), []);
    scratch.hear(measured(1, 10));
    assert_eq!(scratch.held_out(), [(1.0, 10.0)]);
}

#[test]
fn what_cannot_begin_or_be_stored_is_said() {
    let mut lesson = Lesson::default();
    let sentence = lesson.start(7, Settings::default(), Vec::new(), 2.0, Then::Run);
    assert!(sentence.is_err_and(|sentence| sentence.contains("no example")));
    let acts = running().hear(Report::Failed {
        sentence: "No.".into(),
    });
    assert_eq!(acts, [Act::Stop, Act::Store]);
    let acts = running().hear(Report::Saved(Taught {
        step: 1,
        weights: Vec::new(),
        sidecar: String::new(),
        not_stored: Some("Full.".into()),
    }));
    assert_eq!(acts, [Act::NotKept("Full.".into()), Act::Answer]);
}
