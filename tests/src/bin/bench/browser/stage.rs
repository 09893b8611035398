//! The page on which all runtimes are measured, and the files that it and its workers ask for.

use std::fs;

use anyhow::{Result, bail};
use model::export;
use model::golden;
use model::image::{Image, PIXELS, SIDE};
use model::weights::Sidecar;
use protocol::teach::Order;
use protocol::{Kind, Load, Message, Request, RequestId};
use serde::Serialize;
use serde_json::{Value, json};
use tests::browser::{Browser, WebGpu};
use tests::dist;
use tests::site::Site;

use super::{setup, training};

/// As many as the largest batch has.
const IMAGES: usize = 256;

/// Milliseconds for which one question of the driver waits: less than its own patience.
const PATIENCE: u32 = 60_000;

/// A page without anything but the bench's script. Its policy is the site's, not that of our page.
const PAGE: &str = "<!doctype html><link rel=icon href=data:,><script src=peers/page.js></script>";

/// Where the weights, the images and the requests are served, which are no code.
pub(crate) const DATA: &str = "bench-";

/// A browser on the bench's page.
pub(crate) struct Stage {
    site: Site,
    browser: Browser,
    sidecar: Sidecar,
}

impl Stage {
    /// Opens it.
    ///
    /// # Errors
    /// When the page is not built, or the peers or the browser cannot be had.
    pub(crate) fn open(webgpu: WebGpu) -> Result<Self> {
        let site = Site::of(&dist())?;
        serve_peers(&site)?;
        let sidecar = serve_model(&site)?;
        let browser = Browser::start(webgpu)?;
        browser.open(&site.url("bench.html"))?;
        Ok(Self {
            site,
            browser,
            sidecar,
        })
    }

    /// Has the page do something, for as long as it takes.
    ///
    /// # Errors
    /// When it fails there.
    pub(crate) fn ask(&self, method: &str, words: &Value) -> Result<Value> {
        self.browser
            .script("begin(...arguments)", &[json!(method), words.clone()])?;
        loop {
            let script = "return outcome(arguments[0])";
            let outcome = self.browser.script(script, &[json!(PATIENCE)])?;
            if let Some(error) = outcome["error"].as_str() {
                bail!("{}: {error}", words["address"].as_str().unwrap_or_default());
            }
            if !outcome.is_null() {
                return Ok(outcome);
            }
        }
    }

    /// What our worker divides logits by.
    pub(crate) fn temperature(&self) -> f32 {
        self.sidecar.temperature.photo
    }

    /// The site that serves the page.
    pub(crate) fn site(&self) -> &Site {
        &self.site
    }
}

fn serve_peers(site: &Site) -> Result<()> {
    site.mount("peers", &setup::sources());
    site.mount("peers/packages", &setup::packages()?);
    site.alter("bench.html", |_| Some(PAGE.into()));
    // Our own worker tells how often it asked the GPU for something as the peers' do.
    let counter = fs::read(setup::sources().join("count.js"))?;
    for script in ["worker-gpu.js", "worker-teach-gpu.js"] {
        let counter = counter.clone();
        site.alter(script, move |file| Some([&counter[..], &file].concat()));
    }
    Ok(())
}

/// The shipped weights in the format of each side, the images, and our worker's requests.
fn serve_model(site: &Site) -> Result<Sidecar> {
    let asset = |name: &str| dist().join("assets").join(name);
    let weights = fs::read(asset("compact.weights"))?;
    let json = fs::read_to_string(asset("compact.json"))?;
    let golden = fs::read_to_string(asset("golden.json"))?;
    let sidecar = Sidecar::parse(&json)?;
    serve(site, "onnx", export::onnx(&weights, &sidecar)?);
    serve(
        site,
        "safetensors",
        export::safetensors(&weights, &sidecar)?,
    );
    let images = images();
    let pixels = images.iter().flat_map(Image::normalised);
    serve(site, "images", pixels.flat_map(f32::to_le_bytes).collect());
    let load = Request::Load(Load {
        weights: weights.clone(),
        sidecar: json.clone(),
        golden,
    });
    serve_message(site, "load", 1, load)?;
    let predict = Request::Predict {
        image: Box::new(images[0].clone()),
        kind: Kind::Photo,
    };
    serve_message(site, "infer-1", 2, predict)?;
    for steps in training::STEPS {
        let lesson = training::lesson(&images, &weights, &json, steps);
        serve_message(
            site,
            &format!("begin-{steps}"),
            0,
            Order::Begin(Box::new(lesson)),
        )?;
    }
    serve_message(site, "run", 0, Order::Run)?;
    let targets = training::targets();
    serve(
        site,
        "targets",
        targets.into_iter().flat_map(f32::to_le_bytes).collect(),
    );
    for batch in [32, IMAGES] {
        let images = images[..batch].to_vec();
        let name = format!("infer-{batch}");
        serve_message(site, &name, 2, Request::Classify { images })?;
    }
    Ok(sidecar)
}

fn serve_message<T: Serialize>(site: &Site, name: &str, id: u32, body: T) -> Result<()> {
    let id = RequestId(id);
    serve(site, name, Message { id, body }.encode()?);
    Ok(())
}

fn serve(site: &Site, name: &str, bytes: Vec<u8>) {
    site.alter(&format!("{DATA}{name}"), move |_| Some(bytes.clone()));
}

/// Different images: those of the self-test, moved along.
fn images() -> Vec<Image> {
    let moved = |(index, image): (usize, Image)| {
        let mut image = image;
        image.0.rotate_right(index * (SIDE + 1) % PIXELS);
        image
    };
    let images = golden::images().into_iter().cycle();
    images.enumerate().map(moved).take(IMAGES).collect()
}
