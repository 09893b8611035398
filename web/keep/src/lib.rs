//! The browser's database for what is too large for its storage: examples, checkpoints, nets. Each
//! value is written whole or not at all, from the page or from a worker: so a checkpoint of megabytes
//! never passes the page's thread. What has been put is on the disk, so that not even the end of the browser
//! or of the machine takes it back.

mod database;
mod seal;

use database::{Database, Request, Transaction};
use js_sys::{Array, Function, Object, Promise, Reflect, Uint8Array};
use seal::Broken;
use serde::{Serialize, de::DeserializeOwned};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

const DATABASE: &str = "wardrobe";
const STORE: &str = "kept";

/// Some browsers that may keep nothing never answer: so many milliseconds are waited for one.
pub const PATIENCE: i32 = 5_000;

/// The same for reading or writing in a database that has been opened: a disk may be slow.
const DISK_PATIENCE: i32 = 30_000;

thread_local! {
    /// Whether the database has been asked for in vain. It is left alone then: it might still open, empty to
    /// the eye of whoever went on without it, and be written over.
    static IS_SILENT: Cell<bool> = const { Cell::new(false) };
}

/// A value as it is stored.
///
/// # Errors
/// When it cannot be written as bytes, which no value of this page causes.
pub fn encode<T: Serialize>(value: &T) -> Result<Uint8Array, String> {
    let bytes = seal::seal(value).map_err(|error| refused(&error.to_string()))?;
    Ok(Uint8Array::from(bytes.as_slice()))
}

/// Stores an encoded value under this key.
///
/// # Errors
/// One sentence when the browser refuses.
pub async fn put(key: &str, value: &Uint8Array) -> Result<(), String> {
    change(|store| store.put(value, key)).await
}

/// Forgets what is stored under this key.
///
/// # Errors
/// As [`put`].
pub async fn remove(key: &str) -> Result<(), String> {
    change(|store| store.delete(key)).await
}

/// What is stored under this key; `None` if nothing is. Bytes that cannot be read are set aside, as the next
/// value takes their place.
///
/// # Errors
/// One sentence when the browser refuses, or what is stored cannot be read.
pub async fn get<T: DeserializeOwned>(key: &str) -> Result<Option<T>, String> {
    let found = read(key).await.map_err(|error| refused(&words(&error)))?;
    if found.is_undefined() {
        return Ok(None);
    }
    let bytes = Uint8Array::new(&found);
    let broken = match seal::open(&bytes.to_vec()) {
        Ok(value) => return Ok(Some(value)),
        Err(broken) => broken,
    };
    put(&unread(key), &bytes).await?;
    Err(match broken {
        Broken::OtherVersion => {
            "What an earlier version of this page had kept of your teaching could not be read. It is set aside in the browser's database."
        }
        Broken::Damaged => {
            "What this page had kept of your teaching is damaged and could not be read. It is set aside in the browser's database."
        }
    }
    .into())
}

/// Under this key is what could not be read under `key`.
fn unread(key: &str) -> String {
    format!("{key}.unread")
}

/// What a JavaScript exception says, to be put into a sentence.
pub fn words(error: &JsValue) -> String {
    let part = |name: &str| {
        let part = Reflect::get(error, &JsValue::from_str(name)).ok()?;
        part.as_string().filter(|part| !part.is_empty())
    };
    let said = part("message").or_else(|| part("name"));
    let said = said.or_else(|| error.as_string());
    said.map_or_else(
        || "the browser does not say why".to_owned(),
        |said| said.trim_end_matches('.').to_owned(),
    )
}

/// What a promise comes to.
///
/// # Errors
/// What it is rejected with, or that it took longer than so many milliseconds.
pub async fn answered(promise: &Promise, milliseconds: i32) -> Result<JsValue, JsValue> {
    let timer = Promise::new(&mut |_, reject| {
        let late = Closure::once_into_js(move || {
            // The promise may have been settled, and then nobody hears this.
            let _ = reject.call1(&JsValue::NULL, &"it does not answer".into());
        });
        database::set_timeout(late.unchecked_ref(), milliseconds);
    });
    JsFuture::from(Promise::race(&Array::of2(promise, &timer))).await
}

fn refused(reason: &str) -> String {
    format!(
        "Nothing is kept here: the browser's database cannot be used ({reason}). A reload loses your examples and trainings; save what you need as files."
    )
}

async fn read(key: &str) -> Result<JsValue, JsValue> {
    let database = open().await?;
    let transaction = database.transaction(STORE, "readonly", &Object::new())?;
    let found = answer(&transaction.store(STORE)?.get(key)?, DISK_PATIENCE).await;
    database.close();
    found
}

async fn change(
    request: impl FnOnce(&database::Store) -> Result<Request, JsValue>,
) -> Result<(), String> {
    let write = async {
        let database = open().await?;
        let on_disk = Object::new();
        Reflect::set(&on_disk, &"durability".into(), &"strict".into())?;
        let transaction = database.transaction(STORE, "readwrite", &on_disk)?;
        request(&transaction.store(STORE)?)?;
        // At once, so that it is written even if the page is left now. Older browsers do it by themselves.
        let _ = transaction.commit();
        let outcome = completed(&transaction).await;
        database.close();
        outcome
    };
    write.await.map_err(|error| refused(&words(&error)))
}

async fn open() -> Result<Database, JsValue> {
    if IS_SILENT.get() {
        return Err("it does not answer".into());
    }
    let open = database::factory()?.open(DATABASE, 1)?;
    let opening: JsValue = open.clone();
    let upgrade = Closure::once(move || {
        let opening: Request = opening.unchecked_into();
        if let Ok(database) = opening.result() {
            // If it cannot be made, the transaction fails and says so.
            let _ = database.unchecked_into::<Database>().create_store(STORE);
        }
    });
    open.set_on_upgrade(upgrade.as_ref().unchecked_ref());
    let opened = answer(&open, PATIENCE).await;
    // Neither opened nor refused.
    if opened.is_err() && open.error().is_err() {
        IS_SILENT.set(true);
    }
    Ok(opened?.unchecked_into())
}

/// What a request leads to.
async fn answer(request: &Request, milliseconds: i32) -> Result<JsValue, JsValue> {
    let settled = settled(milliseconds, |resolve, reject| {
        request.set_on_success(resolve);
        request.set_on_error(reject);
    });
    match settled.await {
        Ok(()) => request.result(),
        // Without an error of its own it has not been answered.
        Err(late) => Err(request.error().unwrap_or(late)),
    }
}

async fn completed(transaction: &Transaction) -> Result<(), JsValue> {
    let settled = settled(DISK_PATIENCE, |resolve, reject| {
        transaction.set_on_complete(resolve);
        transaction.set_on_abort(reject);
    });
    settled.await.map_err(|late| match transaction.failure() {
        failure if failure.is_null() => late,
        failure => failure,
    })
}

/// Waits until one of two listeners, which `listen` attaches, is called: the first one is good news.
async fn settled(
    milliseconds: i32,
    listen: impl FnOnce(&Function, &Function),
) -> Result<(), JsValue> {
    let listen = Rc::new(RefCell::new(Some(listen)));
    let promise = Promise::new(&mut |resolve, reject| {
        if let Some(listen) = listen.borrow_mut().take() {
            listen(&resolve, &reject);
        }
    });
    answered(&promise, milliseconds).await.map(drop)
}
