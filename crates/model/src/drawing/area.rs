//! Scaling by area average, up and down, in whole numbers: exact, and alike on every machine.
//!
//! A source pixel and a target pixel are measured in a common unit of length (source pixel =
//! `target` units, target pixel = `source` units), so that every overlap is a whole number.

use super::{Ink, Rect};

/// The `part` of `ink` scaled to `width` × `height` pixels, row by row.
/// `part` must lie in the ink and hold a pixel; neither target size may be 0.
pub(super) fn scale(ink: &Ink, part: Rect, width: usize, height: usize) -> Vec<u8> {
    scale_rows(ink.pixels(), ink.width(), part, (width, height))
}

/// [`scale`] for pixels that are no ink, in rows of `row_length`.
pub(super) fn scale_rows(
    pixels: &[u8],
    row_length: usize,
    part: Rect,
    (width, height): (usize, usize),
) -> Vec<u8> {
    let whole = (part.width() * part.height()) as u64;
    let mut scaled = Vec::with_capacity(width * height);
    let mut sums = vec![0u32; part.width()];
    for row in 0..height {
        sums.fill(0);
        for (source, overlap) in overlaps(row, part.height(), height) {
            let row = &pixels[(part.top + source) * row_length..][part.left..part.right];
            for (sum, &pixel) in sums.iter_mut().zip(row) {
                *sum += overlap * u32::from(pixel);
            }
        }
        for column in 0..width {
            let sum: u64 = overlaps(column, part.width(), width)
                .map(|(source, overlap)| u64::from(overlap) * u64::from(sums[source]))
                .sum();
            scaled.push(((sum + whole / 2) / whole) as u8);
        }
    }
    scaled
}

/// The source pixels under target pixel `index`, each with the length of their overlap; the lengths
/// add up to `source`.
fn overlaps(index: usize, source: usize, target: usize) -> impl Iterator<Item = (usize, u32)> {
    let (start, end) = (index * source, (index + 1) * source);
    (start / target..end.div_ceil(target)).map(move |pixel| {
        let overlap = end.min((pixel + 1) * target) - start.max(pixel * target);
        (pixel, overlap as u32)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(source: &[u8], target: usize, expected: &[u8]) {
        let row = Ink::new(source.len(), 1, source.to_vec()).unwrap();
        assert_eq!(scale(&row, row.bounds(), target, 1), expected);
        let column = Ink::new(1, source.len(), source.to_vec()).unwrap();
        assert_eq!(scale(&column, column.bounds(), 1, target), expected);
    }

    #[test]
    fn averages_by_area() {
        check(&[10, 20, 30, 40], 4, &[10, 20, 30, 40]);
        check(&[10, 20, 30, 40], 2, &[15, 35]);
        check(&[0, 90, 0], 2, &[30, 30]);
        check(&[10, 250], 3, &[10, 130, 250]);
        check(&[7], 3, &[7, 7, 7]);
    }

    #[test]
    fn scales_only_the_part() {
        let ink = Ink::new(3, 3, vec![9, 9, 9, 9, 4, 8, 9, 2, 6]).unwrap();
        let part = Rect {
            left: 1,
            top: 1,
            right: 3,
            bottom: 3,
        };
        assert_eq!(scale(&ink, part, 1, 1), [5]);
        assert_eq!(scale(&ink, part, 2, 1), [3, 7]);
    }

    #[test]
    fn the_sums_hold_the_largest_picture() {
        let edge = super::super::ink::MAX_EDGE;
        let ink = Ink::new(edge, 2, vec![255; 2 * edge]).unwrap();
        assert_eq!(scale(&ink, ink.bounds(), 1, 1), [255]);
        let ink = Ink::new(2, edge, vec![255; 2 * edge]).unwrap();
        assert_eq!(scale(&ink, ink.bounds(), 1, 1), [255]);
    }
}
