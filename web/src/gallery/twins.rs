//! Images that are nearly the same, as the trainer has listed them.

use super::ImageId;

/// Pairs of near duplicates, within and across the parts.
#[derive(Clone, Debug, Default)]
pub struct Twins(Vec<(ImageId, ImageId)>);

impl Twins {
    /// The pairs by the images' numbers among all 70,000; unknown numbers are left out.
    pub fn new(pairs: impl Iterator<Item = (usize, usize)>) -> Self {
        let known = |(one, other)| Some((ImageId::of_all(one)?, ImageId::of_all(other)?));
        let there = pairs.filter_map(known);
        let back = |(one, other)| [(one, other), (other, one)];
        let mut both: Vec<(ImageId, ImageId)> = there.flat_map(back).collect();
        both.sort_unstable();
        Self(both)
    }

    /// The near duplicates of an image.
    pub fn of(&self, id: ImageId) -> impl Iterator<Item = ImageId> {
        let first = self.0.partition_point(|(one, _)| *one < id);
        let own = self.0[first..]
            .iter()
            .take_while(move |(one, _)| *one == id);
        own.map(|(_, other)| *other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twins_are_found_from_both_sides() {
        let twins = Twins::new([(5, 61_000), (5, 3), (1, 70_000)].into_iter());
        let of = |number| -> Vec<usize> {
            let id = ImageId::of_all(number).unwrap();
            twins.of(id).map(ImageId::number).collect()
        };
        assert_eq!(
            (of(5), of(3), of(61_000)),
            (vec![3, 61_000], vec![5], vec![5])
        );
        assert!(of(1).is_empty() && of(69_999).is_empty());
    }
}
