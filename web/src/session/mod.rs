//! The rules of asking the workers: which device answers, what is under way, what happens when one
//! fails. No browser in here: events come in, [`Act`]s for the browser come out.

mod acts;
mod hearing;
mod notice;
mod rules;
mod seat;
mod shown;
#[cfg(test)]
mod tests;

use model::confidence::Judgement;
use model::evidence::Evidence;
use model::image::Image;
use model::prediction::Prediction;
use protocol::Request;
use std::sync::Arc;

pub use acts::{Act, Choice, Device};
pub use notice::Notice;
use seat::{Patience, Seat, Task};
pub use seat::{Phase, Ready};

/// What a worker said of the picture on the paper.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// Calibrated probabilities of the ten classes.
    pub prediction: Prediction,
    /// What may be said of the picture beyond them.
    pub judgement: Judgement,
    /// What in the picture speaks for each class; `None` for nets that cannot say.
    pub evidence: Option<Evidence>,
    /// How long the net took, in milliseconds.
    pub milliseconds: f64,
    /// Where it was computed.
    pub device: Device,
}

/// Where the model that answers comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Origin {
    /// It is the pretrained model.
    #[default]
    Pretrained,
    /// The training under way has come to it.
    Training,
    /// It is the model of the finished training of this number.
    Run(u32),
}

/// A model that answers in place of the one that the workers load.
#[derive(PartialEq)]
pub struct OtherNet {
    /// Where it comes from.
    pub origin: Origin,
    /// The weights file.
    pub weights: Vec<u8>,
    /// The text of its sidecar.
    pub sidecar: String,
}

impl std::fmt::Debug for OtherNet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "OtherNet({} bytes)", self.weights.len())
    }
}

/// The model that is to answer.
#[derive(Clone, Debug, Default)]
struct Model {
    /// Counted up with each change; the workers' answers carry it.
    number: u32,
    /// `None` for the one that the workers load.
    net: Option<Arc<OtherNet>>,
}

/// Photos to classify.
#[derive(Debug)]
struct Batch {
    images: Vec<Image>,
    sent: bool,
}

impl Batch {
    fn unsent(self) -> Self {
        Self {
            sent: false,
            ..self
        }
    }
}

/// What the page as a whole can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// No device is ready yet.
    Loading,
    /// Drawings are answered.
    Ready,
    /// Nothing can answer; a sentence says why.
    Error,
}

/// One person's visit: the workers, the image to classify and the answer to it.
#[derive(Debug)]
pub struct Session {
    choice: Choice,
    /// Whether the model's files are here, or why not.
    model: Option<Result<(), String>>,
    /// Whether the browser offers WebGPU, or why not.
    gpu: Option<Result<(), String>>,
    seats: [Seat; 2],
    last_id: u32,
    image: Option<Image>,
    /// Whether `image` still has to be sent to the device in use.
    unsent: bool,
    in_use: Device,
    batch: Option<Batch>,
    answer: Option<Answer>,
    notice: Option<Notice>,
    /// The model that is to answer.
    answering: Model,
    /// The last one that a worker accepted: it answers on where another is refused.
    accepted: Model,
    /// The highest number that a model has been given.
    last_model: u32,
    /// Whether the model's files have been fetched past the browser's cache.
    fetched_anew: bool,
}

impl Session {
    /// A session of which nothing has started, with the device that the person chose last time.
    pub fn new(choice: Choice) -> Self {
        Self {
            choice,
            model: None,
            gpu: None,
            seats: [Seat::default(), Seat::default()],
            last_id: 0,
            image: None,
            unsent: false,
            in_use: Device::Cpu,
            batch: None,
            answer: None,
            notice: None,
            answering: Model::default(),
            accepted: Model::default(),
            last_model: 0,
            fetched_anew: false,
        }
    }

    /// Begins: the CPU worker comes first, as it loads fastest and always works.
    pub fn begin(&mut self) -> Vec<Act> {
        self.seat_mut(Device::Cpu).start();
        vec![Act::Start(Device::Cpu)]
    }

    /// The model's files have arrived, or could not be fetched.
    pub fn model_fetched(&mut self, outcome: Result<(), String>) -> Vec<Act> {
        self.model = Some(outcome);
        self.next_acts()
    }

    /// The browser offers a WebGPU adapter, or says why not.
    pub fn gpu_found(&mut self, outcome: Result<(), String>) -> Vec<Act> {
        self.gpu = Some(outcome);
        self.next_acts()
    }

    /// The paper shows this now (`None`: it is blank). Replaces what was not sent yet.
    pub fn show(&mut self, image: Option<Image>) -> Vec<Act> {
        if image == self.image {
            return Vec::new();
        }
        self.unsent = image.is_some();
        self.image = image;
        if self.image.is_none() {
            self.answer = None;
            self.abandon(Task::Predict);
        }
        self.next_acts()
    }

    /// Has these photos classified, between drawings: [`Act::Classified`] or [`Act::NotClassified`]
    /// follows. Replaces what was not classified yet.
    pub fn classify(&mut self, images: Vec<Image>) -> Vec<Act> {
        self.abandon(Task::Classify);
        self.batch = Some(Batch {
            images,
            sent: false,
        });
        self.next_acts()
    }

    /// Nobody waits for photos to be classified any more.
    pub fn stop_classifying(&mut self) -> Vec<Act> {
        self.abandon(Task::Classify);
        self.batch = None;
        Vec::new()
    }

    /// The person chose a device. Choosing WebGPU after it failed tries again.
    pub fn choose(&mut self, choice: Choice) -> Vec<Act> {
        self.choice = choice;
        self.notice = None;
        let mut acts = Vec::new();
        if choice == Choice::Only(Device::Gpu) && self.seat(Device::Gpu).failure().is_some() {
            acts.push(Act::Stop(Device::Gpu));
            *self.seat_mut(Device::Gpu) = Seat::default();
        }
        acts.extend(self.next_acts());
        acts
    }

    /// Starts over after an error: the files are fetched again, and the workers made anew.
    pub fn retry(&mut self) -> Vec<Act> {
        let image = self.image.take();
        let gpu = self.gpu.take();
        let batch = self.batch.take();
        *self = Self {
            last_id: self.last_id,
            unsent: image.is_some(),
            image,
            gpu,
            answering: std::mem::take(&mut self.answering),
            accepted: std::mem::take(&mut self.accepted),
            last_model: self.last_model,
            fetched_anew: true,
            batch: batch.map(Batch::unsent),
            ..Self::new(self.choice)
        };
        let mut acts = vec![
            Act::Stop(Device::Cpu),
            Act::Stop(Device::Gpu),
            Act::FetchModel,
        ];
        acts.extend(self.begin());
        acts
    }

    /// Lets another model answer from now on. Workers that are made anew begin with the one that they
    /// load and are given this one then.
    pub fn answer_with(&mut self, net: OtherNet) -> Vec<Act> {
        self.last_model += 1;
        self.answering = Model {
            number: self.last_model,
            net: Some(Arc::new(net)),
        };
        self.next_acts()
    }

    /// Where the model that answers comes from, and the model unless it is the one that the workers load.
    pub fn answering(&self) -> (Origin, Option<Arc<OtherNet>>) {
        let net = self.answering.net.clone();
        let origin = net.as_ref().map_or(Origin::Pretrained, |net| net.origin);
        (origin, net)
    }

    /// The person has read the notice.
    pub fn dismiss_notice(&mut self) {
        self.notice = None;
    }

    /// Shows the person a sentence about something that went wrong elsewhere in the page.
    pub fn report(&mut self, sentence: impl Into<String>) {
        self.notice = Some(Notice::new(sentence));
    }

    /// Shows the person a sentence that matters only until they draw on.
    pub fn hint(&mut self, sentence: impl Into<String>) {
        self.notice = Some(Notice::passing(sentence));
    }

    /// What this sentence says is no longer so.
    pub fn retract(&mut self, sentence: &str) {
        self.notice.take_if(|notice| notice.sentence == sentence);
    }

    /// The person draws on.
    pub fn drawn_on(&mut self) {
        self.notice.take_if(|notice| notice.is_passing());
    }

    /// A worker has ended, or no longer answers. `reason` is one sentence.
    pub fn ended(&mut self, device: Device, reason: &str) -> Vec<Act> {
        let mut acts = self.died(device, reason);
        acts.extend(self.next_acts());
        acts
    }

    /// `milliseconds` have passed: asks silent workers whether they are alive, gives up dead ones.
    pub fn tick(&mut self, milliseconds: f64) -> Vec<Act> {
        let mut acts = Vec::new();
        for device in Device::BOTH {
            match self.seat_mut(device).wait(device, milliseconds) {
                Patience::Waiting => {}
                Patience::Ask => acts.push(self.post(device, Request::Ping)),
                Patience::Over => acts.extend(self.died(device, "It no longer answered.")),
            }
        }
        acts.extend(self.next_acts());
        acts
    }
}
