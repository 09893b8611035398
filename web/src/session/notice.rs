//! Sentences about what went wrong.

/// Something the person should know. Shown until it is dismissed or another one comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// What happened, and what it means for the person.
    pub sentence: String,
    /// Whether it is of no interest any more once the person draws on.
    passing: bool,
}

impl Notice {
    pub(super) fn new(sentence: impl Into<String>) -> Self {
        Self {
            sentence: sentence.into(),
            passing: false,
        }
    }

    pub(super) fn passing(sentence: impl Into<String>) -> Self {
        Self {
            sentence: sentence.into(),
            passing: true,
        }
    }

    pub(super) fn is_passing(&self) -> bool {
        self.passing
    }
}

pub(super) fn cpu_restarted(reason: &str) -> String {
    format!(
        "The worker that computes the answer stopped and was started again; your drawing is kept. {}",
        sentence(reason)
    )
}

pub(super) fn cpu_given_up(reason: &str) -> String {
    format!(
        "The worker that computes the answer cannot be kept running. {} Your drawing is kept.",
        sentence(reason)
    )
}

pub(super) fn gpu_left(reason: &str) -> String {
    format!(
        "WebGPU is not used, the CPU computes instead. {} Choose WebGPU to try it again.",
        sentence(reason)
    )
}

pub(super) fn model_refused(reason: &str) -> String {
    format!(
        "This model cannot be used; the one before it answers. {}",
        sentence(reason)
    )
}

/// With a capital at the start and a full stop at the end, as error texts have neither.
fn sentence(text: &str) -> String {
    let text = text.trim();
    let mut letters = text.chars();
    let start: String = letters
        .next()
        .map(|first| first.to_uppercase().collect())
        .unwrap_or_default();
    let end = if text.is_empty() || text.ends_with(['.', '!', '?']) {
        ""
    } else {
        "."
    };
    format!("{start}{}{end}", letters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn error_texts_become_sentences() {
        assert_eq!(sentence("the device was lost"), "The device was lost.");
        assert_eq!(sentence("Stopped. "), "Stopped.");
        assert_eq!(sentence(""), "");
    }
}
