//! Teaching on WebGPU: the worker for it takes few calls a step, and reaches the net that the CPU reaches.

use std::fs;

use anyhow::{Context, Result, bail, ensure};
use burn::tensor::read_sync;
use model::golden;
use model::image::Image;
use model::net::{Net, cpu_device, model_from_weights};
use model::teach::{Example, Labelled, Layers, Originals, Session, Settings, sidecar_after};
use model::weights::{Sidecar, encode};
use protocol::teach::{Lesson, Order, Report};
use protocol::{Message, RequestId};
use serde_json::{Value, json};
use tests::browser::{Browser, WebGpu, wait_for};
use tests::dist;
use tests::gpu_calls::{self, GpuCalls};
use tests::page::Device;
use tests::site::Site;

use crate::teach_room::{Room, examples};

const WORKER: &str = "teach-gpu";

/// Most dispatches for a step of 32 images, half of them replayed ones that the net as it was looks at
/// as well.
const DISPATCHES: f64 = 120.0;

/// Most submissions: what is uploaded and read back divides a step's work.
const SUBMITS: f64 = 6.0;

/// The most that the loss of a step may differ from the CPU's, in nats.
const LOSS_TOLERANCE: f32 = 2e-3;

/// The most that a logit may differ. Both nets are rounded to half precision, and AdamW makes whole
/// steps of gradients that are next to nothing.
const TOLERANCE: f32 = 0.05;

const START: &str = "window.reports = []; \
    window.teacher = new Worker(`worker.js?${arguments[0]}`); \
    teacher.onmessage = event => reports.push([...event.data]); \
    teacher.onerror = event => reports.push(event.message);";

const ORDER: &str = "return fetch(arguments[0]).then(file => file.arrayBuffer()) \
    .then(bytes => teacher.postMessage(new Uint8Array(bytes)));";

/// The worker, on a page without anything else.
struct Teacher {
    site: Site,
    browser: Browser,
}

impl Teacher {
    fn start() -> Result<Self> {
        let site = Site::of(&dist())?;
        gpu_calls::count(&site, WORKER);
        // Without time passing no checkpoint is due between the steps, whose reads would be counted too.
        site.alter("worker.js", |file| {
            Some([b"performance.now = () => 0;\n", &file[..]].concat())
        });
        let blank = "<!doctype html><link rel=icon href=data:,>";
        site.alter("blank.html", move |_| Some(blank.into()));
        let browser = Browser::start(WebGpu::Software)?;
        browser.open(&site.url("blank.html"))?;
        browser.script(START, &[json!(WORKER)])?;
        let teacher = Self { site, browser };
        teacher.reports_until(|report| *report == Report::Started)?;
        Ok(teacher)
    }

    fn order(&self, order: Order) -> Result<()> {
        let id = RequestId(0);
        let bytes = Message { id, body: order }.encode()?;
        self.site.alter("order", move |_| Some(bytes.clone()));
        self.browser.script(ORDER, &[json!("order")])?;
        Ok(())
    }

    /// All reports up to the first that passes the test.
    fn reports_until(&self, last: impl Fn(&Report) -> bool) -> Result<Vec<Report>> {
        let mut all = Vec::new();
        wait_for("a report", || {
            let new = self.browser.script("return reports.splice(0)", &[])?;
            for report in new.as_array().context("no list")? {
                all.push(decoded(report)?);
            }
            Ok(all.iter().any(&last).then_some(()))
        })?;
        Ok(all)
    }

    /// Teaches to the end: the steps' losses, the net with its sidecar, and the calls so far.
    fn teach(&self, lesson: Lesson) -> Result<Taught> {
        self.order(Order::Begin(Box::new(lesson)))?;
        self.reports_until(|report| matches!(report, Report::Begun { .. }))?;
        self.order(Order::Run)?;
        let reports = self.reports_until(|report| *report == Report::Done)?;
        let (mut losses, mut net) = (Vec::new(), None);
        for report in reports {
            match report {
                Report::Stepped { steps, .. } => losses.extend(steps.iter().map(|s| s.loss)),
                Report::Saved(taught) => net = Some((taught.weights, taught.sidecar)),
                _ => {}
            }
        }
        let calls = GpuCalls::of(&self.browser, WORKER)?;
        let (weights, sidecar) = net.context("no net")?;
        Ok(Taught {
            losses,
            weights,
            sidecar,
            calls,
        })
    }
}

struct Taught {
    losses: Vec<f32>,
    weights: Vec<u8>,
    sidecar: String,
    calls: GpuCalls,
}

fn decoded(report: &Value) -> Result<Report> {
    if let Some(error) = report.as_str() {
        bail!("the worker ended: {error}");
    }
    let bytes: Vec<u8> = serde_json::from_value(report.clone())?;
    match Message::decode(&bytes)?.body {
        Report::Failed { sentence } | Report::Died { sentence } => bail!("{sentence}"),
        report => Ok(report),
    }
}

/// The self-test's images under wrong names: there is much to learn.
fn lesson(id: u64, steps: usize) -> Result<Lesson> {
    let example = |(index, image): (usize, Image)| Example {
        image,
        strokes: Vec::new(),
        label: ((index + 3) % 10) as u8,
    };
    let asset = |name: &str| dist().join("assets").join(name);
    let mut originals = Originals::decode(&fs::read(asset("teach.originals"))?)?;
    // To measure on all of them would take most of the time.
    originals.held_out = first(&originals.held_out, 32);
    Ok(Lesson {
        id,
        weights: fs::read(asset("compact.weights"))?,
        sidecar: fs::read_to_string(asset("compact.json"))?,
        originals: originals.encode(),
        examples: golden::images()
            .into_iter()
            .enumerate()
            .map(example)
            .collect(),
        settings: Settings {
            layers: Layers::All,
            steps,
            strength: 1.0,
            ..Settings::default()
        },
    })
}

fn first(images: &Labelled, count: usize) -> Labelled {
    (0..count)
        .map(|index| images.get(index))
        .map(|(image, label)| (image.clone(), label))
        .collect()
}

/// The same lesson here, on the CPU.
fn on_this_machine(lesson: Lesson) -> Result<(Vec<f32>, Net)> {
    let device = cpu_device();
    let sidecar = Sidecar::parse(&lesson.sidecar)?;
    let net = model_from_weights(&lesson.weights, &sidecar, &device)?;
    let originals = Originals::decode(&lesson.originals)?;
    let (settings, examples) = (lesson.settings, lesson.examples);
    let mut session = Session::new(&net, settings.clone(), examples, originals, &device)?;
    let mut losses = Vec::new();
    while !session.is_done() {
        losses.push(read_sync(session.step())?.loss);
    }
    let tensors = read_sync(session.net().to_tensors()).map_err(anyhow::Error::msg)?;
    let weights = encode(&tensors);
    let sidecar = sidecar_after(&sidecar, &weights, &settings);
    Ok((losses, Net::from_weights(&weights, &sidecar, &device)?))
}

#[test]
fn training_on_webgpu_takes_few_calls_and_reaches_the_cpu_s_net() -> Result<()> {
    const STEPS: [usize; 2] = [2, 6];
    let teacher = Teacher::start()?;
    let short = teacher.teach(lesson(1, STEPS[0])?)?;
    let long = teacher.teach(lesson(2, STEPS[1])?)?;
    // Beginning and ending take the same of both.
    let steps = (STEPS[1] - STEPS[0]) as f64;
    let of_a_step = |of: fn(&GpuCalls) -> f64| (of(&long.calls) - 2.0 * of(&short.calls)) / steps;
    let dispatches = of_a_step(|calls| calls.dispatches);
    let submits = of_a_step(|calls| calls.submits);
    println!("a step: {dispatches} dispatches, {submits} submits");
    ensure!(dispatches > 0.0 && dispatches <= DISPATCHES);
    ensure!(submits > 0.0 && submits <= SUBMITS);

    let (losses, net) = on_this_machine(lesson(2, STEPS[1])?)?;
    println!("on WebGPU {:?}, here {losses:?}", long.losses);
    ensure!(losses.len() == long.losses.len());
    ensure!(long.losses[STEPS[1] - 1] < long.losses[0]);
    let far = |(a, b): (&f32, &f32)| (a - b).abs() > LOSS_TOLERANCE;
    ensure!(!losses.iter().zip(&long.losses).any(far));
    let taught = Net::from_weights(&long.weights, &Sidecar::parse(&long.sidecar)?, net.device())?;
    let logits = |net: &Net| net.logits_blocking(&golden::images());
    let (ours, theirs) = (logits(&net)?, logits(&taught)?);
    let pairs = ours.as_flattened().iter().zip(theirs.as_flattened());
    let difference = pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    println!("largest difference of a logit: {difference}");
    ensure!(difference < TOLERANCE, "a logit differs by {difference}");
    ensure!(teacher.site.reports().is_empty());
    Ok(())
}

#[test]
fn when_webgpu_ends_the_cpu_goes_on_and_the_room_says_so() -> Result<()> {
    let room = Room::open_with(WebGpu::Software)?;
    room.page.self_test(Device::WebGpu)?;
    room.page.switch_to(Device::WebGpu)?;
    room.import(&examples()?)?;
    room.set("Layers", "head")?;
    room.set("Steps", "12")?;
    room.set("Stop by itself", "90")?;
    room.page.press_button("Train")?;
    room.wait_for_step(1)?;
    ensure!(room.attribute("data-device")? == "webgpu");
    room.kill_worker()?;
    room.wait_for_words("training-left-gpu", "goes on on the CPU")?;
    room.wait_for_phase("done")?;
    ensure!(room.attribute("data-device")? == "cpu");
    ensure!(room.attribute("data-step")? == "12");
    Ok(())
}
