//! Any bytes give an error or a header within the limits, whose orientation can be erased.
#![no_main]

use libfuzzer_sys::fuzz_target;
use model::picture_file::{Header, MAX_PIXELS};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(header) = Header::read(bytes) {
        assert!((1..=MAX_PIXELS).contains(&(header.width * header.height)));
        let mut erased = bytes.to_vec();
        header.erase_orientation(&mut erased);
        assert!(Header::read(&erased).is_ok());
    }
});
