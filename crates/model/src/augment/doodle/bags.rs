//! Bags.

use super::pen::{Pen, around};

/// Draws a bag.
pub(super) fn bag(pen: &Pen) {
    match pen.count(0, 11) {
        0..=3 => handbag(pen),
        4..=5 => tote(pen),
        6..=7 => satchel(pen),
        8..=9 => backpack(pen),
        10 => clutch(pen),
        _ => suitcase(pen),
    }
}

/// A body whose top may be narrower than its bottom. Gives half its top width and its height.
fn body(pen: &Pen, width: f32, height: f32) -> f32 {
    let top = width * pen.between(0.68, 1.08);
    let round = pen.pick([0.0, 0.0, 0.1]);
    let half = [
        (top, 0.0, 0.0),
        (width, height * 0.85, -round),
        (width * 0.9, height, -0.1),
    ];
    pen.closed(&around(&half, 0.0, pen.pick([0.0, 0.0, 0.06])));
    top
}

/// An arch over the bag from -`x` to `x`.
fn handle(pen: &Pen, x: f32, y: f32, height: f32) {
    if pen.chance(0.3) {
        pen.line(&[
            (-x, y, 0.0),
            (-x * 0.85, y - height, 0.0),
            (x * 0.85, y - height, 0.0),
            (x, y, 0.0),
        ]);
    } else {
        pen.line(&[(-x, y, 0.0), (0.0, y - height, -0.2), (x, y, -0.2)]);
    }
}

fn handbag(pen: &Pen) {
    let (width, height) = (pen.between(72.0, 100.0), pen.between(85.0, 130.0));
    let top = body(pen, width, height);
    let (x, rise) = (top * pen.between(0.45, 0.95), pen.between(40.0, 100.0));
    handle(pen, x, 0.0, rise);
    if pen.chance(0.55) {
        handle(pen, x * 0.82, 0.0, rise * 0.82);
    }
    match pen.count(0, 4) {
        0 => pen.line(&[(-top, height * 0.25, 0.0), (top, height * 0.25, 0.05)]),
        1 => flap(pen, top, height * pen.between(0.35, 0.6)),
        2 => pen.dot(0.0, height * 0.2, 6.0),
        3 => pen.rectangle((0.0, height * 0.62), (width * 0.5, height * 0.24)),
        _ => {}
    }
}

fn flap(pen: &Pen, top: f32, depth: f32) {
    if pen.chance(0.5) {
        pen.line(&[(-top, 0.0, 0.0), (0.0, depth, 0.15), (top, 0.0, 0.15)]);
    } else {
        pen.line(&[
            (-top, 0.0, 0.0),
            (-top * 0.95, depth, 0.0),
            (top * 0.95, depth, 0.04),
            (top, 0.0, 0.0),
        ]);
    }
    if pen.chance(0.6) {
        pen.rectangle((0.0, depth), (6.0, 7.0));
    }
}

fn tote(pen: &Pen) {
    let (width, height) = (pen.between(62.0, 85.0), pen.between(115.0, 160.0));
    let bottom = width * pen.between(0.85, 1.05);
    pen.closed(&around(
        &[(width, 0.0, 0.0), (bottom, height, 0.0)],
        0.0,
        0.0,
    ));
    let (x, rise) = (width * pen.between(0.4, 0.65), pen.between(40.0, 90.0));
    handle(pen, x, 0.0, rise);
    if pen.detail() {
        handle(pen, x - 9.0, 0.0, rise - 9.0);
    }
    if pen.detail() {
        pen.ring((0.0, height * 0.55), (width * 0.35, width * 0.35));
    }
}

fn satchel(pen: &Pen) {
    let (width, height) = (pen.between(78.0, 100.0), pen.between(75.0, 115.0));
    let top = body(pen, width, height);
    flap(pen, top, height * pen.between(0.4, 0.7));
    let rise = pen.between(50.0, 130.0);
    handle(pen, top * pen.between(0.9, 1.0), 0.0, rise);
}

fn backpack(pen: &Pen) {
    let (width, height) = (pen.between(55.0, 72.0), pen.between(130.0, 170.0));
    let half = [
        (width * 0.5, 0.0, 0.0),
        (width, height * 0.3, -0.18),
        (width, height, -0.03),
    ];
    pen.closed(&around(&half, 0.0, -0.06));
    handle(pen, width * 0.28, 0.0, pen.pick([14.0, 20.0, 26.0]));
    pen.rectangle((0.0, height * 0.72), (width * 0.68, height * 0.2));
    if pen.detail() {
        pen.line(&[(-width, height * 0.4, 0.0), (width, height * 0.4, 0.05)]);
    }
    if pen.chance(0.5) {
        let out = width + pen.between(10.0, 22.0);
        pen.both(&[
            (width * 0.9, height * 0.2, 0.0),
            (out, height * 0.5, -0.1),
            (width, height * 0.88, -0.1),
        ]);
    }
}

fn clutch(pen: &Pen) {
    let (width, height) = (pen.between(92.0, 104.0), pen.between(85.0, 125.0));
    let top = body(pen, width, height);
    flap(pen, top, height * pen.between(0.45, 0.7));
    if pen.chance(0.4) {
        let x = top * 0.9;
        pen.line(&[(x, 4.0, 0.0), (x + 26.0, 40.0, -0.5), (x, 20.0, -0.6)]);
    }
}

fn suitcase(pen: &Pen) {
    let (width, height) = (pen.between(80.0, 104.0), pen.between(95.0, 140.0));
    pen.rectangle((0.0, height / 2.0), (width, height / 2.0));
    let x = width * pen.between(0.2, 0.35);
    handle(pen, x, 0.0, pen.pick([20.0, 28.0, 36.0]));
    if pen.chance(0.5) {
        handle(pen, x - 8.0, 0.0, 12.0);
    }
    if pen.detail() {
        pen.both(&[(width * 0.7, 0.0, 0.0), (width * 0.7, height, 0.0)]);
    }
    if pen.detail() {
        pen.line(&[(-width, height * 0.4, 0.0), (width, height * 0.4, 0.0)]);
    }
}
