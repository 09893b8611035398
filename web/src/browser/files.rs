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

/// A list of rows of `N` whole numbers, which stands under `name` in a JSON file.
///
/// # Errors
/// As [`bytes`], and when the file is something else.
pub async fn rows<const N: usize>(path: &str, name: &str) -> Result<Vec<[usize; N]>, String> {
    let text = String::from_utf8_lossy(&bytes(path).await?).into_owned();
    let rows = JSON::parse(&text).and_then(|file| Reflect::get(&file, &name.into()));
    let rows = rows.ok().filter(Array::is_array);
    let rows = rows.ok_or_else(|| damaged(path, "it holds no such list"))?;
    let row = |row: JsValue| {
        let row = Array::from(&row);
        let numbers = row
            .iter()
            .map(|number| number.as_f64().map(|number| number as usize));
        numbers.collect::<Option<Vec<usize>>>()?.try_into().ok()
    };
    Ok(Array::from(&rows).iter().filter_map(row).collect())
}

/// What to say of a file of the site that is not what it should be.
pub fn damaged(path: &str, reason: &str) -> String {
    format!("{path} is damaged ({reason}). Reload the page, past the cache if need be.")
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
