//! WebGPU and the CPU: which is used, that both say the same, and what is fetched for them.

use std::fs;

use anyhow::{Context, Result, ensure};
use tests::browser::{Pointer, WebGpu, wait_for};
use tests::dist;
use tests::drawings::{ANKLE_BOOT, FIXTURES};
use tests::gpu_calls::{self, GpuCalls};
use tests::page::{Device, Page};
use tests::site::Site;
use tests::wasm::export_names;

use crate::visit::Visit;

/// How far a probability on WebGPU may lie from the CPU's. SwiftShader's lies within 1e-5; the page
/// rounds to 1e-4.
const TOLERANCE: f64 = 2e-4;

/// How far a logit of the self-test may lie from the stored reference.
const LOGIT_TOLERANCE: f64 = 2e-3;

#[test]
fn without_webgpu_the_cpu_computes_and_the_gpu_module_is_not_fetched() -> Result<()> {
    let visit = Visit::new(WebGpu::None)?;
    ensure!(visit.page.device()? == "cpu");
    ensure!(visit.page.self_test(Device::Cpu)? <= LOGIT_TOLERANCE);
    visit.page.draw(Pointer::Mouse, &ANKLE_BOOT.lines())?;
    visit.page.settled_guess()?;
    let fetched = visit.site.requests();
    ensure!(
        !fetched.iter().any(|path| path.contains("gpu")),
        "{fetched:?}"
    );
    visit.end()
}

#[test]
fn webgpu_and_the_cpu_say_the_same() -> Result<()> {
    let visit = Visit::new(WebGpu::Software)?;
    let page = &visit.page;
    for device in [Device::Cpu, Device::WebGpu] {
        let difference = page.self_test(device)?;
        println!(
            "{}: a logit of the self-test differs by {difference:e}",
            device.name()
        );
        ensure!(difference <= LOGIT_TOLERANCE);
    }
    for fixture in FIXTURES {
        page.draw(Pointer::Mouse, &fixture.lines())?;
        page.switch_to(Device::Cpu)?;
        let cpu = page.settled_guess()?;
        page.switch_to(Device::WebGpu)?;
        let gpu = page.settled_guess()?;
        let far = cpu.iter().zip(gpu).any(|(a, b)| (a - b).abs() > TOLERANCE);
        ensure!(
            !far,
            "{}: {cpu:?} on the CPU, {gpu:?} on WebGPU",
            fixture.class
        );
        page.press_button("Clear")?;
        page.wait_for_guess(None)?;
    }
    visit.end()
}

/// Most dispatches for an answer: eight convolutions, two poolings, an average and a dense layer.
const DISPATCHES: f64 = 12.0;

/// Most submissions: the forward pass, and the copy of its result, which burn's runtime submits apart.
const SUBMITS: f64 = 2.0;

#[test]
fn an_answer_on_webgpu_takes_few_calls_and_compiles_nothing() -> Result<()> {
    let site = Site::of(&dist())?;
    gpu_calls::count(&site, "gpu");
    let page = Page::open_ready(&site, WebGpu::Software)?;
    page.self_test(Device::WebGpu)?;
    page.switch_to(Device::WebGpu)?;
    page.draw(Pointer::Mouse, &ANKLE_BOOT.lines())?;
    page.settled_guess()?;
    let before = GpuCalls::of(&page.browser, "gpu")?;
    page.press_button("Clear")?;
    page.wait_for_guess(None)?;
    page.draw(Pointer::Mouse, &ANKLE_BOOT.lines())?;
    page.settled_guess()?;
    let after = GpuCalls::of(&page.browser, "gpu")?;
    let answers = after.maps - before.maps;
    println!("{before:?}, {after:?}");
    ensure!(answers >= 1.0, "nothing was read back");
    ensure!(after.dispatches - before.dispatches <= DISPATCHES * answers);
    ensure!(after.submits - before.submits <= SUBMITS * answers);
    ensure!(
        after.pipelines == before.pipelines,
        "a kernel was compiled late"
    );
    Visit { site, page }.end()
}

#[test]
fn the_chosen_device_is_remembered_and_named_with_its_time() -> Result<()> {
    let visit = Visit::new(WebGpu::Software)?;
    let page = &visit.page;
    page.self_test(Device::WebGpu)?;
    page.switch_to(Device::WebGpu)?;
    page.draw(Pointer::Mouse, &ANKLE_BOOT.lines())?;
    page.settled_guess()?;
    let text = page.text()?;
    ensure!(
        text.contains("Last answer: WebGPU") && text.contains(" ms"),
        "{text}"
    );
    page.browser.open(&visit.site.url(""))?;
    page.wait_until_ready()?;
    wait_for("WebGPU again", || {
        Ok((page.device()? == "webgpu").then_some(()))
    })?;
    visit.end()
}

/// The linker wraps every export in a re-run of all static constructors unless the worker calls them
/// itself, once: that made one prediction on WebGPU take twenty times as long.
#[test]
fn no_export_of_a_worker_runs_the_constructors_again() -> Result<()> {
    for name in ["worker-cpu_bg.wasm", "worker-gpu_bg.wasm"] {
        let module = fs::read(dist().join(name)).with_context(|| format!("dist/{name}"))?;
        let names = export_names(&module)?;
        ensure!(!names.is_empty());
        let wrapped: Vec<_> = names
            .iter()
            .filter(|name| name.ends_with(".command_export"))
            .collect();
        ensure!(wrapped.is_empty(), "{name}: {wrapped:?}");
    }
    Ok(())
}
