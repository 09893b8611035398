//! The browser's database for what is too large for its storage: examples, checkpoints, nets. Each
//! value is written whole or not at all.

use super::words;
use js_sys::{Promise, Uint8Array};
use leptos::prelude::window;
use serde::{Serialize, de::DeserializeOwned};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{IdbDatabase, IdbObjectStore, IdbRequest, IdbTransaction, IdbTransactionMode};

const DATABASE: &str = "wardrobe";
const STORE: &str = "kept";

/// The format of what is stored, the first byte of each value.
const VERSION: u8 = 1;

/// A value as it is stored.
///
/// # Errors
/// When it cannot be written as bytes, which no value of this page causes.
pub fn encode<T: Serialize>(value: &T) -> Result<Uint8Array, String> {
    let bytes = postcard::to_extend(value, vec![VERSION]);
    let bytes = bytes.map_err(|error| refused(&error.to_string()))?;
    Ok(Uint8Array::from(bytes.as_slice()))
}

/// Stores an encoded value under this key.
///
/// # Errors
/// One sentence when the browser refuses.
pub async fn put(key: &str, value: &Uint8Array) -> Result<(), String> {
    change(|store| store.put_with_key(value, &key.into())).await
}

/// Forgets what is stored under this key.
///
/// # Errors
/// As [`put`].
pub async fn remove(key: &str) -> Result<(), String> {
    change(|store| store.delete(&key.into())).await
}

/// What is stored under this key; `None` if nothing is.
///
/// # Errors
/// One sentence when the browser refuses, or what is stored cannot be read.
pub async fn get<T: DeserializeOwned>(key: &str) -> Result<Option<T>, String> {
    let found = read(key).await.map_err(|error| refused(&words(&error)))?;
    if found.is_undefined() {
        return Ok(None);
    }
    let bytes = Uint8Array::new(&found).to_vec();
    let value = bytes
        .strip_prefix(&[VERSION])
        .and_then(|bytes| postcard::from_bytes(bytes).ok());
    match value {
        Some(value) => Ok(Some(value)),
        None => Err(
            "What an earlier version of this page had kept of your teaching could not be read."
                .into(),
        ),
    }
}

fn refused(reason: &str) -> String {
    format!(
        "The browser's database cannot be used ({reason}), so a reload would lose your examples and trainings."
    )
}

async fn read(key: &str) -> Result<JsValue, JsValue> {
    let store = transaction(IdbTransactionMode::Readonly)
        .await?
        .object_store(STORE)?;
    answer(&store.get(&key.into())?).await
}

async fn change(
    request: impl FnOnce(&IdbObjectStore) -> Result<IdbRequest, JsValue>,
) -> Result<(), String> {
    let write = async {
        let transaction = transaction(IdbTransactionMode::Readwrite).await?;
        request(&transaction.object_store(STORE)?)?;
        completed(&transaction).await
    };
    write.await.map_err(|error| refused(&words(&error)))
}

async fn transaction(mode: IdbTransactionMode) -> Result<IdbTransaction, JsValue> {
    let factory = window().indexed_db()?.ok_or("it is switched off")?;
    let open = factory.open_with_u32(DATABASE, 1)?;
    let opening = open.clone();
    let upgrade = Closure::once(move || {
        if let Ok(database) = opening.result() {
            // If it cannot be made, the transaction fails and says so.
            let _ = database
                .unchecked_into::<IdbDatabase>()
                .create_object_store(STORE);
        }
    });
    open.set_onupgradeneeded(Some(upgrade.as_ref().unchecked_ref()));
    let database: IdbDatabase = answer(&open).await?.unchecked_into();
    database.transaction_with_str_and_mode(STORE, mode)
}

/// What a request leads to.
async fn answer(request: &IdbRequest) -> Result<JsValue, JsValue> {
    settled(|resolve, reject| {
        request.set_onsuccess(Some(resolve));
        request.set_onerror(Some(reject));
    })
    .await
    .map_err(|_| {
        request
            .error()
            .ok()
            .flatten()
            .map_or(JsValue::NULL, JsValue::from)
    })?;
    request.result()
}

async fn completed(transaction: &IdbTransaction) -> Result<(), JsValue> {
    settled(|resolve, reject| {
        transaction.set_oncomplete(Some(resolve));
        transaction.set_onabort(Some(reject));
    })
    .await
    .map_err(|_| transaction.error().map_or(JsValue::NULL, JsValue::from))
}

/// Waits until one of two listeners, which `listen` attaches, is called: the first one is good news.
async fn settled(listen: impl FnOnce(&js_sys::Function, &js_sys::Function)) -> Result<(), JsValue> {
    let listen = Rc::new(RefCell::new(Some(listen)));
    let promise = Promise::new(&mut |resolve, reject| {
        if let Some(listen) = listen.borrow_mut().take() {
            listen(&resolve, &reject);
        }
    });
    JsFuture::from(promise).await.map(drop)
}
