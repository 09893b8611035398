//! A search among 70,000 images' features, through the worker that keeps them.

use anyhow::{Context, Result, bail, ensure};
use protocol::archive::{Of, Order, Parcel, Search};
use protocol::{Message, RequestId};
use serde_json::json;
use tests::browser::{Browser, WebGpu};
use tests::dist;
use tests::site::Site;

use crate::figure::{Figure, median};

const IMAGES: u32 = 70_000;

/// What `compact`'s head sees.
const FEATURES: usize = 128;

/// How many images' features go into one message.
const PARCEL: u32 = 1_000;

/// How many searches the median is taken of.
const SEARCHES: usize = 20;

/// A page without anything, for the worker to be started from.
const PAGE: &str = "bench.html";

/// Has the worker keep the features, and search; resolves to each search's milliseconds, there and back,
/// and the last answer's bytes. A message's second byte is its request's id: 0 for what nobody answers.
const SEARCH: &str = "const [parcels, searches] = arguments; \
    return (async () => { \
        const worker = new Worker('worker.js?archive'); \
        const heard = () => new Promise((resolve, reject) => { \
            worker.onmessage = event => resolve(event.data); \
            worker.onerror = event => reject(new Error(event.message)); \
        }); \
        await heard(); \
        const file = async name => new Uint8Array(await (await fetch(name)).arrayBuffer()); \
        for (let index = 0; index < parcels; index++) worker.postMessage(await file(`bench-keep-${index}`)); \
        const search = await file('bench-search'); \
        const times = []; \
        let answer; \
        for (let run = 0; run < searches; run++) { \
            const start = performance.now(); \
            const heard_then = heard(); \
            worker.postMessage(search); \
            answer = await heard_then; \
            times.push(performance.now() - start); \
        } \
        return [times, [...answer]]; \
    })();";

pub(super) fn figure() -> Result<Figure> {
    let site = Site::of(&dist())?;
    site.alter(PAGE, |_| {
        Some(b"<!doctype html><link rel=icon href=data:,>".to_vec())
    });
    for parcel in 0..IMAGES / PARCEL {
        serve(&site, &format!("bench-keep-{parcel}"), 0, keep(parcel))?;
    }
    serve(&site, "bench-search", 1, search())?;
    let browser = Browser::start(WebGpu::None)?;
    browser.open(&site.url(PAGE))?;
    let parcels = IMAGES / PARCEL;
    let outcome = browser.script(SEARCH, &[json!(parcels), json!(SEARCHES)])?;
    let times: Vec<f64> = serde_json::from_value(outcome[0].clone())?;
    let bytes: Vec<u8> = serde_json::from_value(outcome[1].clone())?;
    let Parcel::Alike { images, .. } = Message::<Parcel>::decode(&bytes)?.body else {
        bail!("no answer to the search");
    };
    ensure!(
        images.first().context("nothing found")?.0 == 7,
        "{images:?}"
    );
    let what =
        format!("the 100 most like one of 70,000 images, there and back (median of {SEARCHES})");
    Ok(super::figure("CPU", what, median(times), "ms"))
}

fn serve(site: &Site, path: &str, id: u32, body: Order) -> Result<()> {
    let id = RequestId(id);
    let bytes = Message { id, body }.encode()?;
    site.alter(path, move |_| Some(bytes.clone()));
    Ok(())
}

fn keep(parcel: u32) -> Order {
    let images = parcel * PARCEL..(parcel + 1) * PARCEL;
    Order::Keep {
        net: 0,
        features: images.clone().map(features).collect(),
        images: images.collect(),
    }
}

/// Numbers that are no image's: how long a search takes does not depend on them.
fn features(image: u32) -> Vec<i8> {
    let number = |index: usize| {
        let mixed = (image ^ 0x9e37_79b9).wrapping_mul(2 * index as u32 + 0x85eb_ca6b);
        (mixed >> 25) as i8
    };
    (0..FEATURES).map(number).collect()
}

fn search() -> Order {
    Order::Find(Search {
        net: 0,
        of: Of::Image(7),
        count: 100,
        wanted: vec![0xff; (IMAGES / 8) as usize],
    })
}
