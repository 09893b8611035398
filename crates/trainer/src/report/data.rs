//! The report on the data set.

use anyhow::Result;

use super::page::Page;
use super::{COLUMNS, percent};
use crate::data::Data;
use crate::explore::{self, Survey};
use crate::sheet;

/// The section about the data set, with a sentence if the model's run split it otherwise.
///
/// # Errors
/// If a picture cannot be drawn.
pub fn write(page: &mut Page, data: &Data, other_split: Option<String>) -> Result<()> {
    page.section("The data");
    page.paragraph(
        "Fashion-MNIST (Zalando SE, 2017, MIT licence): grey photos of garments, 28 by 28 pixels, ten classes. \
         The test images are for the final figures only; the validation images, on which epochs are chosen, are held \
         out of the published training set.",
    );
    if let Some(sentence) = other_split {
        page.paragraph(&sentence);
    }
    let survey = Survey::new(data);
    let mut rows = vec![
        [
            "class",
            "train",
            "validation",
            "test",
            "mean brightness",
            "covered",
            "spread",
        ]
        .map(String::from)
        .to_vec(),
    ];
    for (class, looks) in survey.classes.iter().enumerate() {
        let mut row = vec![looks.class.to_owned()];
        row.extend(
            survey
                .parts
                .iter()
                .map(|part| part.classes[class].to_string()),
        );
        row.extend([looks.mean, looks.covered, looks.spread].map(|figure| format!("{figure:.3}")));
        rows.push(row);
    }
    page.table(&rows);
    page.paragraph(&format!(
        "Pixels from 0 to 1: mean {:.4}, standard deviation {:.4}; {} are background. Spread is the distance of an image from its class's mean image.",
        survey.mean, survey.standard_deviation, percent(survey.background)
    ));
    page.picture(
        &sheet::draw(&explore::mean_tiles(&data.train), 5, 4, false),
        "Each class's mean image",
    )?;
    page.picture(
        &sheet::draw(&explore::example_tiles(&data.train), COLUMNS, 2, false),
        "The first images of each class",
    )
}
