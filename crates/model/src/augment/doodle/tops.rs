//! T-shirts, tops and pullovers: no opening in front.

use super::cut::{Cut, Neck};
use super::pen::Pen;

/// Draws a T-shirt or a top.
pub(super) fn t_shirt(pen: &Pen) {
    let length = pen.pick([95.0, 120.0, 130.0, 145.0]) + pen.between(-10.0, 15.0);
    let mut cut = Cut::body(pen, length);
    if pen.chance(0.8) {
        cut.short_sleeves(pen);
        cut.outline(pen);
        if pen.detail() {
            cut.armholes(pen);
        }
        if pen.detail() {
            cut.cuffs(pen, 0.2);
        }
    } else {
        tank_top(pen, &mut cut);
        cut.outline(pen);
    }
    if pen.detail() {
        cut.neckband(pen);
    } else if pen.detail() {
        cut.nape(pen);
    }
    chest(pen, &cut);
    if pen.chance(0.25) {
        cut.across(pen, length - 9.0);
    }
}

/// Leaves straps instead of shoulders.
pub(super) fn tank_top(pen: &Pen, cut: &mut Cut) {
    let chest = cut.armpit.0;
    cut.sleeve = None;
    cut.neck = pen.pick([Neck::Round, Neck::Round, Neck::Vee]);
    cut.neck_width = chest * pen.between(0.4, 0.62);
    cut.neck_depth = pen.between(18.0, 38.0);
    let strap = pen.between(5.0, 16.0);
    cut.shoulder = (cut.neck_width + strap, pen.between(0.0, 4.0));
    cut.armpit.1 = pen.between(36.0, 52.0);
}

/// A print, a pocket or stripes on the chest, or nothing.
fn chest(pen: &Pen, cut: &Cut) {
    let (chest, top) = (cut.armpit.0, cut.armpit.1);
    let middle = (top + cut.hem.1) / 2.0;
    if !pen.chance(0.4) {
        return;
    }
    let size = pen.between(9.0, 24.0);
    match pen.count(0, 5) {
        0 => pen.rectangle((chest * 0.45, top + 8.0), (10.0, 11.0)),
        1 => pen.ring((0.0, middle - 8.0), (size, size * pen.between(0.7, 1.1))),
        2 => pen.rectangle((0.0, middle - 8.0), (size * 1.2, size * 0.7)),
        3 => heart(pen, middle - 12.0, size),
        4 => cut.across(pen, middle - size / 2.0),
        _ => stripes(pen, cut),
    }
}

fn heart(pen: &Pen, y: f32, size: f32) {
    pen.closed(&[
        (0.0, y, 0.0),
        (size, y, -0.5),
        (0.0, y + size * 1.4, -0.12),
        (-size, y, -0.12),
        (0.0, y, -0.5),
    ]);
}

fn stripes(pen: &Pen, cut: &Cut) {
    let count = pen.count(2, 4);
    let gap = (cut.hem.1 - cut.armpit.1) / (count + 1) as f32;
    for stripe in 1..=count {
        cut.across(pen, cut.armpit.1 + gap * stripe as f32);
    }
}

/// Draws a pullover.
pub(super) fn pullover(pen: &Pen) {
    let length = pen.between(112.0, 150.0);
    let mut cut = Cut::body(pen, length);
    cut.long_sleeves(pen);
    if pen.chance(0.45) {
        cut.spread(pen, pen.between(88.0, 135.0));
    }
    cut.neck_depth *= 0.7;
    let top = pen.count(0, 5);
    if top < 2 {
        cut.neck = Neck::Boat;
    }
    cut.outline(pen);
    match top {
        0 => turtle_neck(pen, &cut),
        1 => hood(pen, &cut),
        _ if pen.detail() => cut.neckband(pen),
        _ => {}
    }
    if pen.chance(0.65) {
        let part = pen.between(0.08, 0.16);
        cut.cuffs(pen, part);
    }
    if pen.chance(0.65) {
        ribbed_hem(pen, &cut);
    }
    if pen.detail() {
        cut.armholes(pen);
    }
    if pen.chance(0.2) {
        stripes(pen, &cut);
    } else if top == 1 && pen.chance(0.7) {
        kangaroo_pocket(pen, &cut);
    }
}

fn ribbed_hem(pen: &Pen, cut: &Cut) {
    let (width, bottom) = cut.hem;
    let top = bottom - pen.between(9.0, 18.0);
    cut.across(pen, top);
    if pen.chance(0.3) {
        let count = pen.count(4, 8);
        for rib in 1..count {
            let x = width * (2.0 * rib as f32 / count as f32 - 1.0);
            pen.line(&[(x, top, 0.0), (x, bottom, 0.0)]);
        }
    }
}

fn turtle_neck(pen: &Pen, cut: &Cut) {
    let (width, height) = (cut.neck_width, pen.between(12.0, 26.0));
    pen.line(&[
        (-width, 0.0, 0.0),
        (-width * 0.92, -height, 0.0),
        (width * 0.92, -height, -0.06),
        (width, 0.0, 0.0),
    ]);
    if pen.detail() {
        pen.line(&[(-width, -height / 2.0, 0.0), (width, -height / 2.0, 0.05)]);
    }
}

/// Draws a hood that lies on the shoulders or stands up.
pub(super) fn hood(pen: &Pen, cut: &Cut) {
    let (width, height) = (cut.neck_width * 1.25, pen.between(26.0, 52.0));
    pen.line(&[
        (-width, 2.0, 0.0),
        (-width * 0.9, -height * 0.6, -0.1),
        (0.0, -height, -0.2),
        (width * 0.9, -height * 0.6, -0.2),
        (width, 2.0, -0.1),
    ]);
    if pen.chance(0.6) {
        pen.ring((0.0, -height * 0.38), (width * 0.55, height * 0.4));
    }
    if pen.detail() {
        pen.both(&[(width * 0.3, 3.0, 0.0), (width * 0.32, 26.0, 0.05)]);
    }
}

fn kangaroo_pocket(pen: &Pen, cut: &Cut) {
    let (width, bottom) = (cut.hem.0 * 0.6, cut.hem.1 - 14.0);
    pen.closed(&[
        (-width * 0.6, bottom - 34.0, 0.0),
        (width * 0.6, bottom - 34.0, 0.0),
        (width, bottom, 0.05),
        (-width, bottom, 0.0),
    ]);
}
