//! The four published files of Fashion-MNIST: where they lie, and what is in them.

use std::path::{Path, PathBuf};

use anyhow::Result;
use model::published::{FILES, File};

use crate::files;
use crate::usage::UsageError;

/// The environment variable that may name the data folder.
pub const FOLDER_VARIABLE: &str = "FASHION_MNIST_DIR";
/// Where `cargo xtask data` puts the files, seen from the repository's root.
pub const LOCAL_FOLDER: &str = "data/fashion-mnist";
/// Where Debian's package `dataset-fashion-mnist` puts them.
pub const DEBIAN_FOLDER: &str = "/usr/share/datasets/fashion-mnist";

/// The folder that holds the data: `explicit`, or the first place that has it.
///
/// # Errors
/// If `explicit` (or the environment variable) names a folder without it, or it is nowhere.
pub fn find(explicit: Option<&Path>) -> Result<PathBuf> {
    let named = match explicit {
        Some(folder) => Some((folder.to_owned(), "--data")),
        None => std::env::var_os(FOLDER_VARIABLE)
            .filter(|value| !value.is_empty())
            .map(|value| (PathBuf::from(value), FOLDER_VARIABLE)),
    };
    if let Some((folder, source)) = named {
        return match first_missing(&folder) {
            None => Ok(folder),
            Some(file) => Err(UsageError::new(format!(
                "{source} names {}, which holds no {file}: all four Fashion-MNIST .gz files are needed",
                folder.display()
            ))
            .into()),
        };
    }
    [LOCAL_FOLDER, DEBIAN_FOLDER]
        .into_iter()
        .map(PathBuf::from)
        .find(|folder| first_missing(folder).is_none())
        .ok_or_else(|| nowhere().into())
}

fn nowhere() -> UsageError {
    UsageError::new(
        "Fashion-MNIST is not on this machine: run `cargo xtask data`, \
         or `apt-get install dataset-fashion-mnist`, \
         or name a folder that holds its four .gz files with `--data DIR`",
    )
}

fn first_missing(folder: &Path) -> Option<&'static str> {
    let missing = |file: &&File| !folder.join(file.name).is_file();
    FILES.iter().find(missing).map(|file| file.name)
}

/// The unpacked bytes of a file, once their MD5 sum is the known one.
pub(super) fn unpack(folder: &Path, file: &File) -> Result<Vec<u8>> {
    let path = folder.join(file.name);
    Ok(file.unpack(files::read(&path)?).map_err(|error| {
        UsageError::new(format!(
            "{} cannot be used: fetch it again, for instance by `cargo xtask data` ({error})",
            path.display()
        ))
    })?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_file_is_refused() -> Result<()> {
        let folder = tempfile::tempdir()?;
        for file in FILES {
            std::fs::write(folder.path().join(file.name), b"something else")?;
        }
        let found = find(Some(folder.path()))?;
        let message = unpack(&found, &model::published::TEST_IMAGES)
            .err()
            .map(|error| format!("{error:#}"));
        let message = message.unwrap_or_default();
        assert!(message.contains("not the published file"), "{message}");
        assert!(
            message.contains(model::published::TEST_IMAGES.content_md5),
            "{message}"
        );
        Ok(())
    }

    #[test]
    fn a_named_folder_without_the_files_is_an_error_even_if_they_are_elsewhere() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let error = find(Some(folder.path())).expect_err("an empty folder");
        assert!(error.downcast_ref::<UsageError>().is_some());
        assert!(error.to_string().contains("train-images"), "{error}");
        Ok(())
    }

    #[test]
    fn the_message_names_three_ways_to_get_the_data() {
        let message = nowhere().to_string();
        for way in ["--data", "cargo xtask data", "dataset-fashion-mnist"] {
            assert!(message.contains(way), "{message}");
        }
    }
}
