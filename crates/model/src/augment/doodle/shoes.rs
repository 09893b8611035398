//! Shoes from the side, the toe to the right, on a floor at y = 0: heel at x = 0, about 200 long.

use super::pen::{Node, Pen};

/// Draws a sneaker.
pub(super) fn sneaker(pen: &Pen) {
    let sole = pen.between(10.0, 24.0);
    // Most end below the ankle; some are high-tops.
    let rise = if pen.chance(0.2) {
        pen.between(20.0, 45.0)
    } else {
        0.0
    };
    let (heel, tongue) = (
        pen.between(62.0, 92.0) + rise,
        pen.between(70.0, 104.0) + rise,
    );
    let collar = pen.between(58.0, 78.0);
    let (toe, instep) = (pen.between(30.0, 48.0), pen.between(128.0, 158.0));
    let dip = pen.between(0.05, 0.28);
    let top: [Node; 5] = [
        (pen.between(0.0, 6.0), -sole, 0.0),
        (pen.between(-4.0, 6.0), -heel, 0.05),
        (collar, -tongue, dip),
        (instep, -toe - sole, 0.06),
        (198.0, -sole, -0.28),
    ];
    pen.line(&top);
    match pen.count(0, 5) {
        0 => boot_sole(pen, sole, 4.0),
        1 => lugs(pen, sole),
        _ => rubber_sole(pen, sole),
    }
    if pen.chance(0.5) {
        toe_cap(pen, sole, (instep, toe));
    }
    if pen.chance(0.75) {
        laces(pen, (collar, -tongue), (instep, -toe - sole));
    }
    if pen.detail() {
        stripe(pen, sole, heel);
    }
    if pen.detail() {
        pen.line(&[(4.0, -heel + 22.0, 0.0), (30.0, -sole, 0.3)]);
    }
    if pen.chance(0.35) {
        let lean = pen.between(-8.0, 8.0);
        pen.line(&[
            (collar - 8.0, -tongue, 0.0),
            (collar + lean, -tongue - 14.0, 0.1),
            (collar + 16.0, -tongue + 2.0, -0.2),
        ]);
    }
    face(pen);
}

/// Shoes look to either side.
pub(super) fn face(pen: &Pen) {
    if pen.chance(0.5) {
        pen.turn_over();
    }
}

/// A sole under the whole shoe, with or without a tread.
pub(super) fn rubber_sole(pen: &Pen, height: f32) {
    let spring = pen.pick([0.0, 0.0, 5.0]);
    pen.closed(&[
        (0.0, -height, 0.0),
        (198.0, -height - spring * 0.5, 0.0),
        (198.0, -spring, -0.2),
        (pen.between(-4.0, 4.0), 0.0, 0.02),
    ]);
    if pen.chance(0.2) {
        pen.line(&[(2.0, -height / 2.0, 0.0), (198.0, -height / 2.0, 0.0)]);
    }
}

/// A sole with a deep tread.
fn lugs(pen: &Pen, height: f32) {
    pen.line(&[(0.0, -height, 0.0), (198.0, -height, 0.0)]);
    let (count, depth) = (pen.count(4, 8), pen.between(5.0, 12.0));
    let width = 198.0 / count as f32;
    let mut tread = vec![(0.0, -height, 0.0)];
    for lug in 0..count {
        let x = width * lug as f32;
        tread.extend([
            (x, 0.0, 0.0),
            (x + width * 0.6, 0.0, 0.0),
            (x + width * 0.6, -depth, 0.0),
            (x + width, -depth, 0.0),
        ]);
    }
    tread.push((198.0, -height, 0.0));
    pen.line(&tread);
}

fn toe_cap(pen: &Pen, sole: f32, (instep, toe): (f32, f32)) {
    let x = instep + pen.between(2.0, 18.0);
    let bow = pen.between(-0.25, 0.25);
    pen.line(&[(x, -sole - toe * 0.85, 0.0), (x - 4.0, -sole, bow)]);
}

/// Lace lines or crosses along the slope from the tongue to the toe.
fn laces(pen: &Pen, from: (f32, f32), to: (f32, f32)) {
    let count = pen.count(2, 5);
    let (length, crossed) = (pen.between(10.0, 22.0), pen.chance(0.25));
    for lace in 0..count {
        let t = (lace as f32 + 0.5) / (count as f32 + 0.4);
        let (x, y) = (from.0 + t * (to.0 - from.0), from.1 + t * (to.1 - from.1));
        pen.line(&[(x + 3.0, y - 3.0, 0.0), (x - length * 0.7, y + length, 0.0)]);
        if crossed {
            pen.line(&[
                (x - length * 0.7, y + 2.0, 0.0),
                (x + 6.0, y + length * 0.8, 0.0),
            ]);
        }
    }
    if pen.chance(0.4) {
        let shift = length * 1.1;
        pen.line(&[
            (from.0 - shift * 0.6, from.1 + shift * 0.4, 0.0),
            (to.0 - shift * 0.8, to.1 + shift, 0.05),
        ]);
    }
}

/// A swoosh, slanted stripes or a wave.
fn stripe(pen: &Pen, sole: f32, heel: f32) {
    let low = -sole - 6.0;
    match pen.count(0, 2) {
        0 => pen.line(&[
            (40.0, -heel * 0.7, 0.0),
            (66.0, low - 4.0, -0.25),
            (120.0, low - 26.0, 0.02),
        ]),
        1 => {
            for line in 0..pen.count(2, 3) {
                let x = 58.0 + 15.0 * line as f32;
                pen.line(&[(x + 16.0, -heel * 0.75, 0.0), (x, -sole, 0.0)]);
            }
        }
        _ => pen.line(&[
            (4.0, low - 18.0, 0.0),
            (80.0, low - 10.0, 0.1),
            (150.0, low - 4.0, -0.1),
        ]),
    }
}

/// Draws an ankle boot.
pub(super) fn ankle_boot(pen: &Pen) {
    let (height, shaft) = (pen.between(125.0, 250.0), pen.between(66.0, 100.0));
    let heel = pen.pick([0.0, 8.0, 14.0, 22.0, 40.0, 58.0]) + pen.between(0.0, 4.0);
    let lean = pen.between(-8.0, 6.0);
    let ankle = pen.between(60.0, 82.0) + heel * 0.7;
    let bend = (shaft + pen.between(-4.0, 14.0), -ankle);
    let sole = pen.between(0.0, 5.0);
    let top_slope = pen.between(-8.0, 8.0);
    pen.line(&[
        (4.0, -heel - sole, 0.0),
        (lean, -height, 0.04),
        (
            shaft + lean * 0.5,
            -height + top_slope,
            pen.pick([0.0, 0.05, 0.15, -0.05]),
        ),
        (bend.0, bend.1, 0.03),
        (pen.between(140.0, 168.0), -pen.between(34.0, 48.0), 0.05),
        (198.0, -pen.between(4.0, 10.0), -0.25),
    ]);
    if heel < 12.0 && pen.chance(0.35) {
        lugs(pen, sole + 12.0);
    } else {
        boot_sole(pen, heel, sole + 8.0);
    }
    boot_details(pen, (lean, -height), (shaft, bend.1), heel);
    face(pen);
}

/// The sole with a heel of the given height: block, slender or none.
fn boot_sole(pen: &Pen, heel: f32, thickness: f32) {
    if heel < 6.0 {
        return rubber_sole(pen, thickness + 4.0);
    }
    let (top, foot) = (
        pen.between(44.0, 62.0),
        pen.pick([10.0_f32, 26.0, 40.0, 50.0]),
    );
    let foot = if heel < 26.0 { foot.max(36.0) } else { foot };
    let ball = 100.0 + heel * 0.4;
    pen.line(&[
        (4.0, -heel - 4.0, 0.0),
        (6.0, 0.0, 0.03),
        (6.0 + foot, 0.0, 0.0),
        (top, -heel, 0.05),
        (ball, 0.0, -0.06),
        (194.0, 0.0, 0.0),
        (198.0, -thickness, -0.2),
    ]);
    if pen.chance(0.6) {
        pen.line(&[
            (4.0, -heel - thickness, 0.0),
            (top, -heel - thickness, 0.0),
            (ball, -thickness, -0.06),
            (198.0, -thickness, 0.0),
        ]);
    }
}

fn boot_details(pen: &Pen, back: (f32, f32), front: (f32, f32), heel: f32) {
    let (shaft, ankle) = front;
    let (middle, top) = (back.0 + shaft * 0.5, back.1);
    let low = -heel - 18.0;
    match pen.count(0, 6) {
        0..=1 => {
            laces(pen, (shaft, top + 6.0), (shaft + 4.0, ankle));
            if pen.chance(0.6) {
                laces(pen, (shaft + 4.0, ankle), (150.0, -46.0));
            }
        }
        2 => pen.line(&[(middle, top, 0.0), (middle + 4.0, low, 0.0)]),
        3 => {
            let half = shaft * pen.between(0.16, 0.28);
            pen.line(&[
                (middle - half, top, 0.0),
                (middle - half * 0.5, ankle + 8.0, 0.0),
                (middle + half * 0.5, ankle + 8.0, 0.4),
                (middle + half, top, 0.0),
            ]);
        }
        4 => {
            pen.line(&[(back.0, ankle, 0.0), (shaft, ankle - 4.0, 0.03)]);
            pen.line(&[
                (back.0, ankle + 12.0, 0.0),
                (shaft + 6.0, ankle + 8.0, 0.03),
            ]);
            if pen.chance(0.5) {
                pen.rectangle((middle, ankle + 4.0), (7.0, 9.0));
            }
        }
        _ => {}
    }
    if pen.chance(0.35) {
        let fold = top + pen.between(12.0, 28.0);
        pen.line(&[(back.0, fold, 0.0), (shaft, fold, 0.03)]);
    }
    if pen.chance(0.2) {
        pen.line(&[
            (back.0, top + 6.0, 0.0),
            (back.0 - 10.0, top - 8.0, 0.5),
            (back.0 + 4.0, top, 0.5),
        ]);
    }
    if pen.chance(0.2) {
        pen.line(&[(150.0, -46.0, 0.0), (140.0, -10.0, 0.15)]);
    }
}
