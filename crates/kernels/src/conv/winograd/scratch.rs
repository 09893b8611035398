//! Memory for the points of some tiles, kept so that no call allocates in the steady state.

use super::points::POINTS;
use std::cell::Cell;

/// Values between two points' planes. It keeps the planes from falling into the same sets of the
/// first cache: their lengths are powers of two.
const PADDING: usize = 16;

/// Values from one point's plane to the next, for so many tiles and channels.
pub(super) const fn plane(tiles: usize, channels: usize) -> usize {
    tiles * channels + PADDING
}

/// Values in all planes.
pub(super) const fn planes(tiles: usize, channels: usize) -> usize {
    POINTS * plane(tiles, channels)
}

thread_local! {
    static KEPT: Cell<[Vec<f32>; 2]> = const { Cell::new([Vec::new(), Vec::new()]) };
}

/// Hands `use_them` two buffers of these lengths; what they hold is undefined.
pub(super) fn with_buffers<T>(
    lengths: [usize; 2],
    use_them: impl FnOnce(&mut [f32], &mut [f32]) -> T,
) -> T {
    // Taken out while in use: another call on this thread, from within, gets buffers of its own.
    let mut buffers = KEPT.take();
    for (buffer, length) in buffers.iter_mut().zip(lengths) {
        if buffer.len() < length {
            buffer.resize(length, 0.0);
        }
    }
    let [first, second] = &mut buffers;
    let result = use_them(&mut first[..lengths[0]], &mut second[..lengths[1]]);
    KEPT.set(buffers);
    result
}
