//! The archive: fetches the published data set's files, checks and unpacks them, and hands the page
//! their images; finds what is alike in them, from features that the page hands it.
//!
//! The page starts one for each part that is brought, and ends it when that is done; another one keeps
//! the features as long as the page lives.

mod alike;
mod bring;

use alike::Shelves;
use protocol::archive::{Order, Parcel};
use protocol::{Message, RequestId};
use std::cell::RefCell;
use wasm_bindgen_futures::spawn_local;
use worker::{prepare, scope};

/// Listens for orders from now on, and tells the page so.
pub fn start() {
    prepare(|sentence| Parcel::Died { sentence });
    let shelves = RefCell::new(Shelves::default());
    scope::listen(move |bytes| match Message::<Order>::decode(&bytes) {
        Ok(message) => carry_out(&shelves, message),
        Err(error) => {
            let sentence = error.to_string();
            scope::send(RequestId(0), Parcel::Died { sentence });
        }
    });
    scope::send(RequestId(0), Parcel::Started);
}

fn carry_out(shelves: &RefCell<Shelves>, Message { id, body }: Message<Order>) {
    match body {
        Order::Bring(split) => spawn_local(bring::fill(id, split)),
        Order::Keep {
            net,
            images,
            features,
        } => shelves.borrow_mut().keep(net, &images, &features),
        Order::Forget { net } => shelves.borrow_mut().forget(net),
        Order::Find(search) => {
            let started = scope::now();
            let images = shelves.borrow().find(&search);
            let milliseconds = scope::now() - started;
            scope::send(
                id,
                Parcel::Alike {
                    images,
                    milliseconds,
                },
            );
        }
    }
}
