//! A web site on this machine for one test: a folder's files, some of them altered at will.

use std::collections::HashMap;
use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

use anyhow::{Result, anyhow};
use tiny_http::{Header, Request, Response, Server};

/// Lets the page talk to its own origin only, and has the browser report every attempt at another,
/// from workers too, which no log of the driver covers.
const POLICY: &str = "default-src 'self' 'unsafe-inline' 'wasm-unsafe-eval' blob: data:; \
                      report-uri /reports";
const REPORTS: &str = "reports";

/// Makes what is served out of what the file holds; `None` is a missing file.
type Alteration = Box<dyn Fn(Vec<u8>) -> Option<Vec<u8>> + Send>;

/// A site that serves until it is dropped.
pub struct Site {
    server: Arc<Server>,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    folder: PathBuf,
    alterations: Mutex<HashMap<String, Alteration>>,
    requests: Mutex<Vec<String>>,
    reports: Mutex<Vec<String>>,
}

impl Site {
    /// Serves the folder's files on a free port of the loopback interface.
    ///
    /// # Errors
    /// When no port can be had.
    pub fn of(folder: &Path) -> Result<Self> {
        let server = Server::http("127.0.0.1:0").map_err(|error| anyhow!("no port: {error}"))?;
        let server = Arc::new(server);
        let shared = Arc::new(Shared {
            folder: folder.to_path_buf(),
            alterations: Mutex::default(),
            requests: Mutex::default(),
            reports: Mutex::default(),
        });
        let thread = {
            let (server, shared) = (Arc::clone(&server), Arc::clone(&shared));
            thread::spawn(move || {
                for request in server.incoming_requests() {
                    shared.answer(request);
                }
            })
        };
        Ok(Self {
            server,
            shared,
            thread: Some(thread),
        })
    }

    /// The address of a path of this site (`""` is the page itself).
    pub fn url(&self, path: &str) -> String {
        format!("http://{}/{path}", self.server.server_addr())
    }

    /// From now on serves at `path` what `alteration` makes of the file (of nothing where there is no
    /// such file); `None` is a 404.
    pub fn alter(
        &self,
        path: &str,
        alteration: impl Fn(Vec<u8>) -> Option<Vec<u8>> + Send + 'static,
    ) {
        lock(&self.shared.alterations).insert(path.to_owned(), Box::new(alteration));
    }

    /// Serves every file as it is again.
    pub fn repair(&self) {
        lock(&self.shared.alterations).clear();
    }

    /// The paths asked for so far, in order.
    pub fn requests(&self) -> Vec<String> {
        lock(&self.shared.requests).clone()
    }

    /// The browser's reports of attempts to reach another origin.
    pub fn reports(&self) -> Vec<String> {
        lock(&self.shared.reports).clone()
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.server.unblock();
        if let Some(thread) = self.thread.take() {
            // A panic there has already failed a test by leaving its request unanswered.
            let _ = thread.join();
        }
    }
}

impl Shared {
    fn answer(&self, mut request: Request) {
        let path = request.url().split(['?', '#']).next().unwrap_or_default();
        let path = path.trim_start_matches('/').to_owned();
        let response = if path == REPORTS {
            let mut report = String::new();
            let _ = request.as_reader().read_to_string(&mut report);
            lock(&self.reports).push(report);
            Response::from_data([]).with_status_code(204)
        } else {
            self.response(if path.is_empty() { "index.html" } else { &path })
        };
        // The browser may be gone by now, as at the end of a test.
        let _ = request.respond(response);
    }

    fn response(&self, path: &str) -> Response<Cursor<Vec<u8>>> {
        lock(&self.requests).push(path.to_owned());
        let file = fs::read(self.folder.join(path)).ok();
        let body = match lock(&self.alterations).get(path) {
            Some(alteration) => alteration(file.unwrap_or_default()),
            None => file,
        };
        let status = if body.is_some() { 200 } else { 404 };
        let mut response = Response::from_data(body.unwrap_or_default()).with_status_code(status);
        let headers = [
            ("Content-Type", media_type(path)),
            ("Content-Security-Policy", POLICY),
            ("Cache-Control", "no-store"),
        ];
        for (name, value) in headers {
            response.add_header(header(name, value));
        }
        response
    }
}

fn header(name: &'static str, value: &'static str) -> Header {
    #[expect(clippy::expect_used, reason = "both are constants of this file")]
    Header::from_bytes(name, value).expect("ASCII")
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("json" | "webmanifest") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        _ => "application/octet-stream",
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
