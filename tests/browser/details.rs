//! What can be done with one image, faults in the data, and two nets side by side.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use model::idx;
use model::net::{Net, cpu_device};
use model::published::{TEST_IMAGES, TEST_LABELS};
use model::weights::{Sidecar, crc32, decode, encode};
use serde_json::{Value, json};
use tests::browser::WebGpu;
use tests::dist;
use tests::page::Page;
use tests::site::Site;

use crate::data_room::{ask, classify_test_set, go, open, text_of};
use crate::data_room::{wait_for_count, wait_for_test_set, wait_for_text};
use crate::visit::Visit;

/// Keeps what the page puts into the clipboard, which a headless browser has not.
const CLIPBOARD: &str = "navigator.clipboard.write = async items => { window.copied = items[0]; };";

fn test_image(index: usize) -> Result<Vec<u8>> {
    let file = fs::read(dist().join("data/fashion-mnist").join(TEST_IMAGES.name))?;
    let content = TEST_IMAGES.unpack(file)?;
    let images = idx::parse_images(&content)?;
    Ok(images[index].0.to_vec())
}

#[test]
fn an_image_is_copied_as_it_is_and_sent_to_the_canvas() -> Result<()> {
    let visit = Visit::new(WebGpu::None)?;
    let page = &visit.page;
    go(page, "image=test-2")?;
    wait_for_text(page, ".details", "Trouser")?;
    wait_for_test_set(page)?;
    let numbers = ask(
        page,
        "return document.querySelector('.details pre').textContent",
    )?;
    let numbers = numbers
        .as_str()
        .context("no pixel values")?
        .split_whitespace();
    let numbers: Vec<u8> = numbers.map(str::parse).collect::<Result<_, _>>()?;
    let published = test_image(2)?;
    ensure!(numbers == published);
    ask(page, CLIPBOARD)?;
    page.press_button("Copy as PNG")?;
    wait_for_text(page, "body", "in the clipboard")?;
    let copied = "const blob = await window.copied.getType('image/png'); \
        const bitmap = await createImageBitmap(blob); \
        const canvas = new OffscreenCanvas(28, 28); \
        canvas.getContext('2d').drawImage(bitmap, 0, 0); \
        const { data } = canvas.getContext('2d').getImageData(0, 0, 28, 28); \
        return [bitmap.width, bitmap.height, ...data.filter((_, index) => index % 4 === 0)];";
    let copied = ask(page, &format!("return (async () => {{ {copied} }})()"))?;
    let copied: Vec<u8> = serde_json::from_value(copied)?;
    ensure!(copied[..2] == [28, 28] && copied[2..] == published);
    page.press_button("Send to the canvas")?;
    page.settled_guess()?;
    ensure!(
        page.top_class()?.contains("Trouser"),
        "{}",
        page.top_class()?
    );
    visit.end()
}

#[test]
fn an_image_becomes_an_example_to_teach_and_stays_one() -> Result<()> {
    let site = Site::of(&dist())?;
    let page = open(&site, "image=test-0")?;
    wait_for_test_set(&page)?;
    page.press_button("Use for fine-tuning")?;
    wait_for_text(&page, "body", "among the examples")?;
    page.browser.script("location.hash = '#/teach'", &[])?;
    wait_for_text(&page, "[data-testid=tray-summary]", "1 example")?;
    page.browser.open("about:blank")?;
    page.browser.open(&site.url("#/data?image=test-1"))?;
    wait_for_test_set(&page)?;
    page.press_button("Use for fine-tuning")?;
    wait_for_text(&page, "body", "among the examples")?;
    page.browser.script("location.hash = '#/teach'", &[])?;
    wait_for_text(
        &page,
        "[data-testid=tray-summary]",
        "2 examples of 2 classes",
    )?;
    page.assert_no_errors()
}

#[test]
fn faults_are_counted_and_each_count_leads_to_its_images() -> Result<()> {
    let site = Site::of(&dist())?;
    let page = open(&site, "view=explore")?;
    wait_for_test_set(&page)?;
    wait_for_text(&page, "[data-testid=faults]", "label suspects")?;
    for fault in ["near", "across", "suspect"] {
        go(&page, "view=explore")?;
        wait_for_text(&page, "[data-testid=faults]", "label suspects")?;
        let button = format!("document.querySelector('[data-fault={fault}]')");
        let count = ask(&page, &format!("return Number({button}.dataset.count)"))?;
        let count = count.as_u64().context("no count")?;
        ensure!((1..1_000).contains(&count), "{fault}: {count}");
        ask(&page, &format!("{button}.click()"))?;
        wait_for_count(&page, &format!("{count} image"))?;
    }
    page.assert_no_errors()
}

/// A net like the shipped one that says "Shirt" more readily, as the page's two files.
fn shirt_lover(folder: &Path) -> Result<(Vec<u8>, Sidecar)> {
    let bytes = fs::read(dist().join("assets/compact.weights"))?;
    let mut sidecar = Sidecar::parse(&fs::read_to_string(dist().join("assets/compact.json"))?)?;
    let mut tensors = decode(&bytes)?;
    let bias = tensors.iter_mut().rfind(|tensor| tensor.shape == [10]);
    bias.context("no bias")?.values[6] += 2.0;
    let bytes = encode(&tensors);
    sidecar.crc32 = crc32(&bytes);
    fs::write(folder.join("lover.weights"), &bytes)?;
    fs::write(folder.join("lover.json"), serde_json::to_string(&sidecar)?)?;
    Ok((bytes, sidecar))
}

/// How many test images each pair of (before right, now right) has, in the order both, lost, won, neither.
fn expected_changes(other: &(Vec<u8>, Sidecar)) -> Result<[usize; 4]> {
    let folder = dist().join("data/fashion-mnist");
    let images = idx::parse_images(&TEST_IMAGES.unpack(fs::read(folder.join(TEST_IMAGES.name))?)?)?;
    let labels = idx::parse_labels(&TEST_LABELS.unpack(fs::read(folder.join(TEST_LABELS.name))?)?)?;
    let shipped = fs::read(dist().join("assets/compact.weights"))?;
    let sidecar = Sidecar::parse(&fs::read_to_string(dist().join("assets/compact.json"))?)?;
    let right = |weights: &[u8], sidecar: &Sidecar| -> Result<Vec<bool>> {
        let net = Net::from_weights(weights, sidecar, &cpu_device())?;
        let mut right = Vec::new();
        for (images, labels) in images.chunks(256).zip(labels.chunks(256)) {
            let logits = net.logits_blocking(images)?;
            let top = |row: &[f32; 10]| (0..10).max_by(|&a, &b| row[a].total_cmp(&row[b]));
            right.extend(
                logits
                    .iter()
                    .zip(labels)
                    .map(|(row, label)| top(row) == Some(usize::from(*label))),
            );
        }
        Ok(right)
    };
    let (before, now) = (right(&shipped, &sidecar)?, right(&other.0, &other.1)?);
    let mut counts = [0; 4];
    for pair in before.into_iter().zip(now) {
        counts[match pair {
            (true, true) => 0,
            (true, false) => 1,
            (false, true) => 2,
            (false, false) => 3,
        }] += 1;
    }
    Ok(counts)
}

fn load_net(page: &Page, folder: &Path) -> Result<()> {
    let paths = ["lover.weights", "lover.json"].map(|name| folder.join(name).display().to_string());
    let input = "//input[starts-with(@aria-label, 'Load a network')]";
    page.browser
        .choose_file(input, Path::new(&paths.join("\n")))
}

#[test]
fn two_nets_are_compared_image_by_image() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let other = shirt_lover(folder.path())?;
    let [both, lost, won, neither] = expected_changes(&other)?;
    ensure!(lost > 20 && won > 20, "{lost} {won}");
    let visit = Visit::new(WebGpu::None)?;
    let page = &visit.page;
    go(page, "view=results")?;
    wait_for_test_set(page)?;
    let shipped = classify_test_set(page)?;
    page.browser.script("location.hash = '#/teach'", &[])?;
    wait_for_text(page, "[data-testid=tray-summary]", "No examples")?;
    load_net(page, folder.path())?;
    go(page, "view=results")?;
    classify_test_set(page)?;
    wait_for_text(page, "[data-testid=changes]", "your network right")?;
    let counts = ask(
        page,
        "return document.querySelector('[data-testid=changes]').dataset.counts",
    )?;
    ensure!(
        counts == json!(format!("{both} {lost} {won} {neither}")),
        "{counts}"
    );
    page.press_button(&format!("{lost} right before, wrong now"))?;
    wait_for_count(page, &format!("{lost} images"))?;
    // The shipped net's findings are still there when it answers again.
    go_back_to_shipped(page)?;
    go(page, "view=results&change=won")?;
    wait_for_text(page, "[data-testid=found]", shipped.trim())?;
    go(page, "change=won")?;
    wait_for_count(page, &format!("{lost} images"))?;
    visit.end()
}

fn go_back_to_shipped(page: &Page) -> Result<()> {
    page.browser.script("location.hash = '#/teach'", &[])?;
    let words: Value = json!(text_of(page, ".teach")?);
    page.press_button("Take back")
        .with_context(|| words.to_string())
}
