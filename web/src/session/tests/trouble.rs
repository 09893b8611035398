//! Workers and files that fail.

use super::super::rules::MOST_DEATHS;
use super::*;

#[test]
fn a_failing_gpu_is_left_for_the_cpu_and_can_be_tried_again() {
    let mut stage = Stage::with_both(9.0, 3.0);
    stage.draw(1);
    let id = stage.prediction(Device::Gpu).unwrap();
    let sentence = "the device was lost".to_owned();
    stage.say(Device::Gpu, id, Response::Failed { sentence });
    assert_eq!(stage.session.device(), Device::Cpu);
    assert_eq!(stage.session.state(), State::Ready);
    assert!(
        stage.notice().contains("The device was lost."),
        "{}",
        stage.notice()
    );
    assert!(stage.take(|act| *act == Act::Stop(Device::Gpu)).is_some());
    assert!(stage.prediction(Device::Cpu).is_some());
    stage.event(|session| session.choose(Choice::Only(Device::Gpu)));
    assert_eq!(stage.acts.last(), Some(&Act::Start(Device::Gpu)));
}

#[test]
fn a_dead_cpu_worker_is_started_again_with_the_same_drawing() {
    let mut stage = Stage::with_cpu(9.0);
    stage.draw(1);
    let lost = stage.prediction(Device::Cpu).unwrap();
    stage.event(|session| session.ended(Device::Cpu, "out of memory"));
    assert_eq!(
        stage.acts,
        [Act::Stop(Device::Cpu), Act::Start(Device::Cpu)]
    );
    assert!(stage.notice().contains("your drawing is kept"));
    stage.say(Device::Cpu, RequestId(0), Response::Started);
    stage.answer_load(Device::Cpu);
    let id = stage.prediction(Device::Cpu).unwrap();
    stage.say(Device::Cpu, lost, prediction(1));
    assert_eq!(stage.session.answer(), None);
    stage.say(Device::Cpu, id, prediction(2));
    assert_eq!(stage.top(), Some(2));
}

#[test]
fn a_worker_that_keeps_dying_is_given_up_with_a_sentence() {
    let mut stage = Stage::new();
    for _ in 0..=MOST_DEATHS {
        assert_eq!(stage.session.state(), State::Loading);
        stage.event(|session| session.ended(Device::Cpu, "it could not be fetched"));
    }
    assert_eq!(stage.session.state(), State::Error);
    assert!(
        stage
            .session
            .error()
            .unwrap()
            .contains("It could not be fetched.")
    );
}

#[test]
fn missing_files_are_an_error_that_can_be_retried() {
    let mut stage = Stage::new();
    stage.draw(1);
    stage.event(|session| session.model_fetched(Err("not there".to_owned())));
    assert_eq!(
        (stage.session.state(), stage.session.error()),
        (State::Error, Some("not there"))
    );
    stage.event(Session::retry);
    assert!(stage.take(|act| *act == Act::FetchModel).is_some());
    assert_eq!(stage.session.state(), State::Loading);
    stage.event(|session| session.model_fetched(Ok(())));
    stage.say(Device::Cpu, RequestId(0), Response::Started);
    stage.answer_load(Device::Cpu);
    assert!(stage.prediction(Device::Cpu).is_some());
}

#[test]
fn refused_weights_are_an_error_unless_the_gpu_takes_them() {
    let refuse_once = |stage: &mut Stage| {
        stage.event(|session| session.model_fetched(Ok(())));
        let Some(Act::Load(_, id)) = stage.take(|act| matches!(act, Act::Load(..))) else {
            panic!("no load")
        };
        stage.say(
            Device::Cpu,
            id,
            Response::Failed {
                sentence: "damaged".to_owned(),
            },
        );
    };
    let refuse = |stage: &mut Stage| {
        stage.say(Device::Cpu, RequestId(0), Response::Started);
        refuse_once(stage);
        // The browser's cache may hold a damaged copy: it is passed by once.
        assert!(stage.take(|act| *act == Act::FetchModel).is_some());
        assert_eq!(stage.session.state(), State::Loading);
        refuse_once(stage);
        assert!(stage.take(|act| *act == Act::FetchModel).is_none());
    };
    let mut stage = Stage::new();
    refuse(&mut stage);
    assert_eq!(
        (stage.session.state(), stage.session.error()),
        (State::Error, Some("damaged"))
    );

    // A device that was ruled out is not waited for.
    let mut stage = Stage::new();
    stage.event(|session| session.choose(Choice::Only(Device::Cpu)));
    stage.event(|session| session.gpu_found(Ok(())));
    refuse(&mut stage);
    assert_eq!(stage.session.state(), State::Error);

    let mut stage = Stage::new();
    stage.event(|session| session.gpu_found(Ok(())));
    refuse(&mut stage);
    assert_eq!(stage.session.state(), State::Loading);
    stage.say(Device::Gpu, RequestId(0), Response::Started);
    stage.answer_load(Device::Gpu);
    assert_eq!(
        (stage.session.state(), stage.session.device()),
        (State::Ready, Device::Gpu)
    );
}

#[test]
fn a_silent_worker_is_asked_once_and_then_replaced() {
    let mut stage = Stage::with_cpu(9.0);
    stage.draw(1);
    stage.acts.clear();
    for _ in 0..5 {
        stage.event(|session| session.tick(1_000.0));
    }
    assert_eq!(stage.acts.len(), 1, "{:?}", stage.acts);
    assert!(
        matches!(&stage.acts[0], Act::Post(Device::Cpu, message) if message.body == Request::Ping)
    );
    stage.event(|session| session.tick(1_000.0));
    stage.event(|session| session.tick(1_000.0));
    assert!(stage.acts.contains(&Act::Start(Device::Cpu)));
}

#[test]
fn a_slow_worker_that_says_it_lives_is_waited_for() {
    let mut stage = Stage::with_both(9.0, 3.0);
    stage.draw(1);
    let id = stage.prediction(Device::Gpu).unwrap();
    for _ in 0..40 {
        stage.event(|session| session.tick(1_000.0));
        if let Some(ping) = stage.take_post(Device::Gpu, |request| *request == Request::Ping) {
            stage.say(Device::Gpu, ping, Response::Pong);
        }
    }
    assert_eq!(stage.notice(), "");
    stage.say(Device::Gpu, id, prediction(7));
    assert_eq!(stage.top(), Some(7));
}

#[test]
fn an_idle_worker_and_a_sleeping_computer_are_left_alone() {
    let mut stage = Stage::with_cpu(9.0);
    stage.event(|session| session.tick(1e9));
    assert_eq!(stage.acts, []);
    stage.draw(1);
    stage.acts.clear();
    stage.event(|session| session.tick(1e9));
    assert_eq!(stage.acts, []);
}

#[test]
fn hints_go_when_the_person_draws_on_and_trouble_stays() {
    let mut session = Session::new(Choice::Automatic);
    session.hint("No outline here.");
    session.drawn_on();
    assert_eq!(session.notice(), None);
    session.report("The storage is full.");
    session.drawn_on();
    assert!(session.notice().is_some());
    session.retract("Another tab teaches.");
    assert!(session.notice().is_some());
    session.retract("The storage is full.");
    assert_eq!(session.notice(), None);
}
