//! A browser that is killed (SIGKILL) takes nothing along that was done before.

use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::json;
use tests::browser::{Browser, Pointer, WebGpu, wait_for};
use tests::dist;
use tests::drawings::{BAG, DRESS};
use tests::page::Page;
use tests::site::Site;

/// How long the browser lives on after the last stroke.
const AFTERWARDS: Duration = Duration::from_millis(300);

fn open(site: &Site, profile: &std::path::Path) -> Result<Page> {
    let browser = Browser::start_with(WebGpu::None, Some(profile), &json!({}))?;
    browser.open(&site.url("#/teach"))?;
    let page = Page { browser };
    page.wait_until_ready()?;
    Ok(page)
}

#[test]
fn the_drawing_just_made_and_the_example_just_kept_outlive_the_browser() -> Result<()> {
    let profile = tempfile::tempdir()?;
    let site = Site::of(&dist())?;
    let summary = "return document.querySelector('[data-testid=tray-summary]').innerText";
    let mut page = open(&site, profile.path())?;
    for (round, drawing) in [BAG.lines(), DRESS.lines()].into_iter().enumerate() {
        page.browser.press(&["Delete"])?;
        page.draw(Pointer::Mouse, &drawing)?;
        let drawn = page.settled_guess()?;
        page.browser
            .click("//div[@class='labels']/button[contains(., 'Coat')]")?;
        sleep(AFTERWARDS);
        page.browser.kill()?;
        page = open(&site, profile.path())?;
        page.wait_for_guess(Some(drawn))
            .with_context(|| format!("round {round}: the drawing is lost"))?;
        wait_for("the example", || {
            let text = page.browser.script(summary, &[])?;
            Ok(text
                .as_str()
                .filter(|text| text.starts_with(&(round + 1).to_string()))
                .map(drop))
        })?;
    }
    ensure!(page.state()? == "ready");
    Ok(())
}
