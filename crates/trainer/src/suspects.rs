//! `trainer suspects`: images whose label is doubted by nets that did not learn from them.
//!
//! The training images are dealt into folds; for each, a net is trained on the others, but for a part of
//! them that it is chosen on, and looks at this one. The test images, from which no net learns, are
//! judged by all of them together. Where the verdict is sure and another than the label, the label may
//! be at fault (confident learning, Northcutt, Jiang and Chuang 2021, in its plainest form).
//!
//! The nets behind the shipped list, `assets/suspects.json`, learnt from all of the others, and the epoch
//! and the temperature of each were chosen on the fold that it then looked at.

use std::path::PathBuf;

use anyhow::Result;
use model::class::CLASS_COUNT;
use model::prediction::Prediction;
use model::weights::ValidationSet;
use serde::{Deserialize, Serialize};

use crate::cli::Shared;
use crate::data::{self, Data, Labelled, published};
use crate::duplicates::FIRST_TEST;
use crate::files;
use crate::folds::{self, Fold, FoldRun};
use crate::interrupt::Interrupt;
use crate::nets::Kind;
use crate::numbers::whole;
use crate::output::print_line;
use crate::train::config::TrainConfig;
use crate::usage::UsageError;

/// The part of a fold's rest that its net is chosen on; what it judges must not choose it.
const HELD_OUT: Fold = Fold { number: 0, of: 12 };

/// Flags of `suspects`.
#[derive(Debug, clap::Args)]
pub struct Suspects {
    /// What is trained on each fold's rest, and how
    #[command(flatten)]
    pub train: TrainConfig,
    /// Into how many folds the training images are dealt
    #[arg(long, value_parser = whole::<usize>(folds::COUNTS), default_value_t = 5)]
    pub folds: usize,
    /// How sure of another class than the label, in percent, makes a suspect
    #[arg(long, value_parser = whole::<u8>(0..=100), default_value_t = 90)]
    pub percent: u8,
    /// Look only at the first images of each published file
    #[arg(long, value_parser = whole::<usize>(1..), value_name = "IMAGES")]
    pub limit: Option<usize>,
    /// Folder of all run folders
    #[arg(long, value_name = "DIR", default_value = "runs")]
    pub runs: PathBuf,
    /// Write the list as JSON to this file
    #[arg(long, value_name = "FILE", default_value = "suspects.json")]
    pub output: PathBuf,
    /// Write over a list that is there
    #[arg(long)]
    pub force: bool,
    /// The names of the flags that were given
    #[arg(skip)]
    pub given: Vec<String>,
}

/// The list of suspects.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct List {
    /// How it was made.
    pub method: String,
    /// The share of training images that their fold's net read as labelled, 0 to 1.
    pub accuracy: f64,
    /// Each suspect's number (training images from 0, test images from 60,000), the class that the nets
    /// say instead, and how sure they are in percent. Ordered by number.
    pub suspects: Vec<(u32, u8, u8)>,
}

/// Trains the nets, and lists what they doubt.
///
/// # Errors
/// If the data cannot be loaded, the flags make no sense, a training fails, or the list is there already.
pub fn run(flags: &Suspects, shared: &Shared) -> Result<()> {
    files::check_absent(&flags.output, flags.force)?;
    flags.train.check_given(&flags.given, false)?;
    flags.train.check_ignorant()?;
    let settings = flags.train.clone().without_drawings();
    settings.check().map_err(UsageError::new)?;
    let folder = published::find(shared.data.as_deref())?;
    let (mut train, mut test) = (data::load_train(&folder)?, data::load_test(&folder)?);
    for part in [&mut train, &mut test] {
        part.truncate(flags.limit.unwrap_or(usize::MAX));
    }
    if train.len() < 2 * flags.folds {
        let sentence = format!(
            "--limit {} leaves too few images for {} folds: each net needs some to learn from and some to be chosen on",
            train.len(),
            flags.folds
        );
        return Err(UsageError::new(sentence).into());
    }
    let (device, interrupt) = (shared.device.start()?, Interrupt::install()?);
    let mut verdicts = Verdicts::new(train.len(), test.len());
    for fold in Fold::all(flags.folds) {
        let (rest, own) = deal(&train, fold);
        let (rest, validation) = deal(&rest, HELD_OUT);
        let run = FoldRun {
            fold,
            purpose: "suspects",
            runs: &flags.runs,
            settings: &settings,
            data: Data {
                train: rest,
                validation,
                test: Labelled::default(),
            },
            validation: ValidationSet::Fold {
                number: fold.number,
                of: fold.of,
            },
            drawings: None,
            device: &device,
        };
        let net = run.train(shared.seed, &interrupt)?;
        for (place, reading) in net.read(&own.images, Kind::Photo)?.iter().enumerate() {
            verdicts.train[fold.place(place)] = reading.prediction;
        }
        for (sum, reading) in verdicts
            .test
            .iter_mut()
            .zip(net.read(&test.images, Kind::Photo)?)
        {
            add(sum, &reading.prediction, 1.0 / flags.folds as f32);
        }
    }
    let list = list(flags, &verdicts, &train.labels, &test.labels);
    let mut text = serde_json::to_string(&list)?;
    text.push('\n');
    files::write_atomic(&flags.output, text.as_bytes())?;
    print_line!(
        "{} suspects; the nets read {:.2} % of the images that they did not learn from as labelled",
        list.suspects.len(),
        100.0 * list.accuracy
    )
}

/// What the nets say: of each training image the one that did not learn from it, of each test image
/// the mean of all.
struct Verdicts {
    train: Vec<Prediction>,
    test: Vec<Prediction>,
}

impl Verdicts {
    fn new(train: usize, test: usize) -> Self {
        let none = Prediction {
            probabilities: [0.0; CLASS_COUNT],
        };
        Self {
            train: vec![none; train],
            test: vec![none; test],
        }
    }
}

fn add(sum: &mut Prediction, prediction: &Prediction, weight: f32) {
    for (sum, probability) in sum.probabilities.iter_mut().zip(prediction.probabilities) {
        *sum += weight * probability;
    }
}

/// The images of all other folds, and those of this one.
fn deal(all: &Labelled, fold: Fold) -> (Labelled, Labelled) {
    let (images, labels) = (fold.deal(&all.images), fold.deal(&all.labels));
    let labelled = |images, labels| Labelled { images, labels };
    (labelled(images.0, labels.0), labelled(images.1, labels.1))
}

fn list(flags: &Suspects, verdicts: &Verdicts, train: &[u8], test: &[u8]) -> List {
    let own = verdicts.train.iter().zip(train);
    let right = own.filter(|(verdict, label)| verdict.top().0 == usize::from(**label));
    let numbers = (0..train.len()).chain(FIRST_TEST..);
    let verdicts_and_labels =
        (verdicts.train.iter().chain(&verdicts.test)).zip(train.iter().chain(test));
    let suspects = numbers
        .zip(verdicts_and_labels)
        .filter_map(|(number, (verdict, label))| {
            let (class, confidence) = verdict.top();
            let percent = (100.0 * confidence) as u8;
            let doubts = class != usize::from(*label) && percent >= flags.percent;
            doubts.then_some((number as u32, class as u8, percent))
        });
    List {
        method: format!(
            "{} folds, {}, {} epochs; sure of another class by {} % or more",
            flags.folds, flags.train.architecture, flags.train.epochs, flags.percent
        ),
        accuracy: right.count() as f64 / train.len().max(1) as f64,
        suspects: suspects.collect(),
    }
}
