//! `cargo run -p trainer`: trains, evaluates and tries Wardrobe's nets.

use std::process::ExitCode;

/// A training step makes and drops the same large tensors each time. This allocator keeps their
/// memory, where the system's gives it back and has it zeroed again: a tenth of a step's time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    trainer::cli::main()
}
