//! Two nets side by side: how they were trained, and what they read otherwise.

use super::meter::{self, Change};
use super::runs::{Runs, Subject, named};
use model::class::CLASS_COUNT;
use protocol::teach::Counts;

/// See the [module](self).
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// The settings in which they differ: name, the first one's, the second one's.
    pub settings: Vec<(&'static str, String, String)>,
    /// What both have read, if they have read the same images.
    pub read: Option<Read>,
}

/// The same images, read by two nets.
#[derive(Clone, Debug, PartialEq)]
pub struct Read {
    /// What images these are.
    pub images: &'static str,
    /// What they were read as.
    pub counts: [Counts; 2],
}

impl Read {
    /// Each class's F1 with the first net and with the second.
    pub fn changes(&self) -> [Change; CLASS_COUNT] {
        meter::changes(&self.counts[0], &self.counts[1])
    }
}

/// Compares two nets.
pub fn compare(runs: &Runs, subjects: [Subject; 2]) -> Comparison {
    let settings = subjects.map(|subject| {
        let run = subject.and_then(|id| runs.get(id));
        run.and_then(|run| run.settings.as_ref()).map(named)
    });
    let settings = match settings {
        [Some(first), Some(second)] => differing(first, second),
        _ => Vec::new(),
    };
    Comparison {
        settings,
        read: test(runs, subjects).or_else(|| held_out(runs, subjects)),
    }
}

fn differing(
    first: Vec<(&'static str, String)>,
    second: Vec<(&'static str, String)>,
) -> Vec<(&'static str, String, String)> {
    let pairs = first.into_iter().zip(second);
    pairs
        .filter(|(first, second)| first.1 != second.1)
        .map(|((name, first), (_, second))| (name, first, second))
        .collect()
}

fn test(runs: &Runs, subjects: [Subject; 2]) -> Option<Read> {
    let [first, second] = subjects.map(|subject| runs.test(subject).copied());
    Some(Read {
        images: "the 10,000 test images",
        counts: [first?, second?],
    })
}

fn held_out(runs: &Runs, subjects: [Subject; 2]) -> Option<Read> {
    let [first, second] = subjects.map(|subject| subject.and_then(|id| runs.get(id)?.held_out));
    let counts = match (subjects, first, second) {
        ([None, _], _, Some((shipped, second))) => [shipped, second],
        ([_, None], Some((shipped, first)), _) => [first, shipped],
        // The shipped net read the same: these are the same images.
        (_, Some((one, first)), Some((other, second))) if one == other => [first, second],
        _ => return None,
    };
    Some(Read {
        images: "the held-out photos",
        counts,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::teach::Run;
    use model::teach::Settings;

    fn counts(right: u32) -> Counts {
        let mut counts = [[0; CLASS_COUNT]; CLASS_COUNT];
        (0..CLASS_COUNT).for_each(|class| counts[class][class] = right);
        counts
    }

    fn runs() -> Runs {
        let run = |steps, shipped, own| Run {
            settings: Some(Settings {
                steps,
                ..Settings::default()
            }),
            held_out: Some((counts(shipped), counts(own))),
            ..Run::from_file()
        };
        let mut runs = Runs::default();
        for run in [run(10, 9, 8), run(20, 9, 7), run(20, 5, 4)] {
            runs.add(run);
        }
        runs
    }

    #[test]
    fn held_out_images_are_compared_where_they_are_the_same() {
        let runs = runs();
        let read = |subjects| compare(&runs, subjects).read.map(|read| read.counts);
        assert_eq!(read([None, Some(1)]), Some([counts(9), counts(8)]));
        assert_eq!(read([Some(2), None]), Some([counts(7), counts(9)]));
        assert_eq!(read([Some(1), Some(2)]), Some([counts(8), counts(7)]));
        assert_eq!(read([Some(1), Some(3)]), None);
    }

    #[test]
    fn test_images_come_first_and_settings_are_named() {
        let mut runs = runs();
        runs.evaluated(Some(1), counts(80));
        runs.evaluated(Some(3), counts(70));
        let comparison = compare(&runs, [Some(1), Some(3)]);
        assert_eq!(
            comparison.read.map(|read| read.counts),
            Some([counts(80), counts(70)])
        );
        assert_eq!(
            comparison.settings,
            [("steps", "10".to_owned(), "20".to_owned())]
        );
    }
}
