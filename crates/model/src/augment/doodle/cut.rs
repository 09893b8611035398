//! The cut of what covers the upper body: shoulders, sleeves, sides and hem.

use super::pen::{Node, Pen, around};

/// How the neck opening is drawn.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Neck {
    /// A curve.
    Round,
    /// Two edges that meet below.
    Vee,
    /// Almost straight.
    Boat,
}

/// Both sleeves.
#[derive(Clone, Copy)]
pub(super) struct Sleeve {
    /// From the shoulder to the end.
    pub(super) length: f32,
    /// Radians below the horizontal: 0 spread, π/2 hanging.
    pub(super) angle: f32,
    /// Width at the end.
    pub(super) width: f32,
}

/// The cut, centred on x = 0, with the neck at y = 0. Widths are half widths.
#[derive(Clone, Copy)]
pub(super) struct Cut {
    pub(super) neck: Neck,
    pub(super) neck_width: f32,
    pub(super) neck_depth: f32,
    pub(super) shoulder: (f32, f32),
    pub(super) sleeve: Option<Sleeve>,
    /// Half width and y where the sleeve meets the side.
    pub(super) armpit: (f32, f32),
    /// Half width and y.
    pub(super) waist: Option<(f32, f32)>,
    /// Half width and y.
    pub(super) hem: (f32, f32),
    /// Bow of the hem, outwards (down) positive.
    pub(super) hem_bow: f32,
    /// Bow of the sides below the waist, inwards positive.
    pub(super) side_bow: f32,
}

impl Cut {
    /// A plain body with shoulders, `length` long and without sleeves.
    pub(super) fn body(pen: &Pen, length: f32) -> Self {
        let chest = pen.between(38.0, 54.0);
        let neck_width = chest * pen.between(0.28, 0.5);
        let slope = pen.between(2.0, 18.0);
        let shoulder = chest + pen.between(-2.0, 8.0);
        Self {
            neck: pen.pick([Neck::Round, Neck::Round, Neck::Vee, Neck::Boat]),
            neck_width,
            neck_depth: pen.between(8.0, 26.0),
            shoulder: (shoulder, slope),
            sleeve: None,
            armpit: (chest, slope + pen.between(28.0, 42.0)),
            waist: None,
            hem: (chest * pen.between(0.9, 1.15), length),
            hem_bow: pen.pick([0.0, 0.0, 0.06, 0.12, -0.05]),
            side_bow: pen.between(-0.03, 0.06),
        }
    }

    /// Adds sleeves that end shortly below the shoulder.
    pub(super) fn short_sleeves(&mut self, pen: &Pen) {
        let length = pen.between(24.0, 48.0);
        self.sleeve = Some(Sleeve {
            length,
            angle: pen.between(0.15, 1.15),
            width: pen.between(22.0, 36.0),
        });
    }

    /// Adds sleeves that reach to the hand: spread, slanted or hanging.
    pub(super) fn long_sleeves(&mut self, pen: &Pen) {
        let (low, high) = if pen.chance(0.1) {
            (0.1, 0.5)
        } else {
            pen.pick([(0.5, 1.0), (0.9, 1.2), (1.1, 1.35), (1.25, 1.45)])
        };
        self.sleeve = Some(Sleeve {
            length: pen.between(90.0, 135.0),
            angle: pen.between(low, high),
            width: pen.between(15.0, 28.0),
        });
    }

    /// Makes a top as people draw it from memory: the body short, the sleeves spread.
    pub(super) fn spread(&mut self, pen: &Pen, length: f32) {
        self.hem.1 = length;
        self.sleeve = Some(Sleeve {
            length: pen.between(64.0, 108.0),
            angle: pen.between(0.25, 1.05),
            width: pen.between(16.0, 32.0),
        });
    }

    /// Draws the outline, closed at the neck as [`Neck`] says.
    pub(super) fn outline(&self, pen: &Pen) {
        let half = self.half(pen);
        let mut nodes = around(&half, -self.hem_bow, self.neck_bow());
        match self.neck {
            Neck::Vee => nodes.push((0.0, self.neck_depth, 0.0)),
            // Without curves, a round neck has corners.
            Neck::Round if pen.is_straight() => {
                let x = self.neck_width * 0.6;
                nodes.push((-x, self.neck_depth, 0.0));
                nodes.push((x, self.neck_depth, 0.0));
            }
            _ => {}
        }
        pen.closed(&nodes);
    }

    /// Bow of the neck from left to right.
    fn neck_bow(&self) -> f32 {
        match self.neck {
            Neck::Round => self.neck_depth / (2.0 * self.neck_width),
            Neck::Vee => 0.0,
            Neck::Boat => 0.08,
        }
    }

    /// The right half from the neck to the hem.
    fn half(&self, pen: &Pen) -> Vec<Node> {
        let mut nodes = vec![
            (self.neck_width, 0.0, 0.0),
            (self.shoulder.0, self.shoulder.1, -0.04),
        ];
        if let Some((outer, inner)) = self.sleeve_end() {
            let puff = pen.pick([0.0, -0.03, -0.08]);
            nodes.push((outer.0, outer.1, puff));
            nodes.push((inner.0, inner.1, 0.0));
            nodes.push((self.armpit.0, self.armpit.1, 0.02));
        } else {
            nodes.push((self.armpit.0, self.armpit.1, 0.15));
        }
        if let Some((width, y)) = self.waist {
            nodes.push((width, y, 0.04));
        }
        nodes.push((self.hem.0, self.hem.1, self.side_bow));
        nodes
    }

    /// The outer and the inner corner of the right sleeve's end.
    fn sleeve_end(&self) -> Option<((f32, f32), (f32, f32))> {
        let sleeve = self.sleeve?;
        let (across, down) = (sleeve.angle.cos(), sleeve.angle.sin());
        let mut x = self.shoulder.0 + sleeve.length * across;
        let y = self.shoulder.1 + sleeve.length * down;
        // A hanging sleeve lies beside the body, not on it.
        let side = self.armpit.0.max(self.side_at(y)) + 5.0;
        x = x.max(side + sleeve.width * down);
        let inner = (x - sleeve.width * down, y + sleeve.width * across);
        Some(((x, y), inner))
    }

    /// Half width of the body at height `y`.
    pub(super) fn side_at(&self, y: f32) -> f32 {
        let mut from = self.armpit;
        for to in self.waist.into_iter().chain([self.hem]) {
            if y <= to.1 {
                let t = ((y - from.1) / (to.1 - from.1)).max(0.0);
                return from.0 + t * (to.0 - from.0);
            }
            from = to;
        }
        from.0
    }

    /// Draws the seams between the body and the sleeves.
    pub(super) fn armholes(&self, pen: &Pen) {
        let ((x, y), (to_x, to_y)) = (self.shoulder, self.armpit);
        pen.both(&[(x, y, 0.0), (to_x, to_y, 0.1)]);
    }

    /// Draws lines across the sleeves, `part` of their length before the end.
    pub(super) fn cuffs(&self, pen: &Pen, part: f32) {
        let Some((outer, inner)) = self.sleeve_end() else {
            return;
        };
        let back = |end: (f32, f32), start: (f32, f32)| {
            let x = end.0 + part * (start.0 - end.0);
            (x, end.1 + part * (start.1 - end.1), 0.0)
        };
        pen.both(&[back(outer, self.shoulder), back(inner, self.armpit)]);
    }

    /// Draws a line across the body at height `y`.
    pub(super) fn across(&self, pen: &Pen, y: f32) {
        let side = self.side_at(y);
        pen.line(&[(-side, y, 0.0), (side, y, self.hem_bow * 0.8)]);
    }

    /// Draws a second line along a round or pointed neck.
    pub(super) fn neckband(&self, pen: &Pen) {
        let (width, band) = (self.neck_width + 7.0, 8.0);
        let y = self.shoulder.1 * 7.0 / (self.shoulder.0 - self.neck_width).max(8.0);
        match self.neck {
            Neck::Vee => pen.line(&[
                (-width, y, 0.0),
                (0.0, self.neck_depth + band, 0.0),
                (width, y, 0.0),
            ]),
            _ => {
                let bow = self.neck_bow() * 2.0 * self.neck_width + band - y;
                pen.line(&[(-width, y, 0.0), (width, y, bow / (2.0 * width))]);
            }
        }
    }

    /// Draws the back of the neck opening.
    pub(super) fn nape(&self, pen: &Pen) {
        let width = self.neck_width;
        let bow = pen.between(-0.08, 0.12);
        pen.line(&[(-width, 0.0, 0.0), (width, 0.0, bow)]);
    }
}
