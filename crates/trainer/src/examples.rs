//! Examples to teach, from files: drawings as `.ndjson`, pictures in folders named after their class.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use model::class::{CLASS_COUNT, CLASS_NAMES, class_of_name};
use model::drawing::{Ink, InkError, PAPER, Stroke, picture_to_image};
use model::teach::{Example, parse_examples};
use rand::{SeedableRng, seq::SliceRandom};
use rand_chacha::ChaCha8Rng;

use crate::files;
use crate::numbers::{real, whole};
use crate::picture::{self, Picture};
use crate::subjects;
use crate::usage::UsageError;

/// Which examples are taught, and how they are changed first.
#[derive(Debug, Clone, clap::Args)]
pub struct Selection {
    /// Teach so many examples of each class, chosen by the seed; all unless given
    #[arg(long, value_parser = whole::<usize>(1..), value_name = "EXAMPLES")]
    pub per_class: Option<usize>,
    /// Turn all drawings by this angle, clockwise: a style of its own, to try things out
    #[arg(
        long,
        value_parser = real::<f32>(-360.0..=360.0),
        value_name = "DEGREES",
        default_value_t = 0.0
    )]
    pub tilt: f32,
}

impl Selection {
    /// The examples to teach, and the rest.
    ///
    /// # Errors
    /// If there is none to teach.
    pub fn split(&self, mut all: Vec<Example>, seed: u64) -> Result<(Vec<Example>, Vec<Example>)> {
        all.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
        let most = self.per_class.unwrap_or(usize::MAX);
        let mut counts = [0; CLASS_COUNT];
        let mut is_taught = |example: &Example| {
            let count = &mut counts[usize::from(example.label)];
            *count += 1;
            *count <= most
        };
        let (taught, rest): (Vec<_>, Vec<_>) = self
            .change(all)
            .into_iter()
            .partition(|example| is_taught(example));
        if taught.is_empty() {
            return Err(
                UsageError::new("there is no example to teach: --examples is empty").into(),
            );
        }
        Ok((taught, rest))
    }

    /// The examples, turned. Pictures stay as they are.
    pub fn change(&self, examples: Vec<Example>) -> Vec<Example> {
        if self.tilt == 0.0 {
            return examples;
        }
        let turned = |example: Example| {
            let strokes = turn(&example.strokes, self.tilt.to_radians());
            Example::from_strokes(strokes, example.label).unwrap_or(example)
        };
        examples.into_iter().map(turned).collect()
    }
}

fn turn(strokes: &[Stroke], angle: f32) -> Vec<Stroke> {
    let (sin, cos) = angle.sin_cos();
    let middle = PAPER / 2.0;
    let mut turned = strokes.to_vec();
    for point in turned.iter_mut().flat_map(|stroke| &mut stroke.points) {
        let (x, y) = (point.x - middle, point.y - middle);
        (point.x, point.y) = (middle + cos * x - sin * y, middle + sin * x + cos * y);
    }
    turned
}

/// Reads all examples at `path`, in the order of the file names.
///
/// # Errors
/// If there are none, one of the files is damaged, or a folder or a picture belongs to no class.
pub fn load(path: &Path) -> Result<Vec<Example>> {
    if !path.is_dir() {
        return drawings(path);
    }
    let mut examples = Vec::new();
    let mut of_no_class = Vec::new();
    for entry in entries(path)? {
        if entry
            .extension()
            .is_some_and(|extension| extension == "ndjson")
        {
            examples.extend(drawings(&entry)?);
        } else if let Some(label) = class_of_folder(&entry) {
            for file in entries(&entry)? {
                examples.push(picture(&file, label)?);
            }
        } else if entry.is_dir() || subjects::is_picture(&entry) {
            of_no_class.push(name(&entry));
        }
    }
    if !of_no_class.is_empty() {
        let sentence = format!(
            "{} holds what belongs to no class: {}; put pictures into folders named after the classes ({}), \
             and take away what is not to be taught",
            path.display(),
            of_no_class.join(", "),
            CLASS_NAMES.join(", ").replace('/', "_")
        );
        return Err(UsageError::new(sentence).into());
    }
    if examples.is_empty() {
        let sentence = format!(
            "{} holds no examples: put .ndjson files into it, or pictures in folders named after the classes",
            path.display()
        );
        return Err(UsageError::new(sentence).into());
    }
    Ok(examples)
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let read = || -> std::io::Result<Vec<PathBuf>> {
        fs::read_dir(folder)?
            .map(|entry| Ok(entry?.path()))
            .collect()
    };
    let mut paths = read().with_context(|| format!("cannot read {}", folder.display()))?;
    // What a file manager leaves behind is hidden.
    paths.retain(|path| !name(path).starts_with('.'));
    paths.sort();
    Ok(paths)
}

fn name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

/// The class that a folder is named after; a file name cannot hold the slash of "T-shirt/top".
fn class_of_folder(path: &Path) -> Option<u8> {
    let name = path.file_name()?.to_str()?;
    path.is_dir()
        .then(|| class_of_name(name).or_else(|| class_of_name(&name.replace('_', "/"))))?
}

fn drawings(path: &Path) -> Result<Vec<Example>> {
    let examples = parse_examples(&files::read_text(path)?);
    Ok(examples.map_err(|error| UsageError::in_file(path, &error))?)
}

fn picture(path: &Path, label: u8) -> Result<Example> {
    let read = || -> Result<Example> {
        let Picture {
            width,
            height,
            rgba,
        } = picture::read(path)?;
        let image = picture_to_image(Ink::from_rgba(width, height, &rgba)?);
        Ok(Example {
            image: image.ok_or(InkError::Blank)?,
            strokes: Vec::new(),
            label,
        })
    };
    Ok(read().map_err(|error| UsageError::in_file(path, &format!("{error:#}")))?)
}
