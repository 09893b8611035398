//! Files that are there whole or not at all.

use std::fs::{self, File};
use std::io::{self, Cursor, Write};
use std::path::Path;

use anyhow::{Context, Error, Result};
use image::{ImageFormat, RgbImage};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::usage::UsageError;

/// Writes `bytes` to `path`: a reader, or a kill half-way, sees the old file or the new one.
///
/// # Errors
/// If the folder cannot be written to.
pub fn write_atomic(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut name = path.as_os_str().to_owned();
    name.push(".part");
    let part = Path::new(&name);
    let write = || -> std::io::Result<()> {
        let mut file = File::create(part)?;
        file.write_all(bytes)?;
        // Without this a power cut can leave the renamed file empty.
        file.sync_all()?;
        fs::rename(part, path)
    };
    write().with_context(|| format!("cannot write {}", path.display()))
}

/// Writes `value` as indented JSON to `path`, whole or not at all.
///
/// # Errors
/// If the folder cannot be written to.
pub fn write_json(path: &Path, value: &impl Serialize) -> Result<()> {
    let mut text = serde_json::to_string_pretty(value)?;
    text.push('\n');
    write_atomic(path, text.as_bytes())
}

/// Refuses to write over a file that is there, unless that was asked for.
///
/// # Errors
/// A usage error if it is there and `force` is not given.
pub fn check_absent(path: &Path, force: bool) -> Result<()> {
    if path.exists() && !force {
        let sentence = format!(
            "{} is there already: name another place, or write over it with --force",
            path.display()
        );
        return Err(UsageError::new(sentence).into());
    }
    Ok(())
}

/// Writes a picture as PNG to `path`, whole or not at all.
///
/// # Errors
/// If the folder cannot be written to.
pub fn write_png(path: &Path, picture: &RgbImage) -> Result<()> {
    write_atomic(path, &png(picture)?)
}

/// A picture as the bytes of a PNG file.
///
/// # Errors
/// If it has no pixels.
pub fn png(picture: &RgbImage) -> Result<Vec<u8>> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png)?;
    Ok(bytes.into_inner())
}

/// The value in the JSON file at `path`.
///
/// # Errors
/// If it cannot be read, or holds something else: a usage error.
pub fn read_json<T: DeserializeOwned>(path: &Path) -> Result<T> {
    let parsed = serde_json::from_str(&read_text(path)?);
    Ok(parsed.map_err(|error| {
        UsageError::in_file(
            path,
            &format!("this is not as the trainer wrote it ({error})"),
        )
    })?)
}

/// The bytes of the file at `path`.
///
/// # Errors
/// If it cannot be read; the error names it, and is a usage error if it is not there.
pub fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).map_err(|error| unreadable(path, error))
}

/// The text of the file at `path`.
///
/// # Errors
/// If it cannot be read or is not UTF-8; the error names it, and is a usage error if it is not there.
pub fn read_text(path: &Path) -> Result<String> {
    fs::read_to_string(path).map_err(|error| unreadable(path, error))
}

fn unreadable(path: &Path, error: io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::NotFound => {
            UsageError::new(format!("there is no file {}", path.display())).into()
        }
        _ => Error::new(error).context(format!("cannot read {}", path.display())),
    }
}
