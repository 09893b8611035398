//! Python with PyTorch, in a folder of its own below `target`.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use tests::root;

/// The release that is measured.
pub(crate) const TORCH: &str = "2.15.0";

/// What is below `target`.
const FOLDER: &str = "target/peers/pytorch";

/// Only where Windows keeps it differs.
const PYTHON: &str = if cfg!(windows) {
    "Scripts/python.exe"
} else {
    "bin/python"
};

/// The Python of the virtual environment, which is made if it is not there.
///
/// # Errors
/// Where there is no Python, or PyTorch cannot be had.
pub(crate) fn python_with_torch() -> Result<PathBuf> {
    let python = root().join(FOLDER).join(PYTHON);
    if !has_torch(&python) {
        make_environment()?;
        install_torch(&python)?;
        ensure!(
            has_torch(&python),
            "PyTorch {TORCH} was installed but does not start: `{} -c 'import torch'` says why",
            python.display()
        );
    }
    Ok(python)
}

fn has_torch(python: &Path) -> bool {
    let script = "import torch; print(torch.__version__.partition('+')[0])";
    let output = Command::new(python).args(["-c", script]).output();
    output.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).trim() == TORCH)
}

fn make_environment() -> Result<()> {
    let python3 = if cfg!(windows) { "python" } else { "python3" };
    let status = Command::new(python3)
        .args(["-m", "venv", FOLDER])
        .current_dir(root())
        .stdout(Stdio::from(std::io::stderr()))
        .status()
        .with_context(|| {
            format!(
                "`{python3}` could not be started, and PyTorch needs it: install Python 3.10 or \
                 newer, or bench without `native`"
            )
        })?;
    ensure!(
        status.success(),
        "`{python3} -m venv {FOLDER}` failed, its output above says why; on Debian the package \
         python3-venv is needed"
    );
    Ok(())
}

fn install_torch(python: &Path) -> Result<()> {
    eprintln!(
        "installing PyTorch {TORCH} into {FOLDER}, once; on Linux that is 2 GB to download and 5 GB \
         on the disk, for the wheel brings its GPU libraries along"
    );
    let status = Command::new(python)
        .args(["-m", "pip", "install", "--disable-pip-version-check"])
        .arg(format!("torch=={TORCH}"))
        .stdout(Stdio::from(std::io::stderr()))
        .status()
        .with_context(|| format!("{} could not be started", python.display()))?;
    ensure!(
        status.success(),
        "pip could not install torch=={TORCH}, its output above says why; it needs the Python \
         package index, which pip's own settings may point elsewhere"
    );
    Ok(())
}
