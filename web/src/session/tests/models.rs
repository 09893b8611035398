//! Which model an answer is of.

use super::*;

fn other(origin: Origin) -> OtherNet {
    OtherNet {
        origin,
        weights: vec![1],
        sidecar: "{}".to_owned(),
    }
}

/// The id of the request to take another model, if there is one.
fn replacement(stage: &mut Stage, device: Device) -> Option<RequestId> {
    stage.take_post(device, |request| matches!(request, Request::Replace { .. }))
}

fn refuse(stage: &mut Stage, device: Device, id: RequestId) {
    let sentence = "the weights are damaged".to_owned();
    stage.say(device, id, Response::Failed { sentence });
}

fn is_classify(request: &Request) -> bool {
    matches!(request, Request::Classify { .. })
}

#[test]
fn a_refused_model_leaves_the_one_before_it_in_place() {
    let mut stage = Stage::with_cpu(3.0);
    stage.event(|session| session.answer_with(other(Origin::Run(1))));
    let id = replacement(&mut stage, Device::Cpu).unwrap();
    stage.say(Device::Cpu, id, Response::Replaced);
    stage.event(|session| session.answer_with(other(Origin::Run(2))));
    let id = replacement(&mut stage, Device::Cpu).unwrap();
    stage.draw(1);
    refuse(&mut stage, Device::Cpu, id);
    assert!(stage.take(|act| *act == Act::ModelRefused).is_some());
    assert_eq!(stage.session.answering().0, Origin::Run(1));
    assert!(stage.notice().contains("The weights are damaged."));
    assert_eq!(replacement(&mut stage, Device::Cpu), None);
    let id = stage.prediction(Device::Cpu).unwrap();
    stage.say(Device::Cpu, id, prediction_by(1, 4));
    assert_eq!(stage.top(), Some(4));
}

#[test]
fn the_pretrained_model_answers_on_where_the_first_other_one_is_refused() {
    let mut stage = Stage::with_both(9.0, 3.0);
    stage.event(|session| session.answer_with(other(Origin::Training)));
    for device in Device::BOTH {
        let id = replacement(&mut stage, device).unwrap();
        refuse(&mut stage, device, id);
    }
    assert_eq!(stage.session.answering().0, Origin::Pretrained);
    assert_eq!(
        stage.session.device(),
        Device::Gpu,
        "WebGPU is not at fault"
    );
    assert_eq!(replacement(&mut stage, Device::Cpu), None);
}

#[test]
fn a_device_that_alone_refuses_a_model_is_left() {
    let mut stage = Stage::with_both(9.0, 3.0);
    stage.event(|session| session.answer_with(other(Origin::Run(1))));
    let id = replacement(&mut stage, Device::Cpu).unwrap();
    stage.say(Device::Cpu, id, Response::Replaced);
    let id = replacement(&mut stage, Device::Gpu).unwrap();
    refuse(&mut stage, Device::Gpu, id);
    assert_eq!(stage.session.device(), Device::Cpu);
    assert_eq!(stage.session.answering().0, Origin::Run(1));
}

#[test]
fn what_the_model_before_said_is_not_taken_for_the_next_one_s() {
    let mut stage = Stage::with_cpu(3.0);
    stage.draw(1);
    let under_way = stage.prediction(Device::Cpu).unwrap();
    stage.event(|session| session.answer_with(other(Origin::Run(1))));
    stage.say(Device::Cpu, under_way, prediction_by(0, 4));
    assert_eq!(stage.top(), None);
    let id = replacement(&mut stage, Device::Cpu).unwrap();
    stage.say(Device::Cpu, id, Response::Replaced);
    let id = stage.prediction(Device::Cpu).unwrap();
    stage.say(Device::Cpu, id, prediction_by(1, 5));
    assert_eq!(stage.top(), Some(5));
}

#[test]
fn a_worker_that_turns_out_to_have_another_model_is_given_the_right_one() {
    let mut stage = Stage::with_cpu(3.0);
    stage.event(|session| session.answer_with(other(Origin::Run(1))));
    let id = replacement(&mut stage, Device::Cpu).unwrap();
    stage.say(Device::Cpu, id, Response::Replaced);
    stage.event(|session| session.classify(vec![image(1)]));
    let photos = stage.take_post(Device::Cpu, is_classify).unwrap();
    let by_another = Response::Classified {
        model: 0,
        images: Vec::new(),
        milliseconds: 1.0,
    };
    stage.say(Device::Cpu, photos, by_another);
    assert!(
        !stage
            .acts
            .iter()
            .any(|act| matches!(act, Act::Classified { .. }))
    );
    let id = replacement(&mut stage, Device::Cpu).unwrap();
    stage.say(Device::Cpu, id, Response::Replaced);
    assert!(stage.take_post(Device::Cpu, is_classify).is_some());
}

#[test]
fn photos_for_a_refused_model_are_given_up() {
    let mut stage = Stage::with_cpu(3.0);
    stage.event(|session| session.answer_with(other(Origin::Run(1))));
    let id = replacement(&mut stage, Device::Cpu).unwrap();
    stage.event(|session| session.classify(vec![image(1)]));
    refuse(&mut stage, Device::Cpu, id);
    assert!(
        stage
            .take(|act| matches!(act, Act::NotClassified(_)))
            .is_some()
    );
    assert_eq!(stage.take_post(Device::Cpu, is_classify), None);
}
