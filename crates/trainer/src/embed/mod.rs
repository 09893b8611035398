//! `trainer embed`: a map of all images, on which what the net finds alike lies together.
//!
//! `map.bin` holds a place for each image, as [`model::map`] writes it, in the published order: training
//! images, then test images. `map.json` says what it was made with.

pub mod neighbours;
pub mod umap;

use std::path::PathBuf;

use anyhow::Result;
use indicatif::ProgressBar;
use model::map::{self, LARGEST, Place};
use serde::{Deserialize, Serialize};

use crate::cli::Shared;
use crate::data::{self, published};
use crate::files;
use crate::nets::WeightsFile;
use crate::numbers::whole;
use crate::output::print_line;
use crate::progress;

/// Neighbours that a point is drawn to.
const NEIGHBOURS: usize = 15;

/// Width of the first layout.
const WIDTH: f32 = 20.0;

/// Flags of `embed`.
#[derive(Debug, clap::Args)]
pub struct Embed {
    /// Whose features to map
    #[command(flatten)]
    pub weights: WeightsFile,
    /// Rounds of the layout
    #[arg(long, value_parser = whole::<usize>(1..=1_000_000), default_value_t = 200)]
    pub rounds: usize,
    /// Map only the first images of each published file
    #[arg(long, value_parser = whole::<usize>(1..), value_name = "IMAGES")]
    pub limit: Option<usize>,
    /// Folder for map.bin and map.json
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub output: PathBuf,
    /// Write over a map that is there
    #[arg(long)]
    pub force: bool,
}

/// What a map was made with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MapInfo {
    /// How many images it has.
    pub count: usize,
    /// Seed of the layout.
    pub seed: u64,
    /// How it was made.
    pub method: String,
    /// Checksum of the weights whose features it shows.
    pub weights_crc32: u32,
}

/// Makes and writes the map.
///
/// # Errors
/// If data or weights cannot be loaded, the device fails, or a map is there already.
pub fn run(flags: &Embed, shared: &Shared) -> Result<()> {
    let (bin, json) = (flags.output.join("map.bin"), flags.output.join("map.json"));
    for path in [&bin, &json] {
        files::check_absent(path, flags.force)?;
    }
    let images =
        data::load_numbered(&published::find(shared.data.as_deref())?, flags.limit)?.images;
    let net = flags.weights.load(shared.device)?;
    let features = net.features(&images)?;
    let bar = progress::bar(images.len(), "finding neighbours");
    let nearest = neighbours::nearest(&features, NEIGHBOURS, &bar);
    bar.finish_and_clear();
    let bar = ProgressBar::new(flags.rounds as u64).with_message("laying out");
    let begin = principal_axes(&features);
    let points = umap::layout(&nearest, begin, flags.rounds, shared.seed, || bar.inc(1));
    bar.finish_and_clear();
    files::create_folder(&flags.output)?;
    files::write_atomic(&bin, &map::encode(&places(&points)))?;
    let about = MapInfo {
        count: points.len(),
        seed: shared.seed,
        method: format!(
            "UMAP, {NEIGHBOURS} neighbours by cosine, {} rounds",
            flags.rounds
        ),
        weights_crc32: net.sidecar().crc32,
    };
    files::write_json(&json, &about)?;
    print_line!(
        "{} images are on the map in {}",
        points.len(),
        bin.display()
    )?;
    Ok(())
}

/// The points' coordinates along the two directions in which they vary most, by power iteration.
fn principal_axes(rows: &[Vec<f32>]) -> Vec<[f32; 2]> {
    let size = rows.first().map_or(0, Vec::len);
    let count = rows.len().max(1) as f32;
    let mut mean = vec![0.0; size];
    for row in rows {
        mean.iter_mut()
            .zip(row)
            .for_each(|(mean, value)| *mean += value / count);
    }
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
    let mut axes: Vec<Vec<f32>> = Vec::new();
    for number in 0..2 {
        let mut axis: Vec<f32> = (0..size)
            .map(|i| ((i * 7 + number * 3) % 11) as f32 - 5.0)
            .collect();
        for _ in 0..POWER_STEPS {
            let mut next = vec![0.0; size];
            for row in rows.iter().step_by(rows.len() / SAMPLE + 1) {
                let share = dot(row, &axis) - dot(&mean, &axis);
                next.iter_mut()
                    .zip(row)
                    .zip(&mean)
                    .for_each(|((next, value), mean)| {
                        *next += share * (value - mean);
                    });
            }
            for earlier in &axes {
                let share = dot(&next, earlier);
                next.iter_mut()
                    .zip(earlier)
                    .for_each(|(next, value)| *next -= share * value);
            }
            let length = dot(&next, &next).sqrt().max(f32::MIN_POSITIVE);
            axis = next.into_iter().map(|value| value / length).collect();
        }
        axes.push(axis);
    }
    let raw = |row: &Vec<f32>| [dot(row, &axes[0]), dot(row, &axes[1])];
    let points: Vec<[f32; 2]> = rows.iter().map(raw).collect();
    let (low, high) = bounds(&points);
    let scale = WIDTH
        / (high[0] - low[0])
            .max(high[1] - low[1])
            .max(f32::MIN_POSITIVE);
    points
        .into_iter()
        .map(|point| [0, 1].map(|axis| (point[axis] - low[axis]) * scale))
        .collect()
}

/// Rounds of the power iteration.
const POWER_STEPS: usize = 30;

/// Rows that the principal axes are found from.
const SAMPLE: usize = 5000;

/// The smallest and largest coordinates.
fn bounds(points: &[[f32; 2]]) -> ([f32; 2], [f32; 2]) {
    let begin = ([f32::MAX; 2], [f32::MIN; 2]);
    points.iter().fold(begin, |(low, high), point| {
        (
            [0, 1].map(|a| low[a].min(point[a])),
            [0, 1].map(|a| high[a].max(point[a])),
        )
    })
}

/// The points on the map's grid: stretched alike in both directions until one fills it.
fn places(points: &[[f32; 2]]) -> Vec<Place> {
    let (low, high) = bounds(points);
    let scale = f32::from(LARGEST)
        / (high[0] - low[0])
            .max(high[1] - low[1])
            .max(f32::MIN_POSITIVE);
    points
        .iter()
        .map(|point| [0, 1].map(|a| ((point[a] - low[a]) * scale).round() as u16))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_fills_its_range_without_being_distorted() {
        let places = places(&[[1.0, 5.0], [3.0, 6.0], [2.0, 5.5]]);
        assert_eq!(places, [[0, 0], [4095, 2048], [2048, 1024]]);
    }

    #[test]
    fn the_first_axis_is_that_of_the_largest_spread() {
        let rows: Vec<Vec<f32>> = (0..200)
            .map(|i| vec![(i % 7) as f32, 10.0 * (i % 13) as f32, (i % 3) as f32 * 0.1])
            .collect();
        let points = principal_axes(&rows);
        let (low, high) = bounds(&points);
        assert!((high[0] - low[0] - WIDTH).abs() < 1e-3);
        assert!(high[1] - low[1] < WIDTH / 4.0);
    }
}
