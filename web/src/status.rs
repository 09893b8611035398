//! The status line: what the page is doing, in words.

use crate::session::{Choice, Device, Phase, Session, State};
use crate::verdict::milliseconds;

/// What the page is doing, in a sentence or two.
pub fn status(session: &Session) -> String {
    match session.state() {
        State::Loading => loading(session).to_owned(),
        State::Error => "Nothing can be recognised for now; your drawing is kept.".to_owned(),
        State::Ready => {
            let ready = format!("Ready on {}.", place(session.device()));
            match preparing(session) {
                Some(more) => format!("{ready} {more}"),
                None => ready,
            }
        }
    }
}

fn loading(session: &Session) -> &'static str {
    match session.phase(Device::Cpu) {
        Phase::Loading => "Testing the network…",
        Phase::Failed(_) => "Starting WebGPU…",
        _ => "Loading the network…",
    }
}

/// What is still going on though answers come already.
fn preparing(session: &Session) -> Option<&'static str> {
    match (session.phase(Device::Gpu), session.phase(Device::Cpu)) {
        (Phase::Starting | Phase::Waiting | Phase::Loading, _) => Some("WebGPU is being prepared…"),
        (_, Phase::Starting | Phase::Waiting | Phase::Loading) => {
            Some("The CPU is being prepared…")
        }
        _ => None,
    }
}

/// What one device says of itself below its name, such as "3.1 ms".
pub fn device_note(session: &Session, device: Device) -> String {
    if let (Device::Gpu, Some(_)) = (device, session.gpu_refusal()) {
        return "unavailable".to_owned();
    }
    match session.phase(device) {
        Phase::Absent => String::new(),
        Phase::Starting | Phase::Waiting | Phase::Loading => "preparing…".to_owned(),
        Phase::Ready(ready) => ready
            .median
            .map_or_else(|| "measuring…".to_owned(), milliseconds),
        Phase::Failed(_) => "failed".to_owned(),
    }
}

/// How the device in use was chosen, and how long its last answer took.
pub fn computed_by(session: &Session) -> String {
    let Some(answer) = session.answer() else {
        return String::new();
    };
    format!(
        "Last answer: {}, {}.",
        answer.device.name(),
        milliseconds(answer.milliseconds)
    )
}

/// Why this device is in use, or why another is not, as a hint for the curious.
pub fn explanation(session: &Session) -> String {
    if let Some(refusal) = session.gpu_refusal() {
        return refusal.to_owned();
    }
    if let Phase::Failed(sentence) = session.phase(Device::Gpu) {
        return sentence.clone();
    }
    let measured =
        |device| matches!(session.phase(device), Phase::Ready(ready) if ready.median.is_some());
    if session.choice() == Choice::Automatic && Device::BOTH.into_iter().all(measured) {
        return format!(
            "{} is the faster one here.",
            capital(place(session.device()))
        );
    }
    String::new()
}

fn place(device: Device) -> &'static str {
    match device {
        Device::Cpu => "the CPU",
        Device::Gpu => "WebGPU",
    }
}

fn capital(text: &str) -> String {
    text.replacen("the", "The", 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::Choice;

    #[test]
    fn says_what_it_waits_for() {
        let mut session = Session::new(Choice::Automatic);
        session.begin();
        assert_eq!(status(&session), "Loading the network…");
        session.gpu_found(Err("This browser offers no WebGPU.".to_owned()));
        assert_eq!(device_note(&session, Device::Gpu), "unavailable");
        assert_eq!(explanation(&session), "This browser offers no WebGPU.");
        session.model_fetched(Err("Not there.".to_owned()));
        assert!(status(&session).contains("your drawing is kept"));
    }
}
