//! A contact sheet of what a net reads wrong, and right.

use anyhow::Result;
use image::RgbImage;
use model::class::CLASS_COUNT;

use super::Images;
use crate::nets::{Kind, Loaded};
use crate::sheet::{self, Tile};

/// Tiles in a row.
const COLUMNS: usize = 10;

/// At most so many that are read wrong.
const WRONG: usize = 40;

/// Of each class, so many that are read right.
const RIGHT: usize = 4;

/// Drawings if there are some, else photos: first right ones class by class, then wrong ones, the
/// most confident first.
///
/// # Errors
/// If the device fails.
pub fn picture(net: &Loaded, images: &Images) -> Result<RgbImage> {
    let (tiles, inverted) = match &images.drawings {
        Some(drawings) => (tiles(net, &drawings.all(), Kind::Drawing)?, true),
        None => (tiles(net, &images.photos, Kind::Photo)?, false),
    };
    Ok(sheet::draw(&tiles.concat(), COLUMNS, 3, inverted))
}

/// Right ones and wrong ones.
///
/// # Errors
/// If the device fails.
pub fn tiles(net: &Loaded, images: &crate::data::Labelled, kind: Kind) -> Result<[Vec<Tile>; 2]> {
    let readings = net.read(&images.images, kind)?;
    let mut right: [Vec<Tile>; CLASS_COUNT] = Default::default();
    let mut wrong: Vec<(f32, Tile)> = Vec::new();
    for ((reading, image), &label) in readings.iter().zip(&images.images).zip(&images.labels) {
        let tile = || reading.tile(image.clone(), Some(label));
        let of_class = &mut right[usize::from(label)];
        if !reading.is_right(label) {
            wrong.push((reading.prediction.top().1, tile()));
        } else if of_class.len() < RIGHT {
            of_class.push(tile());
        }
    }
    wrong.sort_by(|a, b| b.0.total_cmp(&a.0));
    wrong.truncate(WRONG);
    let wrong = wrong.into_iter().map(|(_, tile)| tile).collect();
    Ok([right.concat(), wrong])
}
