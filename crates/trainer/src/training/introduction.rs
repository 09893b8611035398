//! What the trainer says to somebody who typed no command.

use super::Train;

const PUBLISHED_TRAINING_IMAGES: usize = 60_000;

/// The three lines.
pub(super) fn text(flags: &Train) -> String {
    let epochs = flags.config.epochs;
    let runs = flags.runs.display();
    let images = PUBLISHED_TRAINING_IMAGES - flags.held_out.validation_images;
    format!(
        "Training the net that the page ships: {epochs} epochs over {images} images; how long that takes here is known after some steps.\n\
         It writes to a new folder, {runs}/<number>-{}; the shipped weights stay as they are. Ctrl-C saves and stops, --resume goes on.\n\
         There are also the commands `train` (with every setting as a flag), `evaluate` and `predict`; --help says more.",
        flags.config.architecture,
    )
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
        // How long it takes is measured, not known before.
        assert!(
            !text.contains("minutes") && !text.contains("hours"),
            "{text}"
        );
        Ok(())
    }
}
