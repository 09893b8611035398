//! Sandals: from the side like all [`shoes`](super::shoes), flip-flops from above.

use super::pen::Pen;
use super::shoes::{face, rubber_sole};

/// Draws a sandal.
pub(super) fn sandal(pen: &Pen) {
    match pen.count(0, 9) {
        0..=3 => flat_sandal(pen),
        4..=6 => heeled_sandal(pen),
        7 => slide(pen),
        _ => flip_flop(pen),
    }
    face(pen);
}

/// Straps over the foot on a flat sole.
fn flat_sandal(pen: &Pen) {
    let sole = pen.between(9.0, 22.0);
    rubber_sole(pen, sole);
    let (front, height) = (pen.between(118.0, 140.0), pen.between(30.0, 48.0));
    strap(pen, front, sole, height);
    if pen.chance(0.6) {
        strap(pen, front - pen.between(32.0, 44.0), sole, height + 14.0);
    }
    if pen.chance(0.7) {
        let top = -sole - pen.between(52.0, 84.0);
        pen.line(&[
            (4.0, -sole, 0.0),
            (0.0, top, 0.0),
            (64.0, top + 6.0, pen.between(0.0, 0.15)),
            (52.0, -sole, -0.1),
        ]);
        if pen.chance(0.5) {
            pen.line(&[(0.0, top + 14.0, 0.0), (60.0, top + 18.0, 0.08)]);
        }
        if pen.chance(0.4) {
            pen.line(&[(64.0, top + 6.0, 0.0), (front, -sole - height, 0.06)]);
        }
    }
}

/// A band over the foot, seen as an arch around `x`.
fn strap(pen: &Pen, x: f32, sole: f32, height: f32) {
    let (half, lean) = (pen.between(10.0, 20.0), pen.between(0.0, 18.0));
    pen.line(&[
        (x - half, -sole, 0.0),
        (x - half - lean, -sole - height, 0.08),
        (x + half - lean, -sole - height + 6.0, -0.05),
        (x + half + 6.0, -sole, -0.1),
    ]);
}

/// A heel, a thin sole and a few straps.
fn heeled_sandal(pen: &Pen) {
    let heel = pen.between(30.0, 100.0);
    let (top, foot) = (pen.between(28.0, 44.0), pen.pick([6.0, 10.0, 22.0, 30.0]));
    let ball = pen.between(124.0, 142.0);
    pen.closed(&[
        (2.0, -heel, 0.0),
        (6.0, 0.0, 0.04),
        (6.0 + foot, 0.0, 0.0),
        (top, -heel + 10.0, 0.06),
        (ball, 0.0, -0.06),
        (196.0, 0.0, 0.0),
        (196.0, -8.0, -0.4),
        (ball, -10.0, 0.0),
        (top, -heel - 4.0, 0.06),
    ]);
    strap(pen, ball + 22.0, 8.0, pen.pick([24.0, 32.0, 38.0]));
    let ankle = -heel - pen.between(44.0, 72.0);
    pen.line(&[(2.0, -heel, 0.0), (0.0, ankle, 0.08)]);
    pen.line(&[(0.0, ankle, 0.0), (54.0, ankle + 4.0, 0.12)]);
    if pen.chance(0.5) {
        pen.line(&[(0.0, ankle + 10.0, 0.0), (54.0, ankle + 14.0, 0.12)]);
    }
    if pen.chance(0.5) {
        pen.line(&[(54.0, ankle + 8.0, 0.0), (ball + 8.0, -38.0, 0.08)]);
    }
}

/// One wide band over the foot.
fn slide(pen: &Pen) {
    let sole = pen.between(14.0, 32.0);
    rubber_sole(pen, sole);
    let height = pen.between(42.0, 64.0);
    pen.line(&[
        (pen.between(66.0, 84.0), -sole, 0.0),
        (84.0, -sole - height, 0.05),
        (136.0, -sole - height * 0.7, -0.06),
        (166.0, -sole, -0.12),
    ]);
}

/// A flip-flop from above, or a pair.
fn flip_flop(pen: &Pen) {
    let half = pen.between(30.0, 42.0);
    let pair = pen.chance(0.45);
    let middles: &[f32] = if pair { &[-1.15, 1.15] } else { &[0.0] };
    for middle in middles {
        let x = middle * half;
        pen.closed(&[
            (x, 0.0, -0.2),
            (x + half, 55.0, -0.22),
            (x + half * 0.75, 130.0, 0.06),
            (x, 190.0, -0.3),
            (x - half * 0.75, 130.0, -0.3),
            (x - half, 55.0, 0.06),
            (x, 0.0, -0.22),
        ]);
        let knot = pen.between(34.0, 46.0);
        pen.line(&[
            (x - half * 0.85, 100.0, 0.0),
            (x, knot, -0.12),
            (x + half * 0.85, 100.0, -0.12),
        ]);
    }
}
