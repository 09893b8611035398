//! Sets of pixels.

use super::{Ink, Rect};

/// Some of the pixels of a bitmap.
pub(super) struct Mask {
    width: usize,
    cells: Vec<bool>,
}

impl Mask {
    /// The pixels whose ink passes the test.
    pub(super) fn of(ink: &Ink, test: impl Fn(u8) -> bool) -> Self {
        Self {
            width: ink.width(),
            cells: ink.pixels().iter().map(|&pixel| test(pixel)).collect(),
        }
    }

    pub(super) fn holds(&self, index: usize) -> bool {
        self.cells[index]
    }

    /// The pixels of this set that are not in the other.
    pub(super) fn without(&self, other: &Self) -> Self {
        self.combined(other, |a, b| a && !b)
    }

    /// The pixels in both sets.
    pub(super) fn and(&self, other: &Self) -> Self {
        self.combined(other, |a, b| a && b)
    }

    fn combined(&self, other: &Self, keep: impl Fn(bool, bool) -> bool) -> Self {
        let cells = self
            .cells
            .iter()
            .zip(&other.cells)
            .map(|(&a, &b)| keep(a, b))
            .collect();
        Self {
            width: self.width,
            cells,
        }
    }

    /// All other pixels.
    pub(super) fn inverted(&self) -> Self {
        Self {
            width: self.width,
            cells: self.cells.iter().map(|cell| !cell).collect(),
        }
    }

    /// The pixels of this set that can be reached from the starts without leaving it, going up,
    /// down, left and right.
    pub(super) fn flooded(&self, starts: &[usize]) -> Self {
        let mut left = self.cells.clone();
        let mut reached: Vec<usize> = starts.to_vec();
        reached.retain(|&start| std::mem::take(&mut left[start]));
        let (width, size) = (self.width, self.cells.len());
        while let Some(index) = reached.pop() {
            let x = index % width;
            let neighbours = [
                (x > 0, index.wrapping_sub(1)),
                (x + 1 < width, index + 1),
                (index >= width, index.wrapping_sub(width)),
                (index + width < size, index + width),
            ];
            for (exists, neighbour) in neighbours {
                if exists && std::mem::take(&mut left[neighbour]) {
                    reached.push(neighbour);
                }
            }
        }
        self.combined(&Self { width, cells: left }, |a, b| a && !b)
    }

    /// The pixels at most `radius` rows and columns from one of this set.
    pub(super) fn dilated(&self, radius: usize) -> Self {
        let (width, height) = (self.width, self.cells.len() / self.width);
        let mut wide = self.cells.clone();
        for y in 0..height {
            spread(
                &self.cells,
                &mut wide,
                (y * width..(y + 1) * width).step_by(1),
                radius,
            );
        }
        let mut cells = wide.clone();
        for x in 0..width {
            spread(&wide, &mut cells, (x..wide.len()).step_by(width), radius);
        }
        Self { width, cells }
    }

    /// The pixels along the bitmap's border, in this set or not.
    pub(super) fn border(&self) -> Vec<usize> {
        let on_border = |index: &usize| {
            let x = index % self.width;
            x == 0
                || x + 1 == self.width
                || *index < self.width
                || index + self.width >= self.cells.len()
        };
        (0..self.cells.len()).filter(on_border).collect()
    }

    /// The smallest rectangle that holds all of it.
    pub(super) fn bounds(&self) -> Rect {
        let mut bounds = Rect::EMPTY;
        for (y, row) in self.cells.chunks_exact(self.width).enumerate() {
            let first = row.iter().position(|&cell| cell);
            let last = row.iter().rposition(|&cell| cell);
            if let Some((left, last)) = first.zip(last) {
                bounds = bounds.union(Rect {
                    left,
                    top: y,
                    right: last + 1,
                    bottom: y + 1,
                });
            }
        }
        bounds
    }
}

/// Sets in `target` what is at most `radius` steps from a set cell of `source` along the line.
fn spread(
    source: &[bool],
    target: &mut [bool],
    line: impl DoubleEndedIterator<Item = usize> + Clone,
    radius: usize,
) {
    spread_forth(source, target, line.clone(), radius);
    spread_forth(source, target, line.rev(), radius);
}

fn spread_forth(
    source: &[bool],
    target: &mut [bool],
    line: impl Iterator<Item = usize>,
    radius: usize,
) {
    let mut steps_left = 0;
    for index in line {
        if source[index] {
            steps_left = radius + 1;
        }
        target[index] |= steps_left > 0;
        steps_left = steps_left.saturating_sub(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A mask from rows of `#` (in the set) and anything else.
    fn mask(rows: &[&str]) -> Mask {
        let cells = rows.concat().bytes().map(|byte| byte == b'#').collect();
        Mask {
            width: rows[0].len(),
            cells,
        }
    }

    fn check(found: &Mask, expected: &[&str]) {
        let found: Vec<String> = found
            .cells
            .chunks(found.width)
            .map(|row| {
                row.iter()
                    .map(|&cell| if cell { '#' } else { '.' })
                    .collect()
            })
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn floods_neither_diagonally_nor_around_the_edge() {
        let free = mask(&["##.#", ".#.#", "#..#"]);
        check(&free.flooded(&[0]), &["##..", ".#..", "...."]);
        check(&free.flooded(&[2, 7, 8]), &["...#", "...#", "#..#"]);
    }

    #[test]
    fn dilates_by_a_square() {
        let dots = mask(&["#....", ".....", ".....", "....#"]);
        check(&dots.dilated(0), &["#....", ".....", ".....", "....#"]);
        check(&dots.dilated(1), &["##...", "##...", "...##", "...##"]);
        check(&dots.dilated(9), &["#####"; 4]);
    }

    #[test]
    fn knows_border_and_bounds() {
        let dots = mask(&["....", ".#..", "..#.", "...."]);
        assert_eq!(dots.border(), [0, 1, 2, 3, 4, 7, 8, 11, 12, 13, 14, 15]);
        assert_eq!(
            dots.bounds(),
            Rect {
                left: 1,
                top: 1,
                right: 3,
                bottom: 3
            }
        );
    }
}
