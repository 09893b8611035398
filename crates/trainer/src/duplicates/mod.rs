//! `trainer duplicates`: images of Fashion-MNIST that are the same or nearly so, within and across
//! the parts that are trained, chosen and tested on.
//!
//! From a correlation of 0.985 on, what one sees is the same cut, mostly the same model in another
//! colour; trousers, which differ by little but their outline, make up most of the list.

pub mod search;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use std::path::{Path, PathBuf};

use anyhow::Result;
use model::image::Image;
use model::published::held_out_indices;
use serde::{Deserialize, Serialize};

use crate::cli::Shared;
use crate::data::{self, Labelled, Split, published};
use crate::files;
use crate::numbers::{real, whole};
use crate::output::print_line;
use crate::progress;
use crate::sheet::{self, Tile};
use crate::usage::UsageError;
use search::Pair;

/// Where the list lies that `evaluate` uses, seen from the repository's root.
pub const SHIPPED: &str = "assets/duplicates.json";

/// How many published training images there are; the test images are numbered from here on.
pub const FIRST_TEST: usize = 60_000;

/// How many pairs the picture shows.
const SHOWN: usize = 60;

/// Flags of `duplicates`.
#[derive(Debug, clap::Args)]
pub struct Duplicates {
    /// Correlation of the pixels from which on two images count as near duplicates; below 0.9, unlike
    /// images would be listed
    #[arg(long, value_parser = real::<f32>(0.9..=1.0), value_name = "CORRELATION", default_value_t = 0.985)]
    pub threshold: f32,
    /// Compare only the first images of each published file
    #[arg(long, value_parser = whole::<usize>(1..), value_name = "IMAGES")]
    pub limit: Option<usize>,
    /// Which training images were held out
    #[command(flatten)]
    pub held_out: Split,
    /// Write the list as JSON to this file
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Draw some pairs into this PNG file, the least alike first
    #[arg(long, value_name = "FILE")]
    pub picture: Option<PathBuf>,
    /// Write over files that are there
    #[arg(long)]
    pub force: bool,
}

/// The list of near duplicates. Images are numbered in the published order: training images from 0,
/// test images from 60,000.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct List {
    /// The least correlation of two images' pixels in the list.
    pub threshold: f32,
    /// The number of pairs that are the same to the byte.
    pub exact: usize,
    /// The pairs, the smaller number first, ordered.
    pub pairs: Vec<(u32, u32)>,
}

/// Which part of the data an image belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Train,
    Validation,
    Test,
}

/// How many pairs lie within or across two parts.
#[derive(Debug, Default, PartialEq, Eq)]
struct Count {
    pairs: usize,
    other_label: usize,
    images: BTreeSet<u32>,
}

/// Finds, prints and writes the duplicates.
///
/// # Errors
/// If the data cannot be loaded, or a file is there already.
pub fn run(flags: &Duplicates, shared: &Shared) -> Result<()> {
    let written = [&flags.output, &flags.picture].into_iter().flatten();
    let written: Vec<&Path> = written.map(PathBuf::as_path).collect();
    for path in &written {
        files::check_absent(path, flags.force)?;
    }
    files::check_apart(&written, &[])?;
    let all = data::load_numbered(&published::find(shared.data.as_deref())?, flags.limit)?;
    let bar = progress::bar(all.len(), "comparing");
    let pairs = search::near_pairs(&all.images, flags.threshold, &bar);
    bar.finish_and_clear();
    let published = |place| number(place, flags.limit.unwrap_or(FIRST_TEST)) as u32;
    let list = List {
        threshold: flags.threshold,
        exact: exact_pairs(&all.images),
        pairs: pairs
            .iter()
            .map(|pair| (published(pair.first), published(pair.second)))
            .collect(),
    };
    let labels: HashMap<u32, u8> = (0..all.len())
        .map(|place| (published(place), all.labels[place]))
        .collect();
    if let Some(path) = &flags.output {
        let mut text = serde_json::to_string(&list)?;
        text.push('\n');
        files::write_atomic(path, text.as_bytes())?;
    }
    if let Some(path) = &flags.picture {
        files::write_png(path, &picture(&all, pairs))?;
    }
    print_line!("{}", Summary::new(&list, &labels, flags.held_out))
}

impl List {
    /// Reads a list.
    ///
    /// # Errors
    /// If the file cannot be read, or is none.
    pub fn read(path: &Path) -> Result<List> {
        let list: List = files::read_json(path)?;
        let last = (FIRST_TEST + 10_000) as u32;
        if !list.pairs.iter().all(|&(a, b)| a < b && b < last) {
            let sentence =
                "it numbers images that are not there: make it anew by `trainer duplicates`";
            return Err(UsageError::in_file(path, &sentence).into());
        }
        Ok(list)
    }

    /// The test images (from 0) that have a near duplicate among the published training images.
    pub fn leaked(&self) -> BTreeSet<usize> {
        let first_test = FIRST_TEST as u32;
        let across = self
            .pairs
            .iter()
            .filter(|(a, b)| *a < first_test && *b >= first_test);
        across.map(|(_, b)| (b - first_test) as usize).collect()
    }
}

/// The published number of the image at this place, where `train` training images were taken.
fn number(place: usize, train: usize) -> usize {
    if place < train.min(FIRST_TEST) {
        place
    } else {
        place - train.min(FIRST_TEST) + FIRST_TEST
    }
}

/// How many pairs are the same to the byte.
fn exact_pairs(images: &[Image]) -> usize {
    let mut seen: HashMap<&[u8], usize> = HashMap::new();
    let mut pairs = 0;
    for image in images {
        let earlier = seen.entry(&image.0).or_default();
        pairs += *earlier;
        *earlier += 1;
    }
    pairs
}

/// The pairs that are least alike, each with its second image below the first.
fn picture(all: &Labelled, mut pairs: Vec<Pair>) -> image::RgbImage {
    pairs.sort_by(|a, b| a.correlation.total_cmp(&b.correlation));
    let tile = |place: usize, caption: String| Tile {
        image: all.images[place].clone(),
        captions: vec![caption],
        verdict: None,
    };
    let tiles: Vec<Tile> = pairs
        .iter()
        .take(SHOWN)
        .flat_map(|pair| {
            let same = all.labels[pair.first] == all.labels[pair.second];
            let note = if same { "" } else { " other label" };
            [
                tile(pair.first, format!("{:.4}{note}", pair.correlation)),
                tile(pair.second, String::new()),
            ]
        })
        .collect();
    sheet::draw(&tiles, 10, 3, false)
}

/// The counts that people want to see.
struct Summary<'a> {
    list: &'a List,
    counts: BTreeMap<(Part, Part), Count>,
}

impl Summary<'_> {
    fn new<'a>(list: &'a List, labels: &HashMap<u32, u8>, split: Split) -> Summary<'a> {
        let held = held_out_indices(FIRST_TEST, split.validation_images, split.split_seed);
        let part = |image: u32| match held.get(image as usize) {
            None => Part::Test,
            Some(true) => Part::Validation,
            Some(false) => Part::Train,
        };
        let mut counts: BTreeMap<(Part, Part), Count> = BTreeMap::new();
        for &(a, b) in &list.pairs {
            let parts = (part(a).min(part(b)), part(a).max(part(b)));
            let count = counts.entry(parts).or_default();
            count.pairs += 1;
            count.other_label += usize::from(labels.get(&a) != labels.get(&b));
            // Across parts, the later one is the one into which the other leaks.
            count
                .images
                .extend([a, b].into_iter().filter(|&image| part(image) == parts.1));
        }
        Summary { list, counts }
    }
}

impl fmt::Display for Summary<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "pairs the same to the byte: {}", self.list.exact)?;
        let threshold = self.list.threshold;
        write!(
            f,
            "pairs whose pixels correlate by {threshold} or more: {}",
            self.list.pairs.len()
        )?;
        for ((first, second), count) in &self.counts {
            write!(f, "\n{:>10} – {:<10}", first.name(), second.name())?;
            write!(
                f,
                " {:>6} pairs, {:>5} with different labels",
                count.pairs, count.other_label
            )?;
            write!(f, ", {} images of {}", count.images.len(), second.name())?;
        }
        Ok(())
    }
}

impl Part {
    fn name(self) -> &'static str {
        match self {
            Part::Train => "train",
            Part::Validation => "validation",
            Part::Test => "test",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaked_are_the_test_images_that_resemble_a_training_image() {
        let list = List {
            threshold: 0.99,
            exact: 0,
            pairs: vec![
                (3, 8),
                (3, 60_007),
                (9, 60_007),
                (60_001, 60_002),
                (11, 69_999),
            ],
        };
        assert_eq!(list.leaked(), BTreeSet::from([7, 9_999]));
    }

    #[test]
    fn exact_duplicates_are_counted_as_pairs() {
        let image = |shade| Image([shade; 784]);
        assert_eq!(exact_pairs(&[image(1), image(2), image(1), image(1)]), 3);
    }

    #[test]
    fn numbers_are_the_published_ones() {
        assert_eq!(
            [0, 59_999, 60_000].map(|place| number(place, 60_000)),
            [0, 59_999, 60_000]
        );
        assert_eq!(
            [99, 100, 101].map(|place| number(place, 100)),
            [99, 60_000, 60_001]
        );
    }
}
