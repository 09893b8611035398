//! What a photographed drawing is drawn on, as it looks without the lines: grey morphology.

/// The pixels (row by row) with every dark thing narrower than `2 * radius + 1` taken off: the grey
/// closing by a square. Edges of wider things, shadows among them, stay where they are; what is dark
/// along the border is taken to go on beyond it.
pub(super) fn closed(pixels: &[u8], width: usize, radius: usize) -> Vec<u8> {
    let height = pixels.len() / width;
    let (wide, high) = (width + 2 * radius, height + 2 * radius);
    let mut padded = vec![u8::MIN; wide * high];
    for (from, to) in pixels
        .chunks_exact(width)
        .zip(padded.chunks_exact_mut(wide).skip(radius))
    {
        to[radius..][..width].copy_from_slice(from);
    }
    let down = spread(&padded, wide, radius, u8::max, u8::MIN);
    let across = spread(&transposed(&down, wide), high, radius, u8::max, u8::MIN);
    let across = spread(&across, high, radius, u8::min, u8::MAX);
    let down = spread(&transposed(&across, high), wide, radius, u8::min, u8::MAX);
    let rows = down.chunks_exact(wide).skip(radius).take(height);
    rows.flat_map(|row| &row[radius..][..width])
        .copied()
        .collect()
}

/// The same for light things on something darker.
pub(super) fn opened(pixels: &[u8], width: usize, radius: usize) -> Vec<u8> {
    inverted(&closed(&inverted(pixels), width, radius))
}

/// Dark made light and light dark.
pub(super) fn inverted(pixels: &[u8]) -> Vec<u8> {
    pixels.iter().map(|pixel| 255 - pixel).collect()
}

/// Rows made columns.
pub(super) fn transposed<T: Copy>(pixels: &[T], width: usize) -> Vec<T> {
    let rows = pixels.len() / width;
    let column = |x: usize| (0..rows).map(move |y| pixels[y * width + x]);
    (0..width).flat_map(column).collect()
}

/// The average of each pixel and its eight neighbours; at the border, of those there are.
pub(super) fn softened(pixels: &[u8], width: usize) -> Vec<u8> {
    let height = pixels.len() / width;
    let mut softened = Vec::with_capacity(pixels.len());
    let mut sums = vec![0_u32; width];
    for y in 0..height {
        let rows = y.saturating_sub(1)..(y + 2).min(height);
        let count = rows.len() as u32;
        sums.fill(0);
        for row in rows {
            let row = &pixels[row * width..][..width];
            sums.iter_mut()
                .zip(row)
                .for_each(|(sum, &pixel)| *sum += u32::from(pixel));
        }
        for x in 0..width {
            let part = &sums[x.saturating_sub(1)..(x + 2).min(width)];
            let count = count * part.len() as u32;
            softened.push(((part.iter().sum::<u32>() + count / 2) / count) as u8);
        }
    }
    softened
}

/// The extreme of each pixel and those up to `radius` rows above and below it, by van Herk's method:
/// within blocks as long as that window, running extremes from either end, two of which make one
/// window. Its time does not depend on the radius.
fn spread(
    pixels: &[u8],
    width: usize,
    radius: usize,
    extreme: impl Fn(u8, u8) -> u8,
    outside: u8,
) -> Vec<u8> {
    let window = 2 * radius + 1;
    let rows = pixels.len() / width + 2 * radius;
    let mut down = vec![outside; rows * width];
    down[radius * width..][..pixels.len()].copy_from_slice(pixels);
    let mut up = down.clone();
    let take = |to: &mut [u8], from: &[u8]| {
        to.iter_mut()
            .zip(from)
            .for_each(|(to, &from)| *to = extreme(*to, from));
    };
    for row in (1..rows).filter(|row| row % window > 0) {
        let (above, below) = down.split_at_mut(row * width);
        take(&mut below[..width], &above[(row - 1) * width..]);
    }
    for row in (1..rows).rev().filter(|row| row % window > 0) {
        let (above, below) = up.split_at_mut(row * width);
        take(&mut above[(row - 1) * width..], &below[..width]);
    }
    take(&mut up[..pixels.len()], &down[2 * radius * width..]);
    up.truncate(pixels.len());
    up
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closing_takes_what_is_narrow_and_leaves_what_is_wide() {
        let (width, height) = (23, 17);
        let wide = |x: usize, y: usize| x >= 12 && y >= 9;
        let pixel = |index: usize, lines: bool| {
            let (x, y) = (index % width, index / width);
            let grey = if wide(x, y) { 90 } else { 200 };
            if lines && (x == 5 || y == 3 || y == 14) {
                grey / 2
            } else {
                grey
            }
        };
        let picture = |lines| {
            (0..width * height)
                .map(|index| pixel(index, lines))
                .collect::<Vec<u8>>()
        };
        assert_eq!(closed(&picture(true), width, 2), picture(false));
        let negative = inverted(&picture(true));
        assert_eq!(opened(&negative, width, 2), inverted(&picture(false)));
    }

    #[test]
    fn a_window_wider_than_the_picture_is_no_trouble() {
        assert_eq!(closed(&[9, 1, 4], 3, 5), [9, 4, 4]);
        assert_eq!(closed(&[9, 1, 4], 1, 5), [9, 4, 4]);
    }

    #[test]
    fn softening_averages_what_is_there() {
        assert_eq!(softened(&[0, 30, 0, 90], 2), [30; 4]);
        assert_eq!(softened(&[0, 30, 90], 3), [15, 40, 60]);
    }
}
