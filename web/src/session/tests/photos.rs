//! Photos that are classified between drawings.

use super::*;
use protocol::Classified;

fn classified() -> Response {
    Response::Classified {
        model: 0,
        images: vec![Classified {
            prediction: Prediction {
                probabilities: [0.1; CLASS_COUNT],
            },
            features: vec![1],
        }],
        milliseconds: 2.0,
    }
}

fn is_classify(request: &Request) -> bool {
    matches!(request, Request::Classify { .. })
}

fn has_result(stage: &mut Stage) -> bool {
    stage
        .take(|act| matches!(act, Act::Classified { .. }))
        .is_some()
}

#[test]
fn a_drawing_goes_before_the_next_photos() {
    let mut stage = Stage::with_cpu(3.0);
    stage.event(|session| session.classify(vec![image(1)]));
    let photos = stage.take_post(Device::Cpu, is_classify).unwrap();
    stage.draw(5);
    assert_eq!(stage.prediction(Device::Cpu), None);
    stage.say(Device::Cpu, photos, classified());
    assert!(has_result(&mut stage));
    stage.event(|session| session.classify(vec![image(2)]));
    let drawing = stage.prediction(Device::Cpu).expect("the drawing first");
    assert_eq!(stage.take_post(Device::Cpu, is_classify), None);
    stage.say(Device::Cpu, drawing, prediction(3));
    assert!(stage.take_post(Device::Cpu, is_classify).is_some());
}

#[test]
fn photos_that_died_with_a_worker_are_sent_again() {
    let mut stage = Stage::with_cpu(3.0);
    stage.event(|session| session.classify(vec![image(1)]));
    stage.take_post(Device::Cpu, is_classify).unwrap();
    stage.event(|session| session.ended(Device::Cpu, "It stopped."));
    stage.say(Device::Cpu, RequestId(0), Response::Started);
    stage.answer_load(Device::Cpu);
    let again = stage.take_post(Device::Cpu, is_classify).unwrap();
    stage.say(Device::Cpu, again, classified());
    assert!(has_result(&mut stage));
}

#[test]
fn photos_move_to_the_cpu_when_the_gpu_is_lost() {
    let mut stage = Stage::with_both(30.0, 1.0);
    stage.event(|session| session.classify(vec![image(1)]));
    assert!(stage.take_post(Device::Gpu, is_classify).is_some());
    stage.event(|session| session.ended(Device::Gpu, "It was lost."));
    assert!(stage.take_post(Device::Cpu, is_classify).is_some());
}

#[test]
fn what_was_stopped_brings_no_result() {
    let mut stage = Stage::with_cpu(3.0);
    stage.event(|session| session.classify(vec![image(1)]));
    let photos = stage.take_post(Device::Cpu, is_classify).unwrap();
    stage.event(Session::stop_classifying);
    stage.event(|session| session.classify(vec![image(2)]));
    stage.say(Device::Cpu, photos, classified());
    assert!(!has_result(&mut stage));
    assert!(stage.take_post(Device::Cpu, is_classify).is_some());
}

#[test]
fn photos_that_cannot_be_classified_are_given_up_with_a_sentence() {
    let mut stage = Stage::with_cpu(3.0);
    stage.event(|session| session.classify(vec![image(1)]));
    let photos = stage.take_post(Device::Cpu, is_classify).unwrap();
    let sentence = "no number".to_owned();
    stage.say(Device::Cpu, photos, Response::Failed { sentence });
    let given_up = Act::NotClassified("no number".to_owned());
    assert!(stage.take(|act| *act == given_up).is_some());
    assert_eq!(stage.take_post(Device::Cpu, is_classify), None);
}
