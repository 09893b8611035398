//! Pages that cannot start, and that they say why.

use std::fs;

use anyhow::{Context, Result};
use tests::browser::{Browser, WebGpu, wait_for};
use tests::dist;
use tests::site::Site;

/// Waits until the page shows these words instead of "Loading".
fn wait_for_words(browser: &Browser, words: &str) -> Result<()> {
    let shown = || -> Result<String> {
        let text = browser.script("return document.body.innerText", &[])?;
        Ok(text.as_str().unwrap_or_default().to_owned())
    };
    wait_for(words, || Ok(shown()?.contains(words).then_some(())))
        .with_context(|| format!("the page says: {}", shown().unwrap_or_default()))
}

/// Opens the page after `script` has changed the browser, and waits for the words.
fn says_without(script: &str, words: &str) -> Result<()> {
    let site = Site::of(&dist())?;
    let browser = Browser::start(WebGpu::None)?;
    browser.before_each_page(script)?;
    browser.open(&site.url(""))?;
    wait_for_words(&browser, words)
}

/// Opens the page from a site that a test has changed, and waits for the words.
fn says(change: impl FnOnce(&Site) -> Result<()>, words: &str) -> Result<()> {
    let site = Site::of(&dist())?;
    change(&site)?;
    let browser = Browser::start(WebGpu::None)?;
    browser.open(&site.url(""))?;
    wait_for_words(&browser, words)
}

/// The name of the page's own program that ends so.
fn program(ending: &str) -> Result<String> {
    let page = fs::read_to_string(dist().join("index.html"))?;
    let mut names = page.split(['"', '=', '&', ';']);
    let name = names.find(|name| name.starts_with("web-") && name.ends_with(ending));
    Ok(name.context("no such program")?.to_owned())
}

fn missing(name: &str) -> Result<()> {
    let words = format!("file {name} is missing: the server answers 404");
    says(
        |site| {
            site.alter(name, |_| None);
            Ok(())
        },
        &words,
    )
}

#[test]
fn missing_programs_are_named() -> Result<()> {
    missing("start.js")?;
    missing(&program(".js")?)?;
    missing(&program(".wasm")?)
}

#[test]
fn a_script_of_a_wrong_type_is_named() -> Result<()> {
    let wrongly_typed = |name: String| {
        let words = format!("file {name} as text/plain");
        says(
            move |site| {
                site.serve_as(&name, "text/plain");
                Ok(())
            },
            &words,
        )
    };
    wrongly_typed("start.js".to_owned())?;
    wrongly_typed(program(".js")?)
}

#[test]
fn without_any_script_the_page_says_that_it_takes_unusually_long() -> Result<()> {
    says(
        |site| {
            site.alter("start.js", |_| None);
            site.alter("fallback.js", |_| None);
            Ok(())
        },
        "takes unusually long",
    )
}

#[test]
fn a_page_opened_as_a_file_says_so() -> Result<()> {
    let browser = Browser::start(WebGpu::None)?;
    browser.open(&format!("file://{}", dist().join("index.html").display()))?;
    wait_for_words(&browser, "opened as a file")
}

#[test]
fn a_browser_without_webassembly_or_with_an_old_one_is_told_so() -> Result<()> {
    says_without("delete window.WebAssembly", "WebAssembly")?;
    // The page's own program is refused then as well.
    let old = "WebAssembly.validate = () => false; \
        const refuse = () => Promise.reject(new WebAssembly.CompileError('invalid opcode')); \
        WebAssembly.instantiate = refuse; WebAssembly.instantiateStreaming = refuse;";
    says_without(old, "lacks SIMD")
}

#[test]
fn a_browser_that_forbids_workers_is_told_so() -> Result<()> {
    let words = "lets the page start no worker";
    let forbidden = "window.Worker = class { \
        constructor() { throw new DOMException('not allowed', 'SecurityError'); } }";
    says_without(forbidden, words)?;
    says_without("delete window.Worker", words)
}
