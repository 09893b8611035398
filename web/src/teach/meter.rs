//! What teaching costs: how the held-out images are read, before and now.

use model::class::CLASS_COUNT;
use model::metrics::ConfusionMatrix;
use protocol::teach::Counts;

/// A class before and now.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Change {
    /// F1 before, 0 to 1.
    pub before: f64,
    /// F1 now.
    pub now: f64,
    /// The class that it is taken for more often than before, and by how many images; if there is one.
    pub mistaken: Option<(usize, u32)>,
}

/// Share of the held-out images that are read right, in percent.
pub fn accuracy(counts: &Counts) -> f64 {
    100.0 * confusion(counts).accuracy()
}

/// Each class's change.
pub fn changes(before: &Counts, now: &Counts) -> [Change; CLASS_COUNT] {
    let (old, new) = (confusion(before).per_class(), confusion(now).per_class());
    std::array::from_fn(|class| Change {
        before: old[class].f1,
        now: new[class].f1,
        mistaken: (0..CLASS_COUNT)
            .filter(|&other| other != class)
            .map(|other| {
                (
                    other,
                    now[class][other].saturating_sub(before[class][other]),
                )
            })
            .max_by_key(|&(other, more)| (more, std::cmp::Reverse(other)))
            .filter(|&(_, more)| more > 0),
    })
}

fn confusion(counts: &Counts) -> ConfusionMatrix {
    let mut confusion = ConfusionMatrix::new();
    for (label, row) in counts.iter().enumerate() {
        for (predicted, &count) in row.iter().enumerate() {
            (0..count).for_each(|_| confusion.add(label, predicted));
        }
    }
    confusion
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_that_got_worse_is_seen_with_what_it_is_taken_for() {
        let mut before: Counts = [[0; CLASS_COUNT]; CLASS_COUNT];
        (0..CLASS_COUNT).for_each(|class| before[class][class] = 10);
        let mut now = before;
        (now[6][6], now[6][0]) = (7, 3);
        let changes = changes(&before, &now);
        assert_eq!(
            (changes[6].before, changes[6].mistaken),
            (1.0, Some((0, 3)))
        );
        assert!(changes[6].now < 0.9 && changes[3].now == 1.0 && changes[3].mistaken.is_none());
        assert!((accuracy(&before) - accuracy(&now) - 3.0).abs() < 1e-9);
    }
}
