//! What the page shows of a session.

use super::{Answer, Choice, Device, Notice, Phase, Session, State};
use model::image::Image;

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
        let gpu_may_still_do = matches!(self.gpu, Some(Ok(())))
            && self.seat(Device::Gpu).failure().is_none()
            && self.choice != Choice::Only(Device::Cpu);
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
