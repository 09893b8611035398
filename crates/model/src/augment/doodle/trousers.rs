//! Trousers.

use super::pen::{Node, Pen, around};

/// Measures of a pair of trousers; widths are half widths.
struct Legs {
    waist: f32,
    hip: f32,
    crotch: f32,
    length: f32,
    /// x of the inner and the outer side at the ankle.
    ankle: (f32, f32),
}

/// Draws a pair of trousers.
pub(super) fn trouser(pen: &Pen) {
    let legs = measure(pen);
    if pen.chance(0.22) {
        together(pen, &legs);
    } else {
        apart(pen, &legs);
    }
    let waistband = pen.between(10.0, 18.0);
    if pen.chance(0.6) {
        let x = legs.waist + (legs.hip - legs.waist) * waistband / legs.crotch;
        pen.line(&[(-x, waistband, 0.0), (x, waistband, 0.04)]);
    }
    details(pen, &legs, waistband);
}

fn measure(pen: &Pen) -> Legs {
    let waist = pen.between(30.0, 44.0);
    let hip = waist * pen.between(1.0, 1.3);
    let (inner_low, inner_high) = pen.pick([(1.5, 4.0), (4.0, 14.0), (14.0, 36.0)]);
    let inner = pen.between(inner_low, inner_high);
    let (narrow, wide) = pen.pick([(0.4, 0.55), (0.65, 0.85), (0.9, 1.35)]);
    Legs {
        waist,
        hip,
        crotch: pen.between(46.0, 70.0),
        length: pen.between(165.0, 215.0),
        ankle: (inner, inner + hip * pen.between(narrow, wide)),
    }
}

/// The outline with a gap between the legs.
fn apart(pen: &Pen, legs: &Legs) {
    let (inner, outer) = legs.ankle;
    let slant = pen.between(-3.0, 3.0);
    let bow = pen.between(-0.03, 0.06);
    let half: [Node; 5] = [
        (legs.waist, 0.0, 0.0),
        (legs.hip, legs.crotch * 0.8, -0.04),
        (outer, legs.length, bow),
        (inner, legs.length + slant, 0.0),
        (pen.pick([0.0, 0.0, 2.0]), legs.crotch, 0.01),
    ];
    pen.closed(&around(&half, 0.0, 0.03));
}

/// One outline, and a line between the legs.
fn together(pen: &Pen, legs: &Legs) {
    let width = legs.ankle.1 - legs.ankle.0;
    let half: [Node; 3] = [
        (legs.waist, 0.0, 0.0),
        (legs.hip, legs.crotch * 0.8, -0.03),
        (width, legs.length, 0.0),
    ];
    pen.closed(&around(&half, 0.0, 0.03));
    pen.line(&[(0.0, legs.crotch, 0.0), (0.0, legs.length, 0.0)]);
}

fn details(pen: &Pen, legs: &Legs, waistband: f32) {
    let waist = legs.waist;
    if pen.detail() {
        pen.both(&[
            (waist * 0.6, waistband, 0.0),
            (
                legs.hip * 0.97,
                waistband + pen.between(14.0, 26.0),
                pen.pick([0.0, 0.15]),
            ),
        ]);
    }
    if pen.detail() {
        pen.line(&[(0.0, waistband * 0.3, 0.0), (0.0, legs.crotch, 0.0)]);
        if pen.detail() {
            pen.line(&[
                (9.0, waistband, 0.0),
                (8.0, legs.crotch * 0.7, 0.0),
                (0.0, legs.crotch * 0.9, 0.2),
            ]);
        }
    }
    if pen.chance(0.3) {
        pen.dot(0.0, waistband / 2.0, 2.5);
    }
    let middle = f32::midpoint(legs.ankle.0, legs.ankle.1);
    if pen.chance(0.2) {
        let top = legs.crotch * pen.between(0.8, 1.4);
        pen.both(&[(legs.hip * 0.5, top, 0.0), (middle, legs.length - 4.0, 0.0)]);
    }
    if pen.chance(0.25) {
        let y = legs.length - pen.between(8.0, 16.0);
        pen.both(&[(legs.ankle.0, y, 0.0), (legs.ankle.1, y, 0.0)]);
    }
    if pen.chance(0.2) {
        for x in [-0.6, 0.6] {
            pen.line(&[(x * waist, -1.0, 0.0), (x * waist, waistband, 0.0)]);
        }
    }
}
