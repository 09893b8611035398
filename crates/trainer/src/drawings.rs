//! Drawings by hand and by designers, to train and to choose on: a folder that the user names.
//!
//! The folder holds `quickdraw/train/*.ndjson` and `quickdraw/validation/*.ndjson` in Quick, Draw!'s
//! simplified form, and `icons/validation.jsonl`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use crc32fast::Hasher;
use model::class::CLASS_COUNT;
use model::drawing::{Stroke, strokes_to_image};
use model::image::Image;
use model::quickdraw;

use crate::files;
use crate::icons::{self, Icon};
use crate::usage::UsageError;

const TRAIN: &str = "quickdraw/train";
const VALIDATION: &str = "quickdraw/validation";
const ICONS: &str = "icons/validation.jsonl";

/// What somebody drew when asked for a garment.
#[derive(Debug, Clone)]
pub struct HumanDrawing {
    /// Its identity in Quick, Draw!.
    pub key_id: String,
    /// The strokes, in paper units (0..256).
    pub strokes: Vec<Stroke>,
    /// The class, 0..10.
    pub label: u8,
    /// What it looks like to nets that did not learn from it, a probability a class; see
    /// [`crate::opinions`].
    pub opinion: Option<[f32; CLASS_COUNT]>,
}

impl HumanDrawing {
    /// The image the net sees; `None` if nothing is drawn.
    pub fn image(&self) -> Option<Image> {
        strokes_to_image(&self.strokes)
    }
}

/// The drawings of one folder.
#[derive(Debug, Clone)]
pub struct Drawings {
    /// Checksum of the folder's files.
    pub crc32: u32,
    /// Drawings to train on.
    pub train: Vec<HumanDrawing>,
    /// Other people's drawings, to choose on; never trained on.
    pub validation: Vec<HumanDrawing>,
    /// Designers' icons, to choose on; never trained on.
    pub icons: Vec<Icon>,
}

/// Reads all drawings in `folder`.
///
/// # Errors
/// If a part of it is missing, or a line in it is not a drawing of a known garment.
pub fn load(folder: &Path) -> Result<Drawings> {
    Ok(Drawings {
        train: quick_draw(&folder.join(TRAIN))?,
        validation: quick_draw(&folder.join(VALIDATION))?,
        icons: icons::load(&folder.join(ICONS))?,
        crc32: checksum(folder)?,
    })
}

/// A checksum of all that [`load`] reads.
fn checksum(folder: &Path) -> Result<u32> {
    let mut hasher = Hasher::new();
    let [train, validation] = [TRAIN, VALIDATION].map(|part| ndjson_files(&folder.join(part)));
    for path in [train?, validation?, vec![folder.join(ICONS)]].concat() {
        let bytes = files::read(&path)?;
        // With the length, so that a line that goes to the next file is noticed.
        hasher.update(&bytes.len().to_le_bytes());
        hasher.update(&bytes);
    }
    Ok(hasher.finalize())
}

/// The drawings in all `.ndjson` files of `folder`, ordered by file name, then line.
fn quick_draw(folder: &Path) -> Result<Vec<HumanDrawing>> {
    let mut drawings = Vec::new();
    for path in ndjson_files(folder)? {
        for (index, line) in files::read_text(&path)?.lines().enumerate() {
            let drawing =
                human_drawing(line).map_err(|error| UsageError::in_line(&path, index, &error))?;
            drawings.push(drawing);
        }
    }
    Ok(drawings)
}

fn ndjson_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let missing = || {
        UsageError::new(format!(
            "{} holds no .ndjson files: --drawings takes a folder with quickdraw/train, quickdraw/validation and icons",
            folder.display()
        ))
    };
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .map_err(|_| missing())?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "ndjson")
        })
        .collect();
    if paths.is_empty() {
        return Err(missing().into());
    }
    paths.sort();
    Ok(paths)
}

fn human_drawing(line: &str) -> Result<HumanDrawing> {
    let drawing = quickdraw::parse_line(line)?;
    let label = quickdraw::class_of_word(&drawing.word)
        .with_context(|| format!("{:?} is not one of the garments", drawing.word))?;
    Ok(HumanDrawing {
        key_id: drawing.key_id,
        strokes: drawing.strokes,
        label,
        opinion: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_becomes_a_labelled_image() -> Result<()> {
        let drawing = human_drawing(
            r#"{"word":"pants","key_id":"1","recognized":true,"drawing":[[[0,100],[0,255]]]}"#,
        )?;
        assert_eq!(drawing.label, 1);
        assert!(drawing.image().is_some_and(|image| !image.is_blank()));
        Ok(())
    }

    #[test]
    fn another_word_is_an_error() {
        let line = r#"{"word":"cat","key_id":"1","recognized":true,"drawing":[[[0,9],[0,9]]]}"#;
        let error = human_drawing(line).err().map(|error| error.to_string());
        assert_eq!(error.as_deref(), Some("\"cat\" is not one of the garments"));
    }

    #[test]
    fn the_checksum_changes_with_any_drawing() -> Result<()> {
        let folder = tempfile::tempdir()?;
        for path in [
            "quickdraw/train/a.ndjson",
            "quickdraw/validation/a.ndjson",
            ICONS,
        ] {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().context("a parent")?)?;
            fs::write(path, "line\n")?;
        }
        let first = checksum(folder.path())?;
        assert_eq!(checksum(folder.path())?, first);
        fs::write(folder.path().join(TRAIN).join("a.ndjson"), "other\n")?;
        assert_ne!(checksum(folder.path())?, first);
        Ok(())
    }

    #[test]
    fn a_folder_without_drawings_is_a_usage_error() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let error = load(folder.path()).err().context("an empty folder")?;
        assert!(error.downcast_ref::<UsageError>().is_some(), "{error}");
        Ok(())
    }
}
