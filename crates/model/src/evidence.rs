//! What in an image speaks for a class, place by place: the class-activation map (Zhou et al. 2016).
//!
//! The head of `compact` is linear in the average over the places of the last stage, so each logit is
//! the mean over the places of what each of them says, and nothing is left unexplained.

use crate::{
    class::CLASS_COUNT,
    image::{PIXELS, SIDE},
};
use serde::{Deserialize, Serialize};

/// Places along an edge of the last stage.
const EDGE: usize = 7;

/// Places of the last stage, row by row.
pub const PLACES: usize = EDGE * EDGE;

/// What each place says for each class, in logits but for the head's bias.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence(Vec<[f32; CLASS_COUNT]>);

impl Evidence {
    /// Of an image's last stage, `[places, channels]`, and the head's weights, `[channels, classes]`.
    /// `None` where these are not of one net.
    pub fn new(stage: &[f32], head: &[f32]) -> Option<Self> {
        let (rows, rest) = head.as_chunks::<CLASS_COUNT>();
        let fits = rest.is_empty() && !rows.is_empty() && stage.len() == PLACES * rows.len();
        let place = |channels: &[f32]| {
            let mut sums = [0.0; CLASS_COUNT];
            for (value, weights) in channels.iter().zip(rows) {
                for (sum, weight) in sums.iter_mut().zip(weights) {
                    *sum += value * weight;
                }
            }
            sums
        };
        fits.then(|| Self(stage.chunks_exact(rows.len()).map(place).collect()))
    }

    /// What each place says for the class, row by row.
    pub fn of(&self, class: usize) -> [f32; PLACES] {
        std::array::from_fn(|place| self.0.get(place).map_or(0.0, |values| values[class]))
    }

    /// What speaks for the class rather than for the others: only differences between classes decide.
    fn apart(&self, class: usize) -> [f32; PLACES] {
        let mut map = [0.0; PLACES];
        for (value, classes) in map.iter_mut().zip(&self.0) {
            *value = classes[class] - classes.iter().sum::<f32>() / CLASS_COUNT as f32;
        }
        map
    }

    /// Row and column, 0 to 6, of the place that speaks most for the class rather than for the others.
    pub fn strongest(&self, class: usize) -> [usize; 2] {
        let map = self.apart(class);
        let place = (0..PLACES).max_by(|&a, &b| map[a].total_cmp(&map[b]));
        let place = place.unwrap_or_default();
        [place / EDGE, place % EDGE]
    }

    /// What speaks for the class rather than for the others, −1 to 1 at each pixel. The strongest place
    /// counts as 1 or −1.
    pub fn heat(&self, class: usize) -> [f32; PIXELS] {
        let map = self.apart(class);
        let largest = map
            .iter()
            .fold(f32::MIN_POSITIVE, |most, value| most.max(value.abs()));
        let scale = EDGE as f32 / SIDE as f32;
        std::array::from_fn(|pixel| {
            let (x, y) = ((pixel % SIDE) as f32 + 0.5, (pixel / SIDE) as f32 + 0.5);
            interpolated(&map, x * scale, y * scale) / largest
        })
    }
}

/// A map's value at a point of it, the edge being 7 long: each place's own at its middle, mixed between.
pub fn interpolated(map: &[f32; PLACES], x: f32, y: f32) -> f32 {
    let place = |at: f32| (at - 0.5).clamp(0.0, (EDGE - 1) as f32);
    let (x, y) = (place(x), place(y));
    let (left, top) = (x as usize, y as usize);
    let (right, bottom) = ((left + 1).min(EDGE - 1), (top + 1).min(EDGE - 1));
    let (x, y) = (x - left as f32, y - top as f32);
    let row = |row: usize| map[row * EDGE + left] * (1.0 - x) + map[row * EDGE + right] * x;
    row(top) * (1.0 - y) + row(bottom) * y
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_met_at_their_middle_and_mixed_between() {
        let map = std::array::from_fn(|place| place as f32);
        assert_eq!(interpolated(&map, 3.5, 2.5), 17.0);
        assert_eq!(interpolated(&map, 4.0, 2.5), 17.5);
        assert_eq!(interpolated(&map, 0.0, 0.0), 0.0);
        assert_eq!(interpolated(&map, 7.0, 7.0), 48.0);
    }

    /// Two channels: the first speaks for class 3 and is at place 8, the second for all classes alike.
    fn evidence() -> Option<Evidence> {
        let mut stage = [0.0; 2 * PLACES];
        stage[2 * 8] = 2.0;
        stage[2 * 30 + 1] = 5.0;
        let mut head = [0.0; 2 * CLASS_COUNT];
        head[3] = 1.5;
        head[CLASS_COUNT..].fill(1.0);
        Evidence::new(&stage, &head)
    }

    #[test]
    fn what_speaks_for_a_class_is_where_its_channel_is_and_not_where_all_agree() {
        let evidence = evidence().unwrap();
        assert_eq!(evidence.of(3)[8], 3.0);
        assert_eq!(evidence.of(3)[30], 5.0);
        let heat = evidence.heat(3);
        let middle = |place: usize| heat[(place / EDGE * 4 + 2) * SIDE + place % EDGE * 4 + 2];
        assert!(middle(8) > 0.7 && middle(30).abs() < 1e-6, "{}", middle(8));
        assert_eq!(evidence.strongest(3), [1, 1]);
        assert!(evidence.heat(4).iter().all(|value| *value <= 0.0));
    }

    #[test]
    fn what_does_not_belong_together_gives_nothing() {
        assert_eq!(Evidence::new(&[0.0; PLACES], &[0.0; 2 * CLASS_COUNT]), None);
        assert_eq!(Evidence::new(&[], &[]), None);
    }
}
