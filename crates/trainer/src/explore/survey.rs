//! The figures of `explore`.

use std::fmt;

use model::class::{CLASS_COUNT, CLASS_NAMES};
use model::image::{Image, PIXELS};
use serde::Serialize;

use super::{mean_pixels, of_class};
use crate::data::{Data, Labelled};

/// What is in the data set.
#[derive(Debug, Serialize)]
pub struct Survey {
    /// Its parts.
    pub parts: Vec<PartSurvey>,
    /// The classes' looks, in the images that are trained on.
    pub classes: Vec<ClassSurvey>,
    /// Mean of the training pixels, 0 to 1.
    pub mean: f64,
    /// Their standard deviation.
    pub standard_deviation: f64,
    /// The share of them that is background, which is 0.
    pub background: f64,
}

/// One part of the data set.
#[derive(Debug, Serialize)]
pub struct PartSurvey {
    /// Its name.
    pub name: &'static str,
    /// How many images it has.
    pub images: usize,
    /// How many of each class.
    pub classes: [usize; CLASS_COUNT],
}

/// How the images of a class look.
#[derive(Debug, Serialize)]
pub struct ClassSurvey {
    /// Its name.
    pub class: &'static str,
    /// Mean of the pixels, 0 to 1.
    pub mean: f64,
    /// Share of the pixels that are not background.
    pub covered: f64,
    /// Root mean square distance of a pixel from the class's mean image, 0 to 1: how much the class varies.
    pub spread: f64,
}

impl Survey {
    /// Surveys the data.
    pub fn new(data: &Data) -> Survey {
        let parts = [
            ("train", &data.train),
            ("validation", &data.validation),
            ("test", &data.test),
        ];
        let pixels = Pixels::of(data.train.images.iter());
        Survey {
            parts: parts.map(|(name, part)| PartSurvey::new(name, part)).into(),
            classes: (0..CLASS_COUNT)
                .map(|class| ClassSurvey::new(class, &data.train))
                .collect(),
            mean: pixels.mean(),
            standard_deviation: pixels.standard_deviation(),
            background: 1.0 - pixels.covered(),
        }
    }
}

impl PartSurvey {
    fn new(name: &'static str, part: &Labelled) -> PartSurvey {
        let mut classes = [0; CLASS_COUNT];
        for &label in &part.labels {
            classes[usize::from(label)] += 1;
        }
        PartSurvey {
            name,
            images: part.len(),
            classes,
        }
    }
}

impl ClassSurvey {
    /// How the images of this class look.
    pub fn new(class: usize, images: &Labelled) -> ClassSurvey {
        let pixels = Pixels::of(of_class(class, images));
        let mean = mean_pixels(class, images);
        let distance = |image: &Image| -> f64 {
            let squares = image
                .0
                .iter()
                .zip(&mean)
                .map(|(&a, b)| (f64::from(a) - b).powi(2));
            squares.sum::<f64>() / PIXELS as f64
        };
        let distances: f64 = of_class(class, images).map(distance).sum();
        let count = of_class(class, images).count().max(1) as f64;
        ClassSurvey {
            class: CLASS_NAMES[class],
            mean: pixels.mean(),
            covered: pixels.covered(),
            spread: (distances / count).sqrt() / 255.0,
        }
    }
}

/// How often each grey level comes up.
struct Pixels([u64; 256]);

impl Pixels {
    fn of<'a>(images: impl Iterator<Item = &'a Image>) -> Pixels {
        let mut counts = [0; 256];
        for &pixel in images.flat_map(|image| &image.0) {
            counts[usize::from(pixel)] += 1;
        }
        Pixels(counts)
    }

    /// The mean of a function of the grey levels, themselves scaled to 0..=1.
    fn average(&self, value: impl Fn(f64) -> f64) -> f64 {
        let levels = self.0.iter().enumerate();
        let sum: f64 = levels
            .map(|(level, &count)| count as f64 * value(level as f64 / 255.0))
            .sum();
        sum / self.0.iter().sum::<u64>().max(1) as f64
    }

    fn mean(&self) -> f64 {
        self.average(|level| level)
    }

    fn standard_deviation(&self) -> f64 {
        let mean = self.mean();
        self.average(|level| (level - mean).powi(2)).sqrt()
    }

    fn covered(&self) -> f64 {
        self.average(|level| if level > 0.0 { 1.0 } else { 0.0 })
    }
}

impl fmt::Display for Survey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:>14}", "")?;
        for part in &self.parts {
            write!(f, " {:>10}", part.name)?;
        }
        writeln!(f, " {:>10} {:>10} {:>10}", "mean", "covered", "spread")?;
        for (class, looks) in self.classes.iter().enumerate() {
            write!(f, "{:>14}", looks.class)?;
            for part in &self.parts {
                write!(f, " {:>10}", part.classes[class])?;
            }
            let ClassSurvey {
                mean,
                covered,
                spread,
                ..
            } = looks;
            writeln!(f, " {mean:>10.3} {covered:>10.3} {spread:>10.3}")?;
        }
        write!(f, "{:>14}", "together")?;
        for part in &self.parts {
            write!(f, " {:>10}", part.images)?;
        }
        writeln!(f, " {:>10.4} {:>10.3}", self.mean, 1.0 - self.background)?;
        write!(
            f,
            "\nmean: of the pixels, 0 to 1 (standard deviation {:.4}); covered: share that is no background; \
             spread: distance of an image from its class's mean\n`trainer duplicates` lists images that are nearly the same",
            self.standard_deviation
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pixels_are_averaged_on_a_scale_of_one() {
        let mut image = Image::blank();
        image.0[..PIXELS / 2].fill(255);
        let pixels = Pixels::of([&image].into_iter());
        assert_eq!(
            (pixels.mean(), pixels.standard_deviation(), pixels.covered()),
            (0.5, 0.5, 0.5)
        );
    }
}
