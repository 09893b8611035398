//! One image through a worker, spoken to as the page speaks to it.

use std::fs;

use anyhow::{Context, Result, bail, ensure};
use model::image::{Image, PIXELS, SIDE};
use protocol::{Kind, Load, Message, Request, RequestId, Response};
use serde_json::{Value, json};
use tests::browser::{Browser, WebGpu};
use tests::dist;
use tests::gpu_calls;
use tests::site::Site;

use crate::WARDROBE;
use crate::figure::{Figure, median};

/// How many predictions the median is taken of.
const PREDICTIONS: usize = 100;

/// How many go ahead unmeasured: the first compile shaders and fill caches.
const WARM_UP: usize = 5;

/// A page without anything, for the worker to be started from.
const PAGE: &str = "bench.html";
const LOAD: &str = "bench-load";
const PREDICT: &str = "bench-predict";

/// Starts the worker, has it load the model, and defines `ask(file)`, which posts a file's bytes and
/// resolves to the answer's, and `counted()`. A message's second byte is its request's id; 0 is no
/// answer.
const PREPARE: &str = "const [device] = arguments; \
    const worker = new Worker(`worker.js?${device}`); \
    const channel = new BroadcastChannel(`counts?${device}`); \
    const heard = (target, test) => new Promise((resolve, reject) => { \
        target.addEventListener('error', event => reject(new Error(event.message)), { once: true }); \
        const hear = event => { \
            if (!test(event.data)) return; \
            target.removeEventListener('message', hear); \
            resolve(event.data); \
        }; \
        target.addEventListener('message', hear); \
    }); \
    const started = heard(worker, bytes => bytes[1] === 0); \
    const files = {}; \
    for (const name of ['bench-load', 'bench-predict']) \
        files[name] = new Uint8Array(await (await fetch(name)).arrayBuffer()); \
    await started; \
    window.ask = name => { \
        const bytes = files[name].slice(); \
        const id = bytes[1]; \
        const answer = heard(worker, answer => answer[1] === id); \
        worker.postMessage(bytes, [bytes.buffer]); \
        return answer; \
    }; \
    window.counted = () => { \
        const counts = heard(channel, () => true); \
        channel.postMessage('count'); \
        return counts; \
    }; \
    return [...await window.ask('bench-load')];";

/// Round trips of some predictions, in milliseconds, with each answer's bytes.
const TIME: &str = "const trips = []; \
    for (let run = 0; run < arguments[0]; run++) { \
        const start = performance.now(); \
        const answer = await window.ask('bench-predict'); \
        trips.push([performance.now() - start, [...answer]]); \
    } \
    return trips;";

pub(crate) fn figures() -> Result<Vec<Figure>> {
    let mut figures = measure(WebGpu::None, "CPU", "cpu")?;
    figures.extend(measure(WebGpu::Software, "WebGPU (SwiftShader)", "gpu")?);
    Ok(figures)
}

fn measure(webgpu: WebGpu, device: &'static str, worker: &str) -> Result<Vec<Figure>> {
    eprintln!("measuring one image on {device} …");
    let site = site()?;
    let browser = Browser::start(webgpu)?;
    browser.open(&site.url(PAGE))?;
    let loaded = browser.script(&asynchronous(PREPARE), &[json!(worker)])?;
    if let Response::Failed { sentence } = response(&loaded)? {
        bail!("{device}: {sentence}");
    }
    let time = asynchronous(TIME);
    browser.script(&time, &[json!(WARM_UP)])?;
    let trips = browser.script(&time, &[json!(PREDICTIONS)])?;
    let mut figures = times(&trips, device)?;
    if webgpu == WebGpu::Software {
        figures.extend(counts(&browser, device)?);
    }
    Ok(figures)
}

/// The built page's files, the two requests, and the counter in front of the GPU worker.
fn site() -> Result<Site> {
    let site = Site::of(&dist())?;
    let load = Request::Load(Load {
        weights: fs::read(dist().join("assets/compact.weights"))?,
        sidecar: fs::read_to_string(dist().join("assets/compact.json"))?,
        golden: fs::read_to_string(dist().join("assets/golden.json"))?,
    });
    let image = Box::new(garment());
    let predict = Request::Predict {
        image,
        kind: Kind::Photo,
    };
    for (path, id, body) in [(LOAD, 1, load), (PREDICT, 2, predict)] {
        let bytes = Message {
            id: RequestId(id),
            body,
        }
        .encode()?;
        site.alter(path, move |_| Some(bytes.clone()));
    }
    site.alter(PAGE, |_| {
        Some(b"<!doctype html><link rel=icon href=data:,>".to_vec())
    });
    gpu_calls::count(&site, "gpu");
    Ok(site)
}

/// An upright bar: what is on the image does not change how long it takes.
fn garment() -> Image {
    let mut pixels = [0; PIXELS];
    for (index, pixel) in pixels.iter_mut().enumerate() {
        *pixel = if (9..19).contains(&(index % SIDE)) {
            200
        } else {
            0
        };
    }
    Image(pixels)
}

fn times(trips: &Value, device: &'static str) -> Result<Vec<Figure>> {
    let (mut round_trips, mut net) = (Vec::new(), Vec::new());
    for trip in trips.as_array().context("no round trips")? {
        round_trips.push(trip[0].as_f64().context("no time")?);
        match response(&trip[1])? {
            Response::Predicted { milliseconds, .. } => net.push(milliseconds),
            other => bail!("{device}: {other:?}"),
        }
    }
    ensure!(net.len() == PREDICTIONS, "{} predictions", net.len());
    let figure = |what: &str, values| Figure {
        runtime: WARDROBE,
        device,
        what: format!("{what} (median of {PREDICTIONS})"),
        value: median(values),
        unit: "ms",
    };
    Ok(vec![
        figure("one image, there and back", round_trips),
        figure("one image, the net alone", net),
    ])
}

/// What one prediction asks of the GPU.
fn counts(browser: &Browser, device: &'static str) -> Result<Vec<Figure>> {
    let script = "const before = await window.counted(); \
                  await window.ask('bench-predict'); \
                  return [before, await window.counted()];";
    let counts = browser.script(&asynchronous(script), &[])?;
    let figure = |name: &'static str| {
        let count = |moment: usize| counts[moment][name].as_f64().context("no count");
        Ok(Figure {
            runtime: WARDROBE,
            device,
            what: format!("{name} for one image"),
            value: count(1)? - count(0)?,
            unit: "",
        })
    };
    ["dispatches", "submits", "maps", "pipelines"]
        .into_iter()
        .map(figure)
        .collect()
}

fn response(bytes: &Value) -> Result<Response> {
    let bytes: Vec<u8> = serde_json::from_value(bytes.clone())?;
    Ok(Message::decode(&bytes)?.body)
}

/// WebDriver awaits a promise that a script returns; the script itself may not await.
fn asynchronous(body: &str) -> String {
    format!("return (async function () {{ {body} }}).apply(null, arguments)")
}
