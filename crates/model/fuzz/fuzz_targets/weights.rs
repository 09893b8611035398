//! Any bytes give an error or tensors that are written as the same bytes again. The checksum is put
//! right first, or the fuzzer would never get past it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use model::weights::{Sidecar, crc32, decode, encode, unbundle};

fuzz_target!(|bytes: &[u8]| {
    let mut file = bytes.to_vec();
    if let Some(end) = file.len().checked_sub(4) {
        let crc = crc32(&file);
        file[end..].copy_from_slice(&crc.to_le_bytes());
    }
    if let Ok(tensors) = decode(&file) {
        // A two may say that a matrix is in eight bits, which are not written the same again.
        assert!(encode(&tensors) == file || file.contains(&2));
    }
    let _ = unbundle(&file);
    if let Ok(json) = std::str::from_utf8(bytes) {
        let _ = Sidecar::parse(json).map(|sidecar| sidecar.check(&file));
    }
});
