//! `trainer explore`: what is in the data set, as text and as pictures.

mod survey;

use std::path::PathBuf;

use anyhow::Result;
use model::class::{CLASS_COUNT, CLASS_NAMES};
use model::image::{Image, PIXELS};

use crate::cli::Shared;
use crate::data::{self, Labelled, Split, published};
use crate::files;
use crate::output::print_line;
use crate::sheet::{self, Tile};
pub use survey::Survey;

/// Examples of each class in the picture.
const EXAMPLES: usize = 10;

/// The pictures' names.
const PICTURES: [&str; 2] = ["means.png", "examples.png"];

/// Flags of `explore`.
#[derive(Debug, clap::Args)]
pub struct Explore {
    /// Which training images are held out
    #[command(flatten)]
    pub held_out: Split,
    /// Also draw each class's mean image and some examples, as PNG files in this folder
    #[arg(long, value_name = "DIR")]
    pub pictures: Option<PathBuf>,
    /// Write over files that are there
    #[arg(long)]
    pub force: bool,
    /// Print one JSON object instead of tables
    #[arg(long)]
    pub json: bool,
}

/// Prints the survey and draws the pictures.
///
/// # Errors
/// If the data cannot be loaded, or a picture cannot be written.
pub fn run(flags: &Explore, shared: &Shared) -> Result<()> {
    let data = data::load(&published::find(shared.data.as_deref())?, flags.held_out)?;
    let picture_files = flags
        .pictures
        .iter()
        .flat_map(|folder| PICTURES.map(|name| folder.join(name)));
    for path in picture_files {
        files::check_absent(&path, flags.force)?;
    }
    let survey = Survey::new(&data);
    if let Some(folder) = &flags.pictures {
        files::create_folder(folder)?;
        let pictures = [
            sheet::draw(&mean_tiles(&data.train), 5, 4, false),
            sheet::draw(&example_tiles(&data.train), EXAMPLES, 3, false),
        ];
        for (name, picture) in PICTURES.into_iter().zip(pictures) {
            files::write_png(&folder.join(name), &picture)?;
        }
    }
    if flags.json {
        print_line!("{}", serde_json::to_string(&survey)?)
    } else {
        print_line!("{survey}")
    }
}

/// The images of a class.
fn of_class(class: usize, images: &Labelled) -> impl Iterator<Item = &Image> {
    let pairs = images.images.iter().zip(&images.labels);
    pairs
        .filter(move |(_, label)| usize::from(**label) == class)
        .map(|(image, _)| image)
}

/// Each pixel's mean over a class, 0 to 255.
fn mean_pixels(class: usize, images: &Labelled) -> [f64; PIXELS] {
    let mut sums = [0.0; PIXELS];
    let mut count = 0.0_f64;
    for image in of_class(class, images) {
        count += 1.0;
        for (sum, &pixel) in sums.iter_mut().zip(&image.0) {
            *sum += f64::from(pixel);
        }
    }
    sums.map(|sum| sum / count.max(1.0))
}

/// The classes' mean images.
pub fn mean_tiles(images: &Labelled) -> Vec<Tile> {
    let tile = |class| Tile {
        image: Image(mean_pixels(class, images).map(|level| level.round() as u8)),
        captions: vec![CLASS_NAMES[class].into()],
        verdict: None,
    };
    (0..CLASS_COUNT).map(tile).collect()
}

/// The first images of each class.
pub fn example_tiles(images: &Labelled) -> Vec<Tile> {
    let tile = |class, image: &Image| Tile {
        image: image.clone(),
        captions: vec![String::from(CLASS_NAMES[class])],
        verdict: None,
    };
    (0..CLASS_COUNT)
        .flat_map(|class| {
            of_class(class, images)
                .take(EXAMPLES)
                .map(move |image| tile(class, image))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_s_mean_and_spread_are_its_own() {
        let mut images = Labelled::default();
        images.push(Image([100; PIXELS]), 3);
        images.push(Image([200; PIXELS]), 3);
        images.push(Image([7; PIXELS]), 4);
        assert_eq!(mean_pixels(3, &images)[9], 150.0);
        let survey = survey::ClassSurvey::new(3, &images);
        assert!((survey.spread - 50.0 / 255.0).abs() < 1e-9);
        assert_eq!(mean_tiles(&images)[4].image, Image([7; PIXELS]));
        assert_eq!(example_tiles(&images).len(), 3);
    }
}
