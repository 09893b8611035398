//! Images that are nearly the same, as the trainer has listed them.

use super::ImageId;

/// Pairs of near duplicates, within and across the parts.
#[derive(Clone, Debug, Default)]
pub struct Twins(Vec<(ImageId, ImageId)>);

impl Twins {
    /// From pairs of images, each in either order.
    pub fn new(pairs: impl IntoIterator<Item = (ImageId, ImageId)>) -> Self {
        let back = |(one, other)| [(one, other), (other, one)];
        let mut both: Vec<(ImageId, ImageId)> = pairs.into_iter().flat_map(back).collect();
        both.sort_unstable();
        Self(both)
    }

    /// A pair by the images' numbers among all 70,000; `None` where there is no such image.
    pub fn pair([one, other]: [usize; 2]) -> Option<(ImageId, ImageId)> {
        Some((ImageId::of_all(one)?, ImageId::of_all(other)?))
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
        let twins = Twins::new([[5, 61_000], [5, 3]].into_iter().filter_map(Twins::pair));
        assert_eq!(Twins::pair([1, 70_000]), None);
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
