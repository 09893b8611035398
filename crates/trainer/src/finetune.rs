//! `trainer finetune`: teaches a net somebody's examples, as the page does, and says what it cost.

use std::path::PathBuf;

use anyhow::{Result, anyhow};
use burn::tensor::{Device, read_sync};
use model::net::{Model, Prepared};
use model::teach::{self, Example, Labelled, Layers, Optimiser, Originals, Session, Settings};
use model::weights::{self, Sidecar};

use crate::cli::Shared;
use crate::data::{self, Split, published};
use crate::evaluate::Part;
use crate::examples::{self, Selection};
use crate::files;
use crate::nets::WeightsFile;
use crate::output::print_line;
use crate::progress;
use crate::run_folder::{self, RunFolder};
use crate::usage::UsageError;

/// The page's file of originals, seen from the repository's root.
pub const ORIGINALS: &str = "assets/teach.originals";

/// Flags of `finetune`.
#[derive(Debug, clap::Args)]
pub struct Finetune {
    /// The net to begin with
    #[command(flatten)]
    pub weights: WeightsFile,
    /// What to teach: an .ndjson file, a folder of them, or a folder of folders named after the classes
    /// with PNG, JPEG, WebP, GIF or BMP files
    #[arg(long, value_name = "PATH")]
    pub examples: PathBuf,
    /// Which examples are taught, and how they are changed first
    #[command(flatten)]
    pub selection: Selection,
    /// More of the same kind, to measure on; what is not taught of --examples unless given
    #[arg(long, value_name = "PATH")]
    pub measure: Option<PathBuf>,
    /// Photos that forgetting is measured on; choose on validation, report test once
    #[arg(long, value_enum, default_value_t = Part::Validation)]
    pub split: Part,
    /// Images against forgetting, as `trainer originals` writes them
    #[arg(long, value_name = "FILE", default_value = ORIGINALS)]
    pub originals: PathBuf,
    /// How it is taught
    #[command(flatten)]
    pub settings: SettingsFlags,
    /// Folder of all run folders
    #[arg(long, value_name = "DIR", default_value = "runs")]
    pub runs: PathBuf,
}

/// The settings as flags; what is not given is as on the page.
#[derive(Debug, Clone, clap::Args)]
pub struct SettingsFlags {
    /// Which layers learn: head, last-stage or all
    #[arg(long)]
    layers: Option<Layers>,
    /// What turns gradients into steps: adamw or sgd
    #[arg(long)]
    optimiser: Option<Optimiser>,
    /// Highest learning rate
    #[arg(long)]
    learning_rate: Option<f64>,
    /// Images in a step
    #[arg(long)]
    batch_size: Option<usize>,
    /// Steps in all
    #[arg(long)]
    steps: Option<usize>,
    /// Show the examples as they are, not varied
    #[arg(long)]
    no_augmentation: bool,
    /// Share of originals in each batch
    #[arg(long)]
    replay_share: Option<f64>,
    /// How far their targets are what the net said before: 0 to 1
    #[arg(long)]
    distillation: Option<f64>,
    /// How far the result lies from the net as it was (0) towards the one that learnt (1)
    #[arg(long)]
    strength: Option<f64>,
}

impl SettingsFlags {
    fn settings(&self, seed: u64) -> Result<Settings> {
        let page = Settings::default();
        let settings = Settings {
            task: page.task,
            layers: self.layers.unwrap_or(page.layers),
            optimiser: self.optimiser.unwrap_or(page.optimiser),
            learning_rate: self.learning_rate.unwrap_or(page.learning_rate),
            batch_size: self.batch_size.unwrap_or(page.batch_size),
            steps: self.steps.unwrap_or(page.steps),
            augment: page.augment && !self.no_augmentation,
            replay_share: self.replay_share.unwrap_or(page.replay_share),
            distillation: self.distillation.unwrap_or(page.distillation),
            strength: self.strength.unwrap_or(page.strength),
            seed,
        };
        settings.check().map_err(UsageError::new)?;
        Ok(settings)
    }
}

/// Teaches, prints what it did and cost, and writes the weights into a run folder.
///
/// # Errors
/// If weights, examples or data cannot be read, or training fails.
pub fn run(flags: &Finetune, shared: &Shared) -> Result<()> {
    let settings = flags.settings.settings(shared.seed)?;
    let device = shared.device.start()?;
    let (net, sidecar) = flags.weights.load_to_teach(&device)?;
    let all = examples::load(&flags.examples)?;
    let (taught, rest) = flags.selection.split(all, shared.seed)?;
    let rest = match &flags.measure {
        Some(path) => flags.selection.change(examples::load(path)?),
        None => rest,
    };
    let originals = Originals::decode(&files::read(&flags.originals)?)
        .map_err(|error| UsageError::in_file(&flags.originals, &error))?;
    if flags.split == Part::Validation {
        // The images against forgetting come from the usual split.
        let path = &flags.weights.weights;
        Split::default().check_unseen(path, &sidecar, "measure on --split test")?;
    }
    let photos = photos(flags.split, shared)?;
    print_line!(
        "teaching {} examples, {} steps",
        taught.len(),
        settings.steps
    )?;
    let session = teach(&net, settings, taught, originals, &device)?;
    let after = session.net();
    read_sync(session.check_finite(&after))?;
    let groups = [("examples' style", labelled(rest)), ("photos", photos)];
    let written = write(flags, &sidecar, &session)?;
    report(&groups, &[net.prepared(), after.prepared()], &device)?;
    print_line!("the taught weights: {}", written.display())
}

fn teach(
    net: &Model,
    settings: Settings,
    taught: Vec<Example>,
    originals: Originals,
    device: &Device,
) -> Result<Session> {
    let bar = progress::bar(settings.steps, "teaching");
    let mut session = Session::new(net, settings, taught, originals, device)?;
    while !session.is_done() {
        read_sync(session.step())?;
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(session)
}

/// Prints each group's accuracy before and after.
fn report(groups: &[(&str, Labelled)], nets: &[Prepared; 2], device: &Device) -> Result<()> {
    for (name, images) in groups {
        let [before, after] = nets.each_ref().map(|net| accuracy(net, images, device));
        let (before, after) = (before?, after?);
        let change = after - before;
        print_line!(
            "{name:<16} {:>6} images: {before:.2} % before, {after:.2} % after ({change:+.2})",
            images.len()
        )?;
    }
    Ok(())
}

/// In percent.
fn accuracy(net: &Prepared, images: &Labelled, device: &Device) -> Result<f64> {
    Ok(100.0 * read_sync(teach::measure(net, images, device))?.accuracy())
}

fn photos(part: Part, shared: &Shared) -> Result<Labelled> {
    let folder = published::find(shared.data.as_deref())?;
    let photos = match part {
        Part::Test => data::load_test(&folder)?,
        Part::Validation => data::load(&folder, Split::default())?.validation,
    };
    Ok(photos.images.into_iter().zip(photos.labels).collect())
}

fn labelled(examples: Vec<Example>) -> Labelled {
    examples.into_iter().map(|e| (e.image, e.label)).collect()
}

/// Writes the run folder; gives the path of the weights.
fn write(flags: &Finetune, taught: &Sidecar, session: &Session) -> Result<PathBuf> {
    let tensors = read_sync(session.net().to_tensors())
        .map_err(|e| anyhow!("the weights cannot be read back: {e}"))?;
    let bytes = weights::encode(&tensors);
    let sidecar = teach::sidecar_after(taught, &bytes, session.settings());
    let folder = RunFolder::create(&flags.runs, "finetune")?;
    let name = format!("{}.weights", sidecar.architecture);
    folder.write_json(run_folder::CONFIG, session.settings())?;
    folder.write(&name, &bytes)?;
    folder.write_json(&format!("{}.json", sidecar.architecture), &sidecar)?;
    Ok(folder.file(&name))
}
