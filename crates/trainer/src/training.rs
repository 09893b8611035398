//! `trainer train`, up to where the training loop takes over: data, run folder, what to expect.

mod introduction;

use std::path::{Path, PathBuf};

use anyhow::Result;
use burn::tensor::Device;
use clap::{Args, Command, FromArgMatches};
use model::weights::ValidationSet;
use serde_json::{Map, Value};

use crate::cli::Shared;
use crate::data::{self, Data, Split, published};
use crate::drawings::Drawings;
use crate::environment::Environment;
use crate::files;
use crate::interrupt::Interrupt;
use crate::nets::WeightsFile;
use crate::output::print_line;
use crate::recipe::Recipe;
use crate::run_config::RunConfig;
use crate::run_folder::{self, RunFolder};
use crate::settings;
use crate::train::{self, config::TrainConfig, parallel};
use crate::usage::UsageError;

/// Flags beside the settings that only mean something where a run begins.
const BEGINNING: [&str; 6] = [
    "drawings",
    "validation_images",
    "split_seed",
    "seed",
    "name",
    "runs",
];

/// Settings of a run that lacks a part of the data, which another command deals out.
const OF_FOLDS: [&str; 2] = ["fold", "drawings_crc32"];

/// Flags of `train`.
#[derive(Debug, Clone, Args)]
pub struct Train {
    /// Which training images are held out
    #[command(flatten)]
    pub held_out: Split,
    /// Also train on the drawings in this folder
    #[arg(long, value_name = "DIR")]
    pub drawings: Option<PathBuf>,
    /// Train by this recipe; other flags win over it
    #[arg(long, value_enum, conflicts_with = "resume")]
    pub recipe: Option<Recipe>,
    /// Name of the run, whose folder is <number>-<name> [default: the recipe's or the architecture's]
    #[arg(long)]
    pub name: Option<String>,
    /// Folder of all run folders
    #[arg(long, value_name = "DIR", default_value = "runs")]
    pub runs: PathBuf,
    /// Take settings from this JSON file, for instance another run's config.json, with its seed, held-out images
    /// and drawings; flags win over it
    #[arg(long = "config", value_name = "FILE", conflicts_with = "resume")]
    pub config_file: Option<PathBuf>,
    /// The names of the flags that were given
    #[arg(skip)]
    pub given: Vec<String>,
    /// Go on with the run in this folder, by its own settings, but with the workers of --workers or
    /// --remote if there is one of these
    #[arg(long, value_name = "RUN")]
    pub resume: Option<PathBuf>,
    /// What is trained and how
    #[command(flatten)]
    pub config: TrainConfig,
}

impl Train {
    /// What `train` does without flags.
    fn shipped() -> Result<Train> {
        let command = Train::augment_args(Command::new("train"));
        let matches = command.try_get_matches_from(["train"])?;
        Ok(Train::from_arg_matches(&matches)?)
    }

    /// The settings of the run that these flags begin.
    ///
    /// # Errors
    /// A usage error if they make no sense.
    pub fn config(&self, shared: &Shared) -> Result<RunConfig> {
        Ok(self.settings(shared)?.0)
    }

    /// The settings of the run; and where they come from, if from a file, as a sentence.
    fn settings(&self, shared: &Shared) -> Result<(RunConfig, Option<String>)> {
        let given = self.given_settings(shared)?;
        let file = self.read_settings(shared)?;
        let source = self.config_file.as_deref();
        let source = source.map(|path| source_text(path, &file, &given));
        let recipe = self.recipe.map(Recipe::settings).into_iter().flatten();
        let some: Map<String, Value> = recipe.chain(file).chain(given).collect();
        // What flags and recipes say has been looked at.
        let refuse = |error: UsageError| match &self.config_file {
            Some(path) => UsageError::in_file(path, &error),
            None => error,
        };
        let Shared { seed, .. } = settings::parse(&some).map_err(refuse)?;
        let Train {
            held_out,
            drawings,
            config: train,
            ..
        } = settings::parse(&some).map_err(refuse)?;
        let mut config = RunConfig {
            fold: None,
            seed,
            held_out,
            drawings,
            drawings_crc32: None,
            train,
        };
        config.check_opinions()?;
        let has_drawings = config.drawings.is_some();
        config.train.check_given(&self.given, has_drawings)?;
        if !has_drawings {
            config.train = config.train.without_drawings();
        }
        config.train.check().map_err(UsageError::new)?;
        Ok((config, source))
    }

    /// All settings that a run can begin with, by name, as the flags have them.
    fn by_name(&self, shared: &Shared) -> Result<Map<String, Value>> {
        let config = RunConfig {
            fold: None,
            seed: shared.seed,
            held_out: self.held_out,
            drawings: self.drawings.clone(),
            drawings_crc32: None,
            train: self.config.clone(),
        };
        Ok(settings::object(&config)?)
    }

    /// The settings that flags were given for.
    fn given_settings(&self, shared: &Shared) -> Result<Map<String, Value>> {
        let flags = self.by_name(shared)?.into_iter();
        Ok(flags
            .filter(|(name, _)| self.given.contains(name))
            .collect())
    }

    /// The settings in the file of `--config`, all of which are known by name; none without one.
    fn read_settings(&self, shared: &Shared) -> Result<Map<String, Value>> {
        let Some(path) = &self.config_file else {
            return Ok(Map::new());
        };
        let refuse = |reason: String| {
            UsageError::new(format!(
                "{} holds no settings of train: {reason}",
                path.display()
            ))
        };
        let text = files::read_text(path)?;
        let file: Map<String, Value> =
            serde_json::from_str(&text).map_err(|error| refuse(error.to_string()))?;
        let known = self.by_name(shared)?;
        for name in file.keys() {
            if OF_FOLDS.contains(&name.as_str()) {
                let reason = format!(
                    "{name:?} belongs to a run that lacks a part of the data: take it out, to train on all"
                );
                return Err(refuse(reason).into());
            }
            if !known.contains_key(name) {
                return Err(refuse(format!("there is no setting {name:?}")).into());
            }
        }
        Ok(file)
    }

    /// # Errors
    /// A usage error if a flag was given that a run that goes on would not heed.
    fn check_resumed(&self) -> Result<()> {
        let settings = settings::object(&self.config)?;
        let is_of_workers = |name: &str| parallel::NAMES.contains(&name);
        let is_fixed = |name: &&String| {
            let is_setting = settings.contains_key(*name) && !is_of_workers(name);
            is_setting || BEGINNING.contains(&name.as_str())
        };
        let Some(flag) = self.given.iter().find(is_fixed) else {
            return Ok(());
        };
        let flag = flag.replace('_', "-");
        let sentence = format!(
            "--{flag} cannot be used with '--resume <RUN>': a run goes on by its own settings"
        );
        Err(UsageError::new(sentence).into())
    }
}

/// From which file settings come, and which flags win over it.
fn source_text(path: &Path, file: &Map<String, Value>, given: &Map<String, Value>) -> String {
    let over = given.iter().filter_map(|(name, value)| {
        let before = file.get(name).filter(|before| *before != value)?;
        Some(format!("; {name} is {value} by flag, not {before}"))
    });
    format!("settings of {}{}", path.display(), over.collect::<String>())
}

/// Everything that the training loop needs.
pub struct Run {
    /// The settings.
    pub config: RunConfig,
    /// The images.
    pub data: Data,
    /// Which of the published ones are its validation images.
    pub validation: ValidationSet,
    /// Drawings by hand, if they are trained on.
    pub drawings: Option<Drawings>,
    /// Where checkpoints, log and weights go; may hold checkpoints to go on from.
    pub folder: RunFolder,
    /// What computes.
    pub device: Device,
    /// What computes each part of a batch; none where `device` does all by itself.
    pub workers: Vec<Device>,
    /// Whether to save and stop.
    pub interrupt: Interrupt,
}

/// Trains as the flags say.
///
/// # Errors
/// If data, drawings or the run to resume are not there, or training fails.
pub fn run(flags: &Train, shared: &Shared) -> Result<()> {
    // The data is looked at first: a run that cannot start should leave no folder behind.
    let found = published::find(shared.data.as_deref())?;
    let resumed = flags
        .resume
        .as_deref()
        .map(|path| resume(path, flags))
        .transpose()?;
    let (config, source, folder) = match resumed {
        Some((config, folder)) => (config, None, Some(folder)),
        None => {
            let (config, source) = flags.settings(shared)?;
            (config, source, None)
        }
    };
    let data = data::load(&found, config.held_out)?;
    let drawings = config.drawings()?;
    let device = shared.device.start()?;
    let workers = config.train.parallel.devices(&device)?;
    if let Some(weights) = &config.train.class_weights {
        let photos = data.train.labels.iter().copied();
        let photos = photos.take(config.train.train_images.unwrap_or(usize::MAX));
        let drawn = drawings.iter().flat_map(|drawings| &drawings.train);
        let labels = photos.chain(drawn.map(|drawing| drawing.label));
        weights.check_labels(labels).map_err(UsageError::new)?;
    }
    if folder.is_none() {
        // Weights or layers that are not there should be named before there is a folder.
        config.train.check_unseen(config.held_out)?;
        let random = config.train.net().init(config.seed, &device);
        config.train.transfer.begin(random, &device)?;
        if let Some(teacher) = &config.train.teacher {
            WeightsFile::new(teacher).load_on(&device)?;
        }
    }
    let folder = match folder {
        Some(folder) => folder,
        None => create(flags, &config, shared)?,
    };
    let _lock = folder.lock()?;
    if let Some(source) = source {
        print_line!("{source}")?;
    }
    print_line!("run folder: {}", folder.path().display())?;
    train::run(Run {
        validation: config.held_out.into(),
        config,
        data,
        drawings,
        folder,
        device,
        workers,
        interrupt: Interrupt::install()?,
    })
}

/// Says what is about to happen, then trains the recipe of the shipped weights.
///
/// # Errors
/// As [`run`].
pub fn run_shipped(shared: &Shared) -> Result<()> {
    let mut flags = Train::shipped()?;
    flags.given = vec!["seed".into()];
    print_line!("{}", introduction::text(&flags))?;
    run(&flags, shared)
}

fn resume(path: &Path, flags: &Train) -> Result<(RunConfig, RunFolder)> {
    flags.check_resumed()?;
    let folder = RunFolder::open(path)?;
    let mut config = RunConfig::read(&folder)?;
    config
        .train
        .check()
        .map_err(|sentence| UsageError::in_file(&folder.file(run_folder::CONFIG), &sentence))?;
    if config.fold.is_some() {
        let sentence = format!(
            "{} is one of several runs, of which each lacks a part of the data: repeat the command that began it",
            path.display()
        );
        return Err(UsageError::new(sentence).into());
    }
    let workers = &mut config.train.parallel;
    *workers = workers.resumed(&flags.config.parallel, &flags.given);
    Ok((config, folder))
}

fn create(flags: &Train, config: &RunConfig, shared: &Shared) -> Result<RunFolder> {
    let usual = match flags.recipe {
        Some(recipe) => recipe.to_string(),
        None => config.train.architecture.to_string(),
    };
    let folder = RunFolder::create(&flags.runs, flags.name.as_ref().unwrap_or(&usual))?;
    folder.write_json(run_folder::ENVIRONMENT, &Environment::here(shared))?;
    folder.write_json(run_folder::CONFIG, config)?;
    Ok(folder)
}
