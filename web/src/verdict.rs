//! Probabilities in words.

use model::class::CLASS_NAMES;
use model::prediction::Prediction;

/// Below this probability the page does not commit itself to the top class.
const SURE_FROM: f32 = 0.5;

/// The top class must lead by this much for the page to commit itself.
const CLEAR_LEAD: f32 = 0.15;

/// What the page says about an image.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Verdict {
    /// The likeliest class.
    pub top: usize,
    /// The second likeliest class.
    pub second: usize,
    /// The top class's probability.
    pub probability: f32,
    /// Whether the lead is clear enough to say so.
    pub sure: bool,
}

impl Verdict {
    /// The verdict on a calibrated prediction.
    pub fn new(prediction: &Prediction) -> Self {
        let [(top, probability), (second, next), ..] = prediction.ranked();
        let sure = probability >= SURE_FROM && probability - next >= CLEAR_LEAD;
        Self {
            top,
            second,
            probability,
            sure,
        }
    }

    /// The likeliest class's name.
    pub fn name(&self) -> &'static str {
        CLASS_NAMES[self.top]
    }

    /// What stands below the name.
    pub fn remark(&self) -> String {
        if self.sure {
            String::new()
        } else {
            format!(
                "Not sure: it may be {} too.",
                with_article(CLASS_NAMES[self.second])
            )
        }
    }

    /// The verdict as a screen reader says it.
    pub fn spoken(&self) -> String {
        let percent = (self.probability * 100.0).round().min(99.0);
        let second = CLASS_NAMES[self.second];
        if self.sure {
            format!("{}, {percent} percent", self.name())
        } else {
            format!("Not sure: {} or {second}", self.name())
        }
    }
}

fn with_article(name: &str) -> String {
    let name = name.to_lowercase();
    let article = if name.starts_with(['a', 'e', 'i', 'o', 'u']) {
        "an"
    } else {
        "a"
    };
    // The one name that is written with a capital within a sentence too.
    let name = name.replacen("t-shirt", "T-shirt", 1);
    format!("{article} {name}")
}

/// A probability as the page writes it. Neither 0 nor 100 % is ever claimed.
pub fn percent(probability: f32) -> String {
    let percent = (probability * 100.0).round();
    if percent < 1.0 {
        "< 1\u{202f}%".to_owned()
    } else if percent > 99.0 {
        "> 99\u{202f}%".to_owned()
    } else {
        format!("{percent}\u{202f}%")
    }
}

/// A duration as the page writes it: one decimal where it says something.
pub fn milliseconds(duration: f64) -> String {
    if duration < 9.95 {
        format!("{duration:.1} ms")
    } else {
        format!("{duration:.0} ms")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::class::CLASS_COUNT;

    fn verdict(coat: f32, pullover: f32) -> Verdict {
        let mut probabilities = [0.0; CLASS_COUNT];
        (probabilities[4], probabilities[2]) = (coat, pullover);
        Verdict::new(&Prediction { probabilities })
    }

    #[test]
    fn a_clear_lead_is_said_plainly() {
        let verdict = verdict(0.87, 0.13);
        assert_eq!((verdict.name(), verdict.remark().as_str()), ("Coat", ""));
        assert_eq!(verdict.spoken(), "Coat, 87 percent");
    }

    #[test]
    fn near_classes_are_both_named() {
        let verdict = verdict(0.52, 0.48);
        assert_eq!(verdict.remark(), "Not sure: it may be a pullover too.");
        assert_eq!(verdict.spoken(), "Not sure: Coat or Pullover");
        assert!(
            !Verdict::new(&Prediction {
                probabilities: [0.1; CLASS_COUNT]
            })
            .sure
        );
    }

    #[test]
    fn numbers_are_rounded_without_claiming_certainty() {
        assert_eq!(percent(0.874), "87\u{202f}%");
        assert_eq!(percent(0.9999), "> 99\u{202f}%");
        assert_eq!(percent(0.001), "< 1\u{202f}%");
        assert_eq!(milliseconds(3.123), "3.1 ms");
        assert_eq!(milliseconds(9.96), "10 ms");
        assert_eq!(with_article("Ankle boot"), "an ankle boot");
        assert_eq!(with_article("T-shirt/top"), "a T-shirt/top");
    }
}
