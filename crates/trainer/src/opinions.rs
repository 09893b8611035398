//! `trainer opinions`: what people's drawings look like to nets that did not learn from them.
//!
//! Asked for a jacket, one person in five draws what anybody would take for a sweater. A net that is
//! told otherwise learns such drawings by heart. An opinion is a gentler target: what a net says that
//! was trained on the other drawings (the soft counterpart of confident learning, Northcutt, Jiang and
//! Chuang 2021).

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use anyhow::Result;
use model::augment::strokes;
use model::class::CLASS_COUNT;
use model::metrics::ConfusionMatrix;
use model::prediction::Prediction;
use model::weights::ValidationSet;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

use crate::cli::Shared;
use crate::data::{self, Split, published};
use crate::drawings::{self, Drawings, HumanDrawing};
use crate::files;
use crate::folds::{self, Fold, FoldRun};
use crate::interrupt::Interrupt;
use crate::nets::{Kind, Loaded};
use crate::numbers::whole;
use crate::output::print_line;
use crate::train::config::TrainConfig;
use crate::usage::UsageError;

/// How many redrawings of a drawing an opinion is the mean of.
const REDRAWN: usize = 24;

/// Flags of `opinions`.
#[derive(Debug, clap::Args)]
pub struct Opinions {
    /// What is trained on each fold's rest, and how
    #[command(flatten)]
    pub train: TrainConfig,
    /// Folder of the drawings, as for train
    #[arg(long, value_name = "DIR")]
    pub drawings: PathBuf,
    /// Into how many folds people's drawings are dealt
    #[arg(long, value_parser = whole::<usize>(folds::COUNTS), default_value_t = 3)]
    pub folds: usize,
    /// Folder of all run folders
    #[arg(long, value_name = "DIR", default_value = "runs")]
    pub runs: PathBuf,
    /// Write the opinions to this file, a line of JSON a drawing
    #[arg(long, value_name = "FILE", default_value = "opinions.jsonl")]
    pub output: PathBuf,
    /// Write over a file that is there
    #[arg(long)]
    pub force: bool,
    /// The names of the flags that were given
    #[arg(skip)]
    pub given: Vec<String>,
}

/// What is thought of a drawing: a line of the file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Opinion {
    /// The drawing's identity in Quick, Draw!.
    key_id: String,
    /// Of each class.
    probabilities: [f32; CLASS_COUNT],
}

/// Trains the nets, and writes what they think.
///
/// # Errors
/// If data or drawings cannot be loaded, the flags make no sense, a training fails, or the file is
/// there already.
pub fn run(flags: &Opinions, shared: &Shared) -> Result<()> {
    files::check_absent(&flags.output, flags.force)?;
    flags.train.check().map_err(UsageError::new)?;
    if flags.train.opinions.is_some() {
        return Err(UsageError::new("opinions are made from labels: leave out --opinions").into());
    }
    flags.train.check_given(&flags.given, true)?;
    flags.train.check_ignorant()?;
    let data = data::load(&published::find(shared.data.as_deref())?, Split::default())?;
    let drawings = drawings::load(&flags.drawings)?;
    let (device, interrupt) = (shared.device.start()?, Interrupt::install()?);
    let (mut lines, mut confusion) = (String::new(), ConfusionMatrix::new());
    for fold in Fold::all(flags.folds) {
        let (rest, own) = fold.deal(&drawings.train);
        let others = Drawings {
            train: rest,
            ..drawings.clone()
        };
        let run = FoldRun {
            fold,
            purpose: "opinions",
            runs: &flags.runs,
            settings: &flags.train,
            data: data.clone(),
            validation: ValidationSet::USUAL,
            drawings: Some((&flags.drawings, others)),
            device: &device,
        };
        let net = run.train(shared.seed, &interrupt)?;
        let mut rng = ChaCha8Rng::seed_from_u64(shared.seed);
        for drawing in own {
            let probabilities = opinion(&net, &drawing, &mut rng)?;
            let (class, _) = Prediction { probabilities }.top();
            confusion.add(usize::from(drawing.label), class);
            let key_id = drawing.key_id;
            lines += &serde_json::to_string(&Opinion {
                key_id,
                probabilities,
            })?;
            lines.push('\n');
        }
    }
    files::write_atomic(&flags.output, lines.as_bytes())?;
    print_line!(
        "the nets read {:.1} % of the drawings that they did not learn from as labelled",
        100.0 * confusion.accuracy()
    )
}

/// What the net says of a drawing, redrawn in several ways: a probability a class.
fn opinion(
    net: &Loaded,
    drawing: &HumanDrawing,
    rng: &mut ChaCha8Rng,
) -> Result<[f32; CLASS_COUNT]> {
    let redrawn = (0..REDRAWN).filter_map(|_| strokes::redraw(&drawing.strokes, rng));
    let readings = net.read(&redrawn.collect::<Vec<_>>(), Kind::Drawing)?;
    let mut mean = [0.0; CLASS_COUNT];
    for reading in &readings {
        for (sum, probability) in mean.iter_mut().zip(reading.prediction.probabilities) {
            *sum += probability / readings.len() as f32;
        }
    }
    Ok(mean)
}

/// Gives the drawings the opinions in the file; a drawing without one has its label alone.
///
/// # Errors
/// If the file holds something else, or no opinion of any of these drawings.
pub fn attach(path: &Path, drawings: &mut [HumanDrawing]) -> Result<()> {
    let mut opinions = HashMap::new();
    for (index, line) in files::read_text(path)?.lines().enumerate() {
        let refuse = |error| UsageError::in_file(path, &format!("line {}: {error}", index + 1));
        let opinion = parse(line).map_err(refuse)?;
        opinions.insert(opinion.key_id, opinion.probabilities);
    }
    for drawing in &mut *drawings {
        drawing.opinion = opinions.get(&drawing.key_id).copied();
    }
    if drawings.iter().all(|drawing| drawing.opinion.is_none()) {
        let sentence = format!(
            "{} holds no opinion of any of these drawings: make it of the same folder by `trainer opinions`",
            path.display()
        );
        return Err(UsageError::new(sentence).into());
    }
    Ok(())
}

fn parse(line: &str) -> Result<Opinion, String> {
    let opinion: Opinion =
        serde_json::from_str(line).map_err(|error| format!("this is no opinion ({error})"))?;
    let sum: f32 = opinion.probabilities.iter().sum();
    let is_probability = |p: &f32| (0.0..=1.0).contains(p);
    if !opinion.probabilities.iter().all(is_probability) || (sum - 1.0).abs() > 0.01 {
        return Err(
            "these are no probabilities: each lies between 0 and 1, and their sum is 1".into(),
        );
    }
    Ok(opinion)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawing(key_id: &str) -> HumanDrawing {
        HumanDrawing {
            key_id: key_id.to_owned(),
            strokes: Vec::new(),
            label: 4,
            opinion: None,
        }
    }

    fn line(key_id: &str, first: f32) -> String {
        let rest = (1.0 - first) / 9.0;
        format!(
            r#"{{"key_id":"{key_id}","probabilities":[{first}{}]}}"#,
            format!(",{rest}").repeat(9)
        )
    }

    fn attached(text: &str) -> Result<[Option<[f32; CLASS_COUNT]>; 2]> {
        let file = tempfile::NamedTempFile::new()?;
        std::fs::write(file.path(), text)?;
        let mut drawings = [drawing("7"), drawing("8")];
        attach(file.path(), &mut drawings)?;
        Ok(drawings.map(|drawing| drawing.opinion))
    }

    #[test]
    fn an_opinion_goes_to_the_drawing_that_it_is_of() -> Result<()> {
        let [none, some] = attached(&[line("9", 0.5), line("8", 0.91)].join("\n"))?;
        assert_eq!(none, None);
        assert_eq!(some.map(|p| p[0]), Some(0.91));
        Ok(())
    }

    #[test]
    fn what_is_no_opinion_is_named_with_its_line() {
        let refused = |text: &str, sentence: &str| {
            let error = attached(text).err().map(|error| format!("{error:#}"));
            assert!(
                error.as_deref().is_some_and(|e| e.contains(sentence)),
                "{error:?}"
            );
        };
        refused("{}", "line 1: this is no opinion");
        let sums_to_two = line("8", 0.5)
            .replace("0.5,", "1.0,")
            .replace("0.0555", "0.1555");
        refused(
            &format!("{}\n{sums_to_two}", line("7", 0.2)),
            "line 2: these are no prob",
        );
        refused(&line("8", -0.5), "line 1: these are no probabilities");
        refused(&line("1", 0.5), "holds no opinion of any of these drawings");
    }
}
