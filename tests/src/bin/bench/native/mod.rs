//! `cargo xtask bench native`: the net natively, beside PyTorch on the same processor.
//!
//! PyTorch is a second process that waits for what to do next, so that the two sides take turns: what
//! else the machine is busy with then falls on both. Nothing is measured before both have computed the
//! same from the same weights.

mod agreement;
mod exchange;
mod pytorch;
mod report;
mod setup;
mod wardrobe;

use anyhow::{Result, bail};
use pytorch::PyTorch;
use report::{Report, Row};
use wardrobe::Wardrobe;

/// How often the sides take turns. Odd, so that the median is a measurement.
const ROUNDS: usize = 7;

/// How often a side does its work in a turn.
const RUNS: usize = 5;

/// What both sides do, in the order of the table.
const WORKS: [Work; 5] = [
    Work {
        what: "training step of 128",
        name: "train",
        batch: 128,
    },
    Work {
        what: "inference of 128",
        name: "infer",
        batch: 128,
    },
    Work {
        what: "inference of 128, PyTorch's graph frozen",
        name: "infer frozen",
        batch: 128,
    },
    Work {
        what: "inference of 256",
        name: "infer",
        batch: 256,
    },
    Work {
        what: "inference of 256, PyTorch's graph frozen",
        name: "infer frozen",
        batch: 256,
    },
];

/// A piece of work that both sides do.
struct Work {
    /// What the table says of it.
    what: &'static str,
    /// PyTorch's side goes by this; ours knows training and inference only.
    name: &'static str,
    /// Images in it.
    batch: usize,
}

/// Does what `bench native` is asked for with these options.
pub(crate) fn run(options: &[String]) -> Result<()> {
    let as_json = match options {
        [] => false,
        [flag] if flag == "--json" => true,
        _ => bail!("bench native takes nothing but `--json`"),
    };
    let report = report()?;
    if as_json {
        println!("{}", report.json());
    } else {
        print!("{}", report.table());
    }
    Ok(())
}

fn report() -> Result<Report> {
    let python = setup::python_with_torch()?;
    let mut ours = Wardrobe::new();
    exchange::write(&ours)?;
    let mut theirs = PyTorch::start(&python)?;
    let peer = agreement::check(&mut ours, &mut theirs)?;
    let mut rows: Vec<Row> = WORKS
        .iter()
        .map(|work| Row::new(work.what, work.batch))
        .collect();
    for round in 0..ROUNDS {
        eprintln!("round {} of {ROUNDS}", round + 1);
        for (row, work) in rows.iter_mut().zip(&WORKS) {
            // Each side goes first in every other round.
            if round % 2 == 0 {
                row.wardrobe.push(ours.seconds(work, RUNS));
            }
            row.pytorch.push(theirs.seconds(work, RUNS)?);
            if round % 2 == 1 {
                row.wardrobe.push(ours.seconds(work, RUNS));
            }
        }
    }
    Ok(Report { peer, rows })
}
