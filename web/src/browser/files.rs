//! Files of the page's own site.

use super::words;
use js_sys::{Array, JSON, Promise, Reflect, Uint8Array};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// A file's bytes.
///
/// # Errors
/// One sentence that names the file and says why it could not be fetched.
pub async fn bytes(path: &str) -> Result<Vec<u8>, String> {
    let buffer = body(window().fetch_with_str(path)).await;
    let buffer = buffer.map_err(|reason| {
        format!("{path} could not be fetched ({reason}). Check the connection and try again.")
    })?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

/// The list `pairs` of a JSON file, each of two numbers.
///
/// # Errors
/// As [`bytes`], and when the file is something else.
pub async fn pairs(path: &str) -> Result<Vec<(usize, usize)>, String> {
    let text = String::from_utf8_lossy(&bytes(path).await?).into_owned();
    let pairs = JSON::parse(&text).and_then(|file| Reflect::get(&file, &"pairs".into()));
    let pairs = pairs.ok().filter(Array::is_array);
    let pairs = pairs
        .ok_or_else(|| format!("{path} is damaged; reload the page, past the cache if need be."))?;
    let number = |pair: &Array, index| pair.get(index).as_f64().map(|number| number as usize);
    let pair = |pair: JsValue| {
        let pair = Array::from(&pair);
        Some((number(&pair, 0)?, number(&pair, 1)?))
    };
    Ok(Array::from(&pairs).iter().filter_map(pair).collect())
}

/// What a fetch brings, or why it brings nothing.
pub(super) async fn body(request: Promise) -> Result<JsValue, String> {
    let response = JsFuture::from(request)
        .await
        .map_err(|error| words(&error))?;
    let response: web_sys::Response = response.unchecked_into();
    if !response.ok() {
        return Err(format!("the server answered {}", response.status()));
    }
    let buffer = response.array_buffer().map_err(|error| words(&error))?;
    JsFuture::from(buffer).await.map_err(|error| words(&error))
}
