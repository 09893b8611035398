//! What computes: the CPU by our kernels alone, or (feature `gpu`) WebGPU by way of burn. Both have the
//! same functions, so that [`crate::answer`] need not know which it is.

#[cfg(not(feature = "gpu"))]
mod cpu;
#[cfg(feature = "gpu")]
mod gpu;

#[cfg(not(feature = "gpu"))]
pub(crate) use cpu::{Error, Net, load, logits, look, readings, replace};
#[cfg(feature = "gpu")]
pub(crate) use gpu::{Error, Net, load, logits, look, readings, replace};
