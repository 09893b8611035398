//! Debian packages, by apt-get; anywhere else, a sentence that says what to install by hand.

use crate::Result;
use crate::process::{command, on_path, output, run};

/// Installs Debian packages.
///
/// # Errors
/// Where there is no apt-get, or neither root's rights nor sudo: says what to install by hand.
pub(crate) fn install(packages: &[&str]) -> Result<()> {
    let prefix = prefix(on_path("apt-get"), is_root(), on_path("sudo"), is_ci())
        .map_err(|why| format!("{why}, so install this by hand: {}.", packages.join(", ")))?;
    let apt = |arguments: &[&str]| {
        let words: Vec<&str> = [prefix.as_slice(), arguments].concat();
        run(command(words[0], &words[1..]))
    };
    // An old package list makes apt-get ask for versions that the mirror no longer has.
    apt(&["apt-get", "update", "--quiet"])?;
    let noninteractive = ["env", "DEBIAN_FRONTEND=noninteractive"].as_slice();
    let install = [
        "apt-get",
        "install",
        "--yes",
        "--quiet",
        "--no-install-recommends",
    ];
    apt(&[noninteractive, &install, packages].concat())
}

/// The words before `apt-get`: none for root, else sudo, which must not ask where nobody can answer.
fn prefix(apt: bool, root: bool, sudo: bool, ci: bool) -> Result<Vec<&'static str>> {
    match (apt, root, sudo) {
        (false, ..) => Err("This machine has no apt-get (it is not a Debian)".into()),
        (true, true, _) => Ok(vec![]),
        (true, false, true) if ci => Ok(vec!["sudo", "--non-interactive"]),
        (true, false, true) => Ok(vec!["sudo"]),
        (true, false, false) => Err("Installing packages needs root's rights or sudo".into()),
    }
}

fn is_root() -> bool {
    output(command("id", ["-u"])).is_some_and(|user| user.trim() == "0")
}

fn is_ci() -> bool {
    std::env::var_os("CI").is_some()
}

#[cfg(test)]
mod tests {
    use super::prefix;

    #[test]
    fn root_needs_no_sudo_and_ci_is_never_asked_for_a_password() {
        assert_eq!(prefix(true, true, false, true), Ok(vec![]));
        assert_eq!(prefix(true, false, true, false), Ok(vec!["sudo"]));
        assert_eq!(
            prefix(true, false, true, true),
            Ok(vec!["sudo", "--non-interactive"])
        );
    }

    #[test]
    fn without_apt_or_rights_it_says_so() {
        let no_apt = prefix(false, true, true, false).map_err(|why| why.contains("no apt-get"));
        assert_eq!(no_apt, Err(true));
        let no_rights = prefix(true, false, false, false).map_err(|why| why.contains("sudo"));
        assert_eq!(no_rights, Err(true));
    }
}
