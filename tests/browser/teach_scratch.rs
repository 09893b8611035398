//! Training from random weights on the real page with the real data: split, train, validate, evaluate.

use anyhow::{Context, Result, ensure};
use burn::tensor::read_sync;
use model::architecture::Architecture;
use model::golden;
use model::net::{Net, cpu_device};
use model::teach::{Labelled, Photos, Session, Settings, Task, sidecar_from_scratch};
use model::weights::encode;
use tests::browser::{Pointer, wait_for};
use tests::dist;
use tests::drawings::BAG;

use crate::teach_room::{Room, net_in};

/// The most that a logit may differ between browser and machine: both sum in another order, and both nets
/// are rounded to half precision.
const TOLERANCE: f32 = 0.05;

const IMAGES: usize = 640;

/// The training part of the published images, as the page splits them.
fn photos(settings: &Settings) -> Result<Labelled> {
    let scratch = settings.scratch().context("not from scratch")?;
    let all = trainer::data::load_train(&dist().join("data/fashion-mnist"))?;
    let mut photos = Photos::new(&scratch);
    for (image, label) in all.images.into_iter().zip(all.labels) {
        photos.push(image, label);
    }
    ensure!(photos.are_complete());
    Ok(photos.train)
}

fn settings(architecture: Architecture, steps: usize) -> Settings {
    let mut settings = Settings {
        steps,
        batch_size: 32,
        ..Settings::from_scratch(architecture)
    };
    if let Task::FromScratch(scratch) = &mut settings.task {
        scratch.train_images = IMAGES;
    }
    settings
}

/// The same training on this machine.
fn trained_here(architecture: Architecture, steps: usize) -> Result<Net> {
    let (settings, device) = (settings(architecture, steps), cpu_device());
    let mut session = Session::from_scratch(settings.clone(), photos(&settings)?, &device)?;
    while !session.is_done() {
        read_sync(session.step())?;
    }
    let tensors = read_sync(session.net().to_tensors()).map_err(anyhow::Error::msg)?;
    let weights = encode(&tensors);
    let sidecar = sidecar_from_scratch(&tensors, &weights, &settings).context("no sidecar")?;
    Ok(Net::from_weights(&weights, &sidecar, &device)?)
}

fn check(architecture: Architecture, steps: usize) -> Result<()> {
    let room = Room::open()?;
    room.page.draw(Pointer::Mouse, &BAG.lines())?;
    let shipped = room.page.settled_guess()?;
    room.choose_task(architecture.name())?;
    room.set("Steps", &steps.to_string())?;
    room.set("Images in a step", "32")?;
    room.set("Training images", &IMAGES.to_string())?;
    room.page.press_button("Train")?;
    room.wait_for_phase("done")?;
    room.wait_for_words("training-status", "held-out images are read right")?;
    room.wait_for_words("answering", "training 1")?;
    room.page.guess_after(Some(shipped))?;

    let folder = tempfile::tempdir()?;
    let name = format!("wardrobe-{architecture}");
    let path = room.save_net(1, &name, folder.path())?;
    let browser = net_in(&path)?;
    let machine = trained_here(architecture, steps)?;
    let (ours, theirs) = (
        machine.logits_blocking(&golden::images())?,
        browser.logits_blocking(&golden::images())?,
    );
    let pairs = ours.iter().flatten().zip(theirs.iter().flatten());
    let difference = pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    println!("{architecture}: largest difference of a logit: {difference}");
    ensure!(difference < TOLERANCE, "a logit differs by {difference}");
    room.end()
}

#[test]
fn mlp_from_scratch_is_the_net_that_the_machine_trains() -> Result<()> {
    check(Architecture::Mlp, 20)
}

/// Few steps: with random weights, batch normalisation and AdamW a difference in the last bit of the
/// weights grows tenfold a step at first, on one machine as well, to 0.2 in a logit after 20 steps.
#[test]
fn compact_from_scratch_begins_as_the_machine_does() -> Result<()> {
    check(Architecture::Compact, 3)
}

#[test]
fn convolutional_nets_are_tested_and_compared_and_the_curve_begins_with_the_first_mark()
-> Result<()> {
    let room = Room::open()?;
    room.choose_task("small-cnn")?;
    room.set("Steps", "40")?;
    room.set("Images in a step", "32")?;
    room.set("Training images", &IMAGES.to_string())?;
    room.page.press_button("Train")?;
    room.wait_for_phase("done")?;
    let script = "return document.querySelector('.course polyline.kept').getAttribute('points')";
    let points = room.page.browser.script(script, &[])?;
    let points = points.as_str().context("no curve")?;
    ensure!(
        !points.is_empty() && !points.starts_with("0.00,"),
        "{points}"
    );
    for row in ["tr[@data-run='1']", "tr[not(@data-run)]"] {
        let button = format!("//{row}//button[contains(@aria-label, 'test images')]");
        room.page.browser.click(&button)?;
    }
    room.wait_for_words("comparison", "On the 10,000 test images: 94.44 %")?;
    room.end()
}

#[test]
fn a_net_is_trained_evaluated_on_the_test_set_and_compared() -> Result<()> {
    let room = Room::open()?;
    room.choose_task("mlp")?;
    room.set("Steps", "300")?;
    room.page.press_button("Train")?;
    room.wait_for_step(150)?;
    room.kill_worker()?;
    room.wait_for_phase("done")?;
    ensure!(room.attribute("data-step")? == "300");
    let tested = "//tr[@data-run='1']//button[contains(@aria-label, 'test images')]";
    room.page.browser.click(tested)?;
    let script = "return document.querySelector('tr[data-run=\"1\"] td:nth-child(5)').innerText";
    let accuracy = wait_for("the test set's accuracy", || {
        let text = room.page.browser.script(script, &[])?;
        let text = text.as_str().unwrap_or_default().to_owned();
        Ok(text
            .strip_suffix(" %")
            .and_then(|text| text.parse::<f64>().ok()))
    })?;
    ensure!((75.0..90.0).contains(&accuracy), "{accuracy}");
    room.wait_for_words("comparison", "held-out photos")?;

    let folder = tempfile::tempdir()?;
    let path = room.save_net(1, "wardrobe-mlp", folder.path())?;
    let path = path.display().to_string();
    let report = tests::trainer::trainer(&["evaluate", "--weights", &path, "--json"])?;
    let report: serde_json::Value = serde_json::from_str(&report)?;
    let there = report["accuracy"].as_f64().context("no accuracy")?;
    ensure!(
        (accuracy / 100.0 - there).abs() < 1e-4,
        "{accuracy}, and {there} there"
    );
    room.end()
}
