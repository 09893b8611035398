//! Files that are there whole or not at all.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Serialize;

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

/// The bytes of the file at `path`.
///
/// # Errors
/// If it cannot be read; the error names it.
pub fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}

/// The text of the file at `path`.
///
/// # Errors
/// If it cannot be read or is not UTF-8; the error names it.
pub fn read_text(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}
