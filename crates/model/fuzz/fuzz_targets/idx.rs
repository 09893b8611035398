//! Any bytes give an error or as many images and labels as there are bytes for.
#![no_main]

use libfuzzer_sys::fuzz_target;
use model::idx::{parse_images, parse_labels};
use model::image::PIXELS;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(images) = parse_images(bytes) {
        assert_eq!(16 + images.len() * PIXELS, bytes.len());
    }
    if let Ok(labels) = parse_labels(bytes) {
        assert_eq!(8 + labels.len(), bytes.len());
        assert!(labels.iter().all(|&label| label < 10));
    }
});
