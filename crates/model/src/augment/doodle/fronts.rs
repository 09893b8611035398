//! Coats and shirts: what opens in front.

use super::cut::{Cut, Neck};
use super::folded;
use super::pen::Pen;
use super::tops::hood;

/// Draws a coat.
pub(super) fn coat(pen: &Pen) {
    let length = pen.between(150.0, 220.0);
    let mut cut = Cut::body(pen, length);
    cut.long_sleeves(pen);
    if pen.chance(0.35) {
        cut.spread(pen, pen.between(115.0, 165.0));
    }
    cut.neck_depth = pen.between(6.0, 14.0);
    cut.neck = Neck::Boat;
    let waist = cut.armpit.1 + pen.between(30.0, 55.0);
    if pen.chance(0.4) {
        cut.waist = Some((cut.armpit.0 * pen.between(0.8, 1.0), waist));
    }
    cut.hem.0 = cut.armpit.0 * pen.between(0.95, 1.45);
    cut.hem_bow = pen.pick([0.0, 0.0, 0.04, 0.08]);
    cut.outline(pen);
    let depth = pen.between(28.0, 80.0);
    let top = match pen.count(0, 6) {
        0..=3 => lapels(pen, &cut, depth),
        4 => collar(pen, &cut),
        5 => stand_collar(pen, &cut),
        _ => {
            hood(pen, &cut);
            2.0
        }
    };
    opening(pen, &cut, top);
    if pen.detail() {
        cut.armholes(pen);
    }
    if pen.detail() {
        let part = pen.between(0.1, 0.2);
        cut.cuffs(pen, part);
    }
    if pen.chance(0.3) {
        belt(pen, &cut, waist);
    }
    if pen.chance(0.6) {
        coat_pockets(pen, &cut, waist + 22.0);
    }
}

/// The line down the middle, with buttons in one row or two, or a zip.
fn opening(pen: &Pen, cut: &Cut, top: f32) {
    let bottom = cut.hem.1 * (1.0 + cut.hem_bow * 0.2);
    let x = pen.pick([0.0, 0.0, 6.0, -6.0]);
    let gap = if pen.chance(0.15) {
        pen.between(3.0, 14.0)
    } else {
        0.0
    };
    pen.line(&[(x, top, 0.0), (x + gap, bottom, 0.0)]);
    if gap > 0.0 || pen.chance(0.15) {
        pen.line(&[(x, top, 0.0), (x - gap - 5.0, bottom, 0.0)]);
    }
    if pen.chance(0.7) {
        let double = pen.chance(0.35);
        let (count, radius) = (pen.count(2, 6), pen.pick([0.0, 2.5, 4.0]));
        let offset = pen.between(7.0, 13.0);
        let reach = (bottom - top) * pen.between(0.5, 0.85);
        for button in 0..count {
            let y = top + 10.0 + reach * button as f32 / count as f32;
            pen.dot(x + offset, y, radius);
            if double {
                pen.dot(x - offset, y, radius);
            }
        }
    }
}

/// Lapels, notched or plain. Gives the y where they meet.
fn lapels(pen: &Pen, cut: &Cut, depth: f32) -> f32 {
    let (neck, width) = (cut.neck_width, cut.neck_width + pen.between(4.0, 14.0));
    let corner = depth * pen.between(0.35, 0.6);
    if pen.chance(0.5) {
        let notch = (neck * 0.8, corner * 0.85, 0.0);
        pen.both(&[
            (neck, 0.0, 0.0),
            (width, corner * 0.6, 0.0),
            notch,
            (width, corner, 0.0),
            (0.0, depth, -0.05),
        ]);
    } else {
        pen.both(&[(neck, 0.0, 0.0), (width, corner, 0.0), (0.0, depth, -0.05)]);
    }
    pen.both(&[(neck * 0.8, 0.0, 0.0), (0.0, depth, 0.0)]);
    depth
}

fn stand_collar(pen: &Pen, cut: &Cut) -> f32 {
    let (width, height) = (cut.neck_width, pen.between(9.0, 20.0));
    pen.line(&[
        (-width, 0.0, 0.0),
        (-width * 1.05, -height, 0.0),
        (0.0, -height, 0.04),
        (width * 1.05, -height, 0.04),
        (width, 0.0, 0.0),
    ]);
    -height
}

fn belt(pen: &Pen, cut: &Cut, y: f32) {
    cut.across(pen, y);
    cut.across(pen, y + 11.0);
    if pen.detail() {
        pen.rectangle((0.0, y + 5.5), (8.0, 9.0));
    }
}

fn coat_pockets(pen: &Pen, cut: &Cut, y: f32) {
    let x = cut.side_at(y) * pen.between(0.5, 0.65);
    let half = x * 0.32;
    match pen.count(0, 2) {
        0 => pen.both(&[(x - half, y, 0.0), (x + half, y - 3.0, 0.0)]),
        1 => pen.both(&[(x + half, y - 10.0, 0.0), (x - half * 0.2, y + 14.0, 0.0)]),
        _ => {
            pen.rectangle((x, y), (half, 11.0));
            pen.rectangle((-x, y), (half, 11.0));
        }
    }
}

/// Draws a shirt, worn or folded.
pub(super) fn shirt(pen: &Pen) {
    if pen.chance(0.2) {
        return folded::shirt(pen);
    }
    let length = pen.between(112.0, 158.0);
    let mut cut = Cut::body(pen, length);
    let long = pen.chance(0.6);
    if long {
        cut.long_sleeves(pen);
    } else {
        cut.short_sleeves(pen);
    }
    cut.neck = Neck::Boat;
    cut.neck_width = cut.armpit.0 * pen.between(0.3, 0.42);
    cut.hem_bow = pen.pick([0.0, 0.0, 0.08, 0.14, 0.2]);
    if pen.chance(0.25) {
        let y = (cut.armpit.1 + length) / 2.0;
        cut.waist = Some((cut.armpit.0 * pen.between(0.82, 0.95), y));
    }
    cut.outline(pen);
    let top = collar(pen, &cut);
    placket(pen, &cut, top);
    if pen.chance(0.6) {
        let part = if long {
            pen.between(0.1, 0.18)
        } else {
            pen.between(0.15, 0.25)
        };
        cut.cuffs(pen, part);
    }
    if pen.detail() {
        cut.armholes(pen);
    }
    if pen.chance(0.45) {
        chest_pocket(pen, &cut);
    }
}

/// Two points. Gives the y where they meet.
fn collar(pen: &Pen, cut: &Cut) -> f32 {
    let neck = cut.neck_width;
    let (meet, point) = (pen.between(8.0, 22.0), pen.between(18.0, 34.0));
    let x = neck * pen.between(0.45, 1.0);
    let flap = [(neck, -2.0, 0.0), (x, point, 0.0), (0.0, meet, 0.0)];
    if pen.chance(0.5) {
        pen.both_closed(&flap);
    } else {
        pen.both(&flap);
    }
    if pen.chance(0.4) {
        let height = pen.between(6.0, 12.0);
        pen.line(&[
            (-neck, -2.0, 0.0),
            (-neck * 0.8, -height, 0.0),
            (neck * 0.8, -height, 0.0),
            (neck, -2.0, 0.0),
        ]);
    }
    meet
}

/// The strip down the middle: one line or two, with buttons on or beside it.
fn placket(pen: &Pen, cut: &Cut, top: f32) {
    let bottom = cut.hem.1 + cut.hem_bow * 2.0 * cut.hem.0;
    let kind = pen.count(0, 5);
    let half = pen.between(5.0, 8.0);
    let is_polo = pen.chance(0.08);
    let bottom = if is_polo { top + 38.0 } else { bottom };
    match kind {
        0..=2 => pen.line(&[(0.0, top, 0.0), (0.0, bottom, 0.0)]),
        3..=4 => pen.both(&[(half, top + 4.0, 0.0), (half, bottom, 0.0)]),
        _ => {}
    }
    if kind == 5 || pen.chance(0.85) {
        let x = if kind < 3 {
            pen.pick([0.0, 6.0, 7.0])
        } else {
            0.0
        };
        let radius = pen.pick([0.0, 0.0, 2.0, 3.2]);
        let count = if is_polo { 2 } else { pen.count(3, 7) };
        let gap = (bottom - top) / (count as f32 + 0.5);
        for button in 0..count {
            pen.dot(x, top + gap * (button as f32 + 0.6), radius);
        }
    }
}

fn chest_pocket(pen: &Pen, cut: &Cut) {
    let (x, y) = (cut.armpit.0 * 0.52, cut.armpit.1 + pen.between(-2.0, 12.0));
    let (width, height) = (pen.between(9.0, 12.0), pen.between(10.0, 14.0));
    let tip = pen.pick([0.0, 0.0, 5.0]);
    let pocket = [
        (x - width, y - height, 0.0),
        (x + width, y - height, 0.0),
        (x + width, y + height, 0.0),
        (x, y + height + tip, 0.0),
        (x - width, y + height, 0.0),
    ];
    if pen.chance(0.3) {
        pen.both_closed(&pocket);
    } else {
        pen.closed(&pocket);
    }
}
