//! Steps: each says what it does and how long it took; the first that fails is the last.

use std::time::{Duration, Instant};

use crate::Result;
use crate::output::print_line;

/// The steps taken so far, with their times.
#[derive(Default)]
pub(crate) struct Steps {
    taken: Vec<Taken>,
}

struct Taken {
    name: &'static str,
    duration: Duration,
    note: &'static str,
}

impl Steps {
    /// Does `work`, after a line that says `what` it is and before one that says how long it took.
    pub(crate) fn run(
        &mut self,
        name: &'static str,
        what: &str,
        work: impl FnOnce() -> Result<()>,
    ) -> Result<()> {
        print_line!("\n[{name}] {what}")?;
        let start = Instant::now();
        let result = work();
        let duration = start.elapsed();
        let note = if result.is_ok() { "" } else { "failed" };
        let end = if result.is_ok() {
            "done in"
        } else {
            "failed after"
        };
        print_line!("[{name}] {end} {}", in_words(duration))?;
        self.taken.push(Taken {
            name,
            duration,
            note,
        });
        result.map_err(|sentence| format!("step `{name}`: {sentence}"))
    }

    /// Does `work` unless what it would bring is there already.
    pub(crate) fn ensure(
        &mut self,
        name: &'static str,
        what: &str,
        there: impl FnOnce() -> bool,
        work: impl FnOnce() -> Result<()>,
    ) -> Result<()> {
        let start = Instant::now();
        if !there() {
            return self.run(name, what, work);
        }
        print_line!("[{name}] {what}: already there")?;
        let duration = start.elapsed();
        self.taken.push(Taken {
            name,
            duration,
            note: "already there",
        });
        Ok(())
    }

    /// The steps and their minutes.
    pub(crate) fn table(&self) -> String {
        let mut table = String::from("\n| step | minutes | |\n|---|---:|---|\n");
        let rows = self.taken.iter().map(|taken| {
            let minutes = taken.duration.as_secs_f64() / 60.0;
            format!("| {} | {minutes:.1} | {} |\n", taken.name, taken.note)
        });
        table.extend(rows);
        let all = self.taken.iter().map(|taken| taken.duration);
        let minutes = all.sum::<Duration>().as_secs_f64() / 60.0;
        table + &format!("| together | {minutes:.1} | |")
    }
}

/// `3 min 12 s`, or `4.2 s` when it is under a minute.
fn in_words(duration: Duration) -> String {
    if duration < Duration::from_secs(60) {
        return format!("{:.1} s", duration.as_secs_f64());
    }
    let seconds = duration.as_secs();
    format!("{} min {} s", seconds / 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_that_is_there_is_not_done_again() {
        let mut steps = Steps::default();
        let result = steps.ensure("tool", "install it", || true, || Err("was run".into()));
        assert_eq!(result, Ok(()));
        assert!(steps.table().contains("| tool | 0.0 | already there |"));
    }

    #[test]
    fn a_failure_names_its_step_and_stands_in_the_table() {
        let mut steps = Steps::default();
        let result = steps.run("page", "build it", || Err("no disk.".into()));
        assert_eq!(result, Err("step `page`: no disk.".into()));
        assert!(steps.table().contains("| page | 0.0 | failed |"));
    }

    #[test]
    fn durations_read_as_words() {
        assert_eq!(in_words(Duration::from_millis(4_230)), "4.2 s");
        assert_eq!(in_words(Duration::from_secs(192)), "3 min 12 s");
    }
}
