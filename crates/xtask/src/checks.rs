//! Everything that must hold before a change lands, cheapest first.

use crate::output::print_line;
use crate::process::{command, root, run};
use crate::steps::Steps;
use crate::{Result, serve, setup, wire};

/// The packages that are built for this machine. They are always named together: cargo unifies
/// features over the packages of one call, and another set would build burn a second time.
const NATIVE: [&str; 6] = ["kernels", "model", "protocol", "trainer", "xtask", "tests"];

/// One check of `cargo xtask test`.
pub(crate) struct Check {
    /// Its name on the command line and in the table.
    pub(crate) name: &'static str,
    /// What it does, in a line.
    pub(crate) what: &'static str,
    run: fn() -> Result<()>,
}

/// The checks, in the order in which they run.
pub(crate) const CHECKS: [Check; 9] = [
    Check {
        name: "fmt",
        what: "formatting",
        run: || cargo(&["fmt", "--all", "--check"], &[]),
    },
    Check {
        name: "clippy",
        what: "lints, native, warnings denied",
        run: clippy_native,
    },
    Check {
        name: "clippy-wasm",
        what: "lints, for the browser, warnings denied",
        run: clippy_wasm,
    },
    Check {
        name: "native",
        what: "unit, property, doc and parity tests",
        run: || cargo(&["test"], &[]),
    },
    Check {
        name: "workers",
        what: "lints and tests of training by several workers, here and on other machines",
        run: workers,
    },
    Check {
        name: "web",
        what: "unit tests of the page's rules",
        run: test_page_rules,
    },
    Check {
        name: "page",
        what: "the page and its workers, in release mode, by trunk",
        run: serve::build,
    },
    Check {
        name: "budget",
        what: "bytes over the wire",
        run: || wire::check(&root().join("dist")),
    },
    Check {
        name: "browser",
        what: "the page in headless Chromium",
        run: || cargo(&["test"], &["--test", "browser"]),
    },
];

/// Runs the named checks, or, when none is named, brings what they need and runs all.
pub(crate) fn test(steps: &mut Steps, names: &[String]) -> Result<()> {
    if let Some(name) = names
        .iter()
        .find(|name| CHECKS.iter().all(|check| check.name != **name))
    {
        let known: Vec<&str> = CHECKS.iter().map(|check| check.name).collect();
        return Err(format!(
            "there is no check `{name}`; there are {}.",
            known.join(", ")
        ));
    }
    if names.is_empty() {
        setup::build_tools(steps)?;
        setup::test_tools(steps)?;
        setup::data(steps)?;
    }
    let chosen = |check: &&Check| names.is_empty() || names.iter().any(|name| name == check.name);
    for check in CHECKS.iter().filter(chosen) {
        steps.run(check.name, check.what, check.run)?;
    }
    Ok(())
}

/// Makes the README's screenshot, by the browser test that can.
pub(crate) fn screenshot() -> Result<()> {
    let path = root().join("docs/screenshot.png");
    let mut test = command("cargo", ["test"]);
    test.args(packages())
        .args(["--test", "browser", "--", "--ignored", "screenshot"]);
    test.env("WARDROBE_SCREENSHOT", &path);
    run(test)?;
    print_line!("{}", path.display())
}

/// The figures that need a browser, by the `tests` package.
pub(crate) fn bench(options: &[String]) -> Result<()> {
    let mut bench = command(
        "cargo",
        ["run", "--quiet", "--package", "tests", "--bin", "bench"],
    );
    bench.arg("--").args(options);
    run(bench)
}

fn clippy_native() -> Result<()> {
    // The browser tests are no default target (they need the built page), so they are named.
    let targets = [
        "--examples",
        "--lib",
        "--bins",
        "--tests",
        "--test",
        "browser",
        "--",
        "--deny",
        "warnings",
    ];
    cargo(&["clippy"], &targets)
}

/// What `--features workers` adds. Apart and of the command line's tests alone, as burn is built once more
/// for it.
fn workers() -> Result<()> {
    let program = ["--features=trainer/workers", "--test=cli"];
    cargo(
        &["clippy"],
        &[&program[..], &["--lib", "--bins", "--", "--deny=warnings"]].concat(),
    )?;
    cargo(
        &["test"],
        &[&program[..], &["--", "workers", "remote"]].concat(),
    )
}

fn clippy_wasm() -> Result<()> {
    lint_for_browser(&["--package=web", "--package=worker", "--features=worker/gpu"])?;
    lint_for_browser(&["--package=archive"])?;
    // Apart, as the page's build has it: with both features burn would be built once more.
    lint_for_browser(&["--package=worker", "--features=worker/train"])
}

fn lint_for_browser(packages: &[&str]) -> Result<()> {
    // The release profile shares its procedural macros and build scripts with the page's build.
    let mut clippy = command("cargo", ["clippy", "--release"]);
    clippy.arg("--target=wasm32-unknown-unknown").args(packages);
    clippy.args(["--all-targets", "--", "--deny=warnings"]);
    run(clippy)
}

/// `cargo SUBCOMMAND`, for all native packages unless it is for the whole workspace.
fn cargo(subcommand: &[&str], options: &[&str]) -> Result<()> {
    let mut cargo = command("cargo", subcommand);
    if subcommand.len() == 1 {
        cargo.args(packages());
    }
    cargo.args(options);
    run(cargo)
}

/// The page's rules, which need no browser. Alone, as Leptos shares next to nothing with the rest.
fn test_page_rules() -> Result<()> {
    run(command("cargo", ["test", "--package=web"]))
}

fn packages() -> impl Iterator<Item = String> {
    NATIVE.iter().map(|package| format!("--package={package}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::process::output;
    use std::collections::BTreeSet;

    /// The packages that cargo would build, each with its version and features.
    fn resolved(options: &[&str], packages: &[&str]) -> BTreeSet<String> {
        let mut tree = command("cargo", ["tree", "--prefix=none", "--format={p} {f}"]);
        tree.args(options);
        tree.args(
            packages
                .iter()
                .map(|package| format!("--package={package}")),
        );
        let lines = output(tree).expect("cargo tree");
        lines
            .lines()
            .map(|line| line.trim_end_matches(" (*)").to_owned())
            .collect()
    }

    #[test]
    fn the_trainer_the_bench_and_the_tests_share_one_build() {
        let tests = resolved(&["--edges=normal,build,dev"], &NATIVE);
        assert!(tests.iter().any(|package| package.starts_with("burn ")));
        for alone in ["trainer", "tests"] {
            let alone = resolved(&["--edges=normal,build"], &[alone]);
            let apart: Vec<_> = alone.difference(&tests).collect();
            assert!(
                apart.is_empty(),
                "other features than the tests have, so burn is built twice: {apart:?}"
            );
        }
    }
}
