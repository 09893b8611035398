//! What the trainer says to somebody who typed no command.

use std::num::NonZero;

use super::Train;

const PUBLISHED_TRAINING_IMAGES: usize = 60_000;

/// How fast the shipped recipe trains, for the estimate: 1,400 images/s on two server cores with
/// 512-bit vectors.
const IMAGES_PER_SECOND_AND_CORE: f64 = 700.0;

/// The three lines.
pub(super) fn text(flags: &Train) -> String {
    let epochs = flags.config.epochs;
    let runs = flags.runs.display();
    let images = PUBLISHED_TRAINING_IMAGES - flags.held_out.validation_images;
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    let seconds = (epochs * images) as f64 / (IMAGES_PER_SECOND_AND_CORE * cores as f64);
    format!(
        "Training the net that the page ships: {epochs} epochs over {images} images, about {} on this machine's {cores} cores.\n\
         It writes to a new folder, {runs}/<number>-{}; the shipped weights stay as they are. Ctrl-C saves and stops, --resume goes on.\n\
         There are also the commands `train` (with every setting as a flag), `evaluate` and `predict`; --help says more.",
        duration(seconds),
        flags.config.architecture,
    )
}

/// A duration in seconds as a person says it.
fn duration(seconds: f64) -> String {
    let minutes = (seconds / 60.0).ceil();
    if minutes < 100.0 {
        format!("{minutes} minutes")
    } else {
        format!("{:.1} hours", minutes / 60.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::Result;

    #[test]
    fn the_introduction_is_three_lines_with_the_essentials() -> Result<()> {
        let text = text(&Train::shipped()?);
        assert_eq!(text.lines().count(), 3, "{text}");
        for essential in ["55000 images", "runs/", "--resume", "evaluate", "predict"] {
            assert!(text.contains(essential), "{text}");
        }
        Ok(())
    }

    #[test]
    fn durations_are_rounded_up() {
        assert_eq!(duration(61.0), "2 minutes");
        assert_eq!(duration(9000.0), "2.5 hours");
    }
}
