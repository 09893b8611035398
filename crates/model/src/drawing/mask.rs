//! Sets of pixels.

use std::ops::Range;

use super::{Ink, Rect};

/// Some of the pixels of a bitmap.
pub(super) struct Mask {
    width: usize,
    cells: Vec<bool>,
}

impl Mask {
    /// The pixels for which `cells`, in rows of `width`, is true.
    pub(super) fn new(width: usize, cells: Vec<bool>) -> Self {
        Self { width, cells }
    }

    /// These of `size` pixels.
    pub(super) fn from_positions(width: usize, size: usize, positions: &[usize]) -> Self {
        let mut cells = vec![false; size];
        positions
            .iter()
            .for_each(|&position| cells[position] = true);
        Self { width, cells }
    }

    /// The pixels whose ink passes the test.
    pub(super) fn of(ink: &Ink, test: impl Fn(u8) -> bool) -> Self {
        Self {
            width: ink.width(),
            cells: ink.pixels().iter().map(|&pixel| test(pixel)).collect(),
        }
    }

    /// Whether each pixel is in the set, row by row.
    pub(super) fn cells(&self) -> &[bool] {
        &self.cells
    }

    /// The number of pixels in the set.
    pub(super) fn count(&self) -> usize {
        self.cells.iter().filter(|&&cell| cell).count()
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
    // Whole runs of a row at a time, which is several times faster than pixel by pixel.
    pub(super) fn flooded(&self, starts: &[usize]) -> Self {
        let width = self.width;
        let mut left = self.cells.clone();
        let mut pending = starts.to_vec();
        while let Some(index) = pending.pop() {
            if !left[index] {
                continue;
            }
            let row = index - index % width;
            let before = left[row..index].iter().rposition(|&cell| !cell);
            let behind = left[index..row + width].iter().position(|&cell| !cell);
            let begin = before.map_or(row, |position| row + position + 1);
            let end = behind.map_or(row + width, |position| index + position);
            left[begin..end].fill(false);
            if row > 0 {
                push_runs(&left, begin - width..end - width, &mut pending);
            }
            if row + width < left.len() {
                push_runs(&left, begin + width..end + width, &mut pending);
            }
        }
        self.without(&Self { width, cells: left })
    }

    /// The pixels at most `radius` rows and columns from one of this set.
    pub(super) fn dilated(&self, radius: usize) -> Self {
        if radius == 0 {
            return self.combined(self, |cell, _| cell);
        }
        let (width, full) = (self.width, radius as u16 + 1);
        let mut wide = self.cells.clone();
        for (from, to) in self
            .cells
            .chunks_exact(width)
            .zip(wide.chunks_exact_mut(width))
        {
            let mut steps = 0;
            from.iter()
                .zip(to.iter_mut())
                .for_each(|(from, to)| spread(*from, to, &mut steps, full));
            steps = 0;
            from.iter()
                .zip(to)
                .rev()
                .for_each(|(from, to)| spread(*from, to, &mut steps, full));
        }
        let mut cells = wide.clone();
        let mut steps = vec![0; width];
        for (from, to) in wide.chunks_exact(width).zip(cells.chunks_exact_mut(width)) {
            spread_row(from, to, &mut steps, full);
        }
        steps.fill(0);
        for (from, to) in wide
            .chunks_exact(width)
            .zip(cells.chunks_exact_mut(width))
            .rev()
        {
            spread_row(from, to, &mut steps, full);
        }
        Self { width, cells }
    }

    /// The pixels along the bitmap's border, in this set or not.
    pub(super) fn border(&self) -> Vec<usize> {
        let (width, size) = (self.width, self.cells.len());
        let top_and_bottom = (0..width).chain(size - width..size);
        let sides = (0..size)
            .step_by(width)
            .flat_map(|row| [row, row + width - 1]);
        top_and_bottom.chain(sides).collect()
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

/// Adds where each run of set cells within the range begins.
fn push_runs(cells: &[bool], range: Range<usize>, pending: &mut Vec<usize>) {
    let mut in_run = false;
    for index in range {
        if cells[index] && !in_run {
            pending.push(index);
        }
        in_run = cells[index];
    }
}

/// Goes one cell on: a set cell sets itself and the following `full - 1`; `steps` counts them down.
fn spread(from: bool, to: &mut bool, steps: &mut u16, full: u16) {
    *steps = if from { full } else { steps.saturating_sub(1) };
    *to |= *steps > 0;
}

/// [`spread`] from a row to the next, for all columns.
fn spread_row(from: &[bool], to: &mut [bool], steps: &mut [u16], full: u16) {
    for ((from, to), steps) in from.iter().zip(to).zip(steps) {
        spread(*from, to, steps, full);
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
        let mut border = dots.border();
        border.sort_unstable();
        border.dedup();
        assert_eq!(border, [0, 1, 2, 3, 4, 7, 8, 11, 12, 13, 14, 15]);
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
