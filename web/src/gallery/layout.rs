//! Where thumbnails stand: rows of square tiles, of which only those in sight are painted.

use std::ops::Range;

/// Sides of a thumbnail in CSS pixels that may be chosen.
pub const TILES: [u32; 6] = [20, 28, 40, 56, 84, 112];

/// Tiles in rows. All lengths are in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Layout {
    columns: usize,
    tile: f64,
    count: usize,
}

/// A key that moves from image to image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// To the one before.
    Left,
    /// To the next one.
    Right,
    /// A row up.
    Up,
    /// A row down.
    Down,
    /// A screen up.
    PageUp,
    /// A screen down.
    PageDown,
    /// To the first.
    Home,
    /// To the last.
    End,
}

impl Step {
    /// What a key means.
    pub fn of_key(key: &str) -> Option<Self> {
        Some(match key {
            "ArrowLeft" => Self::Left,
            "ArrowRight" => Self::Right,
            "ArrowUp" => Self::Up,
            "ArrowDown" => Self::Down,
            "PageUp" => Self::PageUp,
            "PageDown" => Self::PageDown,
            "Home" => Self::Home,
            "End" => Self::End,
            _ => return None,
        })
    }
}

impl Layout {
    /// `count` tiles of this side in a space of this width.
    pub fn new(count: usize, tile: f64, width: f64) -> Self {
        Self {
            columns: ((width / tile) as usize).max(1),
            tile,
            count,
        }
    }

    /// How many tiles a row has.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// A tile's side.
    pub fn tile(&self) -> f64 {
        self.tile
    }

    /// The height of all rows.
    pub fn height(&self) -> f64 {
        self.count.div_ceil(self.columns) as f64 * self.tile
    }

    /// The rows in sight when scrolled down by `top`, in a window of `height`.
    pub fn rows_in_sight(&self, top: f64, height: f64) -> Range<usize> {
        let rows = self.count.div_ceil(self.columns);
        let first = (top.max(0.0) / self.tile) as usize;
        let last = ((top.max(0.0) + height) / self.tile).ceil() as usize;
        first.min(rows)..last.min(rows)
    }

    /// The tile at a place below the first row's left end.
    pub fn at(&self, x: f64, y: f64) -> Option<usize> {
        let (column, row) = ((x / self.tile).floor(), (y / self.tile).floor());
        if !(0.0..self.columns as f64).contains(&column) || row < 0.0 {
            return None;
        }
        let index = row as usize * self.columns + column as usize;
        (index < self.count).then_some(index)
    }

    /// The left and upper edge of a tile.
    pub fn place(&self, index: usize) -> (f64, f64) {
        let (row, column) = (index / self.columns, index % self.columns);
        (column as f64 * self.tile, row as f64 * self.tile)
    }

    /// Where a step leads from a tile (from the first, if none is chosen); `None` without tiles.
    pub fn step(&self, from: Option<usize>, step: Step, window: f64) -> Option<usize> {
        let last = self.count.checked_sub(1)?;
        let Some(from) = from else {
            return Some(if step == Step::End { last } else { 0 });
        };
        let page = ((window / self.tile) as usize).max(1) * self.columns;
        let down = |by: usize| if from + by <= last { from + by } else { from };
        let up = |by: usize| from.checked_sub(by).unwrap_or(from);
        Some(match step {
            Step::Left => up(1),
            Step::Right => down(1),
            Step::Up => up(self.columns),
            Step::Down => down(self.columns),
            Step::PageUp => from.checked_sub(page).unwrap_or(from % self.columns),
            Step::PageDown => (from + page).min(last),
            Step::Home => 0,
            Step::End => last,
        })
    }

    /// How far to scroll so that a tile is in sight, moving as little as possible.
    pub fn scrolled_to(&self, index: usize, top: f64, window: f64) -> f64 {
        let (_, upper) = self.place(index);
        let lower = upper + self.tile;
        if upper < top {
            upper
        } else if lower > top + window {
            lower - window
        } else {
            top
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_rows_in_sight_are_painted() {
        let layout = Layout::new(70_000, 40.0, 1_210.0);
        assert_eq!(layout.columns(), 30);
        assert_eq!(layout.height(), 2_334.0 * 40.0);
        assert_eq!(layout.rows_in_sight(100.0, 600.0), 2..18);
        assert_eq!(layout.rows_in_sight(1e9, 600.0), 2_334..2_334);
        assert_eq!(Layout::new(0, 40.0, 600.0).rows_in_sight(0.0, 600.0), 0..0);
    }

    #[test]
    fn a_place_belongs_to_one_tile() {
        let layout = Layout::new(31, 40.0, 1_210.0);
        assert_eq!(layout.at(0.0, 0.0), Some(0));
        assert_eq!(layout.at(1_199.0, 0.0), Some(29));
        assert_eq!(layout.at(1_200.0, 0.0), None);
        assert_eq!(layout.at(10.0, 41.0), Some(30));
        assert_eq!(layout.at(50.0, 41.0), None);
        assert_eq!(layout.place(30), (0.0, 40.0));
    }

    #[test]
    fn keys_step_within_the_tiles() {
        let layout = Layout::new(35, 40.0, 410.0);
        let step = |from, step| layout.step(Some(from), step, 80.0);
        assert_eq!(layout.step(None, Step::Right, 80.0), Some(0));
        assert_eq!((step(0, Step::Left), step(0, Step::Up)), (Some(0), Some(0)));
        assert_eq!(
            (step(4, Step::Down), step(31, Step::Down)),
            (Some(14), Some(31))
        );
        assert_eq!(
            (step(4, Step::PageDown), step(24, Step::PageDown)),
            (Some(24), Some(34))
        );
        assert_eq!(
            (step(24, Step::PageUp), step(14, Step::PageUp)),
            (Some(4), Some(4))
        );
        assert_eq!(
            (step(7, Step::Home), step(7, Step::End)),
            (Some(0), Some(34))
        );
        assert_eq!(
            Layout::new(0, 40.0, 410.0).step(None, Step::End, 80.0),
            None
        );
    }

    #[test]
    fn scrolling_moves_as_little_as_possible() {
        let layout = Layout::new(100, 40.0, 400.0);
        assert_eq!(layout.scrolled_to(0, 120.0, 200.0), 0.0);
        assert_eq!(layout.scrolled_to(99, 0.0, 200.0), 200.0);
        assert_eq!(layout.scrolled_to(25, 40.0, 200.0), 40.0);
    }
}
