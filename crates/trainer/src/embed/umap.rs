//! UMAP (McInnes, Healy and Melville 2018): points in a plane, such that neighbours stay neighbours.
//!
//! Small, on one thread and seeded, so that the same input gives the same map; the crates there are
//! let their threads race. Names and constants follow the paper and its reference implementation.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// The curve 1 / (1 + A·d^2B) that a distance of 0.1 and a spread of 1 are fitted by.
const A: f32 = 1.5769;
/// See [`A`].
const B: f32 = 0.8951;

/// Points that a point is pushed away from, for each that it is drawn to.
const NEGATIVE_SAMPLES: usize = 5;

/// Largest step of a coordinate.
const CLIP: f32 = 4.0;

/// A point's nearest others with their distances, nearest first, itself left out.
pub type Neighbours = Vec<Vec<(u32, f32)>>;

/// An edge of the neighbourhood graph.
struct Edge {
    from: u32,
    to: u32,
    weight: f32,
}

/// Lays the points out, beginning with `points`, in `epochs` rounds. `progress` is told of each.
pub fn layout(
    neighbours: &Neighbours,
    mut points: Vec<[f32; 2]>,
    epochs: usize,
    seed: u64,
    mut progress: impl FnMut(),
) -> Vec<[f32; 2]> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let edges = graph(neighbours);
    let strongest = edges
        .iter()
        .map(|edge| edge.weight)
        .fold(f32::MIN_POSITIVE, f32::max);
    // An edge comes up as often as its weight says; how far its next turn is from now.
    let mut due: Vec<f32> = edges.iter().map(|edge| strongest / edge.weight).collect();
    for epoch in 0..epochs {
        let rate = 1.0 - epoch as f32 / epochs as f32;
        for (edge, due) in edges.iter().zip(&mut due) {
            if *due > epoch as f32 + 1.0 {
                continue;
            }
            *due += strongest / edge.weight;
            let (from, to) = (edge.from as usize, edge.to as usize);
            attract(&mut points, from, to, rate);
            for _ in 0..NEGATIVE_SAMPLES {
                let other = rng.random_range(0..points.len());
                if other != from {
                    repel(&mut points, from, other, rate);
                }
            }
        }
        progress();
    }
    points
}

/// Both directions of every edge of the fuzzy neighbourhood graph.
fn graph(neighbours: &Neighbours) -> Vec<Edge> {
    let mut directed: Vec<(u32, u32, f32)> = Vec::new();
    for (from, nearest) in neighbours.iter().enumerate() {
        for ((to, _), weight) in nearest.iter().zip(memberships(nearest)) {
            // The smaller number first, so that both directions come to lie beside each other.
            directed.push((*to.min(&(from as u32)), *to.max(&(from as u32)), weight));
        }
    }
    directed.sort_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)).then(a.2.total_cmp(&b.2)));
    let pairs = directed.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1));
    pairs
        .flat_map(|pair| {
            // The chance that at least one of the two directions exists.
            let weight = 1.0 - pair.iter().map(|edge| 1.0 - edge.2).product::<f32>();
            let (a, b) = (pair[0].0, pair[0].1);
            [
                Edge {
                    from: a,
                    to: b,
                    weight,
                },
                Edge {
                    from: b,
                    to: a,
                    weight,
                },
            ]
        })
        .collect()
}

/// How much each neighbour belongs: the nearest wholly, together log₂ of their number.
fn memberships(nearest: &[(u32, f32)]) -> Vec<f32> {
    let first = nearest.first().map_or(0.0, |neighbour| neighbour.1);
    let at = |sigma: f32| -> Vec<f32> {
        nearest
            .iter()
            .map(|(_, distance)| (-(distance - first) / sigma).exp().max(1e-6))
            .collect()
    };
    let wanted = (nearest.len() as f32).log2();
    let (mut low, mut high) = (1e-6_f32, 1e3_f32);
    for _ in 0..48 {
        let middle = (low * high).sqrt();
        if at(middle).iter().sum::<f32>() > wanted {
            high = middle;
        } else {
            low = middle;
        }
    }
    at(high)
}

fn difference(points: &[[f32; 2]], from: usize, to: usize) -> ([f32; 2], f32) {
    let d = [
        points[from][0] - points[to][0],
        points[from][1] - points[to][1],
    ];
    (d, d[0] * d[0] + d[1] * d[1])
}

fn attract(points: &mut [[f32; 2]], from: usize, to: usize, rate: f32) {
    let (d, square) = difference(points, from, to);
    if square <= 0.0 {
        return;
    }
    let power = square.powf(B);
    let factor = -2.0 * A * B * power / square / (A * power + 1.0);
    for axis in 0..2 {
        let step = rate * (factor * d[axis]).clamp(-CLIP, CLIP);
        points[from][axis] += step;
        points[to][axis] -= step;
    }
}

fn repel(points: &mut [[f32; 2]], from: usize, other: usize, rate: f32) {
    let (d, square) = difference(points, from, other);
    let factor = 2.0 * B / ((0.001 + square) * (A * square.powf(B) + 1.0));
    for axis in 0..2 {
        points[from][axis] += rate * (factor * d[axis]).clamp(-CLIP, CLIP);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Thirty points each around three far places, in four dimensions.
    fn clusters() -> Vec<[f32; 4]> {
        let mut rng = ChaCha8Rng::seed_from_u64(2);
        (0..90)
            .map(|index| {
                std::array::from_fn(|axis| {
                    let place = if axis == index / 30 { 8.0 } else { 0.0 };
                    place + rng.random_range(-1.0..1.0)
                })
            })
            .collect()
    }

    fn nearest<const N: usize>(points: &[[f32; N]], count: usize) -> Neighbours {
        let distance = |a: &[f32; N], b: &[f32; N]| -> f32 {
            a.iter()
                .zip(b)
                .map(|(a, b)| (a - b).powi(2))
                .sum::<f32>()
                .sqrt()
        };
        (0..points.len())
            .map(|from| {
                let mut others: Vec<(u32, f32)> = (0..points.len())
                    .filter(|&to| to != from)
                    .map(|to| (to as u32, distance(&points[from], &points[to])))
                    .collect();
                others.sort_by(|a, b| a.1.total_cmp(&b.1));
                others.truncate(count);
                others
            })
            .collect()
    }

    #[test]
    fn clusters_stay_together_and_apart_and_the_seed_decides() {
        let neighbours = nearest(&clusters(), 10);
        let begin: Vec<[f32; 2]> = (0..90)
            .map(|i| [(i * 37 % 90) as f32 / 9.0, (i * 53 % 90) as f32 / 9.0])
            .collect();
        let map = |seed| layout(&neighbours, begin.clone(), 200, seed, || ());
        let laid_out = map(1);
        for (from, near) in nearest(&laid_out, 5).iter().enumerate() {
            assert!(
                near.iter().all(|(to, _)| *to as usize / 30 == from / 30),
                "{from}: {near:?}"
            );
        }
        assert!(laid_out == map(1) && laid_out != map(2));
    }

    #[test]
    fn memberships_add_up_as_the_paper_wants() {
        let nearest: Vec<(u32, f32)> = (0..16).map(|i| (i, 0.5 + 0.1 * i as f32)).collect();
        let memberships = memberships(&nearest);
        assert!((memberships[0] - 1.0).abs() < 1e-6);
        assert!((memberships.iter().sum::<f32>() - 4.0).abs() < 1e-3);
    }
}
