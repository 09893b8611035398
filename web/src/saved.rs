//! Files as earlier versions of the page stored them: each must still open.
//!
//! `tests/saved/` holds one value of each kind, written by the version of November 2026. A change that
//! cannot read one of them has to bring a conversion along.

use crate::pad::Settings as PadSettings;
use crate::session::{Choice, Device};
use crate::teach::lesson::Then;
use crate::teach::{Lesson, Run, Runs, Tray};
use model::architecture::Architecture;
use model::drawing::{Drawing, Mark, Point, Stroke};
use model::image::Image;
use model::teach::{Example, Settings, parse_examples};
use protocol::teach::Mark as EvalPoint;
use serde::de::DeserializeOwned;

/// A value of the browser's database: a version byte, then postcard.
fn database<T: DeserializeOwned>(bytes: &[u8]) -> T {
    assert_eq!(bytes.first(), Some(&1), "the version of stored values");
    postcard::from_bytes(&bytes[1..]).expect("a value that an earlier version stored")
}

/// A value of the browser's local storage: the same as text, a character per byte.
fn local<T: DeserializeOwned>(text: &str) -> T {
    crate::browser::storage::from_text(text).expect("a value that an earlier version stored")
}

fn stroke() -> Stroke {
    let points = (0..40).map(|i| Point::new(i as f32 * 3.0, 100.0 + (i % 7) as f32));
    Stroke {
        points: points.collect(),
        width: 8.0,
    }
}

fn example() -> Example {
    let mut image = Image::blank();
    (image.0[300..320]).fill(200);
    Example {
        image,
        strokes: vec![stroke()],
        label: 8,
    }
}

fn run(settings: Option<Settings>) -> Run {
    let point = EvalPoint {
        step: 7,
        held_out: [[3; 10]; 10],
        right: 5,
        seen: 6,
        memory_bytes: 1000,
    };
    match settings {
        Some(settings) => Run::finished(settings, [[2; 10]; 10], &point),
        None => Run::from_file(),
    }
}

fn runs() -> Runs {
    let mut runs = Runs::default();
    runs.add(run(Some(Settings::default())));
    runs.add(run(Some(Settings::from_scratch(Architecture::SmallCnn))));
    runs.add(run(None));
    runs.evaluated(Some(1), [[9; 10]; 10]);
    runs.in_use = Some(2);
    runs
}

fn drawing() -> Drawing {
    let mut drawing = Drawing::default();
    drawing.push(Mark::Stroke(stroke()));
    drawing.clear();
    drawing.push(Mark::Stroke(stroke()));
    drawing.push(Mark::Stroke(stroke()));
    drawing.undo();
    drawing
}

fn lesson() -> Lesson {
    let mut lesson = Lesson::default();
    let started = lesson.start(77, Settings::default(), vec![example()], 2.5, Then::Run);
    assert!(started.is_ok());
    lesson
}

#[test]
fn the_examples_still_open() {
    let tray: Tray = database(include_bytes!("../tests/saved/tray.bin"));
    assert_eq!(tray.examples(), [example()]);
    let exported = parse_examples(include_str!("../tests/saved/wardrobe-examples.ndjson"));
    let exported = exported.expect("a file of examples");
    assert_eq!(
        (exported[0].label, &exported[0].image),
        (8, &example().image)
    );
}

#[test]
fn the_trained_models_still_open() {
    let stored: Runs = database(include_bytes!("../tests/saved/runs.bin"));
    assert_eq!(stored, runs());
    let (weights, sidecar): (serde_bytes::ByteBuf, String) =
        database(include_bytes!("../tests/saved/net.bin"));
    assert_eq!(
        (weights.as_slice(), sidecar.as_str()),
        (&b"weights"[..], "{}")
    );
}

#[test]
fn the_training_under_way_still_opens() {
    let stored: Lesson = database(include_bytes!("../tests/saved/lesson.bin"));
    assert_eq!(stored, lesson());
}

#[test]
fn the_drawing_and_the_tools_still_open() {
    let stored: Drawing = local(include_str!("../tests/saved/drawing.txt"));
    assert_eq!(stored, drawing());
    let stored: PadSettings = local(include_str!("../tests/saved/settings.txt"));
    assert_eq!(
        (stored.size, stored.choice),
        (12.0, Choice::Only(Device::Cpu))
    );
}
