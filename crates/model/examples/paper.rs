//! How many photos of people's drawings are read right, condition by condition:
//! `cargo run -p model --example paper -- DRAWINGS/quickdraw/validation`.
//! It takes the first six drawings of each word.

#[path = "../tests/paper/mod.rs"]
mod paper;

use std::error::Error;
use std::path::PathBuf;

use model::quickdraw::{class_of_word, parse_line};
use model::reader::Reader;
use model::weights::Sidecar;
use paper::Condition;

const WORDS: [&str; 7] = [
    "pants",
    "t-shirt",
    "sweater",
    "jacket",
    "flip flops",
    "shoe",
    "purse",
];

const DRAWINGS_A_WORD: usize = 6;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args_os().nth(1).map(PathBuf::from);
    let folder = folder.ok_or("name the folder with Quick, Draw!'s .ndjson files")?;
    let sidecar = Sidecar::parse(include_str!("../../../assets/compact.json"))?;
    let reader = Reader::from_weights(include_bytes!("../../../assets/compact.weights"), &sidecar)?;
    let mut drawings = Vec::new();
    for word in WORDS {
        let text = std::fs::read_to_string(folder.join(word).with_extension("ndjson"))?;
        for line in text.lines().take(DRAWINGS_A_WORD) {
            drawings.push((class_of_word(word), parse_line(line)?.strokes));
        }
    }
    for condition in Condition::ALL {
        let right = (0..).zip(&drawings).filter(|(seed, (class, strokes))| {
            paper::read(&reader, strokes, condition, *seed) == *class
        });
        println!(
            "{:24}{:3} of {}",
            format!("{condition:?}"),
            right.count(),
            drawings.len()
        );
    }
    Ok(())
}
