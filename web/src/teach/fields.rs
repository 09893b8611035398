//! The number fields of the room: a field that holds nonsense says what is wrong and changes nothing.

use crate::number::{decimal, whole};
use model::teach::{Scratch, Settings, Task};
use std::collections::BTreeMap;

/// A number field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// Highest learning rate.
    LearningRate,
    /// Images in a step.
    BatchSize,
    /// Steps in all.
    Steps,
    /// From scratch: images to train on.
    TrainImages,
    /// From scratch: images to validate on.
    ValidationImages,
    /// Fine-tuning: share of originals in a batch.
    ReplayShare,
    /// Fine-tuning: how far their targets are what the net said before.
    Distillation,
    /// Fine-tuning: how far the result goes from the net as it was.
    Strength,
    /// Seed of everything random.
    Seed,
    /// Fine-tuning: so many points may be forgotten.
    Limit,
}

impl Field {
    /// The name beside the field.
    pub fn name(self) -> &'static str {
        match self {
            Self::LearningRate => "Learning rate",
            Self::BatchSize => "Images in a step",
            Self::Steps => "Steps",
            Self::TrainImages => "Training images",
            Self::ValidationImages => "Held out for validation",
            Self::ReplayShare => "Share of originals",
            Self::Distillation => "Distillation",
            Self::Strength => "Strength",
            Self::Seed => "Seed",
            Self::Limit => "Limit on forgetting",
        }
    }

    /// Names it among the document's elements.
    pub fn id(self) -> String {
        format!("field-{self:?}").to_lowercase()
    }

    /// Whether it is shown for the task that these settings are for.
    fn is_shown(self, settings: &Settings) -> bool {
        let from_scratch = settings.scratch().is_some();
        match self {
            Self::TrainImages | Self::ValidationImages => from_scratch,
            Self::ReplayShare | Self::Distillation | Self::Strength | Self::Limit => !from_scratch,
            _ => true,
        }
    }

    fn value(self, settings: &Settings, limit: f64) -> String {
        let of_scratch = |value: fn(&Scratch) -> usize| {
            let scratch = settings.scratch();
            scratch.map_or(String::new(), |scratch| value(&scratch).to_string())
        };
        match self {
            Self::LearningRate => settings.learning_rate.to_string(),
            Self::BatchSize => settings.batch_size.to_string(),
            Self::Steps => settings.steps.to_string(),
            Self::TrainImages => of_scratch(Scratch::images),
            Self::ValidationImages => of_scratch(|scratch| scratch.validation_images),
            Self::ReplayShare => settings.replay_share.to_string(),
            Self::Distillation => settings.distillation.to_string(),
            Self::Strength => settings.strength.to_string(),
            Self::Seed => settings.seed.to_string(),
            Self::Limit => limit.to_string(),
        }
    }

    /// Settings and limit with what was entered.
    fn entered(
        self,
        text: &str,
        settings: &Settings,
        limit: f64,
    ) -> Result<(Settings, f64), String> {
        let (mut settings, mut limit) = (settings.clone(), limit);
        let count = || whole(text).map(|count| usize::try_from(count).unwrap_or(usize::MAX));
        match self {
            Self::LearningRate => settings.learning_rate = decimal(text)?,
            Self::BatchSize => settings.batch_size = count()?,
            Self::Steps => settings.steps = count()?,
            Self::TrainImages | Self::ValidationImages => {
                let count = count()?;
                if let Task::FromScratch(scratch) = &mut settings.task {
                    match self {
                        Self::TrainImages => scratch.train_images = count,
                        _ => scratch.validation_images = count,
                    }
                }
            }
            Self::ReplayShare => settings.replay_share = decimal(text)?,
            Self::Distillation => settings.distillation = decimal(text)?,
            Self::Strength => settings.strength = decimal(text)?,
            Self::Seed => settings.seed = whole(text)?,
            Self::Limit => {
                limit = decimal(text)?;
                if !(limit > 0.0 && limit <= 100.0) {
                    return Err("It must be above 0 and at most 100 points.".into());
                }
            }
        }
        settings.check()?;
        Ok((settings, limit))
    }
}

/// The fields whose text is not what is set.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fields(BTreeMap<Field, Refused>);

#[derive(Clone, Debug, PartialEq)]
struct Refused {
    text: String,
    sentence: String,
}

impl Fields {
    /// Takes in what was entered into a field, and what was refused earlier and has become sensible by it.
    pub fn enter(&mut self, field: Field, text: String, settings: &mut Settings, limit: &mut f64) {
        let sentence = String::new();
        self.0.insert(field, Refused { text, sentence });
        loop {
            let before = self.0.len();
            self.0.retain(|field, refused| {
                match field.entered(&refused.text, settings, *limit) {
                    Ok(entered) => (*settings, *limit) = entered,
                    Err(sentence) => {
                        refused.sentence = sentence;
                        return true;
                    }
                }
                false
            });
            if self.0.len() == before {
                return;
            }
        }
    }

    /// What stands in a field.
    pub fn text(&self, field: Field, settings: &Settings, limit: f64) -> String {
        let refused = self.0.get(&field).map(|refused| refused.text.clone());
        refused.unwrap_or_else(|| field.value(settings, limit))
    }

    /// What is wrong with a field.
    pub fn sentence(&self, field: Field) -> Option<String> {
        self.0.get(&field).map(|refused| refused.sentence.clone())
    }

    /// Why nothing can be trained before a field is corrected.
    pub fn obstacle(&self, settings: &Settings) -> Option<String> {
        let mut shown = self.0.iter().filter(|(field, _)| field.is_shown(settings));
        let (field, refused) = shown.next()?;
        Some(format!("{}: {}", field.name(), refused.sentence))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::architecture::Architecture;

    const ALL: [Field; 10] = [
        Field::LearningRate,
        Field::BatchSize,
        Field::Steps,
        Field::TrainImages,
        Field::ValidationImages,
        Field::ReplayShare,
        Field::Distillation,
        Field::Strength,
        Field::Seed,
        Field::Limit,
    ];

    #[test]
    fn nonsense_in_any_field_is_named_and_training_waits_until_it_is_corrected() {
        for start in [
            Settings::default(),
            Settings::from_scratch(Architecture::Mlp),
        ] {
            for field in ALL.into_iter().filter(|field| field.is_shown(&start)) {
                let (mut fields, mut settings, mut limit) = (Fields::default(), start.clone(), 2.0);
                for text in [
                    "", " ", "1e-", "0,002", "abc", "NaN", "inf", "-1", "1e999", "--5",
                ] {
                    fields.enter(field, text.into(), &mut settings, &mut limit);
                    assert_eq!((&settings, limit), (&start, 2.0), "{field:?} {text:?}");
                    assert_eq!(fields.text(field, &settings, limit), text);
                    let sentence = fields.sentence(field).unwrap();
                    assert!(sentence.ends_with('.'), "{sentence}");
                    let obstacle = fields.obstacle(&settings).unwrap();
                    assert!(obstacle.starts_with(field.name()), "{obstacle}");
                }
                let value = field.value(&start, 2.0);
                fields.enter(field, value.clone(), &mut settings, &mut limit);
                assert_eq!((&settings, limit), (&start, 2.0), "{field:?} {value}");
                assert_eq!(fields, Fields::default());
            }
        }
    }

    #[test]
    fn whole_numbers_are_not_cut_off_and_ranges_are_said() {
        let (mut fields, mut settings, mut limit) = (Fields::default(), Settings::default(), 2.0);
        for (field, text, words) in [
            (Field::Steps, "12.7", "whole number"),
            (Field::Steps, "1e9", "between 1 and 100,000"),
            (Field::LearningRate, "0,002", "point"),
            (Field::LearningRate, "2", "at most 1"),
            (Field::Limit, "0", "above 0"),
        ] {
            fields.enter(field, text.into(), &mut settings, &mut limit);
            let sentence = fields.sentence(field).unwrap();
            assert!(sentence.contains(words), "{sentence}");
        }
        fields.enter(Field::Seed, u64::MAX.to_string(), &mut settings, &mut limit);
        assert_eq!(settings.seed, u64::MAX);
    }

    #[test]
    fn what_another_field_made_senseless_is_taken_once_it_makes_sense() {
        let (mut fields, mut settings, mut limit) = (Fields::default(), Settings::default(), 2.0);
        fields.enter(Field::BatchSize, "1".into(), &mut settings, &mut limit);
        assert!(fields.obstacle(&settings).is_some());
        fields.enter(Field::ReplayShare, "0".into(), &mut settings, &mut limit);
        assert_eq!((settings.batch_size, fields), (1, Fields::default()));
    }

    #[test]
    fn fields_of_another_task_are_no_obstacle() {
        let (mut fields, mut settings, mut limit) = (Fields::default(), Settings::default(), 2.0);
        fields.enter(Field::Strength, "9".into(), &mut settings, &mut limit);
        let scratch = Settings::from_scratch(Architecture::Mlp);
        assert_eq!(fields.obstacle(&scratch), None);
    }
}
