//! Each image's nearest others by the angle between their features.

use burn::tensor::{Device, Tensor, TensorData};
use indicatif::ProgressBar;
use rayon::prelude::*;

use super::umap::Neighbours;

/// Rows that are compared at once with [`COLUMNS`] others.
const ROWS: usize = 1024;

/// See [`ROWS`].
const COLUMNS: usize = 8192;

/// The `count` nearest of each row, with their distance on the unit sphere. The bar counts rows.
pub fn nearest(rows: &[Vec<f32>], count: usize, bar: &ProgressBar) -> Neighbours {
    let unit: Vec<Vec<f32>> = rows.par_iter().map(|row| normalised(row)).collect();
    let mut found: Neighbours = Vec::with_capacity(unit.len());
    for (block, some) in unit.chunks(ROWS).enumerate() {
        let mut best: Neighbours = vec![Vec::with_capacity(count + 1); some.len()];
        let left = matrix(some);
        for (chunk, others) in unit.chunks(COLUMNS).enumerate() {
            let cosines = left.clone().matmul(matrix(others).transpose()).into_data();
            let cosines: Vec<f32> = cosines.iter::<f32>().collect();
            best.par_iter_mut()
                .zip(cosines.par_chunks(others.len()))
                .enumerate()
                .for_each(|(row, (best, cosines))| {
                    keep_best(best, cosines, block * ROWS + row, chunk * COLUMNS, count);
                });
        }
        bar.inc(some.len() as u64);
        found.extend(best);
    }
    found
}

/// Puts what is nearer than the farthest so far in its place. Cosines become distances.
fn keep_best(best: &mut Vec<(u32, f32)>, cosines: &[f32], row: usize, first: usize, count: usize) {
    let mut farthest = if best.len() < count {
        f32::MAX
    } else {
        best[count - 1].1
    };
    for (index, cosine) in cosines.iter().enumerate() {
        let square = 2.0 - 2.0 * cosine;
        if square >= farthest * farthest || first + index == row {
            continue;
        }
        let distance = square.max(0.0).sqrt();
        let place = best.partition_point(|other| other.1 <= distance);
        best.insert(place, ((first + index) as u32, distance));
        best.truncate(count);
        if best.len() == count {
            farthest = best[count - 1].1;
        }
    }
}

fn normalised(row: &[f32]) -> Vec<f32> {
    let length = row.iter().map(|value| value * value).sum::<f32>().sqrt();
    row.iter()
        .map(|value| value / length.max(f32::MIN_POSITIVE))
        .collect()
}

/// `[rows, features]`
fn matrix(rows: &[Vec<f32>]) -> Tensor<2> {
    let features = rows.first().map_or(0, Vec::len);
    Tensor::from_data(
        TensorData::new(rows.concat(), [rows.len(), features]),
        &Device::flex(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_are_found_in_order_and_never_the_row_itself() {
        let row = |index: usize| {
            let angle = (index * 7919 % 3000) as f32 * 2e-3;
            vec![3.0 * angle.cos(), 3.0 * angle.sin()]
        };
        let rows: Vec<Vec<f32>> = (0..1500).map(row).collect();
        let found = nearest(&rows, 4, &ProgressBar::hidden());
        for (index, near) in found.iter().enumerate().step_by(97) {
            let mut expected: Vec<(u32, f32)> = (0..rows.len())
                .filter(|&other| other != index)
                .map(|other| {
                    let dot = rows[index]
                        .iter()
                        .zip(&rows[other])
                        .map(|(a, b)| a * b / 9.0);
                    (other as u32, (2.0 - 2.0 * dot.sum::<f32>()).max(0.0).sqrt())
                })
                .collect();
            expected.sort_by(|a, b| a.1.total_cmp(&b.1));
            assert_eq!(near.len(), 4);
            assert!(near.windows(2).all(|pair| pair[0].1 <= pair[1].1));
            assert!(
                (near[3].1 - expected[3].1).abs() < 2e-3,
                "{near:?} {:?}",
                &expected[..5]
            );
            assert!(near.iter().all(|other| other.0 as usize != index));
        }
    }
}
