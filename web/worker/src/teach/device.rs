//! Where a net is taught: on WebGPU if the worker was built for it, else on the CPU.

use model::net::{Device, NetError};
use std::cell::RefCell;

thread_local! {
    /// A second start of the GPU fails.
    static DEVICE: RefCell<Option<Device>> = const { RefCell::new(None) };
}

/// The device, started when it is first asked for.
///
/// # Errors
/// Where there is none.
pub(super) async fn device() -> Result<Device, NetError> {
    if let Some(device) = DEVICE.with_borrow(Clone::clone) {
        return Ok(device);
    }
    #[cfg(feature = "gpu")]
    let device = model::net::gpu_device().await?;
    #[cfg(not(feature = "gpu"))]
    let device = model::net::cpu_device();
    DEVICE.set(Some(device.clone()));
    Ok(device)
}
