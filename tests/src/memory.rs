//! What a browser's tab takes of the machine's memory, as Linux counts it.

use std::fs;

use anyhow::{Context, Result};

/// The bytes that the largest renderer among a process's descendants takes: a page with its workers is
/// one renderer, and what several processes share is counted in parts (`Pss`).
pub(crate) fn largest_renderer_bytes(ancestor: u32) -> Result<u64> {
    let renderers = descendants(ancestor)
        .into_iter()
        .filter(|&process| is_renderer(process));
    renderers
        .filter_map(proportional_bytes)
        .max()
        .context("no renderer")
}

/// The process itself, and all below it.
pub(crate) fn descendants(ancestor: u32) -> Vec<u32> {
    let parents: Vec<(u32, u32)> = processes()
        .into_iter()
        .filter_map(|id| Some((id, parent(id)?)))
        .collect();
    let mut found = vec![ancestor];
    let mut next = 0;
    while let Some(&process) = found.get(next) {
        let children = parents.iter().filter(|(_, parent)| *parent == process);
        found.extend(children.map(|(child, _)| child));
        next += 1;
    }
    found
}

fn processes() -> Vec<u32> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    entries
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .collect()
}

/// The fourth field of a process's `stat`, behind its name, which may hold anything.
fn parent(process: u32) -> Option<u32> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let (_, rest) = stat.rsplit_once(')')?;
    rest.split_whitespace().nth(1)?.parse().ok()
}

fn is_renderer(process: u32) -> bool {
    let command = fs::read(format!("/proc/{process}/cmdline")).unwrap_or_default();
    String::from_utf8_lossy(&command).contains("--type=renderer")
}

fn proportional_bytes(process: u32) -> Option<u64> {
    let memory = fs::read_to_string(format!("/proc/{process}/smaps_rollup")).ok()?;
    let line = memory.lines().find_map(|line| line.strip_prefix("Pss:"))?;
    Some(line.trim().strip_suffix(" kB")?.parse::<u64>().ok()? * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn processes_are_found_below_their_ancestor() {
        let own = std::process::id();
        assert!(descendants(parent(own).unwrap()).contains(&own));
        assert!(proportional_bytes(own).unwrap() > 100_000);
        assert!(!is_renderer(own));
    }
}
