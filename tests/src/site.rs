//! A web site on this machine for one test: a folder's files, some of them altered at will.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::{Context, Result};

use crate::http::{Response, Server};

/// Lets the page talk to its own origin only, and has the browser report every attempt at another,
/// from workers too, which no log of the driver covers.
const POLICY: &str = "default-src 'self' 'unsafe-inline' 'wasm-unsafe-eval' blob: data:; \
                      report-uri /reports";
/// The same for a mounted folder's files, which are not ours: some of them make scripts out of texts.
const MOUNTED_POLICY: &str = "default-src 'self' 'unsafe-inline' 'unsafe-eval' blob: data:; \
                              report-uri /reports";
const REPORTS: &str = "reports";

/// How the page is really served, and what stands before the policy in it.
const SERVER: &str = include_str!("../../Trunk.toml");
const POLICY_HEADER: &str = "\"Content-Security-Policy\" = \"";

/// Makes what is served out of what the file holds; `None` is a missing file.
type Alteration = Box<dyn Fn(Vec<u8>) -> Option<Vec<u8>> + Send>;

/// A site that serves until it is dropped.
pub struct Site {
    server: Server,
    shared: Arc<Shared>,
}

struct Shared {
    folder: PathBuf,
    policy: Mutex<String>,
    mounts: Mutex<Vec<(String, PathBuf)>>,
    alterations: Mutex<HashMap<String, Alteration>>,
    media_types: Mutex<HashMap<String, String>>,
    cache_control: Mutex<&'static str>,
    requests: Mutex<Vec<String>>,
    reports: Mutex<Vec<String>>,
}

impl Site {
    /// Serves the folder's files on a free port of the loopback interface.
    ///
    /// # Errors
    /// When no port can be had.
    pub fn of(folder: &Path) -> Result<Self> {
        let shared = Arc::new(Shared {
            folder: folder.to_path_buf(),
            policy: Mutex::new(POLICY.to_owned()),
            mounts: Mutex::default(),
            alterations: Mutex::default(),
            media_types: Mutex::default(),
            cache_control: Mutex::new("no-store"),
            requests: Mutex::default(),
            reports: Mutex::default(),
        });
        let answering = Arc::clone(&shared);
        let server = Server::start(move |request| match request.path.as_str() {
            REPORTS => answering.note(&request.body),
            "" => answering.serve("index.html"),
            path => answering.serve(path),
        })?;
        Ok(Self { server, shared })
    }

    /// The address of a path of this site (`""` is the page itself).
    pub fn url(&self, path: &str) -> String {
        format!("http://{}/{path}", self.server.address())
    }

    /// The same under a name that the browser takes for another machine's: so the page has plain http.
    pub fn url_from_afar(&self, path: &str) -> String {
        format!("http://afar.test:{}/{path}", self.server.address().port())
    }

    /// From now on serves another folder's files below `prefix`, ahead of what was mounted earlier.
    pub fn mount(&self, prefix: &str, folder: &Path) {
        let mount = (format!("{prefix}/"), folder.to_path_buf());
        lock(&self.shared.mounts).insert(0, mount);
    }

    /// From now on serves its own files with the policy that the page's real server sends, which is
    /// returned.
    ///
    /// # Errors
    /// When `Trunk.toml` states none.
    pub fn obey_policy(&self) -> Result<&'static str> {
        let stated = SERVER.split_once(POLICY_HEADER);
        let policy = stated.and_then(|(_, rest)| rest.split('"').next());
        let policy = policy.context("Trunk.toml states no policy")?;
        *lock(&self.shared.policy) = format!("{policy}; report-uri /reports");
        Ok(policy)
    }

    /// The file that is behind a path, whether it is there or not.
    pub fn file(&self, path: &str) -> PathBuf {
        self.shared.file(path)
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

    /// From now on serves a path as this media type.
    pub fn serve_as(&self, path: &str, media_type: &str) {
        lock(&self.shared.media_types).insert(path.to_owned(), media_type.to_owned());
    }

    /// From now on lets the browser keep what is served, for a day.
    pub fn let_cache(&self) {
        *lock(&self.shared.cache_control) = "max-age=86400";
    }

    /// Serves every file as it is again.
    pub fn repair(&self) {
        lock(&self.shared.alterations).clear();
        lock(&self.shared.media_types).clear();
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

impl Shared {
    fn note(&self, report: &str) -> Response {
        lock(&self.reports).push(report.to_owned());
        Response {
            status: "204 No Content",
            headers: vec![],
            body: vec![],
        }
    }

    fn file(&self, path: &str) -> PathBuf {
        let mounted = self.mounted_file(path);
        mounted.unwrap_or_else(|| self.folder.join(path))
    }

    fn mounted_file(&self, path: &str) -> Option<PathBuf> {
        let below = |(prefix, folder): &(String, PathBuf)| {
            Some(folder.join(path.strip_prefix(prefix.as_str())?))
        };
        lock(&self.mounts).iter().find_map(below)
    }

    fn serve(&self, path: &str) -> Response {
        lock(&self.requests).push(path.to_owned());
        let file = fs::read(self.file(path)).ok();
        let is_mounted = self.mounted_file(path).is_some();
        let policy = match is_mounted {
            true => MOUNTED_POLICY.to_owned(),
            false => lock(&self.policy).clone(),
        };
        let body = match lock(&self.alterations).get(path) {
            Some(alteration) => alteration(file.unwrap_or_default()),
            None => file,
        };
        Response {
            status: if body.is_some() {
                "200 OK"
            } else {
                "404 Not Found"
            },
            headers: vec![
                (
                    "Content-Type",
                    lock(&self.media_types)
                        .get(path)
                        .map_or_else(|| media_type(path).to_owned(), Clone::clone),
                ),
                ("Content-Security-Policy", policy),
                ("Cache-Control", (*lock(&self.cache_control)).to_owned()),
            ],
            body: body.unwrap_or_default(),
        }
    }
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
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
