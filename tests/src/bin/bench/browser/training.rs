//! Steps of training: our workers that teach beside TensorFlow.js.
//!
//! All train the shipped net on the same 32 images, all layers, from the same weights; our optimiser is
//! AdamW, TensorFlow.js's Adam with the same numbers.

use ::tests::browser::WebGpu;
use anyhow::{Context, Result, bail, ensure};
use model::class::CLASS_COUNT;
use model::image::Image;
use model::teach::{Example, Layers, Originals, Progress, Settings};
use protocol::teach::{Lesson, Report};
use protocol::{Message, RequestId};
use serde_json::{Value, json};

use super::field::{COUNTS, Field, Row, turns};
use super::memory::{GPU_MEMORY_STEPS, MEMORY_STEPS};
use super::plan::{Device, Runtime};
use super::stage::Stage;

/// Images in a step.
const BATCH: usize = 32;

/// Probability mass that targets spread over all classes: what our worker does.
const LABEL_SMOOTHING: f32 = 0.1;

/// Steps of our turns, without and with those that are timed, and of the one that tells of memory: for
/// each there is a lesson.
pub(crate) const STEPS: [usize; 4] = [2, 8, GPU_MEMORY_STEPS, MEMORY_STEPS];

/// The same of a peer's turns: its steps take minutes.
const PEER_STEPS: [usize; 2] = [1, 2];

/// The largest difference between two losses that rounding explains.
const TOLERANCE: f64 = 1e-3;

/// What came of a turn.
pub(crate) struct Outcome {
    /// How long the steps took, in milliseconds; where several were timed together, their mean.
    milliseconds: Vec<f64>,
    /// Each step's loss.
    losses: Vec<f64>,
    /// Bytes of wasm memory at each mark of our worker's.
    pub(crate) memory: Vec<u32>,
}

/// The lesson of our workers: `steps` steps, each with all of the first images as they are.
pub(crate) fn lesson(images: &[Image], weights: &[u8], sidecar: &str, steps: usize) -> Lesson {
    let example = |(index, image): (usize, &Image)| Example {
        image: image.clone(),
        strokes: Vec::new(),
        label: label(index),
    };
    Lesson {
        // Another one than any that is stored.
        id: steps as u64,
        weights: weights.to_vec(),
        sidecar: sidecar.to_owned(),
        originals: Originals::default().encode(),
        examples: images[..BATCH].iter().enumerate().map(example).collect(),
        settings: Settings {
            layers: Layers::All,
            learning_rate: 1e-3,
            batch_size: BATCH,
            steps,
            augment: false,
            replay_share: 0.0,
            ..Settings::default()
        },
    }
}

/// The peers' targets, image by image.
pub(crate) fn targets() -> Vec<f32> {
    let mut targets = vec![LABEL_SMOOTHING / CLASS_COUNT as f32; BATCH * CLASS_COUNT];
    for (index, row) in targets.chunks_exact_mut(CLASS_COUNT).enumerate() {
        row[usize::from(label(index))] += 1.0 - LABEL_SMOOTHING;
    }
    targets
}

fn label(index: usize) -> u8 {
    (index % CLASS_COUNT) as u8
}

/// Measures a step on one device in a new browser.
///
/// # Errors
/// Where a runtime fails, or computes another loss.
pub(crate) fn measure(device: &'static Device) -> Result<Field> {
    let stage = Stage::open(device.webgpu)?;
    let on_gpu = device.webgpu == WebGpu::Software;
    let what = format!("training step of {BATCH}");
    let mut times = Row::new(device, what.clone(), "ms");
    let mut counts = COUNTS.map(|name| Row::new(device, format!("{name}, {what}"), ""));
    let mut losses = vec![Vec::new(); device.runtimes.len()];
    // A peer's step takes minutes.
    for (_, index) in turns(1, device) {
        let runtime = &device.runtimes[index];
        eprintln!("{}: {}", device.name, runtime.name);
        let [few, many] = steps(runtime);
        let (_, before) = counted(&stage, runtime, few, on_gpu)?;
        let (outcome, after) = counted(&stage, runtime, many, on_gpu)?;
        times.values[index].extend(outcome.milliseconds);
        losses[index] = outcome.losses;
        // What begins and ends a turn takes falls out.
        for (row, (after, before)) in counts.iter_mut().zip(after.iter().zip(before)) {
            row.values[index].push((after - before) / (many - few) as f64);
        }
    }
    let mut rows = vec![times];
    rows.extend(on_gpu.then_some(counts).into_iter().flatten());
    Ok(Field {
        device,
        rows,
        difference: difference(&losses)?,
        compared: "loss of the first two steps",
    })
}

fn steps(runtime: &Runtime) -> [usize; 2] {
    match runtime.package {
        None => [STEPS[0], STEPS[1]],
        Some(_) => PEER_STEPS,
    }
}

/// The largest difference between our first two losses and a peer's.
fn difference(losses: &[Vec<f64>]) -> Result<f64> {
    let (ours, peers) = losses.split_first().context("no runtime")?;
    let mut largest: f64 = 0.0;
    for losses in peers {
        for (ours, theirs) in ours.iter().zip(losses) {
            let difference = (ours - theirs).abs();
            ensure!(
                difference <= TOLERANCE,
                "a peer trains something else: its loss is {theirs}, ours {ours}"
            );
            largest = largest.max(difference);
        }
    }
    Ok(largest)
}

/// A turn of so many steps, and what it asked of the GPU.
fn counted(
    stage: &Stage,
    runtime: &Runtime,
    steps: usize,
    on_gpu: bool,
) -> Result<(Outcome, Vec<f64>)> {
    if !on_gpu {
        return Ok((train(stage, runtime, steps)?, Vec::new()));
    }
    let words = json!({ "address": runtime.worker });
    stage.ask("begin_training", &words)?;
    let counts = || stage.ask("counts", &words);
    let (before, outcome, after) = (counts()?, train(stage, runtime, steps)?, counts()?);
    let asked = COUNTS.into_iter().map(|name| {
        let count = |counts: &Value| counts[name].as_f64().context("no count");
        Ok(count(&after)? - count(&before)?)
    });
    Ok((outcome, asked.collect::<Result<_>>()?))
}

/// A turn of so many steps.
///
/// # Errors
/// Where the runtime fails.
pub(crate) fn train(stage: &Stage, runtime: &Runtime, steps: usize) -> Result<Outcome> {
    let words = json!({ "address": runtime.worker, "steps": steps, "ends": ends()? });
    let outcome = stage.ask("train", &words)?;
    match &outcome["reports"] {
        Value::Null => of_peer(&outcome),
        reports => of_wardrobe(reports),
    }
    .with_context(|| runtime.name)
}

/// The kinds of reports after which an order has been carried out.
fn ends() -> Result<Vec<u8>> {
    let sentence = String::new;
    let begun = Report::Begun {
        before: Default::default(),
        history: Vec::new(),
        marks: Vec::new(),
    };
    let failed = Report::Failed {
        sentence: sentence(),
    };
    let died = Report::Died {
        sentence: sentence(),
    };
    let kind = |body| {
        Ok(Message {
            id: RequestId(0),
            body,
        }
        .encode()?[2])
    };
    [begun, Report::Done, failed, died]
        .into_iter()
        .map(kind)
        .collect()
}

fn of_peer(outcome: &Value) -> Result<Outcome> {
    let numbers = |name: &str| -> Result<Vec<f64>> {
        serde_json::from_value(outcome[name].clone()).with_context(|| format!("no {name}"))
    };
    let milliseconds = numbers("milliseconds")?;
    Ok(Outcome {
        // The first step of a turn warms up.
        milliseconds: milliseconds.into_iter().skip(1).collect(),
        losses: numbers("values")?,
        memory: Vec::new(),
    })
}

fn of_wardrobe(reports: &Value) -> Result<Outcome> {
    let mut steps: Vec<Progress> = Vec::new();
    let (mut times, mut memory) = (Vec::new(), Vec::new());
    for report in reports.as_array().context("no reports")? {
        let bytes: Vec<u8> = serde_json::from_value(report.clone())?;
        match Message::decode(&bytes)?.body {
            Report::Stepped {
                steps: taken,
                milliseconds,
            } => {
                steps.extend(taken);
                times.push(f64::from(milliseconds));
            }
            Report::Measured(mark) => memory.push(mark.memory_bytes),
            Report::Failed { sentence } | Report::Died { sentence } => {
                bail!("our worker failed: {sentence}")
            }
            _ => {}
        }
    }
    Ok(Outcome {
        milliseconds: times.into_iter().skip(1).collect(),
        losses: steps.iter().map(|step| f64::from(step.loss)).collect(),
        memory,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn losses_that_rounding_does_not_explain_end_the_bench() {
        let losses = |theirs| [vec![2.0, 1.0, 0.5], vec![2.0, theirs]];
        assert!(difference(&losses(1.0001)).is_ok_and(|d| d < TOLERANCE));
        assert!(difference(&losses(1.1)).is_err());
        assert!(difference(&losses(f64::NAN)).is_err());
    }

    #[test]
    fn a_failed_worker_ends_the_bench() -> Result<()> {
        let body = Report::Failed {
            sentence: "no".into(),
        };
        let bytes = Message {
            id: RequestId(0),
            body,
        }
        .encode()?;
        assert!(ends()?.contains(&bytes[2]));
        assert!(of_wardrobe(&json!([bytes])).is_err());
        Ok(())
    }
}
