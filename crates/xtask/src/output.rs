//! Standard output, for `println!` panics where nobody reads it or the disk is full.

use std::fmt;
use std::io::{self, ErrorKind, Write};

use crate::Result;

/// The error where nobody reads standard output any more, as in `cargo xtask … | head -1`.
pub const CLOSED: &str = "standard output is closed";

/// A line on standard output, formatted as by `println!`; gives a [`Result`].
macro_rules! print_line {
    ($($text:tt)*) => {
        $crate::output::line(format_args!($($text)*))
    };
}

pub(crate) use print_line;

/// Writes a line to standard output.
///
/// # Errors
/// [`CLOSED`], or a sentence that says why it cannot be written.
pub(crate) fn line(text: fmt::Arguments<'_>) -> Result<()> {
    let mut stdout = io::stdout().lock();
    let written = writeln!(stdout, "{text}").and_then(|()| stdout.flush());
    written.map_err(|error| match error.kind() {
        ErrorKind::BrokenPipe => CLOSED.into(),
        _ => format!("cannot write to standard output: {error}."),
    })
}
