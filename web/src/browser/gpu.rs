//! Whether the browser offers WebGPU.

use super::optional;
use js_sys::Promise;
use leptos::prelude::window;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

/// Asks the browser for a WebGPU adapter.
///
/// # Errors
/// One sentence that says why there is none.
pub async fn find_adapter() -> Result<(), String> {
    const NO_WEBGPU: &str = "This browser does not offer WebGPU.";
    const NO_ADAPTER: &str = "This browser has no graphics adapter for WebGPU.";
    let adapter = request_adapter().ok_or(NO_WEBGPU)?;
    match JsFuture::from(adapter).await {
        Ok(adapter) if !adapter.is_null() && !adapter.is_undefined() => Ok(()),
        _ => Err(NO_ADAPTER.to_owned()),
    }
}

// By name, as web-sys has WebGPU behind an unstable flag only.
fn request_adapter() -> Option<Promise> {
    let gpu = optional::get(&window().navigator(), "gpu")?;
    let request = optional::method(&gpu, "requestAdapter")?;
    request.call0(&gpu).ok()?.dyn_into().ok()
}
