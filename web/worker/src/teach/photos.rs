//! The published images, brought by the same worker that brings them to the data viewer: it fetches,
//! checks, unpacks and caches them, and they never pass the page.

use js_sys::{Array, Function, Promise, Uint8Array};
use model::image::{Image, PIXELS};
use model::published::Split;
use protocol::archive::{Order, Parcel};
use protocol::{Message, RequestId};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

const SCRIPT: &str = "worker.js?archive";

#[wasm_bindgen]
extern "C" {
    // Declared by hand: with web-sys's feature for it, wgpu would be compiled once more.
    type Worker;
    #[wasm_bindgen(constructor, catch)]
    fn new(script: &str) -> Result<Worker, JsValue>;
    #[wasm_bindgen(method, setter, js_name = onmessage)]
    fn set_on_message(this: &Worker, listener: &Function);
    #[wasm_bindgen(method, setter, js_name = onerror)]
    fn set_on_error(this: &Worker, listener: &Function);
    #[wasm_bindgen(method, catch, js_name = postMessage)]
    fn post(this: &Worker, message: &Uint8Array, moved: &Array) -> Result<(), JsValue>;
    #[wasm_bindgen(method)]
    fn terminate(this: &Worker);
}

/// What has come of an order.
struct Delivery<T> {
    /// The labels, which come first.
    labels: Vec<u8>,
    /// How many images have come.
    images: usize,
    take: T,
    progress: fn(f32),
}

/// How a delivery ends.
enum End {
    Complete,
    Failed(String),
}

/// Brings a part of the data set: `take` gets each image and its label, in the published order, `progress`
/// the share of the bytes that has come, 0 to 1.
///
/// # Errors
/// In words, when the part cannot be had.
pub(super) async fn bring(
    split: Split,
    take: impl FnMut(Image, u8) + 'static,
    progress: fn(f32),
) -> Result<(), String> {
    let worker = Rc::new(Worker::new(SCRIPT).map_err(|error| keep::words(&error))?);
    let delivery = Rc::new(RefCell::new(Delivery {
        labels: Vec::new(),
        images: 0,
        take,
        progress,
    }));
    let end = Rc::new(RefCell::new(None));
    let mut listeners = None;
    let promise = Promise::new(&mut |resolve, _| {
        let line = Line {
            worker: Rc::clone(&worker),
            split,
            end: Rc::clone(&end),
            resolve,
        };
        listeners = Some(listen(line, Rc::clone(&delivery)));
    });
    // The promise is never rejected.
    let _ = JsFuture::from(promise).await;
    worker.terminate();
    match end.take() {
        Some(End::Failed(sentence)) => Err(sentence),
        _ if delivery.borrow().images == split.count() => Ok(()),
        _ => Err(format!("The {} set did not arrive in full.", split.name())),
    }
}

/// The line to the worker that brings.
struct Line {
    worker: Rc<Worker>,
    split: Split,
    end: Rc<RefCell<Option<End>>>,
    resolve: Function,
}

impl Line {
    fn end(&self, end: End) {
        self.end.replace(Some(end));
        // Nobody is hurt by a promise that is resolved twice.
        let _ = self.resolve.call0(&JsValue::NULL);
    }

    fn order(&self) {
        let message = Message {
            id: RequestId(1),
            body: Order::Bring(self.split),
        };
        let posted = match message.encode() {
            Ok(bytes) => {
                let bytes = Uint8Array::from(bytes.as_slice());
                let moved = Array::of1(&bytes.buffer());
                let posted = self.worker.post(&bytes, &moved);
                posted.map_err(|error| keep::words(&error))
            }
            Err(error) => Err(error.to_string()),
        };
        if let Err(sentence) = posted {
            self.end(End::Failed(sentence));
        }
    }
}

/// The listeners, which the browser calls as long as they live.
type Listeners = [Closure<dyn FnMut(JsValue)>; 2];

fn listen<T: FnMut(Image, u8) + 'static>(
    line: Line,
    delivery: Rc<RefCell<Delivery<T>>>,
) -> Listeners {
    let line = Rc::new(line);
    let failing = Rc::clone(&line);
    let worker = Rc::clone(&line.worker);
    let on_error = Closure::<dyn FnMut(JsValue)>::new(move |event: JsValue| {
        failing.end(End::Failed(keep::words(&event)));
    });
    let on_message = Closure::<dyn FnMut(JsValue)>::new(move |event: JsValue| {
        let data = js_sys::Reflect::get(&event, &"data".into()).unwrap_or(JsValue::NULL);
        match Message::<Parcel>::decode(&Uint8Array::new(&data).to_vec()) {
            Ok(message) => delivery.borrow_mut().receive(message.body, &line),
            Err(error) => line.end(End::Failed(error.to_string())),
        }
    });
    worker.set_on_message(on_message.as_ref().unchecked_ref());
    worker.set_on_error(on_error.as_ref().unchecked_ref());
    [on_message, on_error]
}

impl<T: FnMut(Image, u8)> Delivery<T> {
    fn receive(&mut self, parcel: Parcel, line: &Line) {
        match parcel {
            Parcel::Started => line.order(),
            Parcel::Progress { received, expected } => {
                (self.progress)(received as f32 / expected.max(1) as f32);
            }
            Parcel::Labels(labels) => self.labels = labels,
            Parcel::Images(pixels) => {
                for image in pixels.as_chunks::<PIXELS>().0 {
                    if let Some(&label) = self.labels.get(self.images) {
                        (self.take)(Image(*image), label);
                        self.images += 1;
                    }
                }
            }
            Parcel::Complete => line.end(End::Complete),
            // Nobody searches here.
            Parcel::Alike { .. } => {}
            Parcel::Failed { sentence } | Parcel::Died { sentence } => {
                line.end(End::Failed(sentence));
            }
        }
    }
}
