//! The checks that every other test leans on must be able to fail.

use anyhow::{Result, ensure};
use tests::browser::{Browser, WebGpu, wait_for};
use tests::dist;
use tests::site::Site;

/// Opens a page of our own that runs `script`, with a worker's script beside it.
fn open(script: &str, worker: &str) -> Result<(Site, Browser)> {
    let site = Site::of(&dist())?;
    let page = format!("<!doctype html><link rel=icon href=data:,><script>{script}</script>");
    let worker = worker.to_owned();
    site.alter("page.html", move |_| Some(page.clone().into_bytes()));
    site.alter("worker.js", move |_| Some(worker.clone().into_bytes()));
    let browser = Browser::start(WebGpu::None)?;
    browser.open(&site.url("page.html"))?;
    Ok((site, browser))
}

fn first_report(site: &Site) -> Result<String> {
    wait_for("a report", || Ok(site.reports().into_iter().next()))
}

#[test]
fn a_page_s_request_to_another_origin_is_reported() -> Result<()> {
    let (site, browser) = open("fetch('http://127.0.0.1:9/page').catch(() => {})", "")?;
    ensure!(first_report(&site)?.contains("http://127.0.0.1:9"));
    ensure!(!browser.errors()?.is_empty());
    Ok(())
}

#[test]
fn a_worker_s_request_to_another_origin_is_reported() -> Result<()> {
    let worker = "fetch('http://127.0.0.1:9/worker').catch(() => {})";
    let (site, _browser) = open("new Worker('worker.js')", worker)?;
    ensure!(first_report(&site)?.contains("http://127.0.0.1:9"));
    Ok(())
}

#[test]
fn an_error_thrown_in_a_worker_is_logged() -> Result<()> {
    let (_site, browser) = open("new Worker('worker.js')", "throw new Error('broken')")?;
    wait_for("the error", || {
        let errors = browser.errors()?;
        Ok(errors
            .iter()
            .any(|error| error.contains("broken"))
            .then_some(()))
    })
}

#[test]
fn webgpu_is_there_when_asked_for_and_only_then() -> Result<()> {
    let adapter =
        "return navigator.gpu?.requestAdapter().then(adapter => adapter !== null) ?? false";
    for (webgpu, expected) in [(WebGpu::Software, true), (WebGpu::None, false)] {
        let site = Site::of(&dist())?;
        site.alter("page.html", |_| Some(b"<!doctype html>".to_vec()));
        let browser = Browser::start(webgpu)?;
        browser.open(&site.url("page.html"))?;
        ensure!(browser.script(adapter, &[])? == expected, "{webgpu:?}");
    }
    Ok(())
}
