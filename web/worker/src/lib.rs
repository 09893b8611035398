//! The Web Worker that holds the net: built once for the CPU, by our kernels alone, and once (feature
//! `gpu`) for WebGPU, by burn.
//!
//! It owns the net on its device and answers [`protocol::Request`]s, one message a request. It
//! fetches nothing: the page sends it the model's files. A panic ends it; the page starts another.
//!
//! Without the feature `predict`, what is left is what every worker needs: [`prepare`] and [`scope`].

#[cfg(feature = "predict")]
mod answer;
mod constructors;
#[cfg(feature = "predict")]
mod device;
#[cfg(feature = "predict")]
mod net;
pub mod scope;
#[cfg(feature = "train")]
pub mod teach;

#[cfg(feature = "predict")]
pub use net::start;

use protocol::RequestId;
use serde::Serialize;

/// What every worker does first: constructors, and last words should it panic.
pub fn prepare<T: Serialize + 'static>(died: fn(sentence: String) -> T) {
    constructors::run_once();
    scope::on_panic(move |sentence| scope::send(RequestId(0), died(sentence)));
}
