//! Ctrl-C: the first one asks the run to save and stop, the second one stops the process.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether somebody asked the process to stop. Clones share the flag.
#[derive(Clone, Default)]
pub struct Interrupt {
    requested: Arc<AtomicBool>,
}

/// What a shell reports for a process that ended by Ctrl-C.
pub const STATUS: u8 = 130;

/// A command of several runs was stopped before it had made what it was called for.
#[derive(Clone, Copy, Debug)]
pub struct Stopped;

impl fmt::Display for Stopped {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("stopped before the end; the same command goes on")
    }
}

impl std::error::Error for Stopped {}

impl Interrupt {
    /// Listens for Ctrl-C (and a polite kill) from now on.
    ///
    /// # Errors
    /// If the process already listens, or the system refuses.
    pub fn install() -> anyhow::Result<Interrupt> {
        let interrupt = Interrupt::default();
        let handle = interrupt.clone();
        ctrlc::set_handler(move || {
            if handle.requested.swap(true, Ordering::SeqCst) {
                std::process::exit(STATUS.into());
            }
            eprintln!("stopping: saving first (Ctrl-C again stops at once, unsaved)");
        })?;
        Ok(interrupt)
    }

    /// Asks the run to save and stop, as Ctrl-C does.
    pub fn request(&self) {
        self.requested.store(true, Ordering::SeqCst);
    }

    /// Whether the run should save and stop.
    pub fn is_requested(&self) -> bool {
        self.requested.load(Ordering::SeqCst)
    }
}
