//! The rows, as a Markdown table or JSON.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::agreement::Peer;
use super::exchange::threads;
use super::{ROUNDS, RUNS};
use crate::figure::median;

/// The workspace's manifest pins it.
const BURN: &str = "0.22.1";

/// From this on a side's median stands so far above its fastest round that something else was running.
/// It does not fall on both alike: PyTorch's threads wait for each other more often than ours.
const DISTURBED: f64 = 1.25;

/// All rows, and whom they are against.
pub(crate) struct Report {
    pub(crate) peer: Peer,
    pub(crate) rows: Vec<Row>,
}

/// A piece of work, measured on both sides once a round.
pub(crate) struct Row {
    what: &'static str,
    batch: usize,
    /// Seconds, a value a round.
    pub(crate) wardrobe: Vec<f64>,
    /// Seconds, a value a round.
    pub(crate) pytorch: Vec<f64>,
}

impl Row {
    /// A row without measurements.
    pub(crate) fn new(what: &'static str, batch: usize) -> Self {
        Self {
            what,
            batch,
            wardrobe: Vec::new(),
            pytorch: Vec::new(),
        }
    }

    /// Our median over PyTorch's: below 1 we are faster.
    fn ratio(&self) -> f64 {
        median(self.wardrobe.clone()) / median(self.pytorch.clone())
    }

    /// Whether something else took the processor during most rounds of a side.
    fn is_disturbed(&self) -> bool {
        [&self.wardrobe, &self.pytorch].into_iter().any(|seconds| {
            let fastest = seconds.iter().copied().fold(f64::INFINITY, f64::min);
            median(seconds.clone()) > DISTURBED * fastest
        })
    }

    fn line(&self) -> String {
        let cell = |seconds: &[f64]| {
            let seconds = median(seconds.to_vec());
            let rate = self.batch as f64 / seconds;
            format!("{:.1} ms, {rate:.0} images/s", seconds * 1e3)
        };
        format!(
            "| {} | {} | {} | {:.2} |",
            self.what,
            cell(&self.wardrobe),
            cell(&self.pytorch),
            self.ratio()
        )
    }
}

impl Report {
    /// A line a piece of work, medians.
    pub(crate) fn table(&self) -> String {
        let Peer {
            version,
            vectors,
            difference,
        } = &self.peer;
        let mut table = format!(
            "| native, f32, {} threads | Wardrobe {}, burn {BURN} | PyTorch {version}, {vectors} | ratio |\n\
             |---|---:|---:|---:|\n",
            threads(),
            env!("CARGO_PKG_VERSION"),
        );
        for row in &self.rows {
            // Writing to a string cannot fail.
            let _ = writeln!(table, "{}", row.line());
        }
        let _ = writeln!(
            table,
            "\nMedians of {ROUNDS} interleaved rounds of {RUNS} runs. Same weights; no logit differs by \
             more than {difference:.1e}."
        );
        if self.is_disturbed() {
            table.push_str(
                "\nOther work disturbed this: measure again while the machine is idle.\n",
            );
        }
        table
    }

    fn is_disturbed(&self) -> bool {
        self.rows.iter().any(Row::is_disturbed)
    }

    /// Everything, in full precision.
    pub(crate) fn json(&self) -> Value {
        let row = |row: &Row| {
            json!({
                "what": row.what,
                "batch": row.batch,
                "wardrobe_seconds": row.wardrobe,
                "pytorch_seconds": row.pytorch,
                "ratio_of_medians": row.ratio(),
            })
        };
        json!({
            "wardrobe": env!("CARGO_PKG_VERSION"),
            "burn": BURN,
            "pytorch": self.peer.version,
            "pytorch_vectors": self.peer.vectors,
            "threads": threads(),
            "runs_a_round": RUNS,
            "disturbed": self.is_disturbed(),
            "largest_logit_difference": self.peer.difference,
            "rows": self.rows.iter().map(row).collect::<Value>(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_compares_medians() {
        let row = Row {
            wardrobe: vec![0.1, 0.9, 0.1],
            pytorch: vec![0.2, 0.2, 0.001],
            ..Row::new("step", 128)
        };
        assert_eq!(
            row.line(),
            "| step | 100.0 ms, 1280 images/s | 200.0 ms, 640 images/s | 0.50 |"
        );
    }

    #[test]
    fn one_slow_round_is_no_matter_and_most_of_them_are() {
        let row = |wardrobe: [f64; 3]| Row {
            wardrobe: wardrobe.into(),
            pytorch: vec![0.2, 0.2, 0.21],
            ..Row::new("step", 128)
        };
        assert!(!row([0.1, 0.11, 0.9]).is_disturbed());
        assert!(row([0.1, 0.15, 0.16]).is_disturbed());
    }

    #[test]
    fn the_version_of_burn_is_the_workspace_s() -> std::io::Result<()> {
        let manifest = std::fs::read_to_string(::tests::root().join("Cargo.toml"))?;
        assert!(manifest.contains(&format!("burn = {{ version = \"={BURN}\"")));
        Ok(())
    }
}
