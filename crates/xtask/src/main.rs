//! `cargo xtask`: see the library beside this file.

use std::io::{self, Write};
use std::process::ExitCode;

/// What a shell reports for a program that ended because nobody read its output any more (128 + SIGPIPE).
const STATUS_CLOSED: u8 = 141;

fn main() -> ExitCode {
    // A word that is not UTF-8 is no command, and is answered as such.
    let words: Vec<String> = std::env::args_os()
        .skip(1)
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    match xtask::run(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) if sentence.ends_with(xtask::output::CLOSED) => ExitCode::from(STATUS_CLOSED),
        Err(sentence) => {
            // If it cannot be written there is nobody left to tell.
            let _ = writeln!(io::stderr(), "\nerror: {sentence}");
            ExitCode::FAILURE
        }
    }
}
