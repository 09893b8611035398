//! A shirt as it lies in a shop: folded to a rectangle, the collar on top.

use super::pen::Pen;

/// Draws a folded shirt.
pub(super) fn shirt(pen: &Pen) {
    let (half, height) = (pen.between(55.0, 80.0), pen.between(130.0, 180.0));
    let (neck, rise) = (half * pen.between(0.3, 0.6), pen.between(0.0, 14.0));
    let shoulder = pen.between(0.0, 20.0);
    pen.both(&[
        (neck, 0.0, 0.0),
        (half, shoulder, 0.0),
        (half, height, 0.0),
        (0.0, height, 0.0),
    ]);
    let meet = collar(pen, neck, rise);
    front(pen, meet, height);
    if pen.chance(0.4) {
        let (x, y) = (half * 0.5, height * pen.between(0.4, 0.55));
        pen.rectangle((x, y), (half * 0.28, half * 0.28));
    }
    if pen.detail() {
        let x = half * pen.between(0.7, 0.9);
        pen.both(&[(x, shoulder, 0.0), (x, height, 0.0)]);
    }
}

/// The two points of the collar. Gives the y where they meet.
fn collar(pen: &Pen, neck: f32, rise: f32) -> f32 {
    let (meet, point) = (pen.between(14.0, 34.0), pen.between(26.0, 48.0));
    let outer = neck * pen.between(0.6, 1.1);
    pen.both_closed(&[
        (neck * 0.8, -rise, 0.0),
        (neck, 0.0, 0.0),
        (outer, point, 0.0),
        (0.0, meet, 0.0),
    ]);
    if pen.chance(0.5) {
        pen.line(&[(-neck * 0.8, -rise, 0.0), (neck * 0.8, -rise, -0.06)]);
    }
    meet
}

/// What runs down the middle: a placket with buttons, or a tie.
fn front(pen: &Pen, top: f32, bottom: f32) {
    if pen.chance(0.12) {
        let knot = pen.between(6.0, 10.0);
        return pen.both(&[
            (knot * 0.5, top, 0.0),
            (knot * 0.7, top + knot, 0.0),
            (knot * 1.6, bottom * 0.8, 0.0),
            (0.0, bottom * 0.9, 0.0),
        ]);
    }
    if pen.chance(0.7) {
        pen.line(&[(0.0, top, 0.0), (0.0, bottom, 0.0)]);
    }
    if pen.chance(0.7) {
        let (x, radius) = (pen.pick([0.0, 0.0, 7.0]), pen.pick([0.0, 2.5, 4.0]));
        let count = pen.count(2, 5);
        for button in 0..count {
            let along = (button as f32 + 0.8) / (count as f32 + 0.6);
            pen.dot(x, top + along * (bottom - top), radius);
        }
    }
}
