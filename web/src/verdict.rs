//! Probabilities in words.

use model::class::{CLASS_COUNT, CLASS_NAMES};
use model::confidence::Judgement;
use model::prediction::Prediction;

/// What the page says about an image.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Verdict {
    /// The likeliest class.
    pub top: usize,
    /// The top class's probability.
    pub probability: f32,
    /// Whether the top class may be named alone.
    pub sure: bool,
    /// Whether the image is like anything the net has learnt.
    familiar: bool,
    /// All classes, the likeliest first.
    ranked: [usize; CLASS_COUNT],
    /// How many of them are named.
    named: usize,
    /// How often, 0 to 1, the right class is among those named; 0 if that is not known.
    coverage: f32,
}

impl Verdict {
    /// The verdict on a calibrated prediction.
    pub fn new(prediction: &Prediction, judgement: &Judgement) -> Self {
        let ranked = prediction.ranked();
        let least = if judgement.sure { 1 } else { 2 };
        let named = usize::from(judgement.set_size).clamp(least, CLASS_COUNT);
        let (top, probability) = ranked[0];
        Self {
            top,
            probability,
            sure: judgement.sure,
            familiar: judgement.familiar,
            ranked: ranked.map(|(class, _)| class),
            named,
            coverage: judgement.coverage,
        }
    }

    /// The likeliest class's name.
    pub fn name(&self) -> &'static str {
        CLASS_NAMES[self.top]
    }

    /// Whether a class is one of those that come into question.
    pub fn names(&self, class: usize) -> bool {
        self.ranked[..self.named].contains(&class)
    }

    /// Whether the top class may stand there without a word of doubt.
    pub fn is_plain(&self) -> bool {
        self.sure && self.familiar
    }

    /// What stands below the name.
    pub fn remark(&self) -> String {
        if !self.familiar {
            return "Unlike anything it has learnt: take this as a guess.".to_owned();
        }
        let classes = self.classes();
        let often = (self.coverage * 100.0).round();
        match (self.sure, self.named, often > 0.0) {
            (true, 1, _) => String::new(),
            (true, _, _) => format!("{classes}: one of these, {often} times in 100."),
            (false, _, true) => format!("Not sure: {classes} is right {often} times in 100."),
            (false, _, false) => format!("Not sure: {classes}."),
        }
    }

    /// The verdict as a screen reader says it.
    pub fn spoken(&self) -> String {
        let percent = (self.probability * 100.0).round().min(99.0);
        match (self.familiar, self.sure) {
            (false, _) => format!("Unlike anything it has learnt; perhaps {}", self.name()),
            (true, true) => format!("{}, {percent} percent", self.name()),
            (true, false) => format!("Not sure: {}", self.classes()),
        }
    }

    /// The classes that come into question: "Shirt, Coat or Dress"; more than three are not listed.
    fn classes(&self) -> String {
        let listed = &self.ranked[..self.named.min(3)];
        let names: Vec<&str> = listed.iter().map(|&class| CLASS_NAMES[class]).collect();
        if self.named > 3 {
            return format!("{} or one of {} more", names.join(", "), self.named - 3);
        }
        match names.as_slice() {
            [first @ .., last] if !first.is_empty() => format!("{} or {last}", first.join(", ")),
            alone => alone.concat(),
        }
    }
}

/// Where in the picture a place is, of which there are seven in each direction, row and column.
pub fn whereabouts(place: [usize; 2]) -> &'static str {
    const WORDS: [[&str; 3]; 3] = [
        ["at the top left", "at the top", "at the top right"],
        ["at the left", "in the middle", "at the right"],
        ["at the bottom left", "at the bottom", "at the bottom right"],
    ];
    let third = |place: usize| match place {
        0..=1 => 0,
        2..=4 => 1,
        _ => 2,
    };
    WORDS[third(place[0])][third(place[1])]
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
    /// The verdict where Coat has this probability and Pullover the rest.
    fn verdict(coat: f32, judgement: Judgement) -> Verdict {
        let mut probabilities = [0.0; CLASS_COUNT];
        (probabilities[4], probabilities[2]) = (coat, 1.0 - coat);
        Verdict::new(&Prediction { probabilities }, &judgement)
    }

    const SURE: Judgement = Judgement {
        sure: true,
        set_size: 1,
        coverage: 0.95,
        familiar: true,
    };

    #[test]
    fn a_clear_lead_is_said_plainly() {
        let verdict = verdict(0.87, SURE);
        assert_eq!((verdict.name(), verdict.remark().as_str()), ("Coat", ""));
        assert_eq!(verdict.spoken(), "Coat, 87 percent");
    }

    #[test]
    fn near_classes_are_named_together() {
        let unsure = Judgement {
            sure: false,
            ..SURE
        };
        let near = verdict(0.52, unsure);
        assert_eq!(
            near.remark(),
            "Not sure: Coat or Pullover is right 95 times in 100."
        );
        assert_eq!(near.spoken(), "Not sure: Coat or Pullover");
        assert!(near.names(2) && near.names(4) && !near.names(0));
        let unfitted = Judgement {
            coverage: 0.0,
            ..unsure
        };
        assert_eq!(
            verdict(0.52, unfitted).remark(),
            "Not sure: Coat or Pullover."
        );
    }

    #[test]
    fn a_sure_answer_still_tells_what_else_comes_into_question() {
        let verdict = verdict(
            0.9,
            Judgement {
                set_size: 2,
                ..SURE
            },
        );
        assert_eq!(
            verdict.remark(),
            "Coat or Pullover: one of these, 95 times in 100."
        );
    }

    #[test]
    fn long_sets_are_cut_short() {
        let wide = |set_size| {
            verdict(
                0.52,
                Judgement {
                    set_size,
                    sure: false,
                    ..SURE
                },
            )
            .classes()
        };
        assert_eq!(wide(3), "Coat, Pullover or T-shirt/top");
        assert_eq!(wide(5), "Coat, Pullover, T-shirt/top or one of 2 more");
    }

    #[test]
    fn what_it_has_not_learnt_is_said_first() {
        let verdict = verdict(
            0.9,
            Judgement {
                familiar: false,
                ..SURE
            },
        );
        assert!(verdict.remark().starts_with("Unlike anything") && !verdict.is_plain());
        assert_eq!(
            verdict.spoken(),
            "Unlike anything it has learnt; perhaps Coat"
        );
    }

    #[test]
    fn numbers_are_rounded_without_claiming_certainty() {
        assert_eq!(percent(0.874), "87\u{202f}%");
        assert_eq!(percent(0.9999), "> 99\u{202f}%");
        assert_eq!(percent(0.001), "< 1\u{202f}%");
        assert_eq!(milliseconds(3.123), "3.1 ms");
        assert_eq!(milliseconds(9.96), "10 ms");
    }

    #[test]
    fn places_are_said_in_words() {
        assert_eq!(whereabouts([0, 6]), "at the top right");
        assert_eq!(whereabouts([3, 3]), "in the middle");
        assert_eq!(whereabouts([6, 2]), "at the bottom");
    }
}
