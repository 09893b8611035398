//! Connected pieces of ink, and which of them are no part of the drawing: dust, holes, writing.

use super::mask::Mask;
use super::{Ink, Rect};

/// A connected piece of a mask, diagonals included.
pub(super) struct Piece {
    /// The positions of its pixels.
    pub(super) cells: Vec<usize>,
    /// The smallest rectangle that holds it.
    pub(super) bounds: Rect,
}

/// The connected pieces of a mask, in the order of their first pixels.
pub(super) fn pieces(mask: &Mask, width: usize) -> impl Iterator<Item = Piece> {
    let mut unseen = mask.cells().to_vec();
    (0..unseen.len()).filter_map(move |start| match unseen[start] {
        true => Some(piece(width, &mut unseen, start)),
        false => None,
    })
}

/// Takes away every connected piece of ink with fewer than `least` pixels.
pub(super) fn remove(ink: &mut Ink, least: usize) {
    if least <= 1 {
        return;
    }
    let mask = Mask::of(ink, |pixel| pixel > 0);
    for piece in pieces(&mask, ink.width()).filter(|piece| piece.cells.len() < least) {
        piece.clear(ink);
    }
}

/// A punched hole's diameter is between the longest edge over these, …
const HOLES: (usize, usize) = (80, 12);

/// … and it is nearer to the border than the longest edge over this.
const HOLE_MARGIN: usize = 8;

/// A piece with this part of the largest piece's pixels is no scribble beside it, wherever it lies.
const LARGE_FRACTION: usize = 5;

/// Takes away what lies around a drawing on paper: specks, punched holes near the border, and
/// everything small that is farther from the drawing than it is long.
pub(super) fn keep_drawing(ink: &mut Ink, least: usize) {
    let mask = Mask::of(ink, |pixel| pixel > 0);
    let (mut others, gone): (Vec<Piece>, Vec<Piece>) = pieces(&mask, ink.width())
        .partition(|piece| piece.cells.len() >= least && !piece.is_hole(ink.bounds()));
    gone.iter().for_each(|piece| piece.clear(ink));
    let largest = others
        .iter()
        .map(|piece| piece.cells.len())
        .max()
        .unwrap_or(0);
    let mut drawing = Rect::EMPTY;
    loop {
        let belongs = |piece: &Piece| {
            piece.cells.len() * LARGE_FRACTION >= largest
                || gap(piece.bounds, drawing) <= piece.bounds.width().max(piece.bounds.height())
        };
        let (near, far): (Vec<Piece>, Vec<Piece>) = others.into_iter().partition(belongs);
        others = far;
        if near.is_empty() {
            break;
        }
        drawing = near
            .iter()
            .fold(drawing, |drawing, piece| drawing.union(piece.bounds));
    }
    others.iter().for_each(|piece| piece.clear(ink));
}

impl Piece {
    fn clear(&self, ink: &mut Ink) {
        self.cells
            .iter()
            .for_each(|&cell| ink.pixels_mut()[cell] = 0);
    }

    /// Whether it is round, filled and near the sheet's border.
    fn is_hole(&self, sheet: Rect) -> bool {
        let longest = sheet.right.max(sheet.bottom);
        let (width, height) = (self.bounds.width(), self.bounds.height());
        let (least, most) = (width.min(height), width.max(height));
        // A circle fills 785 thousandths of its square.
        let filled = self.cells.len() * 1000 / (width * height).max(1);
        let margin = self
            .bounds
            .left
            .min(self.bounds.top)
            .min(sheet.right - self.bounds.right)
            .min(sheet.bottom - self.bounds.bottom);
        (longest / HOLES.0..=longest / HOLES.1).contains(&most)
            && least * 4 >= most * 3
            && (680..880).contains(&filled)
            && margin < longest / HOLE_MARGIN
    }
}

/// How far two rectangles are apart, along the axis on which they are farther.
fn gap(a: Rect, b: Rect) -> usize {
    let along =
        |a: (usize, usize), b: (usize, usize)| a.0.saturating_sub(b.1).max(b.0.saturating_sub(a.1));
    along((a.left, a.right), (b.left, b.right)).max(along((a.top, a.bottom), (b.top, b.bottom)))
}

/// The piece connected with `start`, which is then seen.
fn piece(width: usize, unseen: &mut [bool], start: usize) -> Piece {
    unseen[start] = false;
    let mut cells = vec![start];
    let mut bounds = Rect::EMPTY;
    let mut next = 0;
    while let Some(&index) = cells.get(next) {
        next += 1;
        let (x, y) = (index % width, index / width);
        bounds = bounds.union(Rect {
            left: x,
            top: y,
            right: x + 1,
            bottom: y + 1,
        });
        for row in y.saturating_sub(1)..(y + 2).min(unseen.len() / width) {
            for column in x.saturating_sub(1)..(x + 2).min(width) {
                let neighbour = row * width + column;
                if std::mem::take(&mut unseen[neighbour]) {
                    cells.push(neighbour);
                }
            }
        }
    }
    Piece { cells, bounds }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_pieces_go_and_diagonals_connect() {
        let check = |pixels: [u8; 9], expected: [u8; 9]| {
            let mut ink = Ink::new(3, 3, pixels.to_vec()).unwrap();
            remove(&mut ink, 3);
            assert_eq!(ink.pixels(), expected);
        };
        check([9, 0, 0, 0, 0, 0, 0, 4, 4], [0; 9]);
        check([9, 0, 0, 0, 5, 0, 4, 0, 0], [9, 0, 0, 0, 5, 0, 4, 0, 0]);
        check([9, 9, 0, 0, 0, 0, 4, 4, 4], [0, 0, 0, 0, 0, 0, 4, 4, 4]);
        // The end of one row and the start of the next are no neighbours.
        check([0, 0, 9, 9, 0, 0, 9, 0, 0], [0; 9]);
    }
    #[test]
    fn a_drawing_stays_whole_and_what_lies_around_it_goes() {
        let mut ink = Ink::blank(200);
        let mut block = |left: usize, top: usize, width: usize, height: usize| {
            for y in top..top + height {
                ink.row_mut(y)[left..left + width].fill(255);
            }
        };
        // A body, a sleeve beside it, a button in it; a letter and a speck far from them.
        block(60, 60, 80, 4);
        block(60, 60, 4, 100);
        block(150, 70, 4, 40);
        block(100, 100, 3, 3);
        block(20, 20, 6, 2);
        block(100, 190, 1, 2);
        keep_drawing(&mut ink, 4);
        let at = |x: usize, y: usize| ink.row(y)[x] > 0;
        assert!(at(100, 61) && at(61, 150) && at(151, 90) && at(101, 101));
        assert!(!at(22, 20) && !at(100, 190));
    }

    #[test]
    fn holes_near_the_border_go_and_filled_circles_elsewhere_stay() {
        let mut ink = Ink::blank(200);
        let circles = [(12.0, 60.0), (12.0, 140.0), (100.0, 100.0)];
        for y in 0..200 {
            for x in 0..200 {
                let near = |&(a, b): &(f32, f32)| (x as f32 - a).hypot(y as f32 - b) < 5.0;
                let line = (90..94).contains(&x) && (30..170).contains(&y);
                ink.row_mut(y)[x] = if line || circles.iter().any(near) {
                    255
                } else {
                    0
                };
            }
        }
        keep_drawing(&mut ink, 4);
        assert_eq!(
            (ink.row(60)[12], ink.row(140)[12], ink.row(100)[100]),
            (0, 0, 255)
        );
    }
}
