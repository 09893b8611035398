//! Workers that end, devices that fail, pages that are closed.

use super::*;

#[test]
fn a_dead_worker_is_made_anew_and_given_up_if_that_is_of_no_use() {
    let mut lesson = saved_at(2);
    lesson.hear(stepped(3));
    assert_eq!(lesson.ended("Killed."), [Act::Stop, Act::Start]);
    lesson.hear(Report::Started);
    assert_eq!(lesson.hear(begun(2)), [Act::Send(Order::Run)]);
    assert_eq!((lesson.history.len(), lesson.marks.len()), (2, 2));
    lesson.ended("Killed.");
    lesson.ended("Killed.");
    let acts = lesson.ended("Killed.");
    assert!(
        matches!(&acts[..], [Act::Stop, Act::Store, Act::Warn(why)] if why.contains("again and again")),
        "{acts:?}"
    );
    assert_eq!(lesson.phase, Phase::Paused);
    assert_eq!(lesson.resume(Then::Run), [Act::Store, Act::Start]);
}

#[test]
fn what_could_not_be_stored_is_not_said_to_be_kept() {
    let mut lesson = saved_at(2);
    lesson.hear(Report::Saved(Taught {
        step: 2,
        weights: vec![2],
        sidecar: "{}".into(),
        not_stored: Some("The database is full.".to_owned()),
    }));
    let sentence = "It cannot go on.".to_owned();
    let acts = lesson.hear(Report::Failed { sentence });
    let said = acts.iter().find_map(|act| match act {
        Act::Warn(said) => Some(said),
        _ => None,
    });
    assert!(
        said.is_some_and(|said| said.contains("begins anew")),
        "{acts:?}"
    );
}

#[test]
fn a_reload_that_finds_no_network_loses_nothing() {
    let bytes = postcard::to_allocvec(&running()).unwrap();
    let (mut lesson, _) = postcard::from_bytes::<Lesson>(&bytes).unwrap().take_up();
    lesson.resume(Then::Run);
    let sentence = "assets/teach.originals could not be fetched.".to_owned();
    let acts = lesson.hear(Report::Failed { sentence });
    assert!(
        matches!(&acts[..], [Act::Stop, Act::Store, Act::Warn(_)]),
        "{acts:?}"
    );
    assert_eq!((lesson.phase.clone(), lesson.id), (Phase::Paused, 7));
    assert_eq!(lesson.resume(Then::Run), [Act::Store, Act::Start]);
}

#[test]
fn while_the_worker_is_made_it_can_be_paused_and_ended() {
    let start = || {
        let mut lesson = Lesson::default();
        let started = lesson.start(7, Settings::default(), vec![example()], 2.0, Then::Run);
        assert!(started.is_ok());
        lesson
    };
    let mut lesson = start();
    assert_eq!(lesson.pause(), [Act::Stop, Act::Store]);
    assert_eq!(lesson.phase, Phase::Paused);
    let mut lesson = start();
    assert_eq!(lesson.end(), [Act::Stop, Act::AnswerAsBefore, Act::Store]);
    assert_eq!(lesson.phase, Phase::Idle);
    let mut lesson = saved_at(1);
    lesson.ended("Killed.");
    assert_eq!(recorded_step(&lesson.end()), Some(1));
}

#[test]
fn what_was_ordered_outlives_the_worker() {
    let mut lesson = saved_at(1);
    lesson.pause();
    assert_eq!(lesson.ended("Killed."), [Act::Stop, Act::Store]);
    assert_eq!(lesson.phase, Phase::Paused);
    lesson.resume(Then::Step);
    lesson.ended("Killed.");
    assert_eq!(lesson.phase, Phase::Starting(Then::Step));
}

#[test]
fn a_reload_in_mid_training_goes_on() {
    let bytes = postcard::to_allocvec(&saved_at(1)).unwrap();
    let (mut lesson, ran) = postcard::from_bytes::<Lesson>(&bytes).unwrap().take_up();
    assert!(ran && lesson.phase == Phase::Paused && lesson.id == 7);
    assert_eq!(lesson.resume(Then::Run), [Act::Store, Act::Start]);
}

#[test]
fn what_waited_when_the_page_was_left_can_still_be_ended() {
    let mut lesson = saved_at(1);
    lesson.pause();
    lesson.hear(Report::Waiting);
    let bytes = postcard::to_allocvec(&lesson).unwrap();
    let (mut lesson, ran) = postcard::from_bytes::<Lesson>(&bytes).unwrap().take_up();
    assert!(!ran);
    assert_eq!(lesson.end(), [Act::Store, Act::Start]);
    lesson.hear(Report::Started);
    assert_eq!(lesson.hear(begun(1)), []);
    assert_eq!(recorded_step(&lesson.hear(saved(1))), Some(1));
}

#[test]
fn when_webgpu_fails_it_goes_on_on_the_cpu_and_says_so() {
    let mut lesson = saved_at(1);
    assert_eq!(lesson.choose(Device::Gpu), Device::Gpu);
    assert_eq!(
        lesson.ended("The device was lost."),
        [Act::Stop, Act::Start]
    );
    assert_eq!(lesson.choose(Device::Gpu), Device::Cpu);
    let sentence = "Training on WebGPU ended (The device was lost); it goes on on the CPU.";
    assert_eq!(lesson.left_gpu.as_deref(), Some(sentence));
    assert_eq!(lesson.phase, Phase::Starting(Then::Run));
    assert_eq!(lesson.net().map(|taught| taught.step), Some(1));
}
