//! The project's own commands: set-up, serving, checks and measurements.
//!
//! Architecture invariant: nothing but the standard library is linked, so that `cargo xtask` starts
//! within seconds on a machine that has only Rust. What needs a browser lives in the `tests` package.

#![deny(clippy::print_stdout, clippy::print_stderr)] // They panic; see `output`.

mod checks;
mod debian;
pub mod output;
mod process;
mod serve;
mod setup;
mod steps;
pub mod wire;

use output::print_line;
use steps::Steps;

/// A result whose error is one sentence that says what is wrong and what to do.
pub type Result<T> = std::result::Result<T, String>;

/// Does what the command line's words ask for.
///
/// # Errors
/// The sentence to show: a step that failed, or words that make no command.
pub fn run(words: &[String]) -> Result<()> {
    let (name, options) = match words.split_first() {
        Some((name, options)) => (name.as_str(), options),
        None => ("help", words),
    };
    match name {
        "serve" => in_steps(|steps| {
            let port = port(options)?;
            serve::check_port(port)?;
            setup::build_tools(steps)?;
            data_or_note(steps)?;
            serve::build_and_serve(steps, port)
        }),
        "setup" => with_table(|steps| {
            setup::build_tools(steps)?;
            setup::test_tools(steps)?;
            setup::data(steps)
        }),
        "data" => in_steps(setup::data),
        "data-for-page" => setup::data_for_page(),
        "test" => with_table(|steps| checks::test(steps, options)),
        "budget" => wire::check(&process::root().join("dist")),
        "bench" => checks::bench(options),
        "screenshot" => checks::screenshot(),
        "help" | "--help" | "-h" => {
            print_line!("{}", help())
        }
        unknown => Err(format!("there is no command `{unknown}`.\n\n{}", help())),
    }
}

fn help() -> String {
    let checks: Vec<&str> = checks::CHECKS.iter().map(|check| check.name).collect();
    format!(
        "cargo xtask COMMAND

serve [--port {port}]   get what is missing, build the release page and serve it
test [CHECK…]         get what is missing and check everything, or only: {checks}
setup                 only get what is missing
data                  only get Fashion-MNIST
data-for-page         put it beside the built page (trunk calls this)
budget                weigh the files of dist/ against their budgets
bench [--json]        measure the built page and the trainer, as a Markdown table or JSON
bench native [--json] the same of the net natively, beside PyTorch, which is installed for it
bench browser [--json] the same of the page's workers, beside other runtimes, which are installed for it
screenshot            make docs/screenshot.png from the built page",
        port = serve::PORT,
        checks = checks.join(" "),
    )
}

fn port(options: &[String]) -> Result<u16> {
    match options {
        [] => Ok(serve::PORT),
        [flag, number] if flag == "--port" => number
            .parse()
            .map_err(|_| format!("`{number}` is no port; ports go from 1 to 65535.")),
        _ => Err("serve takes nothing but `--port NUMBER`.".into()),
    }
}

fn in_steps(work: impl FnOnce(&mut Steps) -> Result<()>) -> Result<()> {
    work(&mut Steps::default())
}

/// As [`in_steps`], with the table of minutes at the end, whether all went well or not.
fn with_table(work: impl FnOnce(&mut Steps) -> Result<()>) -> Result<()> {
    let mut steps = Steps::default();
    let result = work(&mut steps);
    let printed = print_line!("{}", steps.table());
    result.and(printed)
}

/// The page draws and guesses without the data, so serving goes on where it cannot be had.
fn data_or_note(steps: &mut Steps) -> Result<()> {
    if let Err(why) = setup::data(steps) {
        print_line!("The page is served without the data set. {why}")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<String> {
        line.split_whitespace().map(String::from).collect()
    }

    #[test]
    fn unknown_words_are_answered_with_what_there_is() {
        let answer = run(&words("sevre")).err().unwrap_or_default();
        assert!(
            answer.contains("`sevre`") && answer.contains("serve [--port"),
            "{answer}"
        );
        let answer = run(&words("test pages")).err().unwrap_or_default();
        assert!(answer.contains("clippy-wasm"), "{answer}");
    }

    #[test]
    fn a_port_is_a_number_that_fits() {
        assert_eq!(port(&[]), Ok(serve::PORT));
        assert_eq!(port(&words("--port 9000")), Ok(9000));
        assert!(port(&words("--port 90000")).is_err());
        assert!(port(&words("9000")).is_err());
    }
}
