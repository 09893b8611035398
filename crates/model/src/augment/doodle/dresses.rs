//! Dresses.

use super::cut::{Cut, Neck};
use super::pen::Pen;
use super::tops::tank_top;

/// Draws a dress: with or without sleeves, fitted or straight, to the knee or to the floor.
pub(super) fn dress(pen: &Pen) {
    let length = pen.pick([140.0, 165.0, 190.0, 225.0]) + pen.between(-10.0, 15.0);
    let mut cut = Cut::body(pen, length);
    let chest = pen.between(24.0, 38.0);
    let scale = chest / cut.armpit.0;
    cut.armpit.0 = chest;
    cut.neck_width *= scale;
    cut.shoulder.0 = chest + pen.between(-4.0, 5.0);
    sleeves(pen, &mut cut);
    skirt(pen, &mut cut, length);
    cut.outline(pen);
    if cut.sleeve.is_some() && pen.detail() {
        cut.cuffs(pen, 0.12);
    }
    if cut.neck_depth > 0.0 && pen.chance(0.25) {
        cut.neckband(pen);
    }
    decorate(pen, &cut);
}

fn sleeves(pen: &Pen, cut: &mut Cut) {
    match pen.count(0, 9) {
        0..=1 => cut.armpit.1 = pen.between(30.0, 42.0),
        2..=4 => tank_top(pen, cut),
        5 => strapless(pen, cut),
        6..=7 => {
            cut.short_sleeves(pen);
            if let Some(sleeve) = &mut cut.sleeve {
                sleeve.length *= 0.75;
                sleeve.width *= 0.8;
            }
        }
        _ => {
            cut.long_sleeves(pen);
            if let Some(sleeve) = &mut cut.sleeve {
                sleeve.length *= 0.85;
                sleeve.angle = sleeve.angle.max(0.8);
                sleeve.width *= 0.8;
            }
        }
    }
}

/// No shoulders; thin straps or nothing at all.
fn strapless(pen: &Pen, cut: &mut Cut) {
    let (chest, top) = (cut.armpit.0, pen.between(0.0, 4.0));
    cut.neck = pen.pick([Neck::Round, Neck::Boat]);
    cut.neck_width = chest * 0.9;
    cut.neck_depth = pen.between(-10.0, 10.0);
    cut.shoulder = (chest, top);
    cut.armpit.1 = 18.0;
    if pen.chance(0.6) {
        let (x, height) = (chest * 0.75, pen.between(18.0, 32.0));
        let inner = x * pen.between(0.3, 1.0);
        pen.both(&[(x, 0.0, 0.0), (inner, -height, 0.0)]);
    }
}

fn skirt(pen: &Pen, cut: &mut Cut, length: f32) {
    let chest = cut.armpit.0;
    let waist_y = cut.armpit.1 + pen.between(18.0, 50.0);
    let (narrow, wide) = pen.pick([(0.9, 1.2), (1.2, 1.8), (1.7, 2.5), (2.0, 3.2)]);
    cut.hem = (chest * pen.between(narrow, wide), length);
    cut.side_bow = pen.pick([0.0, 0.0, 0.06, 0.12, -0.05, -0.1]);
    cut.hem_bow = pen.pick([0.0, 0.05, 0.08, 0.12]);
    // A trapeze or a shift has no waist.
    if wide < 1.3 || pen.chance(0.85) {
        cut.waist = Some((chest * pen.between(0.68, 0.95), waist_y));
    }
}

fn decorate(pen: &Pen, cut: &Cut) {
    let (waist_width, waist) = cut.waist.unwrap_or((cut.armpit.0, cut.armpit.1 + 30.0));
    let (hem_width, hem) = cut.hem;
    if cut.waist.is_some() && pen.chance(0.55) {
        pen.line(&[(-waist_width, waist, 0.0), (waist_width, waist, 0.04)]);
        if pen.detail() {
            cut.across(pen, waist + 9.0);
        }
        if pen.chance(0.2) {
            bow(pen, waist + 4.0);
        }
    }
    if pen.chance(0.35) {
        pleats(pen, (waist_width, waist), (hem_width, hem));
    }
    if pen.chance(0.3) {
        let count = pen.count(1, 3);
        for row in 1..=count {
            let y = hem - (hem - waist) * row as f32 / (count as f32 + 1.5);
            ruffle(pen, cut.side_at(y), y);
        }
    }
    if pen.chance(0.1) {
        for dot in 0..6 {
            let y = waist + (hem - waist) * (0.15 + 0.13 * dot as f32);
            let x = pen.between(-0.6, 0.6) * cut.side_at(y);
            pen.dot(x, y, 3.0);
        }
    }
}

fn bow(pen: &Pen, y: f32) {
    let size = pen.between(8.0, 14.0);
    pen.both_closed(&[
        (0.0, y, 0.0),
        (size, y - size * 0.6, 0.0),
        (size, y + size * 0.6, 0.0),
    ]);
}

fn pleats(pen: &Pen, top: (f32, f32), bottom: (f32, f32)) {
    let count = pen.count(2, 5);
    let reach = pen.pick([1.0, 1.0, 0.6]);
    for pleat in 1..=count {
        let part = 2.0 * pleat as f32 / (count + 1) as f32 - 1.0;
        let (from, to) = (part * top.0, part * bottom.0);
        let start = (1.0 - reach) * pen.between(0.3, 1.0);
        let height = bottom.1 - top.1;
        pen.line(&[
            (from + (to - from) * start, top.1 + height * start, 0.0),
            (to, bottom.1, 0.0),
        ]);
    }
}

/// A wavy or a plain line across the skirt.
fn ruffle(pen: &Pen, width: f32, y: f32) {
    let waves = pen.pick([1, 4, 6, 8]);
    let bow = if waves == 1 { 0.04 } else { 0.6 / waves as f32 };
    let nodes: Vec<_> = (0..=waves)
        .map(|wave| (width * (2.0 * wave as f32 / waves as f32 - 1.0), y, bow))
        .collect();
    pen.line(&nodes);
}
