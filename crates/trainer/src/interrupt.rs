//! Ctrl-C: the first one asks the run to save and stop, the second one stops the process.

use std::fmt;
use std::io;
use std::process::{Child, Command, ExitStatus};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use crate::output::print_note;

/// How often a process that is waited for is looked at.
const POLL: Duration = Duration::from_millis(20);

/// Whether somebody asked the process to stop. Clones share the flag.
#[derive(Clone, Default)]
pub struct Interrupt {
    requested: Arc<AtomicBool>,
}

/// What a shell reports for a process that ended by Ctrl-C.
pub const STATUS: u8 = 130;

/// A command was stopped before its end, and has saved what it had.
#[derive(Clone, Debug)]
pub struct Stopped {
    /// How to go on.
    pub how_to_go_on: String,
}

impl Stopped {
    /// One of several runs was stopped, each of which is found again.
    pub fn in_between() -> Stopped {
        Stopped {
            how_to_go_on: "the same command goes on".into(),
        }
    }
}

impl fmt::Display for Stopped {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "stopped and saved; {}", self.how_to_go_on)
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
            print_note!("stopping: saving first (Ctrl-C again stops at once, unsaved)");
        })?;
        Ok(interrupt)
    }

    /// Asks the run to save and stop, as Ctrl-C does.
    pub fn request(&self) {
        self.requested.store(true, Ordering::SeqCst);
    }

    /// Waits for the end of a process that saves and stops by Ctrl-C as well, and has it do so when this
    /// one is asked to.
    ///
    /// # Errors
    /// If the process cannot be waited for.
    pub fn wait_for(&self, child: &mut Child) -> io::Result<ExitStatus> {
        let mut is_told = false;
        loop {
            if let Some(status) = child.try_wait()? {
                return Ok(status);
            }
            if self.is_requested() && !is_told {
                pass_on(child);
                is_told = true;
            }
            thread::sleep(POLL);
        }
    }

    /// Whether the run should save and stop.
    pub fn is_requested(&self) -> bool {
        self.requested.load(Ordering::SeqCst)
    }
}

/// Keeps the terminal's Ctrl-C from a process that [`Interrupt::wait_for`] passes it on to: a second one would
/// stop it unsaved.
pub fn shield(command: &mut Command) {
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
    #[cfg(not(unix))]
    let _ = command;
}

/// Sends what Ctrl-C sends. Elsewhere than on Unix the terminal itself sends it to all processes.
#[cfg(unix)]
fn pass_on(child: &Child) {
    use nix::sys::signal::{Signal, kill};
    let Ok(id) = i32::try_from(child.id()) else {
        return;
    };
    // It fails where the process has just ended, which is as well.
    let _ = kill(nix::unistd::Pid::from_raw(id), Signal::SIGINT);
}

#[cfg(not(unix))]
fn pass_on(_: &Child) {}
