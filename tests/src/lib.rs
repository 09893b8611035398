//! What the tests that cross the crates are written with: a site that serves the built page (and can
//! damage it), a browser that opens it, and the page as a person sees it.
//!
//! Architecture invariant: nothing here knows how the page works inside; it sees what a person or an
//! assistive technology sees, and the attributes that the page promises.

pub mod browser;
pub mod drawings;
pub mod gpu_calls;
mod http;
mod memory;
pub mod page;
pub mod pictures;
pub mod site;
pub mod trainer;
pub mod wasm;
mod webdriver;
pub mod workers;

use std::path::{Path, PathBuf};

/// The workspace's top folder.
pub fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().unwrap_or(manifest).to_path_buf()
}

/// The built page.
pub fn dist() -> PathBuf {
    root().join("dist")
}
