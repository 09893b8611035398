//! A session with workers that do what the test says.

mod asking;
mod devices;
mod models;
mod photos;
mod trouble;

use super::*;
use model::class::CLASS_COUNT;
use model::confidence::Rules;
use model::image::PIXELS;
use protocol::{Message, RequestId, Response};

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
    prediction_by(0, class)
}

/// What the model of this number says.
fn prediction_by(model: u32, class: usize) -> Response {
    let mut probabilities = [0.0; CLASS_COUNT];
    probabilities[class] = 1.0;
    Response::Predicted {
        model,
        prediction: Prediction { probabilities },
        judgement: Rules::default().judge(&probabilities, &Prediction { probabilities }),
        evidence: None,
        milliseconds: 4.0,
    }
}
