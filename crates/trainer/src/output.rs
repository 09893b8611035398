//! What the program says: all of it goes through here, for `println!` and `eprintln!` panic where nobody reads
//! or the disk is full.

use std::fmt;
use std::io::{self, Write};

use anyhow::Error;

/// What a shell reports for a program that ended because nobody read its output any more (128 + SIGPIPE).
pub const STATUS_CLOSED: u8 = 141;

/// Nobody reads standard output any more, as in `trainer … | head -1`: no failure to report, but the end.
#[derive(Clone, Copy, Debug)]
pub struct Closed;

impl fmt::Display for Closed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("standard output is closed")
    }
}

impl std::error::Error for Closed {}

/// A line on standard output, formatted as by `println!`; gives a [`Result`](anyhow::Result).
macro_rules! print_line {
    ($($text:tt)*) => {
        $crate::output::line(format_args!($($text)*))
    };
}

/// A line on standard error, formatted as by `eprintln!`.
macro_rules! print_note {
    ($($text:tt)*) => {
        $crate::output::note(format_args!($($text)*))
    };
}

pub(crate) use {print_line, print_note};

/// Writes a line to standard output.
///
/// # Errors
/// [`Closed`], or why it cannot be written.
pub fn line(text: fmt::Arguments<'_>) -> anyhow::Result<()> {
    // In one piece: threads that share the output should not mix their lines.
    let text = format!("{text}\n");
    let mut stdout = io::stdout().lock();
    let written = stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush());
    written.map_err(failure)
}

/// Writes a line to standard error. If it cannot be written there is nobody left to tell.
pub fn note(text: fmt::Arguments<'_>) {
    let _ = io::stderr()
        .lock()
        .write_all(format!("{text}\n").as_bytes());
}

/// Why standard output could not be written.
pub fn failure(error: io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::BrokenPipe => Closed.into(),
        _ => Error::new(error).context("cannot write to standard output"),
    }
}
