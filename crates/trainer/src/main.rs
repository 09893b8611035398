//! `cargo run -p trainer`: trains, evaluates and tries Wardrobe's nets.

use std::process::ExitCode;

fn main() -> ExitCode {
    trainer::cli::main()
}
