//! `trainer export`: a net's weights as a file for other programs, or for the page.

use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};
use clap::ValueEnum;
use model::{
    export,
    folded::checked_tensors,
    golden::{self, GoldenLogits},
    net::{Net, cpu_device},
    weights::{self, Sidecar, WeightsError},
};

use crate::files;
use crate::nets::{GOLDEN, WeightsFile};
use crate::output::print_line;
use crate::usage::UsageError;

/// Flags of `export`.
#[derive(Debug, clap::Args)]
pub struct Export {
    /// Which net to export
    #[command(flatten)]
    pub weights: WeightsFile,
    /// What to write
    #[arg(long, value_enum)]
    pub format: Format,
    /// The file to write
    #[arg(long, value_name = "FILE", alias = "out")]
    pub output: PathBuf,
    /// Write over files that are there
    #[arg(long)]
    pub force: bool,
}

/// Kinds of files that a net can be written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// ONNX, input `image` [N, 1, 28, 28] of normalised pixels, output `logits` [N, 10]
    Onnx,
    /// The tensors in single precision, under our names and in our layout
    Safetensors,
    /// What the page and this program load: the weights, their sidecar and golden.json beside them
    Wardrobe,
    /// The weights with their sidecar in one file, as the page saves a model
    #[value(name = "wardrobe-single")]
    Single,
    /// As `wardrobe`, with matrices in eight bits: half the size, as the page ships them
    #[value(name = "wardrobe-8bit")]
    Wardrobe8Bit,
}

/// Writes the file or files, and prints their names.
///
/// # Errors
/// If the weights cannot be used, or a file is there already or cannot be written.
pub fn run(flags: &Export) -> Result<()> {
    let files = contents(flags)?;
    for (path, _) in &files {
        check_free(path, flags.force)?;
    }
    let written: Vec<&Path> = files.iter().map(|(path, _)| path.as_path()).collect();
    let (weights, sidecar) = (&flags.weights.weights, flags.weights.sidecar_path());
    files::check_apart(&written, &[weights, &sidecar])?;
    for (path, bytes) in &files {
        files::write_atomic(path, bytes)?;
    }
    for (path, bytes) in &files {
        print_line!("wrote {} ({} bytes)", path.display(), bytes.len())?;
    }
    Ok(())
}

/// Each file's path with its bytes.
fn contents(flags: &Export) -> Result<Vec<(PathBuf, Vec<u8>)>> {
    let (weights, sidecar) = flags.weights.read()?;
    let refuse = |error: WeightsError| UsageError::in_file(&flags.weights.weights, &error);
    let out = flags.output.clone();
    Ok(match flags.format {
        Format::Onnx => vec![(out, export::onnx(&weights, &sidecar).map_err(refuse)?)],
        Format::Safetensors => {
            let bytes = export::safetensors(&weights, &sidecar).map_err(refuse)?;
            vec![(out, bytes)]
        }
        Format::Wardrobe => {
            sidecar.check(&weights).map_err(refuse)?;
            page_files(flags, weights, &sidecar)?
        }
        Format::Single => {
            checked_tensors(&weights, &sidecar).map_err(refuse)?;
            let sidecar = serde_json::to_string(&sidecar)?;
            vec![(out, weights::bundle(&weights, &sidecar))]
        }
        Format::Wardrobe8Bit => {
            sidecar.check(&weights).map_err(refuse)?;
            let weights = weights::encode_8bit(&weights::decode(&weights).map_err(refuse)?);
            let crc32 = weights::crc32(&weights);
            page_files(flags, weights, &Sidecar { crc32, ..sidecar })?
        }
    })
}

/// The three files that the page loads: the weights, and in the same folder the sidecar and the
/// logits that a device must give to pass the self-test.
fn page_files(
    flags: &Export,
    weights: Vec<u8>,
    sidecar: &Sidecar,
) -> Result<Vec<(PathBuf, Vec<u8>)>> {
    let out = flags.output.clone();
    let (beside, golden_path) = (out.with_extension("json"), out.with_file_name(GOLDEN));
    ensure!(
        beside != out && golden_path != out,
        UsageError::new(
            "the sidecar's name ends in .json, so let --output end in .weights instead"
        )
    );
    let net = Net::from_weights(&weights, sidecar, &cpu_device())
        .map_err(|error| UsageError::in_file(&flags.weights.weights, &error))?;
    let golden = GoldenLogits {
        logits: net.logits_blocking(&golden::images())?,
    };
    Ok(vec![
        (out, weights),
        (beside, serde_json::to_vec_pretty(sidecar)?),
        (golden_path, serde_json::to_vec_pretty(&golden)?),
    ])
}

/// # Errors
/// If the path is taken, or its folder is not there.
fn check_free(path: &Path, force: bool) -> Result<()> {
    let folder = path.parent().unwrap_or(Path::new(""));
    if !folder.as_os_str().is_empty() && !folder.is_dir() {
        let sentence = format!(
            "there is no folder {}: create it, or name another file with --output",
            folder.display()
        );
        return Err(UsageError::new(sentence).into());
    }
    files::check_absent(path, force)
}
