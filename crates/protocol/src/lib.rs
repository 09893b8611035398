//! What the page and its workers say to each other.
//!
//! Two closed enums, [`Request`] (page to worker) and [`Response`] (worker to page), each carried
//! by a [`Message`] with the id of the request, as postcard bytes in one transferred `Uint8Array`. The
//! worker that teaches has a pair of its own, in [`teach`], and so has the one that brings the data set
//! and searches it, in [`archive`].
//!
//! Architecture invariant: this crate knows nothing of browsers, workers or tensors; it turns values
//! into bytes and back.
//!
//! To add a kind of request: add a variant to both enums, raise [`VERSION`], answer it in the worker's
//! `answer.rs`, and let the page's `Session` decide when to ask.

pub mod archive;
mod message;
mod request;
mod response;
pub mod teach;

pub use message::{Message, ProtocolError, RequestId, VERSION};
pub use request::{Kind, Load, Request};
pub use response::{Classified, Response};
