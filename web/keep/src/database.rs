//! The part of the browser's database that is used here.
//!
//! Declared by hand: with web-sys's features for it, wgpu and the page's view library would be compiled
//! once more for the workers that do without.

use js_sys::{Function, Object, Reflect};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// What opens databases.
    pub type Factory;
    /// Something that has been asked for.
    pub type Request;
    /// An open database.
    pub type Database;
    /// Acts that succeed or fail together.
    pub type Transaction;
    /// Values by key.
    pub type Store;

    #[wasm_bindgen(method, catch)]
    pub fn open(this: &Factory, name: &str, version: u32) -> Result<Request, JsValue>;

    #[wasm_bindgen(method, getter, catch)]
    pub fn result(this: &Request) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, getter, catch)]
    pub fn error(this: &Request) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, setter, js_name = onsuccess)]
    pub fn set_on_success(this: &Request, listener: &Function);
    #[wasm_bindgen(method, setter, js_name = onerror)]
    pub fn set_on_error(this: &Request, listener: &Function);
    #[wasm_bindgen(method, setter, js_name = onupgradeneeded)]
    pub fn set_on_upgrade(this: &Request, listener: &Function);

    #[wasm_bindgen(method, catch, js_name = createObjectStore)]
    pub fn create_store(this: &Database, name: &str) -> Result<Store, JsValue>;
    #[wasm_bindgen(method, catch)]
    pub fn transaction(
        this: &Database,
        store: &str,
        mode: &str,
        options: &Object,
    ) -> Result<Transaction, JsValue>;
    #[wasm_bindgen(method)]
    pub fn close(this: &Database);

    #[wasm_bindgen(method, catch, js_name = objectStore)]
    pub fn store(this: &Transaction, name: &str) -> Result<Store, JsValue>;
    #[wasm_bindgen(method, getter, js_name = error)]
    pub fn failure(this: &Transaction) -> JsValue;
    #[wasm_bindgen(method, catch)]
    pub fn commit(this: &Transaction) -> Result<(), JsValue>;
    #[wasm_bindgen(method, setter, js_name = oncomplete)]
    pub fn set_on_complete(this: &Transaction, listener: &Function);
    #[wasm_bindgen(method, setter, js_name = onabort)]
    pub fn set_on_abort(this: &Transaction, listener: &Function);

    #[wasm_bindgen(method, catch)]
    pub fn put(this: &Store, value: &JsValue, key: &str) -> Result<Request, JsValue>;
    #[wasm_bindgen(method, catch)]
    pub fn get(this: &Store, key: &str) -> Result<Request, JsValue>;
    #[wasm_bindgen(method, catch)]
    pub fn delete(this: &Store, key: &str) -> Result<Request, JsValue>;

    /// The page's clock or the worker's.
    #[wasm_bindgen(js_name = setTimeout)]
    pub fn set_timeout(listener: &Function, milliseconds: i32) -> JsValue;
}

/// The page's or worker's own.
///
/// # Errors
/// Where the browser has none, or forbids it.
pub fn factory() -> Result<Factory, JsValue> {
    let found = Reflect::get(&js_sys::global(), &"indexedDB".into())?;
    if found.is_null() || found.is_undefined() {
        return Err("it is switched off".into());
    }
    Ok(found.unchecked_into())
}
