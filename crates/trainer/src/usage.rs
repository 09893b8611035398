//! Mistakes in how the command was called: wrong flags and paths.

use std::fmt;
use std::path::Path;

/// The command was called wrongly. Ends the process with status 2 instead of 1.
#[derive(Debug)]
pub struct UsageError(String);

impl UsageError {
    /// An error whose `sentence` says what is wrong and what to do.
    pub fn new(sentence: impl Into<String>) -> UsageError {
        UsageError(sentence.into())
    }

    /// A file that the person named is not what it should be.
    pub fn in_file(path: &Path, error: &dyn fmt::Display) -> UsageError {
        UsageError(format!("in {}: {error}", path.display()))
    }

    /// The same of one of its lines, of which the first is number 0.
    pub fn in_line(path: &Path, line: usize, error: &anyhow::Error) -> UsageError {
        Self::in_file(path, &format!("line {}: {error:#}", line + 1))
    }
}

impl fmt::Display for UsageError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for UsageError {}
