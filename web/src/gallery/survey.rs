//! Having many images classified, a few at a time.

use super::ImageId;

/// How many images go to a worker at once: few enough that a drawing is answered without delay.
pub const BATCH: usize = 32;

/// A walk through many images.
#[derive(Debug, Default)]
pub struct Survey {
    /// Those to come, the next one last.
    waiting: Vec<ImageId>,
    /// Those under way.
    asked: Vec<ImageId>,
    done: usize,
    milliseconds: f64,
}

impl Survey {
    /// A walk through these images, in their order.
    pub fn of(mut images: Vec<ImageId>) -> Self {
        images.reverse();
        Self {
            waiting: images,
            ..Self::default()
        }
    }

    /// The next images to ask about; empty at the end.
    pub fn ask(&mut self) -> &[ImageId] {
        let rest = self.waiting.len().saturating_sub(BATCH);
        self.asked = self.waiting.split_off(rest);
        self.asked.reverse();
        &self.asked
    }

    /// Those asked about have been answered, in this time.
    pub fn answered(&mut self, milliseconds: f64) -> Vec<ImageId> {
        self.done += self.asked.len();
        self.milliseconds += milliseconds;
        std::mem::take(&mut self.asked)
    }

    /// How many are done, and how many there are in all.
    pub fn progress(&self) -> (usize, usize) {
        let all = self.done + self.asked.len() + self.waiting.len();
        (self.done, all)
    }

    /// Images a second that the net alone needs; `None` before the first answer.
    pub fn images_per_second(&self) -> Option<f64> {
        (self.milliseconds > 0.0).then(|| self.done as f64 / self.milliseconds * 1e3)
    }

    /// Whether an answer is awaited.
    pub fn is_asking(&self) -> bool {
        !self.asked.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_image_is_asked_about_once_and_in_order() {
        let all: Vec<ImageId> = (0..70).filter_map(ImageId::of_all).collect();
        let mut survey = Survey::of(all.clone());
        let mut seen = Vec::new();
        while !survey.ask().is_empty() {
            assert!(survey.is_asking());
            seen.extend(survey.answered(4.0));
            assert_eq!(survey.progress(), (seen.len(), 70));
        }
        assert_eq!(seen, all);
        assert_eq!(survey.images_per_second(), Some(70.0 / 12.0 * 1e3));
        assert!(survey.ask().is_empty());
    }
}
