//! Bytes over the wire: what the files of `dist/` weigh once compressed, and what they may weigh.

use std::path::{Path, PathBuf};
use std::{fmt, fs};

use crate::Result;
use crate::output::print_line;
use crate::process::{command, output_bytes};

/// How many bytes, compressed with brotli, one part of the page may weigh.
pub struct Budget {
    /// What the part is.
    pub name: &'static str,
    /// Its greatest weight, in bytes over the wire.
    pub limit_bytes: usize,
    /// Whether a file of `dist/` belongs to the part.
    belongs: fn(&str) -> bool,
}

/// The budgets. A file belongs to the first part that claims it; the last part claims the rest, so
/// that a new file is never left out.
pub const BUDGETS: [Budget; 6] = [
    Budget {
        name: "weights",
        limit_bytes: 1_000_000,
        belongs: |file| file.contains("compact") || file.contains("golden"),
    },
    Budget {
        name: "teaching on WebGPU (fetched when it is chosen)",
        limit_bytes: 1_600_000,
        belongs: |file| file.contains("teach-gpu"),
    },
    Budget {
        name: "GPU worker (fetched later)",
        limit_bytes: 1_300_000,
        belongs: |file| file.contains("gpu"),
    },
    Budget {
        name: "teaching (fetched when its room opens)",
        limit_bytes: 1_000_000,
        belongs: |file| file.contains("teach"),
    },
    Budget {
        name: "data viewer (fetched when its room opens)",
        limit_bytes: 400_000,
        belongs: |file| {
            ["archive", "duplicates", "suspects", "assets/map."]
                .iter()
                .any(|part| file.contains(part))
        },
    },
    Budget {
        name: "page and CPU worker",
        limit_bytes: 600_000,
        belongs: |_| true,
    },
];

/// One file of `dist/`.
pub struct File {
    /// Its path below `dist/`.
    pub path: String,
    /// Its length on disk, in bytes.
    pub raw_bytes: usize,
    /// Its length after `brotli --best`, in bytes.
    pub wire_bytes: usize,
}

/// One part of the page with the files it is made of.
pub struct Part {
    /// What it may weigh.
    pub budget: &'static Budget,
    /// What it is made of, heaviest first.
    pub files: Vec<File>,
}

impl Part {
    /// What it weighs, in bytes over the wire.
    pub fn wire_bytes(&self) -> usize {
        self.files.iter().map(|file| file.wire_bytes).sum()
    }

    /// Whether it keeps to its budget.
    pub fn fits(&self) -> bool {
        self.wire_bytes() <= self.budget.limit_bytes
    }
}

/// The data set's files, packed already and fetched on demand, are not the page's weight.
const UNWEIGHED: &str = "data";

/// Weighs every file of `dist` but the data set's, in the order of [`BUDGETS`].
///
/// # Errors
/// When the page is not built or brotli is missing: says what to do.
pub fn weigh(dist: &Path) -> Result<Vec<Part>> {
    let mut files = Vec::new();
    for path in files_below(dist)?
        .into_iter()
        .filter(|path| !path.starts_with(dist.join(UNWEIGHED)))
    {
        files.push(weigh_file(dist, &path)?);
    }
    files.sort_by_key(|file| std::cmp::Reverse(file.wire_bytes));
    Ok(share_out(files))
}

fn share_out(files: Vec<File>) -> Vec<Part> {
    let mut parts: Vec<Part> = BUDGETS
        .iter()
        .map(|budget| Part {
            budget,
            files: vec![],
        })
        .collect();
    for file in files {
        let part = parts
            .iter_mut()
            .find(|part| (part.budget.belongs)(&file.path));
        if let Some(part) = part {
            part.files.push(file);
        }
    }
    parts
}

fn files_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let failed = |error| {
        format!(
            "{} cannot be read ({error}); `trunk build --release` makes it.",
            folder.display()
        )
    };
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.is_dir() {
            files.extend(files_below(&path)?);
        } else {
            files.push(path);
        }
    }
    Ok(files)
}

fn weigh_file(dist: &Path, path: &Path) -> Result<File> {
    let failed = |error| format!("{} cannot be read: {error}.", path.display());
    let name = path.strip_prefix(dist).unwrap_or(path);
    Ok(File {
        path: name.to_string_lossy().replace('\\', "/"),
        raw_bytes: fs::read(path).map_err(failed)?.len(),
        wire_bytes: brotli_bytes(path)?,
    })
}

/// What a file weighs after `brotli --best`, in bytes.
///
/// # Errors
/// When brotli is missing or cannot read it: says what to do.
pub fn brotli_bytes(path: &Path) -> Result<usize> {
    let brotli = command(
        "brotli",
        ["--stdout".as_ref(), "--best".as_ref(), path.as_os_str()],
    );
    output_bytes(brotli)
        .map(|bytes| bytes.len())
        .ok_or_else(|| {
            format!(
                "`brotli --best {}` failed; `cargo xtask setup` installs brotli on Debian.",
                path.display()
            )
        })
}

/// The parts as a Markdown table, a line a file.
pub struct Table<'a>(pub &'a [Part]);

impl fmt::Display for Table<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            out,
            "| part, file | raw KB | wire KB (brotli) | budget KB |"
        )?;
        writeln!(out, "|---|---:|---:|---:|")?;
        for part in self.0 {
            let raw = part.files.iter().map(|file| file.raw_bytes).sum();
            let (wire, limit) = (part.wire_bytes(), part.budget.limit_bytes);
            let (name, raw, wire) = (part.budget.name, kb(raw), kb(wire));
            writeln!(out, "| **{name}** | {raw} | **{wire}** | {} |", kb(limit))?;
            for File {
                path,
                raw_bytes,
                wire_bytes,
            } in &part.files
            {
                writeln!(
                    out,
                    "| {path} | {} | {} | |",
                    kb(*raw_bytes),
                    kb(*wire_bytes)
                )?;
            }
        }
        Ok(())
    }
}

/// Thousands of bytes, as download sizes are counted.
fn kb(bytes: usize) -> String {
    format!("{:.1}", bytes as f64 / 1000.0)
}

/// Weighs `dist` and prints the table.
///
/// # Errors
/// Names every part that is over its budget, with both figures.
pub fn check(dist: &Path) -> Result<()> {
    let parts = weigh(dist)?;
    print_line!("{}", Table(&parts))?;
    let over: Vec<String> = parts.iter().filter_map(excess).collect();
    if over.is_empty() {
        Ok(())
    } else {
        Err(over.join(" "))
    }
}

fn excess(part: &Part) -> Option<String> {
    if part.files.is_empty() {
        return Some(format!("{}: no such file in dist/.", part.budget.name));
    }
    (!part.fits()).then(|| {
        format!(
            "{}: {} KB over the wire, and its budget is {} KB.",
            part.budget.name,
            kb(part.wire_bytes()),
            kb(part.budget.limit_bytes)
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, wire_bytes: usize) -> File {
        File {
            path: path.into(),
            raw_bytes: wire_bytes,
            wire_bytes,
        }
    }

    #[test]
    fn every_file_counts_somewhere() {
        let files = [
            "assets/compact.weights",
            "worker-gpu_bg.wasm",
            "worker-teach-gpu_bg.wasm",
            "assets/teach.originals",
            "web_bg.wasm",
            "new.thing",
            "worker-archive_bg.wasm",
        ];
        let parts = share_out(files.iter().map(|path| file(path, 1)).collect());
        let counts: Vec<usize> = parts.iter().map(|part| part.files.len()).collect();
        assert_eq!(counts, [1, 1, 1, 1, 1, 2]);
    }

    #[test]
    fn a_part_over_its_budget_is_named_with_both_figures() {
        let page = BUDGETS.len() - 1;
        let limit = BUDGETS[page].limit_bytes;
        let over = share_out(vec![file("web_bg.wasm", limit), file("style.css", 1)]);
        let sentence = excess(&over[page]).unwrap_or_default();
        let words = format!("page and CPU worker: {}", kb(limit));
        assert!(sentence.contains(&words), "{sentence}");
        assert!(
            excess(&over[2]).is_some(),
            "a missing GPU worker is no saving"
        );
        let within = share_out(vec![file("web_bg.wasm", limit)]);
        assert_eq!(excess(&within[page]), None);
    }
}
