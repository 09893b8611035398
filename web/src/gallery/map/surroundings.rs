//! The map in words: which classes lie among which.

use super::Map;
use crate::gallery::ImageId;
use model::class::CLASS_COUNT;
use model::map::LARGEST;

/// The map is looked at in squares, so many in a row.
const SQUARES: usize = 64;

/// Where the images of one class lie.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Surroundings {
    /// How many images it has.
    pub count: usize,
    /// The middle of the square of the map that holds most of them, in the map's units.
    pub heart: [f64; 2],
    /// The classes of the images around its images, itself among them; the shares add up to 1.
    pub around: [f64; CLASS_COUNT],
}

impl Surroundings {
    /// The other classes that lie around it, most of all first, with their shares.
    pub fn neighbours(&self, own: usize) -> Vec<(usize, f64)> {
        let others = (0..CLASS_COUNT).filter(|class| *class != own);
        let mut others: Vec<(usize, f64)> =
            others.map(|class| (class, self.around[class])).collect();
        others.sort_by(|a, b| b.1.total_cmp(&a.1));
        others.retain(|(_, share)| *share > 0.0);
        others
    }
}

/// Each class's surroundings, from images and the classes that they are taken for.
pub fn surroundings(
    map: &Map,
    images: impl Iterator<Item = (ImageId, u8)>,
) -> [Surroundings; CLASS_COUNT] {
    let mut squares = vec![[0u32; CLASS_COUNT]; SQUARES * SQUARES];
    for (id, class) in images {
        squares[square_of(map, id)][usize::from(class)] += 1;
    }
    std::array::from_fn(|class| of_class(class, &squares))
}

fn square_of(map: &Map, id: ImageId) -> usize {
    let [x, y] = map
        .place(id)
        .map(|coordinate| usize::from(coordinate) * SQUARES / (usize::from(LARGEST) + 1));
    y * SQUARES + x
}

fn of_class(class: usize, squares: &[[u32; CLASS_COUNT]]) -> Surroundings {
    let count: u32 = squares.iter().map(|square| square[class]).sum();
    let mut around = [0.0; CLASS_COUNT];
    for square in squares {
        let whole: u32 = square.iter().sum();
        let share = f64::from(square[class]) / f64::from(whole.max(1)) / f64::from(count.max(1));
        for (around, other) in around.iter_mut().zip(square) {
            *around += share * f64::from(*other);
        }
    }
    let fullest = (0..squares.len()).max_by_key(|index| squares[*index][class]);
    let fullest = fullest.unwrap_or(0);
    let width = (f64::from(LARGEST) + 1.0) / SQUARES as f64;
    Surroundings {
        count: count as usize,
        heart: [fullest % SQUARES, fullest / SQUARES].map(|place| (place as f64 + 0.5) * width),
        around,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gallery::ALL_IMAGES;
    use model::map::encode;

    #[test]
    fn classes_that_share_a_square_are_each_other_s_surroundings() {
        let mut places = vec![[0, 0]; ALL_IMAGES];
        places[2] = [4000, 130];
        places[3] = [4001, 131];
        let map = Map::decode(&encode(&places)).unwrap();
        let classes = [(0, 7u8), (1, 7), (2, 7), (3, 5)];
        let images = classes.map(|(number, class)| (ImageId::of_all(number).unwrap(), class));
        let found = surroundings(&map, images.into_iter());
        assert_eq!((found[7].count, found[5].count, found[0].count), (3, 1, 0));
        assert_eq!(found[7].heart, [32.0, 32.0]);
        assert_eq!(found[5].heart, [4000.0, 160.0]);
        assert_eq!(found[5].neighbours(5), [(7, 0.5)]);
        let [(5, share)] = found[7].neighbours(7)[..] else {
            panic!("{:?}", found[7]);
        };
        assert!((share - 1.0 / 6.0).abs() < 1e-9);
        assert!(found[0].neighbours(0).is_empty());
    }
}
