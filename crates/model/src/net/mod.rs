//! The nets, and what runs them.
//!
//! Every device runs the same definition; only the [`Device`] differs. The CPU is the reference
//! that the others are compared with, by [`golden`](crate::golden) at every start of the page.

mod compact;
mod deep_cnn;
#[cfg(feature = "train")]
pub mod explain;
mod inference;
pub mod layers;
mod mlp;
mod model;
mod prepared;
mod reading;
mod small_cnn;
mod statistics;

pub use crate::architecture::Architecture;
pub use crate::config::Config;
pub use compact::Compact;
pub use deep_cnn::DeepCnn;
pub(crate) use inference::driver_words;
use inference::read;
pub use inference::{Net, NetError, batch_tensor, model_from_weights};
pub use mlp::Mlp;
pub use model::Model;
pub use prepared::Prepared;
pub use small_cnn::SmallCnn;
pub use statistics::gather_statistics;

pub use burn::tensor::Device;

/// The CPU.
pub fn cpu_device() -> Device {
    Device::flex()
}

/// So many dispatches are submitted at once at most: more than a training step has.
#[cfg(feature = "wgpu")]
const MOST_DISPATCHES: usize = 256;

/// The GPU, through WebGPU in the browser and through the system's graphics library natively. To be
/// called once in a process; clone the result.
///
/// # Errors
/// Where there is no adapter, or it gives no device.
#[cfg(feature = "wgpu")]
pub async fn gpu_device() -> Result<Device, NetError> {
    Device::wgpu_options()
        .tasks_max(MOST_DISPATCHES)
        .init_async()
        .await
        .map_err(|e| NetError::Device {
            reason: driver_words(&e),
        })
}
