//! The map: where each image lies, alike beside alike.

mod hand;
mod lens;
mod shades;
mod surroundings;

pub use hand::{Deed, Hand, Tool};
pub use lens::Lens;
pub use shades::{DIM, RIGHT, Shade, UNKNOWN, WRONG, shades};
pub use surroundings::{Surroundings, surroundings};

use super::{ALL_IMAGES, ImageId};
use model::map::{MapError, Place, decode};

/// The places of all images.
#[derive(Clone, Debug, PartialEq)]
pub struct Map(Vec<Place>);

impl Map {
    /// Reads the file that the trainer wrote.
    ///
    /// # Errors
    /// When it has not a place for each of the 70,000 images.
    pub fn decode(bytes: &[u8]) -> Result<Self, MapError> {
        decode(bytes, ALL_IMAGES).map(Self)
    }

    /// Where an image lies.
    pub fn place(&self, id: ImageId) -> Place {
        self.0[id.number()]
    }

    /// All places, by the images' numbers.
    pub fn places(&self) -> &[Place] {
        &self.0
    }

    /// The image nearest to a place, no farther than `reach`, among those for which `wanted` holds.
    pub fn nearest(
        &self,
        place: [f64; 2],
        reach: f64,
        wanted: impl Fn(ImageId) -> bool,
    ) -> Option<ImageId> {
        let mut best = (reach * reach, None);
        for (number, [x, y]) in self.0.iter().enumerate() {
            let (x, y) = (f64::from(*x) - place[0], f64::from(*y) - place[1]);
            let square = x * x + y * y;
            if square < best.0
                && let Some(id) = ImageId::of_all(number).filter(|id| wanted(*id))
            {
                best = (square, Some(id));
            }
        }
        best.1
    }

    /// Where something lies that is like these images, each with its cosine (-1 to 1): the mean of
    /// their places, of which the nearest count most. `None` without images.
    pub fn between(&self, alike: &[(ImageId, f32)]) -> Option<[f64; 2]> {
        // Squared distance on the unit sphere, never 0.
        let weight = |cosine: f32| 1.0 / f64::from(2.0 - 2.0 * cosine).max(1e-4);
        let whole: f64 = alike.iter().map(|(_, cosine)| weight(*cosine)).sum();
        let mean = |axis: usize| {
            let weighted =
                |(id, cosine): &(ImageId, f32)| weight(*cosine) * f64::from(self.place(*id)[axis]);
            alike.iter().map(weighted).sum::<f64>() / whole
        };
        (!alike.is_empty()).then(|| [0, 1].map(mean))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::map::encode;

    /// All images in a column at the left, image 5 at (1000, 1000).
    fn map() -> Map {
        let mut places = vec![[0, 0]; ALL_IMAGES];
        for (number, place) in places.iter_mut().enumerate() {
            place[1] = (number % 4000) as u16;
        }
        places[5] = [1000, 1000];
        Map::decode(&encode(&places)).unwrap()
    }

    fn id(number: usize) -> ImageId {
        ImageId::of_all(number).unwrap()
    }

    #[test]
    fn the_nearest_wanted_image_within_reach_is_found() {
        let map = map();
        let at = |place, reach| map.nearest(place, reach, |id| id.number() < 4000);
        assert_eq!(at([990.0, 1003.0], 20.0), Some(id(5)));
        assert_eq!(at([990.0, 1003.0], 10.0), None);
        assert_eq!(at([3.0, 77.2], 20.0), Some(id(77)));
        assert_eq!(
            map.nearest([990.0, 1003.0], 20.0, |id| id.number() != 5),
            None
        );
    }

    #[test]
    fn a_drawing_lies_between_its_like_nearer_to_the_most_alike() {
        let map = map();
        assert_eq!(map.between(&[]), None);
        let alone = map.between(&[(id(5), 0.9)]).unwrap();
        assert!(alone.iter().all(|x| (x - 1000.0).abs() < 1e-6));
        let [x, y] = map.between(&[(id(5), 0.98), (id(200), 0.9)]).unwrap();
        assert!(
            (x - 833.33).abs() < 0.1 && (y - 866.67).abs() < 0.1,
            "{x} {y}"
        );
    }

    #[test]
    fn a_file_of_another_length_is_refused() {
        assert!(Map::decode(&[0; 10]).is_err());
    }
}
