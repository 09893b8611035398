//! `cargo xtask bench browser`: our page's workers beside other runtimes, in one Chromium, on the same
//! weights.
//!
//! Each runtime has a worker of its own on one page. They take turns, so that what else the machine is
//! busy with falls on all. Nothing is measured before all have computed the same.
//!
//! `cargo xtask bench browser memory` says instead what memory a long training takes.

mod agreement;
mod answer;
mod field;
mod memory;
mod plan;
mod report;
mod setup;
mod stage;
mod training;

use anyhow::{Result, bail};
use field::Field;
use report::Report;

/// Does what `bench browser` is asked for with these options.
pub(crate) fn run(options: &[String]) -> Result<()> {
    let as_json = match options {
        [word] if word == "memory" => return memory::print(),
        [] => false,
        [flag] if flag == "--json" => true,
        _ => bail!("bench browser takes nothing but `--json` or `memory`"),
    };
    let fields = plan::DEVICES.iter().map(Field::measure);
    let training = plan::TRAINING.iter().map(training::measure);
    let report = Report::new(fields.chain(training).collect::<Result<_>>()?);
    if as_json {
        println!("{}", report.json());
    } else {
        print!("{}", report.table());
    }
    Ok(())
}
