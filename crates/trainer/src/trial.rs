//! Runs of `train` in processes of their own, several at a time, found again by their names.

use std::env;
use std::error::Error;
use std::ffi::OsString;
use std::fmt;
use std::num::NonZero;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::Mutex;
use std::thread;

use anyhow::{Result, anyhow};

use crate::cli::{self, Shared};
use crate::interrupt::{self, Interrupt, Stopped};
use crate::run_config::RunConfig;
use crate::run_folder::{METRICS, RunFolder, named};
use crate::train::config::TrainConfig;
use crate::train::parallel::DataParallel;
use crate::usage::UsageError;

/// How many runs there may be at the same time.
pub const PARALLEL: RangeInclusive<usize> = 1..=64;

/// A run failed, whatever the reason: it diverged, its settings are refused, its process was killed.
#[derive(Debug)]
pub struct Failed {
    /// Its folder, if it got as far as that.
    pub run: Option<PathBuf>,
    /// The run's name, and how its process ended.
    what: String,
}

impl fmt::Display for Failed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}; its message is above", self.what)
    }
}

impl Error for Failed {}

/// A run of `train` by its name, which no other has in the same folder of runs.
pub struct Trial {
    /// Folder of all run folders.
    pub runs: PathBuf,
    /// The name; the run's folder is `<number>-<name>`.
    pub name: String,
    /// Flags of `train`.
    pub flags: Vec<OsString>,
}

impl Trial {
    /// Trains to the end, unless that has been done; gives the run's folder.
    ///
    /// # Errors
    /// [`Failed`] if training fails, [`Stopped`] if it is stopped; also if a run of this name has other
    /// settings, or no process can be started.
    pub fn train(
        &self,
        shared: &Shared,
        parallel: usize,
        interrupt: &Interrupt,
    ) -> Result<PathBuf> {
        if interrupt.is_requested() {
            return Err(Stopped::in_between().into());
        }
        self.check_found(shared)?;
        if let Some(run) = self.finished() {
            return Ok(run);
        }
        let found = self.begun();
        if let Some(run) = &found {
            // A process that outlived a search that was killed may still be at it.
            let _lock = RunFolder::open(run)?.wait_for_lock()?;
            if is_finished(run) {
                return Ok(run.clone());
            }
        }
        let mut command = self.command(shared, found.as_deref())?;
        // Each process would take all cores otherwise.
        let cores = thread::available_parallelism().map_or(1, NonZero::get);
        if parallel > 1 {
            command.env("RAYON_NUM_THREADS", (cores / parallel).max(1).to_string());
        }
        interrupt::shield(&mut command);
        let mut process = command.stdout(Stdio::null()).spawn()?;
        let status = interrupt.wait_for(&mut process)?;
        match self.finished() {
            Some(run) if status.success() => Ok(run),
            _ if is_stopped(status) || interrupt.is_requested() => {
                Err(Stopped::in_between().into())
            }
            _ => Err(Failed {
                run: self.begun(),
                what: format!("the run {} failed ({status})", self.name),
            }
            .into()),
        }
    }

    /// A run of this name that has begun.
    fn begun(&self) -> Option<PathBuf> {
        named(&self.runs, &self.name).into_iter().next()
    }

    /// A run of this name that has come to its end. There may be another that has not: of a process
    /// that outlived a search that was killed, and began its folder after we had looked.
    fn finished(&self) -> Option<PathBuf> {
        let runs = named(&self.runs, &self.name);
        runs.into_iter().find(|run| is_finished(run))
    }

    /// A run of this name is taken for this one, so it must have been begun with the same settings.
    fn check_found(&self, shared: &Shared) -> Result<()> {
        let found = named(&self.runs, &self.name);
        if found.is_empty() {
            return Ok(());
        }
        let settings = |config: RunConfig| {
            // Who shares the work may change, as where a run goes on.
            let train = TrainConfig {
                parallel: DataParallel::default(),
                ..config.train
            };
            RunConfig { train, ..config }
        };
        let wanted = settings(cli::planned_run(self.beginning(shared))?);
        for run in found {
            if settings(RunConfig::read(&RunFolder::open(&run)?)?) != wanted {
                let sentence = format!(
                    "{} was trained with other settings: name another folder by --output, or remove this one",
                    run.display()
                );
                return Err(UsageError::new(sentence).into());
            }
        }
        Ok(())
    }

    /// The arguments of `train` that begin the run.
    pub fn beginning(&self, shared: &Shared) -> Vec<OsString> {
        let seed = shared.seed.to_string();
        let mut line = ["--seed", &seed, "--name", &self.name, "--runs"]
            .map(OsString::from)
            .to_vec();
        line.push(self.runs.clone().into());
        line.extend(self.flags.iter().cloned());
        line
    }

    fn command(&self, shared: &Shared, found: Option<&Path>) -> Result<Command> {
        let mut command = Command::new(env::current_exe()?);
        command.arg("train");
        if let Some(data) = &shared.data {
            command.arg("--data").arg(data);
        }
        command.args(["--device", &shared.device.to_string()]);
        match found {
            Some(run) => command.arg("--resume").arg(run),
            None => command.args(self.beginning(shared)),
        };
        Ok(command)
    }
}

/// Whether a process was stopped by Ctrl-C.
fn is_stopped(status: ExitStatus) -> bool {
    status.code() == Some(interrupt::STATUS.into())
}

fn is_finished(run: &Path) -> bool {
    run.join(METRICS).is_file()
}

/// What `work` makes of each item, in their order, `parallel` of them at a time. After a failure no
/// further item is begun.
///
/// # Errors
/// The first one of `work`.
pub fn in_parallel<T: Sync, R: Send>(
    items: &[T],
    parallel: usize,
    work: impl Fn(&T) -> Result<R> + Sync,
) -> Result<Vec<R>> {
    let next = Mutex::new(items.iter().enumerate());
    let done = Mutex::new(Vec::new());
    let poisoned = |_| anyhow!("a worker panicked");
    let worker = || -> Result<()> {
        loop {
            let Some((index, item)) = next.lock().map_err(|_| poisoned(()))?.next() else {
                return Ok(());
            };
            let result = work(item);
            if result.is_err() {
                next.lock()
                    .map_err(|_| poisoned(()))?
                    .by_ref()
                    .for_each(drop);
            }
            let mut done = done.lock().map_err(|_| poisoned(()))?;
            done.push((index, result?));
        }
    };
    thread::scope(|scope| -> Result<()> {
        let workers: Vec<_> = (0..parallel.clamp(1, items.len().max(1)))
            .map(|_| scope.spawn(worker))
            .collect();
        let mut ends = workers.into_iter().map(|worker| worker.join());
        ends.try_for_each(|end| end.map_err(|_| poisoned(()))?)
    })?;
    let mut done = done.into_inner().map_err(|_| poisoned(()))?;
    done.sort_by_key(|(index, _)| *index);
    Ok(done.into_iter().map(|(_, result)| result).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run_folder::CONFIG;
    use anyhow::bail;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn the_run_that_came_to_its_end_counts_where_two_have_the_name() -> Result<()> {
        let runs = tempfile::tempdir()?;
        for number in [1, 2, 3] {
            let run = RunFolder::create(runs.path(), "twice")?;
            run.write_json(CONFIG, &0)?;
            if number == 2 {
                run.write_json(METRICS, &0)?;
            }
        }
        let trial = Trial {
            runs: runs.path().to_owned(),
            name: "twice".into(),
            flags: Vec::new(),
        };
        assert_eq!(trial.finished(), Some(runs.path().join("2-twice")));
        Ok(())
    }

    #[test]
    fn results_come_in_order_and_nothing_is_begun_after_a_failure() -> Result<()> {
        let items: Vec<usize> = (0..20).collect();
        let squares = in_parallel(&items, 3, |item| Ok(item * item))?;
        assert_eq!(squares[7], 49);
        let begun = AtomicUsize::new(0);
        let failed = in_parallel(&items, 1, |item| {
            begun.fetch_add(1, Ordering::SeqCst);
            if *item == 4 { bail!("four") } else { Ok(()) }
        });
        assert_eq!(failed.expect_err("a failure").to_string(), "four");
        assert_eq!(begun.into_inner(), 5);
        Ok(())
    }

    #[test]
    fn as_many_run_at_once_as_were_asked_for() -> Result<()> {
        // Each of two waits for the other: one at a time would never end.
        let barrier = std::sync::Barrier::new(2);
        let met = in_parallel(&[1, 2], 2, |_| Ok(barrier.wait().is_leader()))?;
        assert_eq!(met.iter().filter(|leader| **leader).count(), 1);
        Ok(())
    }
}
