//! What a person sees while the trainer works: a bar with rate and time left, one line an epoch.

use std::fmt;

use indicatif::{ProgressBar, ProgressStyle};
use serde::{Deserialize, Serialize};

const TEMPLATE: &str = "{msg} {wide_bar} {human_pos}/{human_len} images {per_sec} ETA {eta}";

/// A bar over `images` images, labelled `what`. Drawn on standard error, and only on a terminal.
pub fn bar(images: usize, what: impl Into<String>) -> ProgressBar {
    let style = ProgressStyle::with_template(TEMPLATE)
        .unwrap_or_else(|_| ProgressStyle::default_bar())
        .with_key(
            "per_sec",
            |state: &indicatif::ProgressState, w: &mut dyn fmt::Write| {
                // A failed write leaves the bar without its rate, which is no reason to stop.
                let _ = write!(w, "{:.0}/s", state.per_sec());
            },
        );
    ProgressBar::new(images as u64)
        .with_style(style)
        .with_message(what.into())
}

/// What one epoch did: a line on the screen and a line in the log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EpochReport {
    /// The epoch, counted from 1.
    pub epoch: usize,
    /// How many epochs the run has.
    pub epochs: usize,
    /// Mean training loss per image, in nats.
    pub loss: f64,
    /// Accuracy on the training images as they were trained on (augmented), 0..=1.
    pub train_accuracy: f64,
    /// Accuracy on the held-out images, 0..=1.
    pub validation_accuracy: f64,
    /// On held-out drawings by people and on icons: mean of the classes' accuracies, 0..=1.
    #[serde(default)]
    pub drawings: Option<[f64; 2]>,
    /// The learning rate at the end of the epoch.
    pub learning_rate: f64,
    /// Training images per second.
    pub images_per_second: f64,
    /// How long the epoch took since it was begun or taken up again, validation and all; absent in
    /// logs of earlier versions.
    #[serde(default)]
    pub seconds: f64,
}

impl fmt::Display for EpochReport {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.epochs.to_string().len();
        write!(
            formatter,
            "epoch {:>width$}/{}  loss {:.4}  train {:.2} %  validation {:.2} %",
            self.epoch,
            self.epochs,
            self.loss,
            100.0 * self.train_accuracy,
            100.0 * self.validation_accuracy,
        )?;
        if let Some([people, icons]) = self.drawings {
            write!(
                formatter,
                "  drawings {:.1} %  icons {:.1} %",
                100.0 * people,
                100.0 * icons
            )?;
        }
        write!(
            formatter,
            "  learning rate {:.2e}  {:.0} images/s",
            self.learning_rate, self.images_per_second,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_epoch_is_one_line_with_everything_in_it() {
        let report = EpochReport {
            epoch: 3,
            epochs: 12,
            loss: 0.51234,
            train_accuracy: 0.9,
            validation_accuracy: 0.93456,
            drawings: Some([0.881, 0.7]),
            learning_rate: 0.02,
            images_per_second: 612.4,
            seconds: 90.0,
        };
        let line = report.to_string();
        assert_eq!(
            line,
            "epoch  3/12  loss 0.5123  train 90.00 %  validation 93.46 %  drawings 88.1 %  icons 70.0 %  learning rate 2.00e-2  612 images/s"
        );
        let photos_only = EpochReport {
            drawings: None,
            ..report
        };
        let shorter = line.replace("  drawings 88.1 %  icons 70.0 %", "");
        assert_eq!(photos_only.to_string(), shorter);
    }
}
