//! The trainer's report, as a browser lays it out.

use std::fs;

use anyhow::{Context, Result, ensure};
use serde_json::json;
use tests::browser::{Browser, WebGpu};
use tests::trainer::trainer;

/// A folder of drawings with a group of every kind, so that the table of figures has all its rows.
fn write_drawings(folder: &std::path::Path) -> Result<()> {
    let trousers = json!({
        "word": "pants",
        "key_id": "1",
        "recognized": true,
        "drawing": [[[60, 190, 200, 150, 128, 100, 55, 60], [20, 20, 240, 240, 90, 240, 240, 20]]],
    });
    let svg = r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M2 2h5v5H2z"/></svg>"#;
    let styles = ["line", "solid", "silhouette"];
    let icons = styles.map(|style| json!({ "label": 9, "style": style, "svg": svg }).to_string());
    for (file, text) in [
        ("quickdraw/train/all.ndjson", trousers.to_string()),
        ("quickdraw/validation/all.ndjson", trousers.to_string()),
        ("icons/validation.jsonl", icons.join("\n")),
    ] {
        let path = folder.join(file);
        fs::create_dir_all(path.parent().context("no folder")?)?;
        fs::write(path, text)?;
    }
    Ok(())
}

#[test]
fn tables_fit_a_laptop_and_scroll_inside_themselves_on_a_phone() -> Result<()> {
    let folder = tempfile::tempdir()?;
    write_drawings(folder.path())?;
    let page = folder.path().join("report.html");
    let [drawings, output] = [folder.path(), &page].map(|path| path.display().to_string());
    trainer(&[
        "report",
        "--limit",
        "200",
        "--drawings",
        &drawings,
        "--output",
        &output,
    ])?;
    let browser = Browser::start(WebGpu::None)?;
    browser.open(&format!("file://{output}"))?;
    let widths = |viewport: u32| -> Result<(u64, Vec<[u64; 2]>)> {
        browser.resize(viewport, 800)?;
        let found = browser.script(
            "return [document.documentElement.scrollWidth, \
             [...document.querySelectorAll('.scroll')].map(box => [box.scrollWidth, box.clientWidth])]",
            &[],
        )?;
        Ok(serde_json::from_value(found)?)
    };
    let (_, laptop) = widths(1200)?;
    ensure!(laptop.len() > 4, "{laptop:?}");
    let cut_off = laptop.iter().filter(|[table, shown]| table > shown);
    ensure!(cut_off.count() == 0, "at 1,200 pixels: {laptop:?}");
    let (page, phone) = widths(390)?;
    ensure!(page <= 390, "the page itself is {page} pixels wide");
    ensure!(
        phone.iter().any(|[table, shown]| table > shown),
        "{phone:?}"
    );
    Ok(())
}
