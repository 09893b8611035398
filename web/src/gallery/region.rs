//! A part of the map, drawn around by hand.

use model::map::{LARGEST, Place};

/// The most corners that are kept of a line drawn by hand: more would make the address long.
const CORNERS: usize = 32;

/// A polygon on the map.
#[derive(Clone, Debug, PartialEq)]
pub struct Region(Vec<Place>);

impl Region {
    /// What a closed line through these points (in the map's units) surrounds; `None` for a line that
    /// surrounds nothing.
    pub fn around(line: &[[f64; 2]]) -> Option<Self> {
        let on_map = |value: f64| value.clamp(0.0, f64::from(LARGEST)).round() as u16;
        let mut line = line.to_vec();
        line.dedup();
        Self::shorten(&mut line, CORNERS);
        let mut corners: Vec<Place> = line.iter().map(|point| point.map(on_map)).collect();
        corners.dedup();
        Self::of(corners)
    }

    /// Leaves the corners that make most of a closed line's shape, `most` of them (Visvalingam's way): the
    /// corner that cuts off least of the area goes first.
    fn shorten(line: &mut Vec<[f64; 2]>, most: usize) {
        while line.len() > most.max(3) {
            let count = line.len();
            let cut_off = |at: usize| {
                let [[ax, ay], [bx, by], [cx, cy]] =
                    [at + count - 1, at, at + 1].map(|at| line[at % count]);
                ((bx - ax) * (cy - ay) - (cx - ax) * (by - ay)).abs()
            };
            let corners = (0..count).map(|at| (cut_off(at), at));
            let least = corners.min_by(|a, b| a.0.total_cmp(&b.0));
            line.remove(least.map_or(0, |(_, at)| at));
        }
    }

    /// The rectangle between two opposite corners.
    pub fn rectangle([left, top]: [f64; 2], [right, bottom]: [f64; 2]) -> Option<Self> {
        Self::around(&[[left, top], [right, top], [right, bottom], [left, bottom]])
    }

    fn of(corners: Vec<Place>) -> Option<Self> {
        let region = Self(corners);
        (region.0.len() >= 3 && region.area() > 0.0).then_some(region)
    }

    /// Its corners, in order.
    pub fn corners(&self) -> &[Place] {
        &self.0
    }

    /// Whether a place lies within, counted by how often a ray from it crosses the border.
    pub fn contains(&self, place: Place) -> bool {
        let [x, y] = place.map(f64::from);
        let crossed = self.sides().filter(|&([ax, ay], [bx, by])| {
            (ay > y) != (by > y) && x < (bx - ax) * (y - ay) / (by - ay) + ax
        });
        crossed.count() % 2 == 1
    }

    /// As an address has it: the corners' coordinates one after the other.
    pub fn key(&self) -> String {
        let numbers: Vec<String> = self.0.iter().flatten().map(u16::to_string).collect();
        numbers.join(".")
    }

    /// Reads what [`Self::key`] wrote.
    pub fn from_key(key: &str) -> Option<Self> {
        let numbers = key.split('.').map(|number| number.parse().ok());
        let numbers: Vec<u16> = numbers.collect::<Option<_>>()?;
        let (corners, rest) = numbers.as_chunks::<2>();
        let fits = rest.is_empty() && corners.len() <= CORNERS;
        let on_map = corners.iter().flatten().all(|number| *number <= LARGEST);
        if fits && on_map {
            Self::of(corners.to_vec())
        } else {
            None
        }
    }

    /// From each corner to the next.
    fn sides(&self) -> impl Iterator<Item = ([f64; 2], [f64; 2])> {
        let next = self.0.iter().cycle().skip(1);
        let sides = self.0.iter().zip(next);
        sides.map(|(from, to)| (from.map(f64::from), to.map(f64::from)))
    }

    fn area(&self) -> f64 {
        let doubled = self.sides().map(|([ax, ay], [bx, by])| ax * by - bx * ay);
        doubled.sum::<f64>().abs() / 2.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bent_region_contains_what_lies_within_its_border() {
        let horseshoe = [
            [0.0, 0.0],
            [30.0, 0.0],
            [30.0, 30.0],
            [20.0, 30.0],
            [20.0, 10.0],
            [10.0, 10.0],
            [10.0, 30.0],
            [0.0, 30.0],
        ];
        let region = Region::around(&horseshoe).unwrap();
        assert!(region.contains([5, 20]) && region.contains([25, 20]) && region.contains([15, 5]));
        assert!(!region.contains([15, 20]) && !region.contains([31, 5]));
        assert_eq!(Region::from_key(&region.key()), Some(region));
    }

    #[test]
    fn a_long_line_is_shortened_and_kept_on_the_map() {
        let circle: Vec<[f64; 2]> = (0..1000)
            .map(|step| f64::from(step) / 1000.0 * std::f64::consts::TAU)
            .map(|angle| [4000.0 + 500.0 * angle.cos(), 2000.0 + 500.0 * angle.sin()])
            .collect();
        let region = Region::around(&circle).unwrap();
        assert!(region.corners().len() <= CORNERS);
        assert!(region.contains([3600, 2100]) && !region.contains([3400, 2000]));
        assert!(
            region
                .corners()
                .iter()
                .flatten()
                .all(|number| *number <= LARGEST)
        );
    }

    /// Where a hand is that draws around a square and rests so long at each corner.
    fn square_with_rests(rests: [usize; 4]) -> Vec<[f64; 2]> {
        let corners = [
            [500.0, 500.0],
            [3_500.0, 500.0],
            [3_500.0, 3_500.0],
            [500.0, 3_500.0],
        ];
        let sides = corners.iter().zip(corners.iter().cycle().skip(1));
        let points = sides.zip(rests).flat_map(|((from, to), rest)| {
            let trembling = (0..rest).map(|step| [from[0] + (step % 3) as f64, from[1]]);
            let way = (0..40).map(|step| {
                let share = f64::from(step) / 40.0;
                [0, 1].map(|axis| from[axis] + share * (to[axis] - from[axis]))
            });
            trembling.chain(way).collect::<Vec<_>>()
        });
        points.collect()
    }

    #[test]
    fn a_rest_at_a_corner_loses_nothing_of_the_shape() {
        for rests in [[0; 4], [2_000, 0, 0, 0], [0, 300, 0, 900]] {
            let region = Region::around(&square_with_rests(rests)).unwrap();
            let share = region.area() / 9e6;
            assert!((share - 1.0).abs() < 0.01, "{rests:?}: {share}");
            for inside in [[510, 510], [3_490, 510], [3_490, 3_490], [510, 3_490]] {
                assert!(region.contains(inside), "{rests:?}: {inside:?}");
            }
            assert!(!region.contains([400, 2_000]) && !region.contains([3_600, 2_000]));
            assert!(region.key().len() <= 10 * CORNERS);
            assert_eq!(Region::from_key(&region.key()), Some(region));
        }
    }

    #[test]
    fn a_shape_with_many_bends_keeps_most_of_its_area() {
        let star: Vec<[f64; 2]> = (0..1_500)
            .map(|step| f64::from(step) / 1_500.0 * std::f64::consts::TAU)
            .map(|angle| (angle, 1_200.0 + 600.0 * (5.0 * angle).cos()))
            .map(|(angle, reach)| [2_000.0 + reach * angle.cos(), 2_000.0 + reach * angle.sin()])
            .collect();
        let region = Region::around(&star).unwrap();
        let whole = Region(star.iter().map(|point| point.map(|x| x as u16)).collect());
        let places = (0..41).flat_map(|x| (0..41).map(move |y| [x * 100, y * 100]));
        let wrong = places.filter(|place| region.contains(*place) != whole.contains(*place));
        let wrong = wrong.count();
        assert!(wrong < 40, "{wrong} of 1,681 places");
    }

    #[test]
    fn what_surrounds_nothing_is_no_region() {
        assert_eq!(Region::around(&[[1.0, 1.0], [5.0, 5.0], [9.0, 9.0]]), None);
        assert_eq!(Region::rectangle([3.0, 3.0], [3.0, 9.0]), None);
        for key in [
            "",
            "1.2.3.4",
            "1.2.3.4.5",
            "1.2.3.4.5.x",
            "1.1.2.2.3.3",
            "1.1.9999.2.3.3",
        ] {
            assert_eq!(Region::from_key(key), None, "{key}");
        }
    }
}
