//! Nets that are to judge what they did not learn from: the data is dealt into folds, and for each a
//! net is trained on all the others (cross-fitting).

use std::ops::RangeInclusive;
use std::path::Path;

use anyhow::Result;
use burn::tensor::Device;
use model::weights::ValidationSet;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::data::{Data, Split};
use crate::drawings::Drawings;
use crate::files;
use crate::interrupt::Interrupt;
use crate::nets::{Loaded, WeightsFile};
use crate::output::print_line;
use crate::run_config::RunConfig;
use crate::run_folder::{self, RunFolder};
use crate::train::{self, config::TrainConfig};
use crate::training::Run;

/// How many folds there may be: each net learns from the others, and for each fold one is trained.
pub const COUNTS: RangeInclusive<usize> = 2..=100;

/// Which fold of how many, the first being 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fold {
    /// From 0.
    pub number: usize,
    /// At least two.
    pub of: usize,
}

impl Fold {
    /// All folds of so many.
    pub fn all(of: usize) -> impl Iterator<Item = Fold> {
        (0..of).map(move |number| Fold { number, of })
    }

    /// The items of all other folds, and those of this one: every so-manieth.
    pub fn deal<T: Clone>(self, all: &[T]) -> (Vec<T>, Vec<T>) {
        let (mut rest, mut own) = (Vec::new(), Vec::new());
        for (place, item) in all.iter().enumerate() {
            let is_own = place % self.of == self.number;
            if is_own { &mut own } else { &mut rest }.push(item.clone());
        }
        (rest, own)
    }

    /// The place among all items of this fold's item at `place`.
    pub fn place(self, place: usize) -> usize {
        place * self.of + self.number
    }
}

/// What a fold's net is trained with.
pub struct FoldRun<'a> {
    /// The fold.
    pub fold: Fold,
    /// What the run is for: its folder is `<number>-<purpose>-<fold>-of-<folds>`.
    pub purpose: &'static str,
    /// Folder of all run folders.
    pub runs: &'a Path,
    /// The settings.
    pub settings: &'a TrainConfig,
    /// What it learns from, and what it is chosen on.
    pub data: Data,
    /// Which of the published images that is.
    pub validation: ValidationSet,
    /// Drawings, likewise, and the folder that they come from.
    pub drawings: Option<(&'a Path, Drawings)>,
    /// What computes.
    pub device: &'a Device,
}

impl FoldRun<'_> {
    /// Trains the net, or goes on where an earlier call was stopped.
    ///
    /// # Errors
    /// [`Stopped`](crate::interrupt::Stopped) if this call was; also if another process trains it, or training fails.
    pub fn train(self, seed: u64, interrupt: &Interrupt) -> Result<Loaded> {
        let Fold { number, of } = self.fold;
        let name = format!("{}-{}-of-{of}", self.purpose, number + 1);
        let (folder, drawings) = self.drawings.unzip();
        let config = RunConfig {
            fold: Some(self.fold),
            seed,
            held_out: Split {
                validation_images: self.data.validation.len(),
                ..Split::default()
            },
            drawings: folder.map(Path::to_owned),
            drawings_crc32: drawings.as_ref().map(|drawings| drawings.crc32),
            train: self.settings.clone(),
        };
        let written = serde_json::to_value(&config)?;
        let settings = |run: &Path| files::read_json::<Value>(&run.join(run_folder::CONFIG)).ok();
        let mut begun = run_folder::named(self.runs, &name).into_iter();
        let folder = match begun.find(|run| settings(run).as_ref() == Some(&written)) {
            Some(run) => RunFolder::open(&run)?,
            None => RunFolder::create(self.runs, &name)?,
        };
        let _lock = folder.lock()?;
        print_line!("{name}: {}", folder.path().display())?;
        folder.write_json(run_folder::CONFIG, &written)?;
        let device = self.device.clone();
        train::run(Run {
            workers: config.train.parallel.devices(&device)?,
            config,
            data: self.data,
            validation: self.validation,
            drawings,
            folder: folder.clone(),
            device,
            interrupt: interrupt.clone(),
        })?;
        let weights = folder.file(&format!("{}.weights", self.settings.architecture));
        WeightsFile::new(&weights).load_on(self.device)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_item_is_in_one_fold_and_learnt_from_in_the_others() -> Result<()> {
        let all: Vec<usize> = (0..11).collect();
        let mut seen = Vec::new();
        for fold in Fold::all(3) {
            let (rest, own) = fold.deal(&all);
            assert_eq!(rest.len() + own.len(), 11);
            assert!(own.iter().all(|item| !rest.contains(item)));
            let places = own.iter().enumerate();
            seen.extend(places.map(|(place, item)| (fold.place(place), *item)));
        }
        seen.sort_unstable();
        assert!(seen.iter().map(|(place, _)| *place).eq(0..11));
        assert!(seen.iter().all(|(place, item)| place == item));
        Ok(())
    }
}
