//! Any line gives an error or strokes that can be drawn and give an image.
#![no_main]

use libfuzzer_sys::fuzz_target;
use model::drawing::{Mark, Paper, fit, to_image};
use model::quickdraw::parse_line;

fuzz_target!(|line: &str| {
    let Ok(drawing) = parse_line(line) else {
        return;
    };
    let mut paper = Paper::new(128);
    for stroke in fit(&drawing.strokes, 12.0) {
        paper.apply(&Mark::Stroke(stroke));
    }
    paper.fill_outlines(160);
    assert!(to_image(paper.ink()).is_some());
});
