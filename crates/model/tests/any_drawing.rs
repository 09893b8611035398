//! Whatever a person does on the paper, it stays in order.

use model::drawing::{Drawing, Ink, InkError, Mark, Paper, Point, Stroke, fit, to_image};
use proptest::prelude::*;

/// Coordinates on the paper, off it, and senseless ones.
fn coordinate() -> impl Strategy<Value = f32> {
    prop_oneof![8 => 0f32..256.0, 2 => -300f32..600.0, 1 => any::<f32>()]
}

fn point() -> impl Strategy<Value = Point> {
    let pressure = prop_oneof![4 => 0f32..=1.0, 1 => any::<f32>()];
    (coordinate(), coordinate(), pressure).prop_map(|(x, y, pressure)| Point { x, y, pressure })
}

fn stroke() -> impl Strategy<Value = Stroke> {
    let width = prop_oneof![4 => 0f32..30.0, 1 => any::<f32>()];
    (prop::collection::vec(point(), 0..8), width)
        .prop_map(|(points, width)| Stroke { points, width })
}

fn picture() -> impl Strategy<Value = Ink> {
    (1usize..40, 1usize..40).prop_flat_map(|(width, height)| {
        prop::collection::vec(any::<u8>(), width * height)
            .prop_filter_map("no ink", move |pixels| Ink::new(width, height, pixels).ok())
    })
}

fn mark() -> impl Strategy<Value = Mark> {
    prop_oneof![
        4 => stroke().prop_map(Mark::Stroke),
        2 => stroke().prop_map(Mark::Erase),
        2 => point().prop_map(Mark::Fill),
        1 => picture().prop_map(Mark::Picture),
    ]
}

proptest! {
    #[test]
    fn marks_change_only_their_rectangle_and_images_fill_an_edge(side in 1usize..200, marks in prop::collection::vec(mark(), 0..6)) {
        let mut paper = Paper::new(side);
        for mark in &marks {
            let before = paper.ink().clone();
            let dirty = paper.apply(mark);
            for (index, (now, before)) in paper.ink().pixels().iter().zip(before.pixels()).enumerate() {
                let (x, y) = (index % side, index / side);
                let inside = (dirty.left..dirty.right).contains(&x) && (dirty.top..dirty.bottom).contains(&y);
                prop_assert!(inside || now == before, "{:?} changed {}, {}", mark, x, y);
            }
        }
        let dark = paper.ink().pixels().iter().any(|&pixel| pixel > 24);
        let image = to_image(paper.ink());
        prop_assert_eq!(image.is_some(), dark);
        if let Some(image) = image {
            prop_assert!(!image.is_blank());
        }
    }

    #[test]
    fn images_are_the_same_wherever_the_drawing_lies(picture in picture(), left in 0usize..20, top in 0usize..20) {
        let (width, height) = (picture.width() + 20, picture.height() + 20);
        let mut pixels = vec![0; width * height];
        for y in 0..picture.height() {
            let row = &picture.pixels()[y * picture.width()..][..picture.width()];
            pixels[(top + y) * width + left..][..row.len()].copy_from_slice(row);
        }
        let moved = Ink::new(width, height, pixels).unwrap();
        prop_assert_eq!(to_image(&moved), to_image(&picture));
    }

    #[test]
    fn fitted_strokes_lie_within_the_margin(points in prop::collection::vec((-1e3f32..1e3, -1e3f32..1e3), 1..20), margin in 0f32..100.0) {
        let points = points.into_iter().map(|(x, y)| Point::new(x, y)).collect();
        for point in &fit(&[Stroke { points, width: 4.0 }], margin)[0].points {
            for value in [point.x, point.y] {
                prop_assert!((margin - 0.01..=256.01 - margin).contains(&value), "{value}");
            }
        }
    }

    #[test]
    fn undoing_everything_and_redoing_it_changes_nothing(marks in prop::collection::vec(prop::option::of(mark()), 0..8)) {
        let mut drawing = Drawing::new();
        for mark in marks {
            match mark {
                Some(mark) => drawing.push(mark),
                None => drawing.clear(),
            }
        }
        let before = format!("{drawing:?}");
        while drawing.undo() {}
        prop_assert!(drawing.is_blank() && !drawing.can_undo());
        while drawing.redo() {}
        prop_assert_eq!(format!("{drawing:?}"), before);
    }

    #[test]
    fn pictures_of_any_kind_are_read(width in 0usize..50, height in 0usize..50, bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let rgba: Vec<u8> = bytes.iter().copied().cycle().take(if bytes.is_empty() { 0 } else { 4 * width * height }).collect();
        let read = Ink::from_rgba(width, height, &rgba);
        let is_picture = read.is_ok() || read == Err(InkError::Blank);
        prop_assert_eq!(is_picture, width * height > 0 && !bytes.is_empty());
        if let Some(image) = read.ok().and_then(|ink| to_image(&ink)) {
            prop_assert!(!image.is_blank());
        }
    }
}
