//! Handing the person a file, and reading theirs.

use super::words;
use js_sys::{Array, Uint8Array};
use leptos::prelude::document;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, File, HtmlElement, Url};

/// Saves these bytes as a file of this name, as a click on a link would.
///
/// # Errors
/// In words, when the browser refuses.
pub fn save(name: &str, bytes: &[u8]) -> Result<(), String> {
    try_save(name, bytes).map_err(|error| format!("{name} could not be saved ({}).", words(&error)))
}

fn try_save(name: &str, bytes: &[u8]) -> Result<(), JsValue> {
    let parts = Array::of1(&Uint8Array::from(bytes));
    let url = Url::create_object_url_with_blob(&Blob::new_with_u8_array_sequence(&parts)?)?;
    let link: HtmlElement = document().create_element("a")?.unchecked_into();
    link.set_attribute("href", &url)?;
    link.set_attribute("download", name)?;
    link.click();
    Url::revoke_object_url(&url)
}

/// The bytes of a file that the person chose.
///
/// # Errors
/// In words, when it cannot be read.
pub async fn read(file: &File) -> Result<Vec<u8>, String> {
    let buffer = JsFuture::from(file.array_buffer()).await;
    let buffer =
        buffer.map_err(|error| format!("{} cannot be read ({}).", file.name(), words(&error)))?;
    Ok(Uint8Array::new(&buffer).to_vec())
}
