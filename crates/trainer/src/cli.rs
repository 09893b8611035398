//! The command line: flags, subcommands, exit status.

use std::env;
use std::ffi::OsString;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{ArgMatches, CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::calibrate::{self, Calibrate};
use crate::duplicates::{self, Duplicates};
use crate::embed::{self, Embed};
use crate::evaluate::{self, Evaluate};
use crate::explain::{self, Explain};
use crate::explore::{self, Explore};
use crate::export::{self, Export};
use crate::finetune::{self, Finetune};
use crate::interrupt::{self, Stopped};
use crate::nets::DeviceName;
use crate::numbers::whole;
use crate::opinions::{self, Opinions};
use crate::originals::{self, Originals};
use crate::output::{self, Closed, print_note};
use crate::predict::{self, Predict};
use crate::recipes::{self, Recipes};
use crate::remote::{self, Serve};
use crate::report::{self, Reporting};
use crate::run_config::RunConfig;
use crate::suspects::{self, Suspects};
use crate::train::diverged::{self, Diverged};
use crate::training::{self, Train};
use crate::tune::{self, Tune};
use crate::usage::UsageError;

/// What a shell is told when the command was called wrongly.
const STATUS_USAGE: u8 = 2;

/// Trains, evaluates and tries Wardrobe's nets. Without a command: trains the shipped recipe.
#[derive(Debug, Parser)]
#[command(name = "trainer", version)]
struct Cli {
    #[command(flatten)]
    shared: Shared,
    #[command(subcommand)]
    command: Option<Command>,
}

/// Flags that several commands share; [`unheeded`] has those that a command does nothing with.
#[derive(Debug, Clone, clap::Args)]
pub struct Shared {
    /// Folder with the four Fashion-MNIST .gz files
    #[arg(long, global = true, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// What computes
    #[arg(long, global = true, value_enum, default_value_t = DeviceName::Cpu)]
    pub device: DeviceName,
    /// Seed of everything random in a training run
    #[arg(long, global = true, value_parser = whole::<u64>(0..), default_value_t = 1)]
    pub seed: u64,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Show what is in the data set
    Explore(Explore),
    /// Train a net into a new run folder
    Train(Box<Train>),
    /// Lend this machine's device to `train --remote`
    ///
    /// What goes over the connection, a WebSocket, is not encrypted, token, images and weights
    /// included: lend only in networks that you trust.
    Serve(Serve),
    /// Train by all recipes and make a table of them
    Recipes(Recipes),
    /// Search hyper-parameters by training many small runs
    Tune(Tune),
    /// Measure a net on images it has not been trained on
    Evaluate(Evaluate),
    /// Fit a net's confidence on the validation images, into its sidecar
    Calibrate(Calibrate),
    /// Find images of the data set that are the same, or nearly so
    Duplicates(Duplicates),
    /// List images whose label is doubted by nets that did not learn from them
    Suspects(Box<Suspects>),
    /// Say what people's drawings look like to nets that did not learn from them, for train
    Opinions(Box<Opinions>),
    /// Teach a trained net your own examples, as the page does
    Finetune(Finetune),
    /// Write the file of images that keep a net from forgetting while it is taught
    Originals(Originals),
    /// Show what in a picture made the net decide
    Explain(Explain),
    /// Write one HTML file about data, net and figures
    Report(Reporting),
    /// Make a map on which images that the net finds alike lie together
    Embed(Embed),
    /// Say what is in picture files
    Predict(Predict),
    /// Write a net as a file for other programs: ONNX, safetensors, or the page's own format
    Export(Export),
}

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    match parse(env::args_os()) {
        Ok(cli) => match run(&cli) {
            Ok(status) => status,
            Err(error) => explain(&error),
        },
        Err(error) => explain_flags(&error),
    }
}

/// The shared flags that a command does nothing with: it refuses them, and its help has them not.
fn unheeded(command: &str) -> &'static [&'static str] {
    match command {
        "evaluate" | "calibrate" | "explain" | "report" | "predict" => &["seed"],
        "explore" | "duplicates" | "originals" => &["device", "seed"],
        "serve" => &["data", "seed"],
        "export" => &["data", "device", "seed"],
        _ => &[],
    }
}

/// The commands and their flags.
pub fn command() -> clap::Command {
    let whole = Cli::command();
    let hidden = |id: &&str| {
        let mut shared = whole.get_arguments();
        Some(shared.find(|flag| flag.get_id() == id)?.clone().hide(true))
    };
    // Else a number below 0 would be taken for a flag.
    let with_numbers = |flag: clap::Arg| {
        let takes_value = flag.get_long().is_some() && flag.get_action().takes_values();
        flag.allow_negative_numbers(takes_value)
    };
    let commands = whole.clone().mut_subcommands(|command| {
        let flags = unheeded(command.get_name()).iter().filter_map(hidden);
        command.args(flags).mut_args(with_numbers)
    });
    commands.mut_args(with_numbers)
}

/// A command line, the program's name first.
fn parse(line: impl IntoIterator<Item = OsString>) -> Result<Cli, clap::Error> {
    let mut description = command();
    let matches = description.try_get_matches_from_mut(line)?;
    let mut cli = Cli::from_arg_matches(&matches)?;
    if let (Some(command), Some((name, matches))) = (&mut cli.command, matches.subcommand()) {
        let useless = unheeded(name).iter().find(|flag| is_given(matches, flag));
        if let Some(flag) = useless {
            let sentence = format!("--{flag} does nothing with {name}: leave it out");
            return Err(description.error(ErrorKind::UnknownArgument, sentence));
        }
        command.remember_given(matches);
    }
    Ok(cli)
}

fn is_given(matches: &ArgMatches, flag: &str) -> bool {
    matches.value_source(flag) == Some(ValueSource::CommandLine)
}

/// The settings with which `train` would begin a run, called with these arguments.
///
/// # Errors
/// A usage error if they are wrong.
pub fn planned_run(arguments: impl IntoIterator<Item = OsString>) -> Result<RunConfig> {
    let (flags, shared) = train_flags(arguments)?;
    flags.config(&shared)
}

/// The flags of `train` that these arguments are.
///
/// # Errors
/// A usage error if they are none.
pub fn train_flags(arguments: impl IntoIterator<Item = OsString>) -> Result<(Box<Train>, Shared)> {
    let command = ["trainer", "train"].map(OsString::from);
    let cli = parse(command.into_iter().chain(arguments));
    let cli = cli.map_err(|error| UsageError::new(sentence(&error.to_string())))?;
    match cli.command {
        Some(Command::Train(flags)) => Ok((flags, cli.shared)),
        _ => Err(UsageError::new("these are no flags of train").into()),
    }
}

impl Command {
    /// Tells the commands that train which of their flags were given.
    fn remember_given(&mut self, matches: &ArgMatches) {
        let given = match self {
            Command::Train(flags) => &mut flags.given,
            Command::Suspects(flags) => &mut flags.given,
            Command::Opinions(flags) => &mut flags.given,
            _ => return,
        };
        let ids = matches.ids().filter(|id| is_given(matches, id.as_str()));
        *given = ids.map(ToString::to_string).collect();
    }
}

fn run(cli: &Cli) -> Result<ExitCode> {
    match &cli.command {
        None => training::run_shipped(&cli.shared)?,
        Some(Command::Explore(flags)) => explore::run(flags, &cli.shared)?,
        Some(Command::Train(flags)) => training::run(flags, &cli.shared)?,
        Some(Command::Serve(flags)) => remote::run(flags, &cli.shared)?,
        Some(Command::Recipes(flags)) => recipes::run(flags, &cli.shared)?,
        Some(Command::Tune(flags)) => tune::run(flags, &cli.shared)?,
        Some(Command::Evaluate(flags)) => evaluate::run(flags, &cli.shared)?,
        Some(Command::Export(flags)) => export::run(flags)?,
        Some(Command::Calibrate(flags)) => calibrate::run(flags, &cli.shared)?,
        Some(Command::Duplicates(flags)) => duplicates::run(flags, &cli.shared)?,
        Some(Command::Suspects(flags)) => suspects::run(flags, &cli.shared)?,
        Some(Command::Opinions(flags)) => opinions::run(flags, &cli.shared)?,
        Some(Command::Finetune(flags)) => finetune::run(flags, &cli.shared)?,
        Some(Command::Originals(flags)) => originals::run(flags, &cli.shared)?,
        Some(Command::Explain(flags)) => explain::run(flags, &cli.shared)?,
        Some(Command::Report(flags)) => report::run(flags, &cli.shared)?,
        Some(Command::Embed(flags)) => embed::run(flags, &cli.shared)?,
        Some(Command::Predict(flags)) => return predict::run(flags, &cli.shared),
    }
    Ok(ExitCode::SUCCESS)
}

/// Says what went wrong, and gives the exit status for it.
fn explain(error: &anyhow::Error) -> ExitCode {
    if error.is::<Closed>() {
        return ExitCode::from(output::STATUS_CLOSED);
    }
    if error.is::<Stopped>() {
        print_note!("{error}");
        return ExitCode::from(interrupt::STATUS);
    }
    print_note!("error: {error:#}");
    if error.is::<UsageError>() {
        ExitCode::from(STATUS_USAGE)
    } else if error.is::<Diverged>() {
        ExitCode::from(diverged::STATUS)
    } else {
        ExitCode::FAILURE
    }
}

/// Prints help or version if they were asked for, else one sentence about the wrong flags.
fn explain_flags(error: &clap::Error) -> ExitCode {
    if matches!(
        error.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
    ) {
        let printed = error.print().and_then(|()| io::stdout().flush());
        return match printed.map_err(output::failure) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => explain(&error),
        };
    }
    print_note!("error: {}; see --help", sentence(&error.to_string()));
    ExitCode::from(STATUS_USAGE)
}

/// The first paragraph of clap's message, and its tip if it has one, as one line.
pub fn sentence(message: &str) -> String {
    let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut paragraphs = message.split("\n\n");
    let first = one_line(paragraphs.next().unwrap_or_default());
    let first = first.strip_prefix("error: ").unwrap_or(&first);
    match paragraphs.find_map(|paragraph| paragraph.trim().strip_prefix("tip: ")) {
        Some(tip) => format!("{first} ({})", one_line(tip)),
        None => first.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_flags_do_not_contradict_each_other() {
        command().debug_assert();
    }

    #[test]
    fn a_flag_that_does_nothing_is_refused_and_not_in_the_help() {
        let values = [("data", "folder"), ("device", "cpu"), ("seed", "7")];
        let mut whole = command();
        whole.build();
        for mut subcommand in whole.get_subcommands().cloned() {
            let name = subcommand.get_name().to_owned();
            let help = subcommand.render_long_help().to_string();
            for (flag, value) in values {
                let flag = format!("--{flag}");
                let useless = unheeded(&name).contains(&&flag[2..]);
                let line = ["trainer", &flag, value, &name].map(OsString::from);
                let refusal = parse(line).err().map(|error| sentence(&error.to_string()));
                let expected = format!("{flag} does nothing with {name}: leave it out");
                let is_refused = refusal.as_ref() == Some(&expected);
                // Where a flag is missing, that is said first.
                let is_incomplete = refusal.is_some_and(|said| said.contains("were not provided"));
                assert!(is_refused == useless || is_incomplete, "{name} {flag}");
                assert!(
                    !(useless && help.contains(&format!("{flag} <"))),
                    "{name} {flag}"
                );
            }
        }
    }

    #[test]
    fn a_wrong_flag_is_one_sentence() {
        let check = |arguments: &[&str], expected: &str| {
            let command = [&["trainer"], arguments].concat();
            let line = command.into_iter().map(OsString::from);
            let error = parse(line).expect_err(expected);
            assert_eq!(sentence(&error.to_string()), expected);
        };
        check(
            &["evaluate", "--splt", "test"],
            "unexpected argument '--splt' found (a similar argument exists: '--split')",
        );
        check(
            &["evaluate", "--split", "train"],
            "invalid value 'train' for '--split <SPLIT>' [possible values: test, validation]",
        );
        check(
            &["predict"],
            "the following required arguments were not provided: <PATH>...",
        );
    }

    #[test]
    fn shared_flags_stand_before_or_behind_the_command() -> Result<(), clap::Error> {
        for arguments in [
            ["trainer", "--seed", "7", "train"],
            ["trainer", "train", "--seed", "7"],
        ] {
            assert_eq!(parse(arguments.map(OsString::from))?.shared.seed, 7);
        }
        Ok(())
    }
}
