//! Finished trainings, to compare and to return to.

use super::lesson::Mark;
use super::meter;
use model::teach::Settings;
use protocol::teach::Counts;
use serde::{Deserialize, Serialize};

/// So many runs are kept; the oldest one goes when there are more.
const MOST: usize = 12;

/// A finished training. Its net is stored apart, under the run's number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// Its number, counted from 1.
    pub id: u32,
    /// How it was taught; `None` for a net from a file.
    pub settings: Option<Settings>,
    /// How many examples it was taught, and how many of them it then read right.
    pub examples: u32,
    /// See `examples`.
    pub right: u32,
    /// What the held-out images were read as before, and after.
    pub held_out: Option<(Counts, Counts)>,
}

impl Run {
    /// A run that ended with this mark.
    pub fn finished(settings: Settings, examples: u32, before: Counts, mark: &Mark) -> Self {
        Self {
            id: 0,
            settings: Some(settings),
            examples,
            right: mark.right,
            held_out: Some((before, mark.held_out)),
        }
    }

    /// What it did to the held-out images, in points of accuracy.
    pub fn cost(&self) -> Option<f64> {
        let (before, after) = self.held_out.as_ref()?;
        Some(meter::accuracy(after) - meter::accuracy(before))
    }

    /// In what it differs from the defaults, in words.
    pub fn differences(&self) -> String {
        let Some(own) = &self.settings else {
            return "a net from a file".into();
        };
        let usual = Settings::default();
        let pairs = [
            (
                "layers",
                own.layers.name().to_owned(),
                usual.layers.name().to_owned(),
            ),
            (
                "optimiser",
                own.optimiser.name().to_owned(),
                usual.optimiser.name().to_owned(),
            ),
            (
                "learning rate",
                own.learning_rate.to_string(),
                usual.learning_rate.to_string(),
            ),
            (
                "batch",
                own.batch_size.to_string(),
                usual.batch_size.to_string(),
            ),
            ("steps", own.steps.to_string(), usual.steps.to_string()),
            ("varied", own.augment.to_string(), usual.augment.to_string()),
            (
                "replay",
                own.replay_share.to_string(),
                usual.replay_share.to_string(),
            ),
            (
                "distillation",
                own.distillation.to_string(),
                usual.distillation.to_string(),
            ),
            (
                "strength",
                own.strength.to_string(),
                usual.strength.to_string(),
            ),
            ("seed", own.seed.to_string(), usual.seed.to_string()),
        ];
        let changed = pairs.into_iter().filter(|(_, own, usual)| own != usual);
        let words: Vec<String> = changed
            .map(|(name, own, _)| format!("{name} {own}"))
            .collect();
        match words.is_empty() {
            true => "as usual".into(),
            false => words.join(", "),
        }
    }
}

/// The runs, the newest last, and which one's net answers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Runs {
    all: Vec<Run>,
    last_id: u32,
    /// The run whose net answers; `None`: the shipped net does.
    pub in_use: Option<u32>,
}

impl Runs {
    /// Adds a run and takes its net into use. Returns its number, and those of runs that had to go.
    pub fn add(&mut self, run: Run) -> (u32, Vec<u32>) {
        self.last_id += 1;
        self.all.push(Run {
            id: self.last_id,
            ..run
        });
        self.in_use = Some(self.last_id);
        let gone = self.all.len().saturating_sub(MOST);
        let gone = self.all.drain(..gone).map(|run| run.id).collect();
        (self.last_id, gone)
    }

    /// Removes a run; the shipped net answers if this one's did.
    pub fn remove(&mut self, id: u32) {
        self.all.retain(|run| run.id != id);
        self.in_use.take_if(|used| *used == id);
    }

    /// The runs, the newest first.
    pub fn newest_first(&self) -> Vec<Run> {
        self.all.iter().rev().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run() -> Run {
        Run {
            id: 0,
            settings: Some(Settings::default()),
            examples: 10,
            right: 9,
            held_out: None,
        }
    }

    #[test]
    fn the_newest_answers_and_the_oldest_goes() {
        let mut runs = Runs::default();
        for id in 1..=MOST as u32 {
            assert_eq!(runs.add(run()), (id, vec![]));
        }
        assert_eq!(runs.add(run()), (13, vec![1]));
        assert_eq!((runs.in_use, runs.newest_first().len()), (Some(13), MOST));
        runs.remove(13);
        assert_eq!(runs.in_use, None);
    }

    #[test]
    fn only_what_differs_is_said() {
        assert_eq!(run().differences(), "as usual");
        let settings = Settings {
            steps: 7,
            ..Settings::default()
        };
        let other = Run {
            settings: Some(settings),
            ..run()
        };
        assert_eq!(other.differences(), "steps 7");
    }
}
