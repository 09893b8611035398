//! Which device answers.

use super::*;

#[test]
fn the_faster_device_answers_and_the_drawing_is_asked_again_there() {
    let mut stage = Stage::with_cpu(9.0);
    stage.draw(1);
    let id = stage.prediction(Device::Cpu).unwrap();
    stage.say(Device::Cpu, id, prediction(1));
    stage.event(|session| session.gpu_found(Ok(())));
    stage.say(Device::Gpu, RequestId(0), Response::Started);
    stage.answer_load(Device::Gpu);
    assert_eq!(stage.session.device(), Device::Cpu);
    stage.answer_measure(Device::Gpu, 3.0);
    assert_eq!(stage.session.device(), Device::Gpu);
    let id = stage.prediction(Device::Gpu).unwrap();
    stage.say(Device::Gpu, id, prediction(1));
    assert_eq!(
        stage.session.answer().map(|answer| answer.device),
        Some(Device::Gpu)
    );
}

#[test]
fn the_slower_device_answers_when_it_is_chosen() {
    let mut stage = Stage::with_both(9.0, 30.0);
    assert_eq!(stage.session.device(), Device::Cpu);
    stage.event(|session| session.choose(Choice::Only(Device::Gpu)));
    assert_eq!(stage.session.device(), Device::Gpu);
    stage.event(|session| session.choose(Choice::Automatic));
    assert_eq!(stage.session.device(), Device::Cpu);
}

#[test]
fn an_answer_from_the_device_that_was_left_is_dropped() {
    let mut stage = Stage::with_both(9.0, 30.0);
    stage.draw(1);
    let left = stage.prediction(Device::Cpu).unwrap();
    stage.event(|session| session.choose(Choice::Only(Device::Gpu)));
    let id = stage.prediction(Device::Gpu).unwrap();
    stage.say(Device::Gpu, id, prediction(2));
    stage.say(Device::Cpu, left, prediction(1));
    assert_eq!(stage.top(), Some(2));
}

#[test]
fn the_gpu_module_is_not_fetched_for_someone_who_wants_the_cpu() {
    let mut stage = Stage::with_cpu(9.0);
    stage.event(|session| session.choose(Choice::Only(Device::Cpu)));
    stage.event(|session| session.gpu_found(Ok(())));
    assert_eq!(stage.acts, []);
    stage.event(|session| session.choose(Choice::Automatic));
    assert_eq!(stage.acts, [Act::Start(Device::Gpu)]);
}
