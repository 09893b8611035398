//! The release page, built and served by trunk.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command};
use std::thread::sleep;
use std::time::{Duration, SystemTime};

use crate::Result;
use crate::output::print_line;
use crate::process::{command, line, root, run};
use crate::steps::Steps;

/// Where the page is served unless `--port` says otherwise.
pub(crate) const PORT: u16 = 8080;

/// Builds the page into `dist/`, in release mode.
pub(crate) fn build() -> Result<()> {
    run(trunk(&["build", "--release"]))
}

/// Looks whether the port is free, before anything that takes minutes.
pub(crate) fn check_port(port: u16) -> Result<()> {
    if TcpStream::connect(("127.0.0.1", port)).is_err() {
        return Ok(());
    }
    Err(format!(
        "port {port} is in use; stop what runs there or add `--port NUMBER`."
    ))
}

/// Builds the page and serves it until the person stops it.
///
/// One trunk does both: `trunk build` before `trunk serve` would bind and pack everything twice.
pub(crate) fn build_and_serve(steps: &mut Steps, port: u16) -> Result<()> {
    let mut server = None;
    let what = "the page and its workers, in release mode, by trunk (some minutes when cold)";
    steps.run("page", what, || {
        let port_text = port.to_string();
        let mut serve = trunk(&["serve", "--release", "--port", &port_text]);
        print_line!("$ {}", line(&serve))?;
        let start = SystemTime::now();
        let child = serve
            .spawn()
            .map_err(|error| format!("trunk could not be started: {error}."))?;
        wait_until_served(server.insert(child), port, start)
    })?;
    let Some(mut child) = server else {
        return Ok(());
    };
    let table = steps.table();
    print_line!("{table}\n\nWardrobe is served on http://127.0.0.1:{port}/ (Ctrl-C ends it).")
        .inspect_err(|_| {
            // Else it would go on serving unseen.
            let _ = child.kill();
        })?;
    ended(&mut child)
}

fn trunk(arguments: &[&str]) -> Command {
    let mut trunk = command("trunk", arguments);
    // Trunk reads NO_COLOR=1 as a bad value of its own flag, and looks for newer versions of itself.
    trunk
        .env_remove("NO_COLOR")
        .env("TRUNK_SKIP_VERSION_CHECK", "true");
    trunk
}

/// Trunk opens its port after the first build, whether that succeeded or not.
fn wait_until_served(child: &mut Child, port: u16, start: SystemTime) -> Result<()> {
    while !answers(port) {
        if let Ok(Some(status)) = child.try_wait() {
            return Err(format!(
                "trunk ended ({status}); its output above says why."
            ));
        }
        sleep(Duration::from_millis(300));
    }
    let page = fs::metadata(root().join("dist/index.html"));
    let built = page.and_then(|file| file.modified()).ok();
    if built.is_some_and(|time| time >= start) {
        return Ok(());
    }
    // A failed kill leaves a trunk that Ctrl-C ends.
    let _ = child.kill();
    Err("the page did not build; trunk's output above says why.".into())
}

/// Whether an HTTP server on this port answers at all.
fn answers(port: u16) -> bool {
    let ask = || -> std::io::Result<usize> {
        let mut stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        stream.write_all(b"HEAD / HTTP/1.0\r\n\r\n")?;
        stream.read(&mut [0; 16])
    };
    ask().is_ok_and(|bytes| bytes > 0)
}

fn ended(child: &mut Child) -> Result<()> {
    let status = child
        .wait()
        .map_err(|error| format!("trunk was lost: {error}."))?;
    if status.success() || status.code().is_none() {
        Ok(())
    } else {
        Err(format!(
            "trunk ended ({status}); its output above says why."
        ))
    }
}
