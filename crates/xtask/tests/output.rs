//! The program where nobody reads its output, or where it cannot be written.

use std::process::{Command, Stdio};

fn help() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.arg("help").stderr(Stdio::piped());
    command
}

#[test]
fn nobody_reading_is_a_quiet_end() -> std::io::Result<()> {
    let (reader, writer) = std::io::pipe()?;
    drop(reader);
    let output = help().stdout(writer).output()?;
    assert_eq!(
        (output.status.code(), output.stderr),
        (Some(141), Vec::new())
    );
    Ok(())
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_one_sentence() -> std::io::Result<()> {
    let full = std::fs::File::options().write(true).open("/dev/full")?;
    let output = help().stdout(full).output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(
        said.trim()
            .starts_with("error: cannot write to standard output: "),
        "{said}"
    );
    Ok(())
}

#[cfg(unix)]
#[test]
fn a_word_that_is_not_utf_8_is_no_command() -> std::io::Result<()> {
    use std::os::unix::ffi::OsStrExt;
    let word = std::ffi::OsStr::from_bytes(b"odd-\xff");
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .arg(word)
        .output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("there is no command `odd-"), "{said}");
    Ok(())
}
