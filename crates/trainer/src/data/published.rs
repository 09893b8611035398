//! The four published files of Fashion-MNIST: where they lie, and whether they are what they should be.

use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use flate2::read::GzDecoder;
use md5::{Digest, Md5};

use crate::files;
use crate::usage::UsageError;

/// The environment variable that may name the data folder.
pub const FOLDER_VARIABLE: &str = "FASHION_MNIST_DIR";
/// Where `cargo xtask data` puts the files, seen from the repository's root.
pub const LOCAL_FOLDER: &str = "data/fashion-mnist";
/// Where Debian's package `dataset-fashion-mnist` puts them.
pub const DEBIAN_FOLDER: &str = "/usr/share/datasets/fashion-mnist";

/// One of the four files, with the MD5 sums it may have.
pub struct File {
    pub(super) name: &'static str,
    /// As its authors publish it: <https://github.com/zalandoresearch/fashion-mnist>.
    md5: &'static str,
    /// As Debian packages it: the same deflate stream behind a gzip header without name and time.
    debian_md5: &'static str,
}

pub(super) const TRAIN_IMAGES: File = File {
    name: "train-images-idx3-ubyte.gz",
    md5: "8d4fb7e6c68d591d4c3dfef9ec88bf0d",
    debian_md5: "cf8536b0aa1a6ac5fa3f23001093305c",
};
pub(super) const TRAIN_LABELS: File = File {
    name: "train-labels-idx1-ubyte.gz",
    md5: "25c81989df183df01b3e8a0aad5dffbe",
    debian_md5: "10bea18fdb374794d4bb42e356e600c9",
};
pub(super) const TEST_IMAGES: File = File {
    name: "t10k-images-idx3-ubyte.gz",
    md5: "bef4ecab320f06d8554ea6380940ec79",
    debian_md5: "f78720b4224f21cce2f2ccf2d7a94c9a",
};
pub(super) const TEST_LABELS: File = File {
    name: "t10k-labels-idx1-ubyte.gz",
    md5: "bb300cfdad3c16e7a12a480ee83cd310",
    debian_md5: "0d30e22e447f3c33dab9ed536400ac01",
};
const FILES: [File; 4] = [TRAIN_IMAGES, TRAIN_LABELS, TEST_IMAGES, TEST_LABELS];

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

/// What a sidecar says about the data: the published MD5 sums of the four files, joined by '-'.
pub fn hash() -> String {
    FILES.map(|file| file.md5).join("-")
}

/// The unpacked bytes of a file, once its MD5 sum is a known one.
pub(super) fn unpack(folder: &Path, file: &File) -> Result<Vec<u8>> {
    let path = folder.join(file.name);
    let packed = files::read(&path)?;
    let sum = format!("{:x}", Md5::digest(&packed));
    if sum != file.md5 && sum != file.debian_md5 {
        bail!(
            "{} is not the published file (MD5 {sum}, expected {}): fetch it again, for instance by `cargo xtask data`",
            path.display(),
            file.md5
        );
    }
    let mut bytes = Vec::new();
    GzDecoder::new(packed.as_slice())
        .read_to_end(&mut bytes)
        .with_context(|| format!("cannot unpack {}", path.display()))?;
    Ok(bytes)
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
        let message = unpack(&found, &TEST_IMAGES)
            .err()
            .map(|error| error.to_string());
        let message = message.unwrap_or_default();
        assert!(message.contains("is not the published file"), "{message}");
        assert!(message.contains(TEST_IMAGES.md5), "{message}");
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
