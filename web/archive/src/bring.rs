//! Fetching, checking and unpacking the published files. The files themselves are kept in the browser's
//! cache for the next visit.

use ::keep::words;
use js_sys::{Object, Promise, Reflect, Uint8Array};
use model::idx::{self, IdxError};
use model::published::{File, Split, UnpackError};
use protocol::RequestId;
use protocol::archive::Parcel;
use thiserror::Error;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Cache, ReadableStreamDefaultReader, Response};
use worker::scope;

#[wasm_bindgen]
extern "C" {
    // Declared by hand: web-sys has a feature for each option.
    fn fetch(path: &str, options: &Object) -> Promise;
}

/// Where the files lie, seen from the page.
const FOLDER: &str = "data/fashion-mnist";

/// The browser's cache that keeps them.
const CACHE: &str = "fashion-mnist";

/// How many images go into one parcel: few enough that the page stays smooth.
const PARCEL: usize = 1_000;

/// Why a part of the data set cannot be had; the page shows these words.
#[derive(Debug, Error)]
enum Failure {
    #[error(
        "{name} could not be fetched ({reason}). Drawing and teaching your own examples go on without it; try again later."
    )]
    Missing { name: &'static str, reason: String },
    #[error("{name} stopped arriving ({reason}). Check the connection and try again.")]
    Interrupted { name: &'static str, reason: String },
    #[error(
        "{name} arrives damaged from the server ({source}). Drawing and teaching your own examples go on without it; try again later."
    )]
    Damaged {
        name: &'static str,
        source: UnpackError,
    },
    #[error("{name} arrives damaged from the server ({source}).")]
    NoImages {
        name: &'static str,
        source: IdxError,
    },
}

/// Brings a part, and says at last whether that went well.
pub(crate) async fn fill(id: RequestId, split: Split) {
    let last = match bring(id, split).await {
        Ok(()) => Parcel::Complete,
        Err(failure) => Parcel::Failed {
            sentence: failure.to_string(),
        },
    };
    scope::send(id, last);
}

async fn bring(id: RequestId, split: Split) -> Result<(), Failure> {
    let mut progress = Progress {
        id,
        received: 0,
        expected: split.labels().packed_bytes + split.images().packed_bytes,
    };
    let file = split.labels();
    let content = content(file, &mut progress).await?;
    let name = file.name;
    let labels =
        idx::parse_labels(&content).map_err(|source| Failure::NoImages { name, source })?;
    scope::send(id, Parcel::Labels(labels));
    let file = split.images();
    let content = self::content(file, &mut progress).await?;
    let name = file.name;
    let images = idx::pixels(&content).map_err(|source| Failure::NoImages { name, source })?;
    for some in images.chunks(PARCEL) {
        scope::send(id, Parcel::Images(some.as_flattened().to_vec()));
    }
    Ok(())
}

/// How many bytes of an order have come.
struct Progress {
    id: RequestId,
    received: u64,
    expected: u64,
}

impl Progress {
    fn add(&mut self, bytes: usize) {
        self.received += bytes as u64;
        // A file may be packed worse than as its authors publish it, or unpacked on the way.
        let (received, expected) = (self.received, self.expected.max(self.received));
        scope::send(self.id, Parcel::Progress { received, expected });
    }
}

/// What is in a file: from the cache, else from the server. Only what has passed its check is cached.
async fn content(file: &File, progress: &mut Progress) -> Result<Vec<u8>, Failure> {
    let path = format!("{FOLDER}/{}", file.name);
    // Not every page may use the cache: only those that came by https or from this machine.
    let cache = open_cache().await.ok();
    if let Some(bytes) = cached(cache.as_ref(), &path).await {
        progress.add(bytes.len());
        if let Ok(content) = file.unpack(bytes) {
            return Ok(content);
        }
    }
    let (content, copy) = match fetched(file, &path, "default", progress).await {
        // The browser may have answered from a damaged copy of its own.
        Err(Failure::Damaged { .. }) => fetched(file, &path, "reload", progress).await?,
        fetched => fetched?,
    };
    if let Some(cache) = cache {
        // A full disk costs the next visit a fetch, nothing else.
        let _ = keep(&cache, &path, &copy).await;
    }
    Ok(content)
}

async fn open_cache() -> Result<Cache, JsValue> {
    let caches = scope::global().caches()?;
    if caches.is_undefined() {
        return Err(JsValue::NULL);
    }
    ::keep::answered(&caches.open(CACHE), ::keep::PATIENCE)
        .await?
        .dyn_into()
}

async fn cached(cache: Option<&Cache>, path: &str) -> Option<Vec<u8>> {
    let found = JsFuture::from(cache?.match_with_str(path)).await.ok()?;
    let response: Response = found.dyn_into().ok()?;
    let buffer = JsFuture::from(response.array_buffer().ok()?).await.ok()?;
    Some(Uint8Array::new(&buffer).to_vec())
}

async fn keep(cache: &Cache, path: &str, bytes: &Uint8Array) -> Result<(), JsValue> {
    let response = Response::new_with_opt_js_u8_array(Some(bytes))?;
    JsFuture::from(cache.put_with_str(path, &response)).await?;
    Ok(())
}

/// A file's content, and the file as it came. `cache` is the fetch's option of that name.
async fn fetched(
    file: &File,
    path: &str,
    cache: &str,
    progress: &mut Progress,
) -> Result<(Vec<u8>, Uint8Array), Failure> {
    let name = file.name;
    let options = Object::new();
    // A plain object takes any property.
    let _ = Reflect::set(&options, &"cache".into(), &cache.into());
    let missing = |reason: String| Failure::Missing { name, reason };
    let response = JsFuture::from(fetch(path, &options))
        .await
        .map_err(|error| missing(words(&error)))?;
    let response: Response = response.unchecked_into();
    if !response.ok() {
        return Err(missing(format!(
            "the server answered {}",
            response.status()
        )));
    }
    let reason = |error: JsValue| Failure::Interrupted {
        name,
        reason: words(&error),
    };
    let bytes = read(&response, progress).await.map_err(reason)?;
    let copy = Uint8Array::from(bytes.as_slice());
    let content = file.unpack(bytes);
    let content = content.map_err(|source| Failure::Damaged { name, source })?;
    Ok((content, copy))
}

/// The response's bytes, piece by piece, so that progress can be told.
async fn read(response: &Response, progress: &mut Progress) -> Result<Vec<u8>, JsValue> {
    let stream = response.body().ok_or("an empty answer")?;
    let reader: ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
    let mut bytes = Vec::new();
    loop {
        let piece = JsFuture::from(reader.read()).await?;
        if Reflect::get(&piece, &"done".into())?.is_truthy() {
            return Ok(bytes);
        }
        let piece: Uint8Array = Reflect::get(&piece, &"value".into())?.unchecked_into();
        bytes.extend_from_slice(&piece.to_vec());
        progress.add(piece.length() as usize);
    }
}
