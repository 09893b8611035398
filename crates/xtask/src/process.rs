//! Running other programs: what is said before, and what is said when one fails.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Result;
use crate::output::print_line;

/// The workspace's top folder; every command runs there, wherever xtask was called.
pub(crate) fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest
        .ancestors()
        .nth(2)
        .unwrap_or(manifest)
        .to_path_buf()
}

/// `program` with `arguments`, to be run in the workspace's top folder.
pub(crate) fn command<A: AsRef<OsStr>>(
    program: &str,
    arguments: impl IntoIterator<Item = A>,
) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(root());
    // What cargo told us about ourselves. Build scripts look at it too, and one of the encryption that
    // burn's remote devices need would have them and burn built anew whenever cargo is called by hand.
    for (name, _) in std::env::vars_os() {
        let is_about_us = |name: &str| ABOUT_US.iter().any(|start| name.starts_with(start));
        if name.to_str().is_some_and(is_about_us) {
            command.env_remove(name);
        }
    }
    command
}

/// How the names of variables begin by which cargo tells a program about its package.
const ABOUT_US: [&str; 2] = ["CARGO_PKG_", "CARGO_MANIFEST_"];

/// A line as one would type it, for messages.
pub(crate) fn line(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words
        .map(|word| word.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Prints the command, runs it with our output, and waits.
///
/// # Errors
/// A sentence with the command when it cannot be started or does not succeed.
pub(crate) fn run(mut command: Command) -> Result<()> {
    let line = line(&command);
    print_line!("$ {line}")?;
    let status = command
        .status()
        .map_err(|error| format!("`{line}` could not be started: {error}."))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!(
            "`{line}` failed ({status}); its output above says why."
        ))
    }
}

/// What the command prints to its standard output, or nothing when it cannot run or fails.
pub(crate) fn output(command: Command) -> Option<String> {
    output_bytes(command).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

/// As [`output`], for what is no text.
pub(crate) fn output_bytes(mut command: Command) -> Option<Vec<u8>> {
    let output = command.output().ok()?;
    output.status.success().then_some(output.stdout)
}

/// Whether a program of this name is on the `PATH`.
pub(crate) fn on_path(program: &str) -> bool {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&folders).any(|folder| folder.join(program).is_file())
}
