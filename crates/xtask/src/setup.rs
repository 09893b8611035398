//! What a fresh machine lacks: the wasm target, trunk, wasm-bindgen, the data, a browser.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::output::print_line;
use crate::process::{command, on_path, output, root, run};
use crate::steps::Steps;
use crate::{Result, debian};

const WASM_TARGET: &str = "wasm32-unknown-unknown";
const TRUNK: &str = "0.21.14";
/// Must equal the `wasm-bindgen` in the workspace's Cargo.toml: the tool reads only its own version's output.
const WASM_BINDGEN: &str = "0.2.130";
/// Where the tools are compiled.
const INSTALL: &str = "target/install";
const DATA: &str = "data/fashion-mnist";
const DEBIAN_DATA: &str = "/usr/share/datasets/fashion-mnist";
const DATA_FILES: [&str; 4] = [
    "train-images-idx3-ubyte.gz",
    "train-labels-idx1-ubyte.gz",
    "t10k-images-idx3-ubyte.gz",
    "t10k-labels-idx1-ubyte.gz",
];

/// What building and serving the page needs.
pub(crate) fn build_tools(steps: &mut Steps) -> Result<()> {
    let what = format!("Rust's {WASM_TARGET} target, by rustup");
    steps.ensure("wasm-target", &what, has_wasm_target, || {
        run(command("rustup", ["target", "add", WASM_TARGET]))
    })?;
    let there = || has_version("trunk", TRUNK);
    let what = format!("trunk {TRUNK}, by cargo install");
    steps.ensure("trunk", &what, there, || {
        cargo_install("trunk", TRUNK, &["--locked"])
    })?;
    let there = || has_version("wasm-bindgen", WASM_BINDGEN);
    let what = format!("wasm-bindgen-cli {WASM_BINDGEN}, by cargo install");
    // Not --locked: its lock file names a version that the registry no longer has.
    steps.ensure("wasm-bindgen", &what, there, || {
        cargo_install("wasm-bindgen-cli", WASM_BINDGEN, &[])
    })?;
    // A gigabyte that nothing needs any more; there is none where nothing was installed.
    let _ = fs::remove_dir_all(root().join(INSTALL));
    Ok(())
}

/// What the tests need beside that.
pub(crate) fn test_tools(steps: &mut Steps) -> Result<()> {
    let there = || ["clippy", "fmt"].iter().all(|name| has_subcommand(name));
    steps.ensure("lints", "clippy and rustfmt, by rustup", there, || {
        run(command("rustup", ["component", "add", "clippy", "rustfmt"]))
    })?;
    let there = || on_path("chromium") && on_path("chromedriver");
    let what = "Chromium and its driver, for the browser tests, by apt-get";
    steps.ensure("browser", what, there, || {
        debian::install(&["chromium", "chromium-driver"])
    })?;
    let what = "brotli, to weigh the page's files, by apt-get";
    steps.ensure(
        "brotli",
        what,
        || on_path("brotli"),
        || debian::install(&["brotli"]),
    )
}

/// Fashion-MNIST, into `data/fashion-mnist`.
///
/// # Errors
/// When it is nowhere and cannot be installed: says the three ways to get it.
pub(crate) fn data(steps: &mut Steps) -> Result<()> {
    let what = format!("Fashion-MNIST's four files (30 MB), in {DATA}");
    let there = || has_data(&root().join(DATA));
    steps.ensure("data", &what, there, link_data)
}

fn link_data() -> Result<()> {
    let source = match found_data() {
        // A relative path would mean another place from within a link.
        Some(folder) => folder
            .canonicalize()
            .map_err(|error| format!("{} cannot be found: {error}.", folder.display()))?,
        None => debian::install(&["dataset-fashion-mnist"])
            .map(|()| PathBuf::from(DEBIAN_DATA))
            .map_err(|why| format!("{why} {}", ways_to_get_data()))?,
    };
    let folder = root().join(DATA);
    let failed = |error| format!("{} could not be filled: {error}.", folder.display());
    fs::create_dir_all(&folder).map_err(failed)?;
    for name in DATA_FILES {
        let (from, to) = (source.join(name), folder.join(name));
        if !to.exists() {
            print_line!("{} -> {}", to.display(), from.display())?;
            link_anew(&from, &to).map_err(failed)?;
        }
    }
    Ok(())
}

/// Puts the data, where it is on this machine, beside the page that trunk builds: into the folder that
/// trunk names, or `dist/`. Trunk calls this after each build.
///
/// # Errors
/// When the folder cannot be written to. Missing data is no error, the page says what to do.
pub(crate) fn data_for_page() -> Result<()> {
    let Some(source) = [root().join(DATA)]
        .into_iter()
        .chain(found_data())
        .find(|folder| has_data(folder))
    else {
        return print_line!(
            "The page is built without the data set. {}",
            ways_to_get_data()
        );
    };
    let page =
        std::env::var_os("TRUNK_STAGING_DIR").map_or_else(|| root().join("dist"), PathBuf::from);
    let folder = page.join(DATA);
    let failed = |error| format!("{} could not be filled: {error}.", folder.display());
    fs::create_dir_all(&folder).map_err(failed)?;
    for name in DATA_FILES {
        // The file itself, not a link to it: the page's folder is there to be taken elsewhere.
        let from = source.join(name).canonicalize().map_err(failed)?;
        put(&from, &folder.join(name)).map_err(failed)?;
    }
    Ok(())
}

/// Makes `to` the same file as `from`, or a copy where the system cannot link them.
fn put(from: &Path, to: &Path) -> io::Result<()> {
    if to.canonicalize().is_ok_and(|to| to == from) {
        return Ok(());
    }
    // Of an earlier call, and then perhaps the very file: copying over that would empty it.
    remove_if_there(to)?;
    fs::hard_link(from, to).or_else(|_| fs::copy(from, to).map(|_| ()))
}

fn remove_if_there(file: &Path) -> io::Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn ways_to_get_data() -> String {
    format!(
        "Three ways to the data: `apt-get install dataset-fashion-mnist` on Debian; the four \
         .gz files of github.com/zalandoresearch/fashion-mnist put into {DATA}; or \
         FASHION_MNIST_DIR set to a folder that has them."
    )
}

/// A link where the system has symbolic links, else a copy; in place of a link that leads nowhere.
fn link_anew(from: &Path, to: &Path) -> io::Result<()> {
    remove_if_there(to)?;
    #[cfg(unix)]
    return std::os::unix::fs::symlink(from, to);
    #[cfg(not(unix))]
    return fs::copy(from, to).map(|_| ());
}

fn found_data() -> Option<PathBuf> {
    let named = std::env::var_os("FASHION_MNIST_DIR").map(PathBuf::from);
    let folders = named.into_iter().chain([PathBuf::from(DEBIAN_DATA)]);
    folders.into_iter().find(|folder| has_data(folder))
}

fn has_data(folder: &Path) -> bool {
    DATA_FILES.iter().all(|name| folder.join(name).is_file())
}

fn has_wasm_target() -> bool {
    let sysroot = output(command("rustc", ["--print", "sysroot"])).unwrap_or_default();
    Path::new(sysroot.trim())
        .join("lib/rustlib")
        .join(WASM_TARGET)
        .is_dir()
}

/// Whether cargo has this subcommand; rustup's stand-in for a missing one fails.
fn has_subcommand(name: &str) -> bool {
    output(command("cargo", [name, "--version"])).is_some()
}

/// Whether `program --version` prints this version as a word.
fn has_version(program: &str, version: &str) -> bool {
    let printed = output(command(program, ["--version"])).unwrap_or_default();
    printed.split_whitespace().any(|word| word == version)
}

fn cargo_install(package: &str, version: &str, options: &[&str]) -> Result<()> {
    let package = format!("{package}@{version}");
    // A folder that stays lets an interrupted installation go on where it was.
    let folder = root().join(INSTALL).display().to_string();
    let mut install = command("cargo", ["install", &package, "--target-dir", &folder]);
    // These tools run for seconds: optimising them for speed costs more minutes than it saves.
    install
        .args(options)
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
        .env("CARGO_PROFILE_RELEASE_LTO", "off");
    run(install)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn temporary(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("wardrobe-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a temporary folder");
        folder.canonicalize().expect("its path")
    }

    #[test]
    fn the_data_survives_being_put_beside_the_page_again() -> io::Result<()> {
        let folder = temporary("page");
        let (from, to) = (folder.join("from"), folder.join("to"));
        fs::write(&from, b"data")?;
        for _ in 0..2 {
            put(&from, &to)?;
            assert_eq!(
                (fs::read(&from)?, fs::read(&to)?),
                (b"data".into(), b"data".into())
            );
        }
        fs::write(folder.join("newer"), b"newer")?;
        put(&folder.join("newer"), &to)?;
        assert_eq!(
            (fs::read(&from)?, fs::read(&to)?),
            (b"data".into(), b"newer".into())
        );
        put(&from, &from)?;
        assert_eq!(fs::read(&from)?, b"data");
        fs::remove_dir_all(&folder)
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_leads_nowhere_is_replaced() -> io::Result<()> {
        let folder = temporary("links");
        let (from, to) = (folder.join("from"), folder.join("to"));
        fs::write(&from, b"data")?;
        std::os::unix::fs::symlink(folder.join("gone"), &to)?;
        link_anew(&from, &to)?;
        assert_eq!(fs::read(&to)?, b"data");
        fs::remove_dir_all(&folder)
    }

    #[test]
    fn data_is_there_only_with_all_four_files() {
        let folder = temporary("data");
        for name in DATA_FILES {
            assert!(!has_data(&folder), "without {name}");
            fs::write(folder.join(name), b"x").expect("a file in it");
        }
        assert!(has_data(&folder));
        fs::remove_dir_all(&folder).expect("removed");
    }

    #[test]
    fn the_pinned_wasm_bindgen_is_the_workspace_s() {
        let manifest = fs::read_to_string(root().join("Cargo.toml")).expect("Cargo.toml");
        assert!(manifest.contains(&format!("wasm-bindgen = \"={WASM_BINDGEN}\"")));
    }
}
