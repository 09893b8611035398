//! Finished trainings, to compare and to return to.

use super::meter;
use model::teach::Settings;
use protocol::teach::{Counts, Mark};
use serde::{Deserialize, Serialize};

/// So many runs are kept; the oldest one goes when there are more.
const MOST: usize = 12;

/// A net that can answer: of a run, or, where there is no number, the shipped one.
pub type Subject = Option<u32>;

/// A finished training. Its net is stored apart, under the run's number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// Its number, counted from 1.
    pub id: u32,
    /// How it was taught; `None` for a net from a file.
    pub settings: Option<Settings>,
    /// Steps done: fewer than the settings say where it was ended earlier.
    pub steps: u32,
    /// How many of the images that were learnt it then read right, and of how many.
    pub right: u32,
    /// See `right`.
    pub seen: u32,
    /// What the shipped net read the held-out images as, and what this one did.
    pub held_out: Option<(Counts, Counts)>,
    /// What it reads the test images as, once somebody has asked.
    pub test: Option<Counts>,
}

impl Run {
    /// A run that ended with this mark.
    pub fn finished(settings: Settings, before: Counts, mark: &Mark) -> Self {
        Self {
            id: 0,
            settings: Some(settings),
            steps: mark.step,
            right: mark.right,
            seen: mark.seen,
            held_out: Some((before, mark.held_out)),
            test: None,
        }
    }

    /// A net from a file, of which nothing is known.
    pub fn from_file() -> Self {
        Self {
            id: 0,
            settings: None,
            steps: 0,
            right: 0,
            seen: 0,
            held_out: None,
            test: None,
        }
    }

    /// Accuracy on the held-out images, in percent, and how many points that is more than the shipped
    /// net's.
    pub fn held_out_accuracy(&self) -> Option<(f64, f64)> {
        let (before, after) = self.held_out.as_ref()?;
        let now = meter::accuracy(after);
        Some((now, now - meter::accuracy(before)))
    }

    /// What it was, and in what it differs from what is usual, in words.
    pub fn description(&self) -> String {
        let Some(own) = &self.settings else {
            return "a net from a file".into();
        };
        let (what, usual) = match own.scratch() {
            None => ("your examples".to_owned(), Settings::default()),
            Some(scratch) => (
                format!("{} from scratch", scratch.architecture),
                Settings::from_scratch(scratch.architecture),
            ),
        };
        let pairs = named(own).into_iter().zip(named(&usual));
        let changed = pairs.filter(|(own, usual)| own != usual);
        let mut words = vec![what];
        words.extend(changed.map(|((name, own), _)| format!("{name} {own}")));
        if (self.steps as usize) < own.steps {
            words.push(format!("ended at step {}", self.steps));
        }
        words.join(", ")
    }
}

/// The settings with their names, as the person reads them.
pub fn named(settings: &Settings) -> Vec<(&'static str, String)> {
    let scratch = settings.scratch();
    let or_none = |text: Option<String>| text.unwrap_or_else(|| "\u{2013}".into());
    vec![
        ("layers", settings.layers.name().into()),
        ("optimiser", settings.optimiser.name().into()),
        ("learning rate", settings.learning_rate.to_string()),
        ("images in a step", settings.batch_size.to_string()),
        ("steps", settings.steps.to_string()),
        ("varied", if settings.augment { "yes" } else { "no" }.into()),
        ("share of originals", settings.replay_share.to_string()),
        ("distillation", settings.distillation.to_string()),
        ("strength", settings.strength.to_string()),
        ("seed", settings.seed.to_string()),
        (
            "training images",
            or_none(scratch.map(|s| s.images().to_string())),
        ),
        (
            "held out",
            or_none(scratch.map(|s| s.validation_images.to_string())),
        ),
    ]
}

/// The runs, the newest last, and which one's net answers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Runs {
    all: Vec<Run>,
    last_id: u32,
    /// The net that answers.
    pub in_use: Subject,
    /// What the shipped net reads the test images as, once somebody has asked.
    pub shipped_test: Option<Counts>,
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

    /// The run of this number.
    pub fn get(&self, id: u32) -> Option<&Run> {
        self.all.iter().find(|run| run.id == id)
    }

    /// Notes what a net reads the test images as.
    pub fn evaluated(&mut self, subject: Subject, counts: Counts) {
        match subject {
            None => self.shipped_test = Some(counts),
            Some(id) => {
                if let Some(run) = self.all.iter_mut().find(|run| run.id == id) {
                    run.test = Some(counts);
                }
            }
        }
    }

    /// What a net reads the test images as, if that is known.
    pub fn test(&self, subject: Subject) -> Option<&Counts> {
        match subject {
            None => self.shipped_test.as_ref(),
            Some(id) => self.get(id)?.test.as_ref(),
        }
    }

    /// The runs, the newest first.
    pub fn newest_first(&self) -> Vec<Run> {
        self.all.iter().rev().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::architecture::Architecture;

    fn run(settings: Settings) -> Run {
        Run {
            steps: settings.steps as u32,
            settings: Some(settings),
            ..Run::from_file()
        }
    }

    #[test]
    fn the_newest_answers_and_the_oldest_goes() {
        let mut runs = Runs::default();
        for id in 1..=MOST as u32 {
            assert_eq!(runs.add(run(Settings::default())), (id, vec![]));
        }
        assert_eq!(runs.add(run(Settings::default())), (13, vec![1]));
        assert_eq!((runs.in_use, runs.newest_first().len()), (Some(13), MOST));
        runs.remove(13);
        assert_eq!(runs.in_use, None);
    }

    #[test]
    fn only_what_differs_is_said() {
        assert_eq!(run(Settings::default()).description(), "your examples");
        let settings = Settings {
            steps: 7,
            ..Settings::default()
        };
        assert_eq!(run(settings).description(), "your examples, steps 7");
        let mlp = run(Settings::from_scratch(Architecture::Mlp));
        assert_eq!(mlp.description(), "mlp from scratch");
        let ended = Run { steps: 3, ..mlp };
        assert_eq!(ended.description(), "mlp from scratch, ended at step 3");
        assert_eq!(Run::from_file().description(), "a net from a file");
    }

    #[test]
    fn what_the_test_images_were_read_as_is_kept_with_the_net() {
        let mut runs = Runs::default();
        let (id, _) = runs.add(run(Settings::default()));
        runs.evaluated(Some(id), [[1; 10]; 10]);
        runs.evaluated(None, [[2; 10]; 10]);
        assert_eq!(runs.test(Some(id)), Some(&[[1; 10]; 10]));
        assert_eq!(runs.test(None), Some(&[[2; 10]; 10]));
        assert_eq!(runs.test(Some(9)), None);
    }
}
