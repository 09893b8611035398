//! Files that are there whole or not at all, and the one way to read them: what is no file is neither read
//! nor replaced.

use std::fs::{self, File, FileType, OpenOptions};
use std::io::{self, Cursor, Read, Write};
#[cfg(unix)]
use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use image::{ImageFormat, RgbImage};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::usage::UsageError;

/// The end of the name of a file that is being written.
const PART: &str = ".part";

/// The largest file that is read.
const LARGEST: u64 = 1 << 30;

/// The largest JSON file that is read.
const LARGEST_JSON: u64 = 64 << 20;

/// Writes `bytes` to `path`: a reader, or a kill half-way, sees the old file or the new one. What is no
/// file is never replaced: a link's file is written in its place, a pipe or a device is written to.
///
/// # Errors
/// If the folder cannot be written to, or `path` is something that cannot hold a file.
pub fn write_atomic(path: &Path, bytes: &[u8]) -> Result<()> {
    let written = match target(path)? {
        Target::File(file) => replace(&file, bytes),
        Target::Stream => {
            let open = OpenOptions::new().write(true).open(path);
            open.and_then(|mut stream| stream.write_all(bytes))
        }
    };
    written.with_context(|| format!("cannot write {}", path.display()))
}

/// Where the bytes of a file go.
enum Target {
    /// To a file, whole or not at all.
    File(PathBuf),
    /// Into a pipe or a character device.
    Stream,
}

/// # Errors
/// A usage error where there is something that cannot hold a file.
fn target(path: &Path) -> Result<Target> {
    let refuse = |what: &str| {
        let path = path.display();
        UsageError::new(format!("{path} is {what}: name a file to write instead"))
    };
    let is_link = path.is_symlink();
    match fs::metadata(path).map(|found| found.file_type()) {
        Ok(kind) if kind.is_dir() => Err(refuse("a folder").into()),
        // What the link leads to is replaced, not the link.
        Ok(kind) if kind.is_file() && is_link => Ok(Target::File(fs::canonicalize(path)?)),
        Ok(kind) if kind.is_file() => Ok(Target::File(path.to_owned())),
        Ok(kind) if is_stream(kind) => Ok(Target::Stream),
        Ok(_) => Err(refuse("a device or a socket").into()),
        Err(_) if is_link => Err(refuse("a link that leads nowhere").into()),
        // Whatever is wrong with it, writing says.
        Err(_) => Ok(Target::File(path.to_owned())),
    }
}

#[cfg(unix)]
fn is_stream(kind: FileType) -> bool {
    kind.is_fifo() || kind.is_char_device()
}

#[cfg(not(unix))]
fn is_stream(_: FileType) -> bool {
    false
}

fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut name = path.as_os_str().to_owned();
    name.push(PART);
    let part = Path::new(&name);
    // What a kill left. A link of this name goes too: nothing is written through it.
    match fs::remove_file(part) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let write = || {
        let mut file = File::create_new(part)?;
        file.write_all(bytes)?;
        // Without this a power cut can leave the renamed file empty.
        file.sync_all()?;
        fs::rename(part, path)
    };
    let written = write();
    if written.is_err() {
        // Only a nuisance if it stays.
        let _ = fs::remove_file(part);
    }
    written
}

/// Removes the files in `folder` that a kill left half-written. Nothing may be writing there.
///
/// # Errors
/// If the folder cannot be read or written to.
pub fn sweep_parts(folder: &Path) -> Result<()> {
    let sweep = || -> io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let is_part = entry.file_name().to_string_lossy().ends_with(PART);
            if is_part && !entry.file_type()?.is_dir() {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    };
    sweep().with_context(|| format!("cannot tidy up {}", folder.display()))
}

/// Creates the folder at `path` and those above it, unless it is there.
///
/// # Errors
/// If something else is there, or it cannot be created.
pub fn create_folder(path: &Path) -> Result<()> {
    check_folder(path)?;
    fs::create_dir_all(path).with_context(|| format!("cannot create {}", path.display()))
}

/// # Errors
/// A usage error where there is something else than a folder.
fn check_folder(path: &Path) -> Result<()> {
    if path.exists() && !path.is_dir() {
        let sentence = format!("{} is no folder: name another one", path.display());
        return Err(UsageError::new(sentence).into());
    }
    Ok(())
}

/// Writes `value` as indented JSON to `path`, whole or not at all.
///
/// # Errors
/// If the folder cannot be written to.
pub fn write_json(path: &Path, value: &impl Serialize) -> Result<()> {
    let mut text = serde_json::to_string_pretty(value)?;
    text.push('\n');
    write_atomic(path, text.as_bytes())
}

/// Refuses to write over a file that is there, unless that was asked for, and to write to what cannot hold
/// a file. A pipe or a character device has nothing to lose.
///
/// # Errors
/// A usage error if it is there and `force` is not given, or it is a folder or the like.
pub fn check_absent(path: &Path, force: bool) -> Result<()> {
    if let Some(folder) = path.parent() {
        check_folder(folder)?;
    }
    let is_file = matches!(target(path)?, Target::File(_));
    if path.exists() && is_file && !force {
        let sentence = format!(
            "{} is there already: name another place, or write over it with --force",
            path.display()
        );
        return Err(UsageError::new(sentence).into());
    }
    Ok(())
}

/// Refuses to write a file over one that is read, or over another that is written.
///
/// # Errors
/// A usage error if two of `written`, or one of them and one of `read`, are the same file.
pub fn check_apart(written: &[&Path], read: &[&Path]) -> Result<()> {
    for (index, path) in written.iter().enumerate() {
        // Every picture may go to /dev/null.
        if matches!(target(path)?, Target::Stream) {
            continue;
        }
        let is_same = |other: &&&Path| place(other) == place(path);
        let clash = if read.iter().any(|other| is_same(&other)) {
            "is read by this command"
        } else if written[..index].iter().any(|other| is_same(&other)) {
            "would be written twice"
        } else {
            continue;
        };
        let sentence = format!("{} {clash}: name another file to write", path.display());
        return Err(UsageError::new(sentence).into());
    }
    Ok(())
}

/// What tells files apart: the path without links, as far as it is there.
fn place(path: &Path) -> PathBuf {
    if let Ok(whole) = fs::canonicalize(path) {
        return whole;
    }
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let folder = fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
    folder.join(path.file_name().unwrap_or_default())
}

/// Writes a picture as PNG to `path`, whole or not at all.
///
/// # Errors
/// If the folder cannot be written to.
pub fn write_png(path: &Path, picture: &RgbImage) -> Result<()> {
    write_atomic(path, &png(picture)?)
}

/// A picture as the bytes of a PNG file.
///
/// # Errors
/// If it has no pixels.
pub fn png(picture: &RgbImage) -> Result<Vec<u8>> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png)?;
    Ok(bytes.into_inner())
}

/// The value in the JSON file at `path`.
///
/// # Errors
/// If it cannot be read, or holds something else: a usage error.
pub fn read_json<T: DeserializeOwned>(path: &Path) -> Result<T> {
    let parsed = serde_json::from_slice(&read_up_to(path, LARGEST_JSON)?);
    Ok(parsed.map_err(|error| {
        UsageError::in_file(
            path,
            &format!("this is not as the trainer wrote it ({error})"),
        )
    })?)
}

/// The bytes of the file at `path`.
///
/// # Errors
/// If it cannot be read or is too large; the error names it. A usage error if there is no such file, or
/// something that is no file: a folder, or a pipe, device or socket, which may never end.
pub fn read(path: &Path) -> Result<Vec<u8>> {
    read_up_to(path, LARGEST)
}

/// [`read`], for files of no more than `most` bytes.
///
/// # Errors
/// As there.
pub fn read_up_to(path: &Path, most: u64) -> Result<Vec<u8>> {
    let named = path.display();
    let cannot = || format!("cannot read {named}");
    let kind = match fs::metadata(path) {
        Ok(found) => found.file_type(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(UsageError::new(format!("there is no file {named}")).into());
        }
        Err(error) => return Err(error).with_context(cannot),
    };
    if !kind.is_file() {
        let what = if kind.is_dir() {
            "a folder"
        } else {
            "a pipe, a device or a socket"
        };
        return Err(UsageError::new(format!("{named} is {what}, not a file")).into());
    }
    let mut bytes = Vec::new();
    // Not what its size says, for it may grow meanwhile.
    let file = File::open(path).with_context(cannot)?;
    file.take(most + 1)
        .read_to_end(&mut bytes)
        .with_context(cannot)?;
    if bytes.len() as u64 > most {
        let megabytes = most >> 20;
        let sentence = format!("{named} is larger than {megabytes} MiB, more than is read");
        return Err(UsageError::new(sentence).into());
    }
    Ok(bytes)
}

/// The text of the file at `path`.
///
/// # Errors
/// As [`read`], and if it is not UTF-8.
pub fn read_text(path: &Path) -> Result<String> {
    String::from_utf8(read(path)?)
        .with_context(|| format!("cannot read {} as text", path.display()))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;
    use std::os::unix::net::UnixListener;
    use std::process::Command;

    fn sentence(result: Result<impl Sized>) -> String {
        let error = result.err().expect("it is refused");
        assert!(error.is::<UsageError>(), "{error:#}");
        error.to_string()
    }

    fn fifo(path: &Path) -> Result<()> {
        assert!(Command::new("mkfifo").arg(path).status()?.success());
        Ok(())
    }

    #[test]
    fn what_is_no_file_is_not_read() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let file = |name: &str| folder.path().join(name);
        fifo(&file("pipe"))?;
        let _socket = UnixListener::bind(file("socket"))?;
        symlink("/dev/zero", file("link"))?;
        for name in ["pipe", "socket", "link", "/dev/zero", "/dev/null"] {
            let refused = sentence(read(&file(name)));
            assert!(
                refused.contains("a pipe, a device or a socket"),
                "{refused}"
            );
        }
        assert!(sentence(read(folder.path())).contains("is a folder"));
        assert!(sentence(read(&file("none"))).contains("there is no file"));
        fs::write(file("large"), [1; 10])?;
        assert!(sentence(read_up_to(&file("large"), 9)).contains("larger than"));
        assert_eq!(read_up_to(&file("large"), 10)?, [1; 10]);
        // A file of a terabyte that takes no room.
        File::create(file("sparse"))?.set_len(1 << 40)?;
        assert!(sentence(read_up_to(&file("sparse"), 1 << 20)).contains("1 MiB"));
        Ok(())
    }

    #[test]
    fn what_is_no_file_is_written_through_or_refused_and_stays() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let file = |name: &str| folder.path().join(name);
        let kind =
            |name: &str| Ok::<_, anyhow::Error>(fs::symlink_metadata(file(name))?.file_type());
        write_atomic(&file("file"), b"old")?;
        symlink("file", file("link"))?;
        write_atomic(&file("link"), b"new")?;
        assert!(kind("link")?.is_symlink());
        assert_eq!(fs::read(file("file"))?, b"new");

        symlink("nowhere", file("dangling"))?;
        assert!(sentence(write_atomic(&file("dangling"), b"x")).contains("leads nowhere"));
        assert!(sentence(write_atomic(folder.path(), b"x")).contains("is a folder"));
        let _socket = UnixListener::bind(file("socket"))?;
        assert!(sentence(write_atomic(&file("socket"), b"x")).contains("a socket"));
        assert!(kind("socket")?.is_socket());

        fifo(&file("pipe"))?;
        let reader = std::thread::spawn({
            let pipe = file("pipe");
            move || fs::read(pipe)
        });
        write_atomic(&file("pipe"), b"through")?;
        assert_eq!(reader.join().expect("the reader ends")?, b"through");
        assert!(kind("pipe")?.is_fifo());

        symlink("/dev/null", file("null"))?;
        check_absent(&file("null"), false)?;
        write_atomic(&file("null"), b"x")?;
        assert!(fs::metadata("/dev/null")?.file_type().is_char_device());
        for entry in fs::read_dir(folder.path())? {
            let name = entry?.file_name();
            assert!(!name.to_string_lossy().ends_with(PART), "{name:?}");
        }
        Ok(())
    }

    #[test]
    fn nothing_is_written_through_what_a_kill_left() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let file = |name: &str| folder.path().join(name);
        fs::write(file("precious"), "precious")?;
        symlink("precious", file("new.part"))?;
        write_atomic(&file("new"), b"new")?;
        assert_eq!(fs::read(file("precious"))?, b"precious");
        fs::write(file("left.part"), "half")?;
        sweep_parts(folder.path())?;
        assert!(!file("left.part").exists());
        Ok(())
    }

    #[test]
    fn the_same_file_is_known_by_any_path() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let file = |name: &str| folder.path().join(name);
        fs::write(file("read"), "")?;
        symlink("read", file("link"))?;
        let (read, link) = (file("read"), file("link"));
        for path in [&read, &link, &file("./read")] {
            let refused = sentence(check_apart(&[path], &[&read]));
            assert!(refused.contains("is read by this command"), "{refused}");
        }
        let (new, same) = (file("new"), file("./new"));
        assert!(sentence(check_apart(&[&new, &same], &[])).contains("written twice"));
        check_apart(
            &[&new, Path::new("/dev/null"), Path::new("/dev/null")],
            &[&read],
        )
    }
}
