//! What the lines of a drawing enclose.

use crate::drawing::Ink;

/// Ink above this belongs to a line.
const LINE: u8 = 60;

/// Half the width in pixels of the gaps in an outline that filling bridges.
const GAP: usize = 2;

/// The ink with all that its lines enclose filled to at least `level`.
pub(super) fn filled(ink: &Ink, level: u8) -> Ink {
    let inside = enclosed(ink);
    let pixels = ink
        .pixels()
        .iter()
        .zip(inside)
        .map(|(&p, i)| if i { p.max(level) } else { p });
    Ink::new(ink.width(), ink.height(), pixels.collect()).unwrap_or_else(|_| ink.clone())
}

/// The pixels that lines enclose, small gaps in the lines bridged.
fn enclosed(ink: &Ink) -> Vec<bool> {
    let outside = dilated(&outside(ink), ink.width(), GAP);
    outside.into_iter().map(|o| !o).collect()
}

/// The pixels that can be reached from the border without coming within [`GAP`] of a line.
pub(super) fn outside(ink: &Ink) -> Vec<bool> {
    let side = ink.width();
    let lines: Vec<bool> = ink.pixels().iter().map(|&p| p > LINE).collect();
    let blocked = dilated(&lines, side, GAP);
    let mut reached = vec![false; blocked.len()];
    let border = (0..side).flat_map(|i| [i, i * side, i * side + side - 1, (side - 1) * side + i]);
    let mut open: Vec<usize> = border.filter(|&i| !blocked[i]).collect();
    while let Some(i) = open.pop() {
        if reached[i] {
            continue;
        }
        reached[i] = true;
        let (row, column) = (i / side, i % side);
        let next = [
            (row > 0).then(|| i - side),
            (row + 1 < side).then(|| i + side),
            (column > 0).then(|| i - 1),
            (column + 1 < side).then(|| i + 1),
        ];
        open.extend(
            next.into_iter()
                .flatten()
                .filter(|&n| !blocked[n] && !reached[n]),
        );
    }
    reached
}

/// A square mask grown by `by` pixels in each direction.
pub(super) fn dilated(mask: &[bool], side: usize, by: usize) -> Vec<bool> {
    let grow = |mask: &[bool], step: usize, count: usize| {
        let mut grown = vec![false; mask.len()];
        for line in 0..count {
            let at = |i: usize| {
                if step == 1 {
                    line * side + i
                } else {
                    i * side + line
                }
            };
            for i in 0..side {
                let near = i.saturating_sub(by)..side.min(i + by + 1);
                grown[at(i)] = near.into_iter().any(|n| mask[at(n)]);
            }
        }
        grown
    };
    grow(&grow(mask, 1, side), side, side)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::augment::strokes::tests::square;
    use crate::drawing::{Mark, Paper};

    const SIDE: usize = 128;

    #[test]
    fn an_outline_with_a_small_gap_is_filled_and_the_paper_around_it_is_not() {
        let mut paper = Paper::new(SIDE);
        paper.apply(&Mark::Stroke(square().remove(0)));
        let ink = filled(paper.ink(), 100);
        assert_eq!(ink.pixels()[64 * SIDE + 64], 100);
        assert_eq!(ink.pixels()[10 * SIDE + 64], 0);
    }
}
