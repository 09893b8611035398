//! What `evaluate` prints.

use std::fmt;

use model::weights::Temperature;

use super::certainty::{Part, Sets, Sure};
use super::figures::{CALIBRATION_BINS, Figures, WorstClass};
use super::report::{Answer, Cost, DrawingReport, Report, WithoutLeaked};

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Cost {
            multiply_adds,
            parameters,
            bytes,
        } = self.cost;
        writeln!(
            f,
            "{}: {:.1} million multiply-adds an image, {parameters} parameters, {bytes} bytes",
            self.weights,
            multiply_adds as f64 / 1e6,
        )?;
        let Temperature { photo, drawing } = self.temperature;
        writeln!(
            f,
            "temperature {photo:.3} for photos, {drawing:.3} for drawings"
        )?;
        writeln!(
            f,
            "\n== {} {} images\n\n{}",
            self.photos.images, self.split, self.photos
        )?;
        match &self.without_leaked {
            Some(leaked) => writeln!(f, "{leaked}")?,
            None if self.split == super::Part::Test.name() => writeln!(
                f,
                "duplicates are not known: `trainer duplicates` finds them"
            )?,
            // The list is of test images that are among the training ones.
            None => {}
        }
        if let Some(first) = &self.first_image {
            writeln!(f, "first image: {first}")?;
        }
        write!(f, "\nmost confident mistakes")?;
        for mistake in &self.mistakes {
            write!(f, "\n{:>6}  {mistake}", mistake.index)?;
        }
        if let Some(drawings) = &self.drawings {
            write!(f, "\n{drawings}")?;
        }
        write!(f, "\n\n{}", self.summary())
    }
}

impl Report {
    /// One line a group.
    fn summary(&self) -> String {
        let mut table = format!(
            "{:>18} {:>7} {:>9} {:>7} {:>7} {:>11} {:>6} {:>9} {:>9}",
            "",
            "images",
            "accuracy",
            "macro",
            "worst",
            "calibration",
            "sure",
            "set size",
            "coverage"
        );
        for (name, figures) in self.groups() {
            let worst = figures
                .worst_class
                .as_ref()
                .map_or(0.0, |worst| worst.accuracy);
            table += &format!(
                "\n{name:>18} {:>7} {:>9.2} {:>7.2} {:>7.1} {:>11.2} {:>6.1} {:>9.2} {:>9.1}",
                figures.images,
                100.0 * figures.accuracy,
                100.0 * figures.macro_accuracy,
                100.0 * worst,
                100.0 * figures.expected_calibration_error,
                100.0 * figures.sure.sure.share,
                figures.sets.mean_size,
                100.0 * figures.sets.coverage,
            );
        }
        table
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = |share: f64| 100.0 * share;
        writeln!(f, "{}\n", self.confusion)?;
        let classes = self.classes.len();
        write!(f, "accuracy {:.2} %", percent(self.accuracy))?;
        write!(
            f,
            ", macro over {classes} classes {:.2} %",
            percent(self.macro_accuracy)
        )?;
        if let Some(WorstClass { class, accuracy }) = &self.worst_class {
            write!(f, ", worst {class} {:.1} %", percent(*accuracy))?;
        }
        let error = percent(self.expected_calibration_error);
        writeln!(
            f,
            "\nexpected calibration error {error:.2} % ({CALIBRATION_BINS} bins)"
        )?;
        let Sure { sure, not_sure } = &self.sure;
        let (share, accuracy) = (percent(sure.share), percent(sure.accuracy));
        write!(
            f,
            "sure of {share:.1} %, of which {accuracy:.1} % are right"
        )?;
        writeln!(f, "; of the others {:.1} %", percent(not_sure.accuracy))?;
        let Part { share, accuracy } = self.unfamiliar;
        write!(f, "unlike anything learnt {:.1} %", percent(share))?;
        writeln!(
            f,
            ", of which {:.1} % are right all the same",
            percent(accuracy)
        )?;
        let Sets {
            stated_coverage,
            coverage,
            mean_size,
        } = self.sets;
        write!(
            f,
            "sets of {mean_size:.2} classes hold the right one in {:.1} %",
            percent(coverage)
        )?;
        match stated_coverage {
            0.0 => write!(f, " (none was stated: `trainer calibrate` fits the rules)"),
            stated => write!(f, " (stated: {:.0} %)", percent(f64::from(stated))),
        }
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Answer {
            predicted,
            actual,
            confidence,
            ..
        } = self;
        let percent = 100.0 * confidence;
        write!(
            f,
            "predicted {predicted} with confidence {percent:.1} %, actually {actual}"
        )
    }
}

impl fmt::Display for WithoutLeaked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "without the {} images that have a near duplicate in the training set {:.2} %, on those {:.2} %",
            self.left_out,
            100.0 * self.accuracy,
            100.0 * self.accuracy_on_leaked
        )
    }
}

impl fmt::Display for DrawingReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "\n== {} Quick, Draw! drawings\n\n{}",
            self.quick_draw.images, self.quick_draw
        )?;
        for (style, icons) in &self.icons {
            write!(f, "\n\n== {} icons, {style}\n\n{icons}", icons.images)?;
        }
        Ok(())
    }
}
