//! What is asked when, and which answers count.

use super::*;

#[test]
fn loads_when_worker_and_files_are_there_in_either_order() {
    let mut stage = Stage::new();
    stage.say(Device::Cpu, RequestId(0), Response::Started);
    assert!(!stage.acts.iter().any(|act| matches!(act, Act::Load(..))));
    stage.event(|session| session.model_fetched(Ok(())));
    assert_eq!(stage.session.state(), State::Loading);
    stage.answer_load(Device::Cpu);
    assert_eq!(stage.session.state(), State::Ready);

    let mut stage = Stage::new();
    stage.event(|session| session.model_fetched(Ok(())));
    stage.say(Device::Cpu, RequestId(0), Response::Started);
    stage.answer_load(Device::Cpu);
    assert_eq!(stage.session.state(), State::Ready);
}

#[test]
fn what_was_drawn_while_loading_comes_before_the_measurement() {
    let mut stage = Stage::new();
    stage.draw(1);
    stage.event(|session| session.model_fetched(Ok(())));
    stage.say(Device::Cpu, RequestId(0), Response::Started);
    stage.answer_load(Device::Cpu);
    let id = stage.prediction(Device::Cpu).unwrap();
    assert!(!stage.acts.iter().any(|act| matches!(act, Act::Post(..))));
    stage.say(Device::Cpu, id, prediction(4));
    assert_eq!(stage.top(), Some(4));
    stage.answer_measure(Device::Cpu, 9.0);
}

#[test]
fn only_the_newest_drawing_waits() {
    let mut stage = Stage::with_cpu(9.0);
    stage.draw(1);
    let first = stage.prediction(Device::Cpu).unwrap();
    stage.draw(2);
    stage.draw(3);
    assert_eq!(stage.prediction(Device::Cpu), None);
    stage.say(Device::Cpu, first, prediction(1));
    assert_eq!(stage.top(), Some(1));
    let sent = stage.take(|act| matches!(act, Act::Post(..)));
    let Some(Act::Post(
        _,
        Message {
            id,
            body: Request::Predict { image: sent, .. },
        },
    )) = sent
    else {
        panic!("nothing sent")
    };
    assert_eq!(*sent, image(3));
    stage.say(Device::Cpu, id, prediction(3));
    assert_eq!((stage.top(), stage.acts.len()), (Some(3), 0));
}

#[test]
fn cleared_paper_has_no_answer_even_if_one_is_under_way() {
    let mut stage = Stage::with_cpu(9.0);
    stage.draw(1);
    let id = stage.prediction(Device::Cpu).unwrap();
    stage.event(|session| session.show(None));
    stage.say(Device::Cpu, id, prediction(1));
    assert_eq!(stage.session.answer(), None);
    stage.draw(2);
    assert!(stage.prediction(Device::Cpu).is_some());
}

#[test]
fn an_answer_to_nothing_is_dropped() {
    let mut stage = Stage::with_cpu(9.0);
    stage.say(Device::Cpu, RequestId(9_999), prediction(1));
    assert_eq!(stage.session.answer(), None);
}
