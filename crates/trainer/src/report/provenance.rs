//! What is known of how a report's weights came about, in sentences.

use std::path::Path;

use anyhow::Result;
use model::class::{CLASS_COUNT, CLASS_NAMES};
use model::weights::Sidecar;

use crate::data::Split;
use crate::drawings;
use crate::evaluate::report::Report;
use crate::progress::EpochReport;
use crate::run_config::RunConfig;
use crate::run_folder::{self, RunFolder};
use crate::train::config::TrainConfig;
use crate::train::validation::Scores;

/// What the weights' sidecar says, and the folder of their run where they lie in it.
pub struct Provenance {
    sidecar: Sidecar,
    run: Option<(RunConfig, Vec<EpochReport>)>,
}

impl Provenance {
    /// Of these weights.
    ///
    /// # Errors
    /// If their run's settings are there and cannot be read.
    pub fn of(weights: &Path, sidecar: &Sidecar) -> Result<Provenance> {
        let folder = weights.parent().unwrap_or(Path::new(""));
        let is_of_a_run = folder.join(run_folder::LOG).is_file();
        let config = match is_of_a_run && folder.join(run_folder::CONFIG).is_file() {
            true => Some(RunConfig::read(&RunFolder::open(folder)?)?),
            false => None,
        };
        // Other weights may have been put beside them.
        let is_theirs = |config: &RunConfig| {
            config.seed == sidecar.seed
                && config.train.architecture.name() == sidecar.architecture
                && sidecar.config.get("fine_tuning").is_none()
        };
        Ok(Provenance {
            sidecar: sidecar.clone(),
            run: config
                .filter(is_theirs)
                .map(|config| (config, run_folder::log(folder))),
        })
    }

    /// The epochs of the run; none where it is not known.
    pub fn log(&self) -> &[EpochReport] {
        self.run.as_ref().map_or(&[], |(_, log)| log)
    }

    /// Whether the training images were varied, or drawings in their place.
    pub fn is_augmented(&self) -> bool {
        let mut run = self.run.iter();
        run.any(|(config, _)| config.train.is_augmented())
    }

    /// Whether held-out drawings had a part in choosing the epoch.
    fn drawings_chose(&self) -> bool {
        let mut figures = self.sidecar.metrics.keys();
        figures.any(|name| name == crate::train::DRAWINGS_METRIC)
    }

    /// How the model was trained.
    pub fn training(&self) -> Vec<String> {
        if let Some(settings) = self.sidecar.config.get("fine_tuning") {
            return vec![format!(
                "It was fine-tuned on examples, {} steps of {} images.",
                settings["steps"], settings["batch_size"]
            )];
        }
        let Some((config, log)) = &self.run else {
            let mut known =
                vec!["How it was trained is not known: its run's config.json and log are not beside the weights.".into()];
            if self.drawings_chose() {
                known.push("Held-out drawings and icons were among what its epoch was chosen on, as its metadata says.".into());
            }
            return known;
        };
        let train = &config.train;
        let mut sentences = vec![images(train), variation(train)];
        if let Some(from) = &train.transfer.from {
            sentences.push(format!("It began with the weights {}.", from.display()));
        }
        if !train.transfer.freeze.is_empty() {
            sentences.push(format!(
                "Frozen layers: {}.",
                train.transfer.freeze.join(", ")
            ));
        }
        sentences.push(self.chosen(config, log));
        sentences
    }

    /// Which epoch the weights are of, and by what it was chosen.
    fn chosen(&self, config: &RunConfig, log: &[EpochReport]) -> String {
        let photos = config.held_out.validation_images;
        let by = if self.drawings_chose() {
            format!(
                "{photos} validation photos and, counting as much, on held-out drawings and icons"
            )
        } else {
            format!("{photos} validation photos")
        };
        let best = Scores::best(log).map_or(0, |epoch| epoch.epoch);
        format!(
            "{} of {} epochs were trained; the weights are those of epoch {best}, the best one on {by}.",
            log.len(),
            config.train.epochs
        )
    }

    /// That the run held out other images than the report counts, where it did.
    pub fn other_split(&self, reported: Split) -> Option<String> {
        let (config, _) = self.run.as_ref()?;
        let Split {
            validation_images,
            split_seed,
        } = config.held_out;
        (config.held_out != reported).then(|| {
            format!("The model's own run held out {validation_images} images, chosen by split seed {split_seed}.")
        })
    }

    /// What bears on the figures of a report with or without drawings.
    pub fn caveats(&self, report: &Report) -> Vec<String> {
        let mut points = Vec::new();
        if let Some((config, _)) = &self.run {
            points.extend(unseen_classes(config));
        }
        if report.drawings.is_some() && self.drawings_chose() {
            let confidence = &self.sidecar.confidence;
            let fitted = confidence.is_some_and(|rules| rules.drawing != rules.photo);
            let fitted = if fitted {
                " and fitted the confidence"
            } else {
                ""
            };
            points.push(format!(
                "Drawings and icons also chose the best epoch{fitted}, so their figures are a little kind."
            ));
        } else if report.drawings.is_some() && self.run.is_some() {
            points.push("Drawings and icons had no part in choosing the epoch.".into());
        }
        points
    }
}

/// The shares of drawings among what is trained on, each with its name.
fn drawn(train: &TrainConfig) -> Vec<(f64, &'static str)> {
    let shares = [
        (train.human_share, "people's drawings, redrawn"),
        (train.doodle_share, "drawings made up by rule"),
        (train.trace_share, "photos traced by strokes"),
        (train.sketch_share, "photos made into sketches"),
    ];
    shares
        .into_iter()
        .filter(|(share, _)| *share > 0.0)
        .collect()
}

fn images(train: &TrainConfig) -> String {
    let drawn = drawn(train);
    if drawn.is_empty() {
        return "It was trained on photos alone.".into();
    }
    let parts: Vec<String> = drawn
        .iter()
        .map(|(share, name)| format!("{} % {name}", rounded(100.0 * share)))
        .collect();
    let photos = 1.0 - drawn.iter().map(|(share, _)| share).sum::<f64>();
    format!(
        "Of the images that it was trained on, {}; the other {} % are photos.",
        parts.join(", "),
        rounded(100.0 * photos.max(0.0))
    )
}

fn variation(train: &TrainConfig) -> String {
    let variation = &train.variation;
    let percent = |share| rounded(100.0 * share);
    let ways = [
        (variation.flip > 0.0).then(|| format!("{} % mirrored", percent(variation.flip))),
        (variation.shift > 0).then(|| format!("shifted by up to {} pixels", variation.shift)),
        (variation.rotate > 0.0).then(|| format!("turned by up to {} degrees", variation.rotate)),
        (variation.erase > 0.0).then(|| format!("{} % partly erased", percent(variation.erase))),
        (variation.mixup > 0.0).then(|| format!("blended by mixup of {}", variation.mixup)),
    ];
    let ways: Vec<String> = ways.into_iter().flatten().collect();
    match ways.is_empty() {
        true => "Images were not augmented.".into(),
        false => format!("Images were augmented: {}.", ways.join(", ")),
    }
}

/// The classes of which the run had no drawing by people, where it learnt from such drawings.
fn unseen_classes(config: &RunConfig) -> Option<String> {
    let folder = config
        .drawings
        .as_ref()
        .filter(|_| config.train.human_share > 0.0)?;
    // The folder need not be on this machine any more.
    let train = drawings::load(folder).ok()?.train;
    let is_drawn = |class: usize| {
        train
            .iter()
            .any(|drawing| usize::from(drawing.label) == class)
    };
    let unseen: Vec<&str> = (0..CLASS_COUNT)
        .filter(|&class| !is_drawn(class))
        .map(|class| CLASS_NAMES[class])
        .collect();
    (!unseen.is_empty()).then(|| {
        format!(
            "People's drawings to train on are there for {} of {CLASS_COUNT} classes; there are none of {}.",
            CLASS_COUNT - unseen.len(),
            unseen.join(", ")
        )
    })
}

fn rounded(number: f64) -> f64 {
    (10.0 * number).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::config::tests::parse;

    #[test]
    fn what_a_run_was_trained_on_is_said_as_its_settings_have_it() {
        let plain = parse(&[
            "--flip=0",
            "--shift=0",
            "--erase=0",
            "--human-share=0",
            "--doodle-share=0",
            "--trace-share=0",
            "--sketch-share=0",
        ]);
        assert_eq!(images(&plain), "It was trained on photos alone.");
        assert_eq!(variation(&plain), "Images were not augmented.");
        assert!(!plain.is_augmented());
        let shipped = parse(&["--rotate=5"]);
        assert_eq!(
            images(&shipped),
            "Of the images that it was trained on, 13 % people's drawings, redrawn, 12 % drawings made up by rule, \
             8 % photos traced by strokes, 5 % photos made into sketches; the other 62 % are photos."
        );
        assert_eq!(
            variation(&shipped),
            "Images were augmented: 50 % mirrored, shifted by up to 2 pixels, turned by up to 5 degrees, \
             40 % partly erased."
        );
        assert!(shipped.is_augmented());
        assert!(images(&shipped.without_drawings()).contains("the other 75 % are photos"));
    }
}
