//! The rules of asking the workers: which device answers, what is under way, what happens when one
//! fails. No browser in here: events come in, [`Act`]s for the browser come out.

mod acts;
mod notice;
mod seat;
#[cfg(test)]
mod tests;

use model::image::Image;
use model::prediction::Prediction;
use protocol::{Kind, Message, Request, RequestId, Response};

pub use acts::{Act, Choice, Device};
pub use notice::Notice;
use seat::{Asked, Seat};
pub use seat::{Phase, Ready};

/// How many predictions a device is timed over.
const MEASURED_RUNS: u32 = 7;

/// How often the CPU worker may end in a row before it is given up.
const MOST_DEATHS: u32 = 3;

/// What a worker said of the picture on the paper.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// Calibrated probabilities of the ten classes.
    pub prediction: Prediction,
    /// How long the net took, in milliseconds.
    pub milliseconds: f64,
    /// Where it was computed.
    pub device: Device,
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
    answer: Option<Answer>,
    notice: Option<Notice>,
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
            answer: None,
            notice: None,
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
            self.seats.iter_mut().for_each(Seat::abandon_prediction);
        }
        self.next_acts()
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
        *self = Self {
            last_id: self.last_id,
            unsent: image.is_some(),
            image,
            gpu,
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

    /// The person has read the notice.
    pub fn dismiss_notice(&mut self) {
        self.notice = None;
    }

    /// Shows the person a sentence about something that went wrong elsewhere in the page.
    pub fn report(&mut self, sentence: impl Into<String>) {
        self.notice = Some(Notice::new(sentence));
    }

    /// A worker's message has arrived.
    pub fn receive(&mut self, device: Device, message: Message<Response>) -> Vec<Act> {
        let asked = self.seat_mut(device).hear(message.id);
        let mut acts = match message.body {
            Response::Started | Response::Pong => {
                self.seat_mut(device).started();
                Vec::new()
            }
            Response::Died { sentence } => self.died(device, &sentence),
            // Stale: this request was given up, or belongs to a worker that has been replaced.
            _ if asked.is_none() => Vec::new(),
            Response::Failed { sentence } => self.failed(device, asked, &sentence),
            Response::Loaded {
                parameters,
                self_test_difference,
            } => {
                self.seat_mut(device).loaded(Ready {
                    parameters,
                    self_test_difference,
                    median: None,
                });
                Vec::new()
            }
            Response::Measured { milliseconds } => {
                self.seat_mut(device).measured(milliseconds);
                Vec::new()
            }
            Response::Predicted {
                prediction,
                milliseconds,
            } => {
                self.seat_mut(device).deaths = 0;
                if asked.is_some_and(|asked| !asked.abandoned) {
                    self.answer = Some(Answer {
                        prediction,
                        milliseconds,
                        device,
                    });
                }
                Vec::new()
            }
        };
        acts.extend(self.next_acts());
        acts
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
                seat::Patience::Waiting => {}
                seat::Patience::Ask => acts.push(self.post(device, Request::Ping)),
                seat::Patience::Over => acts.extend(self.died(device, "It no longer answered.")),
            }
        }
        acts.extend(self.next_acts());
        acts
    }
}

/// What the page shows.
impl Session {
    /// What the page as a whole can do.
    pub fn state(&self) -> State {
        if Device::BOTH
            .iter()
            .any(|&device| self.seat(device).ready().is_some())
        {
            State::Ready
        } else if self.error().is_some() {
            State::Error
        } else {
            State::Loading
        }
    }

    /// Why nothing can answer, in one sentence.
    pub fn error(&self) -> Option<&str> {
        if let Some(Err(sentence)) = &self.model {
            return Some(sentence);
        }
        let gpu_may_still_do =
            matches!(self.gpu, Some(Ok(()))) && self.seat(Device::Gpu).failure().is_none();
        if gpu_may_still_do {
            return None;
        }
        self.seat(Device::Cpu).failure()
    }

    /// The device in use, or that will be.
    pub fn device(&self) -> Device {
        self.in_use
    }

    /// What the person chose.
    pub fn choice(&self) -> Choice {
        self.choice
    }

    /// The answer to what the paper shows, or showed a moment ago; `None` for blank paper.
    pub fn answer(&self) -> Option<&Answer> {
        self.answer.as_ref()
    }

    /// The image that the net sees; `None` for blank paper.
    pub fn image(&self) -> Option<&Image> {
        self.image.as_ref()
    }

    /// What has to be said to the person.
    pub fn notice(&self) -> Option<&Notice> {
        self.notice.as_ref()
    }

    /// How far a device's worker is.
    pub fn phase(&self, device: Device) -> &Phase {
        &self.seat(device).phase
    }

    /// Why there is no WebGPU here; `None` while it is unknown, or if there is.
    pub fn gpu_refusal(&self) -> Option<&str> {
        self.gpu.as_ref()?.as_ref().err().map(String::as_str)
    }
}

/// The rules themselves.
impl Session {
    fn seat(&self, device: Device) -> &Seat {
        &self.seats[device as usize]
    }

    fn seat_mut(&mut self, device: Device) -> &mut Seat {
        &mut self.seats[device as usize]
    }

    /// Whatever can be asked now. Every event ends here.
    fn next_acts(&mut self) -> Vec<Act> {
        let mut acts = Vec::new();
        self.use_best_device();
        if self.model == Some(Ok(())) {
            for device in Device::BOTH {
                if self.seat(device).is_waiting_for_model() {
                    acts.push(self.load(device));
                }
            }
        }
        acts.extend(self.predict());
        for device in Device::BOTH {
            if self.seat(device).is_unmeasured() {
                acts.push(self.ask(
                    device,
                    Request::Measure {
                        runs: MEASURED_RUNS,
                    },
                    seat::Task::Measure,
                ));
            }
        }
        if self.wants_gpu() {
            self.seat_mut(Device::Gpu).start();
            acts.push(Act::Start(Device::Gpu));
        }
        acts
    }

    /// The GPU module is fetched once the CPU has answered what was drawn meanwhile and is measured.
    fn wants_gpu(&self) -> bool {
        let cpu = self.seat(Device::Cpu);
        let cpu_is_done =
            cpu.failure().is_some() || cpu.ready().is_some_and(|ready| ready.median.is_some());
        self.seat(Device::Gpu).phase == Phase::Absent
            && matches!(self.gpu, Some(Ok(())))
            && self.choice != Choice::Only(Device::Cpu)
            && cpu_is_done
    }

    /// Moves to the device that should answer now; the image on the paper is then sent to it.
    fn use_best_device(&mut self) {
        let best = self.best_device();
        if best != self.in_use {
            self.seat_mut(self.in_use).abandon_prediction();
            self.in_use = best;
            self.unsent = self.image.is_some();
        }
    }

    fn best_device(&self) -> Device {
        let ready = |device: Device| self.seat(device).ready();
        match (self.choice, ready(Device::Cpu), ready(Device::Gpu)) {
            (Choice::Only(device), _, _) if ready(device).is_some() => device,
            (Choice::Automatic, Some(cpu), Some(gpu)) => match (cpu.median, gpu.median) {
                (Some(cpu), Some(gpu)) if gpu < cpu => Device::Gpu,
                _ => Device::Cpu,
            },
            (_, None, Some(_)) => Device::Gpu,
            _ => Device::Cpu,
        }
    }

    fn predict(&mut self) -> Option<Act> {
        let image = self.image.as_ref().filter(|_| self.unsent)?;
        if !self.seat(self.in_use).is_free() {
            return None;
        }
        let request = Request::Predict {
            image: Box::new(image.clone()),
            kind: Kind::Drawing,
        };
        self.unsent = false;
        Some(self.ask(self.in_use, request, seat::Task::Predict))
    }

    fn load(&mut self, device: Device) -> Act {
        let id = self.next_id();
        let seat = self.seat_mut(device);
        seat.phase = Phase::Loading;
        seat.asked = Some(Asked::new(id, seat::Task::Load));
        Act::Load(device, id)
    }

    /// Posts a request that occupies the device until it is answered.
    fn ask(&mut self, device: Device, request: Request, task: seat::Task) -> Act {
        let act = self.post(device, request);
        self.seat_mut(device).asked = Some(Asked::new(RequestId(self.last_id), task));
        act
    }

    fn post(&mut self, device: Device, body: Request) -> Act {
        let id = self.next_id();
        Act::Post(device, Message { id, body })
    }

    fn next_id(&mut self) -> RequestId {
        self.last_id = self.last_id.wrapping_add(1).max(1);
        RequestId(self.last_id)
    }

    /// A request was refused. The CPU goes on if it can; WebGPU is left for the CPU.
    fn failed(&mut self, device: Device, asked: Option<Asked>, sentence: &str) -> Vec<Act> {
        if device == Device::Gpu {
            return self.leave_gpu(sentence);
        }
        match asked.map(|asked| asked.task) {
            Some(seat::Task::Load) => {
                self.seat_mut(device).phase = Phase::Failed(sentence.to_owned());
                vec![Act::Stop(device)]
            }
            // Asking for the time again would fail again, without end; restarts are counted.
            Some(seat::Task::Measure) => self.died(device, sentence),
            Some(seat::Task::Predict) | None => {
                self.notice = Some(Notice::new(sentence));
                Vec::new()
            }
        }
    }

    fn died(&mut self, device: Device, reason: &str) -> Vec<Act> {
        if device == Device::Gpu {
            return self.leave_gpu(reason);
        }
        let deaths = self.seat(device).deaths + 1;
        *self.seat_mut(device) = Seat {
            deaths,
            ..Seat::default()
        };
        self.unsent = self.image.is_some();
        if deaths > MOST_DEATHS {
            let sentence = notice::cpu_given_up(reason);
            self.seat_mut(device).phase = Phase::Failed(sentence);
            return vec![Act::Stop(device)];
        }
        self.notice = Some(Notice::new(notice::cpu_restarted(reason)));
        self.seat_mut(device).start();
        vec![Act::Stop(device), Act::Start(device)]
    }

    fn leave_gpu(&mut self, reason: &str) -> Vec<Act> {
        let sentence = notice::gpu_left(reason);
        *self.seat_mut(Device::Gpu) = Seat {
            phase: Phase::Failed(sentence.clone()),
            ..Seat::default()
        };
        self.notice = Some(Notice::new(sentence));
        if self.choice == Choice::Only(Device::Gpu) {
            self.choice = Choice::Automatic;
        }
        vec![Act::Stop(Device::Gpu)]
    }
}
