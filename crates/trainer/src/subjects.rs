//! What `predict` and `explain` read: picture files, folders of them, and images of the test set.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use model::drawing::{self, Ink, InkError};
use model::image::Image;
use model::photo;

use crate::cli::Shared;
use crate::data::{self, published};
use crate::nets::Kind;
use crate::picture::{self, Picture};
use crate::usage::UsageError;

/// The flags that say what to read.
#[derive(Debug, Clone, clap::Args)]
pub struct Subjects {
    /// What the pictures are: drawings, dark on light, or photos of a garment
    #[arg(long, value_enum, default_value_t = Kind::Drawing)]
    pub kind: Kind,
    /// Also read these images of the test set, numbered from 0
    #[arg(long, value_name = "INDEX", value_delimiter = ',')]
    pub test_images: Vec<usize>,
    /// PNG, JPEG, WebP, GIF or BMP files, and folders of such files
    #[arg(required_unless_present = "test_images", value_name = "PATH")]
    pub paths: Vec<PathBuf>,
}

/// Something to read.
pub struct Subject {
    /// The file's path, or which test image it is.
    pub name: String,
    /// The image as the net sees it, or why there is none.
    pub image: Result<Image>,
    /// What it is, where that is known.
    pub actual: Option<u8>,
}

impl Subject {
    /// What is in the picture file at `path`.
    pub fn read(path: &Path, kind: Kind) -> Subject {
        Subject {
            name: path.to_string_lossy().into_owned(),
            image: read_image(path, kind),
            actual: None,
        }
    }
}

impl Subjects {
    /// The files to read, with each folder's picture files in its place, by name. A folder without
    /// any stays, for the person to be told.
    pub fn files(&self) -> Vec<PathBuf> {
        let in_place = |path: &PathBuf| match pictures(path) {
            found if found.is_empty() => vec![path.clone()],
            found => found,
        };
        self.paths.iter().flat_map(in_place).collect()
    }

    /// The images of the test set to read.
    ///
    /// # Errors
    /// If the data cannot be loaded, or there is no image of such a number.
    pub fn test_images(&self, shared: &Shared) -> Result<Vec<Subject>> {
        if self.test_images.is_empty() {
            return Ok(Vec::new());
        }
        let test = data::load_test(&published::find(shared.data.as_deref())?)?;
        let subject = |&index: &usize| {
            let (Some(image), Some(&label)) = (test.images.get(index), test.labels.get(index))
            else {
                let last = test.len() - 1;
                let sentence =
                    format!("there is no test image {index}: they are numbered 0 to {last}");
                return Err(UsageError::new(sentence).into());
            };
            Ok(Subject {
                name: format!("test image {index}"),
                image: Ok(image.clone()),
                actual: Some(label),
            })
        };
        self.test_images.iter().map(subject).collect()
    }

    /// Whether all of them are drawings, which look right dark on white.
    pub fn are_drawings(&self) -> bool {
        self.kind == Kind::Drawing && self.test_images.is_empty()
    }
}

/// Whether a file is named as a picture is.
pub fn is_picture(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    extension.is_some_and(|e| picture::EXTENSIONS.contains(&e.to_lowercase().as_str()))
}

/// The picture files in a folder, by name; none if it is no folder.
fn pictures(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> = entries
        .map(|entry| entry.path())
        .filter(|path| is_picture(path))
        .collect();
    found.sort();
    found
}

fn read_image(path: &Path, kind: Kind) -> Result<Image> {
    let Picture {
        width,
        height,
        rgba,
    } = picture::read(path)?;
    match kind {
        Kind::Drawing => {
            // Onto paper first, as the page does, so that both see the same image.
            let ink = Ink::from_rgba(width, height, &rgba)?;
            Ok(drawing::picture_to_image(ink).ok_or(InkError::Blank)?)
        }
        Kind::Photo => {
            photo::to_image(width, height, &rgba)?.context("there is nothing but background")
        }
    }
}
