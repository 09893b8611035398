//! Nets as files: what the page saves, others read; what the trainer saves, the page reads.

use std::fs;

use anyhow::{Context, Result, ensure};
use model::golden;
use model::image::{Image, SIDE};
use model::weights::bundle;
use rten_tensor::prelude::*;
use rten_tensor::{NdTensor, Tensor};
use serde_json::Value;
use tests::browser::Pointer;
use tests::drawings::BAG;
use tests::trainer::trainer;

use crate::teach_room::{Room, examples, net_in};

/// Both sides add up the same products in another order.
const TOLERANCE: f32 = 1e-3;

/// The logits that the ONNX file gives in another runtime.
fn logits_elsewhere(onnx: Vec<u8>, images: &[Image]) -> Result<Vec<f32>> {
    let model = rten::Model::load(onnx)?;
    let pixels: Vec<f32> = images.iter().flat_map(Image::normalised).collect();
    let batch = NdTensor::from_data([images.len(), 1, SIDE, SIDE], pixels);
    let logits: Tensor<f32> = model.run_one(batch.view().into(), None)?.try_into()?;
    Ok(logits.to_vec())
}

#[test]
fn what_the_page_saves_others_read() -> Result<()> {
    let room = Room::open()?;
    room.import(&examples()?)?;
    room.set("Steps", "3")?;
    room.set("Stop by itself", "90")?;
    room.page.press_button("Train")?;
    room.wait_for_phase("done")?;
    let folder = tempfile::tempdir()?;
    let path = room.save_net(1, "wardrobe-compact", folder.path())?;
    let onnx = room.save(1, "ONNX", "wardrobe-compact.onnx")?;
    let safetensors = room.save(1, "safetensors", "wardrobe-compact.safetensors")?;
    ensure!(safetensors.len() > 1_800_000, "{}", safetensors.len());

    let net = net_in(&path)?;
    let images = golden::images();
    let ours = net.logits_blocking(&images)?;
    let theirs = logits_elsewhere(onnx, &images)?;
    for (ours, theirs) in ours.as_flattened().iter().zip(theirs) {
        ensure!(
            (ours - theirs).abs() < TOLERANCE,
            "{ours}, and {theirs} there"
        );
    }
    let path = path.display().to_string();
    let report: Value =
        serde_json::from_str(&trainer(&["evaluate", "--weights", &path, "--json"])?)?;
    let accuracy = report["accuracy"].as_f64().context("no accuracy")?;
    ensure!(accuracy > 0.9, "{accuracy}");
    room.end()
}

#[test]
fn what_the_trainer_saves_the_page_reads_and_keeps() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("mine.weights");
    let out = path.display().to_string();
    trainer(&["export", "--format", "wardrobe", "--output", &out])?;
    let room = Room::open()?;
    room.page.draw(Pointer::Mouse, &BAG.lines())?;
    room.page.settled_guess()?;
    room.load_net(&[&path, &path.with_extension("json")])?;
    room.wait_for_words("answering", "training 1")?;
    ensure!(room.page.top_class()? == "Bag");
    let guess = room.page.settled_guess()?;
    room.reload()?;
    room.wait_for_words("answering", "training 1")?;
    room.page.wait_for_guess(Some(guess))?;
    room.end()
}

#[test]
fn what_the_page_saves_it_loads_again_from_the_one_file() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("mine.weights");
    let out = path.display().to_string();
    trainer(&["export", "--format", "wardrobe-single", "--output", &out])?;
    let room = Room::open()?;
    room.page.draw(Pointer::Mouse, &BAG.lines())?;
    room.load_net(&[&path])?;
    room.wait_for_words("answering", "training 1")?;
    let guess = room.page.settled_guess()?;
    let saved = room.save_net(1, "wardrobe-compact", folder.path())?;
    ensure!(fs::read(&saved)? == fs::read(&path)?);
    room.load_net(&[&saved])?;
    room.wait_for_words("answering", "training 2")?;
    room.page.wait_for_guess(Some(guess))?;
    room.end()
}

#[test]
fn a_model_of_sizes_that_do_not_fit_is_refused_before_any_device_gets_it() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let assets = tests::dist().join("assets");
    let mut sidecar: Value = serde_json::from_slice(&fs::read(assets.join("compact.json"))?)?;
    sidecar["config"]["channels"][0] = 4_000_000_000u64.into();
    let path = folder.path().join("huge.weights");
    let weights = fs::read(assets.join("compact.weights"))?;
    fs::write(&path, bundle(&weights, &sidecar.to_string()))?;
    let room = Room::open()?;
    room.load_net(&[&path])?;
    room.page.wait_for_notice("4000000000 channels")?;
    room.wait_for_words("answering", "as it came")?;
    room.end()
}
