//! Rectangles of pixels.

/// The pixels from `left` up to but not including `right`, and from `top` to before `bottom`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rect {
    /// First column.
    pub left: usize,
    /// First row.
    pub top: usize,
    /// One past the last column.
    pub right: usize,
    /// One past the last row.
    pub bottom: usize,
}

impl Rect {
    /// No pixel.
    pub const EMPTY: Self = Self {
        left: 0,
        top: 0,
        right: 0,
        bottom: 0,
    };

    /// Number of columns.
    pub fn width(&self) -> usize {
        self.right.saturating_sub(self.left)
    }

    /// Number of rows.
    pub fn height(&self) -> usize {
        self.bottom.saturating_sub(self.top)
    }

    /// Whether it holds no pixel.
    pub fn is_empty(&self) -> bool {
        self.width() == 0 || self.height() == 0
    }

    /// The smallest rectangle that holds both.
    pub fn union(self, other: Self) -> Self {
        if self.is_empty() {
            return other;
        }
        if other.is_empty() {
            return self;
        }
        Self {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn union_ignores_empty_rectangles() {
        let a = Rect {
            left: 5,
            top: 6,
            right: 7,
            bottom: 8,
        };
        let b = Rect {
            left: 1,
            top: 7,
            right: 2,
            bottom: 20,
        };
        assert_eq!(a.union(Rect::EMPTY), a);
        assert_eq!(Rect::EMPTY.union(a), a);
        assert_eq!(
            a.union(b),
            Rect {
                left: 1,
                top: 6,
                right: 7,
                bottom: 20
            }
        );
    }
}
