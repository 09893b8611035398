//! Dust.

use super::Ink;

/// Takes away every connected piece of ink with fewer than `least` pixels.
pub(super) fn remove(ink: &mut Ink, least: usize) {
    if least <= 1 {
        return;
    }
    let mut unseen: Vec<bool> = ink.pixels().iter().map(|&pixel| pixel > 0).collect();
    for start in 0..unseen.len() {
        if unseen[start] {
            let piece = piece(ink.width(), &mut unseen, start);
            if piece.len() < least {
                piece.iter().for_each(|&index| ink.pixels_mut()[index] = 0);
            }
        }
    }
}

/// The pixels connected with `start`, diagonals included, which are then seen.
fn piece(width: usize, unseen: &mut [bool], start: usize) -> Vec<usize> {
    unseen[start] = false;
    let mut piece = vec![start];
    let mut next = 0;
    while let Some(&index) = piece.get(next) {
        next += 1;
        let (x, y) = (index % width, index / width);
        for row in y.saturating_sub(1)..(y + 2).min(unseen.len() / width) {
            for column in x.saturating_sub(1)..(x + 2).min(width) {
                let neighbour = row * width + column;
                if std::mem::take(&mut unseen[neighbour]) {
                    piece.push(neighbour);
                }
            }
        }
    }
    piece
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
}
