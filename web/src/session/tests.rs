use super::*;
use model::class::CLASS_COUNT;
use model::image::PIXELS;

/// A session with workers that do what the test says.
struct Stage {
    session: Session,
    /// Acts that no test line has looked at yet.
    acts: Vec<Act>,
}

impl Stage {
    fn new() -> Self {
        let mut session = Session::new(Choice::Automatic);
        let acts = session.begin();
        Self { session, acts }
    }

    /// The CPU is loaded and measured; nothing is left to do.
    fn with_cpu(milliseconds: f64) -> Self {
        let mut stage = Self::new();
        stage.event(|session| session.model_fetched(Ok(())));
        stage.say(Device::Cpu, RequestId(0), Response::Started);
        stage.answer_load(Device::Cpu);
        stage.answer_measure(Device::Cpu, milliseconds);
        assert_eq!(stage.acts, [Act::Start(Device::Cpu)]);
        stage.acts.clear();
        stage
    }

    /// Both devices are loaded and measured.
    fn with_both(cpu: f64, gpu: f64) -> Self {
        let mut stage = Self::with_cpu(cpu);
        stage.event(|session| session.gpu_found(Ok(())));
        assert!(stage.acts.contains(&Act::Start(Device::Gpu)));
        stage.say(Device::Gpu, RequestId(0), Response::Started);
        stage.answer_load(Device::Gpu);
        stage.answer_measure(Device::Gpu, gpu);
        stage
    }

    fn event(&mut self, event: impl FnOnce(&mut Session) -> Vec<Act>) {
        let acts = event(&mut self.session);
        self.acts.extend(acts);
    }

    fn say(&mut self, device: Device, id: RequestId, body: Response) {
        self.event(|session| session.receive(device, Message { id, body }));
    }

    fn answer_load(&mut self, device: Device) {
        let Some(Act::Load(_, id)) =
            self.take(|act| matches!(act, Act::Load(to, _) if *to == device))
        else {
            panic!("no load for {device:?}")
        };
        self.say(
            device,
            id,
            Response::Loaded {
                parameters: 5,
                self_test_difference: 0.0,
            },
        );
    }

    fn answer_measure(&mut self, device: Device, milliseconds: f64) {
        let id = self.take_post(device, |request| matches!(request, Request::Measure { .. }));
        self.say(
            device,
            id.expect("no measurement"),
            Response::Measured { milliseconds },
        );
    }

    /// The id of the prediction that was asked of this device, if one was.
    fn prediction(&mut self, device: Device) -> Option<RequestId> {
        self.take_post(device, |request| matches!(request, Request::Predict { .. }))
    }

    fn take_post(&mut self, device: Device, which: impl Fn(&Request) -> bool) -> Option<RequestId> {
        let act = self.take(
            |act| matches!(act, Act::Post(to, message) if *to == device && which(&message.body)),
        );
        match act? {
            Act::Post(_, message) => Some(message.id),
            _ => None,
        }
    }

    fn take(&mut self, which: impl Fn(&Act) -> bool) -> Option<Act> {
        let index = self.acts.iter().position(which)?;
        Some(self.acts.remove(index))
    }

    fn draw(&mut self, shade: u8) {
        self.event(|session| session.show(Some(image(shade))));
    }

    fn top(&self) -> Option<usize> {
        self.session
            .answer()
            .map(|answer| answer.prediction.top().0)
    }

    fn notice(&self) -> &str {
        self.session.notice().map_or("", |notice| &notice.sentence)
    }
}

fn image(shade: u8) -> Image {
    Image([shade; PIXELS])
}

fn prediction(class: usize) -> Response {
    let mut probabilities = [0.0; CLASS_COUNT];
    probabilities[class] = 1.0;
    Response::Predicted {
        prediction: Prediction { probabilities },
        milliseconds: 4.0,
    }
}

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
    let refuse = |stage: &mut Stage| {
        stage.event(|session| session.model_fetched(Ok(())));
        stage.say(Device::Cpu, RequestId(0), Response::Started);
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
    let mut stage = Stage::new();
    refuse(&mut stage);
    assert_eq!(
        (stage.session.state(), stage.session.error()),
        (State::Error, Some("damaged"))
    );

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
