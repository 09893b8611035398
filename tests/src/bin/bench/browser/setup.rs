//! The peers' packages, in a folder of their own below `target`.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use ::tests::root;
use anyhow::{Context, Result, ensure};
use serde_json::Value;

/// The list of packages and the file that pins them, here and in the packages' folder.
const LISTS: [&str; 2] = ["package.json", "package-lock.json"];

/// What is below `target`.
const FOLDER: &str = "target/peers/browser";

/// Where our side of the peers lies.
pub(crate) fn sources() -> PathBuf {
    root().join("tests/peers/browser")
}

/// The folder that holds the packages, which are installed if they are not there.
///
/// # Errors
/// Where there is no npm, or a package cannot be had or is not the one that is pinned.
pub(crate) fn packages() -> Result<PathBuf> {
    let folder = root().join(FOLDER);
    if !is_there() {
        install()?;
    }
    Ok(folder.join("node_modules"))
}

/// The pinned version of a package.
///
/// # Errors
/// Where the lock file has none.
pub(crate) fn version(package: &str) -> Result<String> {
    let lock: Value = serde_json::from_slice(&fs::read(sources().join(LISTS[1]))?)?;
    let version = &lock["packages"][format!("node_modules/{package}")]["version"];
    let version = version.as_str();
    Ok(version
        .with_context(|| format!("{} has no {package}", LISTS[1]))?
        .to_owned())
}

/// npm leaves its own lock file behind once all packages are in place.
fn is_there() -> bool {
    let folder = root().join(FOLDER);
    let is_installed = folder.join("node_modules/.package-lock.json").is_file();
    let is_same = |name| {
        let contents = |folder: PathBuf| fs::read(folder.join(name)).ok();
        contents(folder.clone()) == contents(sources())
    };
    is_installed && LISTS.into_iter().all(is_same)
}

fn install() -> Result<()> {
    let folder = root().join(FOLDER);
    fs::create_dir_all(&folder)?;
    for name in LISTS {
        fs::copy(sources().join(name), folder.join(name))?;
    }
    eprintln!("installing the browser peers into {FOLDER}, once; 235 MB on the disk");
    // `ci` takes exactly what the lock file has and checks each package's hash.
    let status = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" })
        .args([
            "ci",
            "--omit=dev",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
        ])
        .current_dir(&folder)
        .stdout(Stdio::from(std::io::stderr()))
        .status()
        .context(
            "`npm` could not be started, and the peers come from its registry: install Node.js (on \
             Debian the packages nodejs and npm), or bench without `browser`",
        )?;
    ensure!(
        status.success(),
        "npm could not install the peers, its output above says why; it needs the npm registry, \
         which npm's own settings may point elsewhere"
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_package_is_pinned_with_its_hash() -> Result<()> {
        let lock: Value = serde_json::from_slice(&fs::read(sources().join(LISTS[1]))?)?;
        let packages = lock["packages"].as_object().context("packages")?;
        let mut count = 0;
        for (name, package) in packages.iter().filter(|(name, _)| !name.is_empty()) {
            assert!(package["integrity"].as_str().is_some(), "{name}");
            count += 1;
        }
        assert!(count > 5);
        assert_eq!(version("@tensorflow/tfjs-core")?, "4.22.0");
        Ok(())
    }
}
