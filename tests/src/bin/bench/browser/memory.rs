//! What memory a long training takes: it must not grow.

use ::tests::browser::WebGpu;
use anyhow::Result;
use serde_json::{Value, json};

use super::plan::TRAINING;
use super::stage::Stage;
use super::training::{STEPS, train};

/// Steps of the long training on the CPU.
pub(crate) const MEMORY_STEPS: usize = 2_000;

/// The same on SwiftShader, which takes seconds a step.
pub(crate) const GPU_MEMORY_STEPS: usize = 200;

/// Prints it: of wasm, and of buffers on the GPU.
///
/// # Errors
/// Where our worker fails.
pub(crate) fn print() -> Result<()> {
    println!(
        "| device | steps | wasm memory, first mark | last mark | GPU buffers, first steps | at the end |"
    );
    println!("|---|---:|---:|---:|---:|---:|");
    for (device, steps) in TRAINING.iter().zip([MEMORY_STEPS, GPU_MEMORY_STEPS]) {
        let stage = Stage::open(device.webgpu)?;
        let ours = &device.runtimes[0];
        let on_gpu = device.webgpu == WebGpu::Software;
        let buffers = || match on_gpu {
            true => stage.ask("counts", &json!({ "address": ours.worker })),
            false => Ok(Value::Null),
        };
        train(&stage, ours, STEPS[1])?;
        let before = buffers()?;
        let outcome = train(&stage, ours, steps)?;
        let after = buffers()?;
        let megabytes = |bytes: f64| format!("{:.1} MB", bytes / 1e6);
        let wasm = |bytes: Option<&u32>| megabytes(bytes.map_or(f64::NAN, |b| f64::from(*b)));
        let gpu = |counts: &Value| counts["bytes"].as_f64().map_or("–".into(), megabytes);
        println!(
            "| {} | {steps} | {} | {} | {} | {} |",
            device.name,
            wasm(outcome.memory.first()),
            wasm(outcome.memory.last()),
            gpu(&before),
            gpu(&after)
        );
    }
    Ok(())
}
