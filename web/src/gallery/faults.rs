//! What may be wrong with the data: near duplicates and label suspects, as the trainer has listed them.

use super::query::Fault;
use super::{ImageId, Twins};
use model::published::Split;

/// Images whose label a net doubts that did not learn from them.
#[derive(Clone, Debug, Default)]
pub struct Suspects(Vec<(ImageId, Suspicion)>);

/// What such a net says instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Suspicion {
    /// The class that it is sure of.
    pub class: u8,
    /// How sure, in percent.
    pub percent: u8,
}

impl Suspects {
    /// From each image with what is suspected of it.
    pub fn new(list: impl IntoIterator<Item = (ImageId, Suspicion)>) -> Self {
        let mut suspects: Vec<_> = list.into_iter().collect();
        suspects.sort_unstable_by_key(|(id, _)| *id);
        Self(suspects)
    }

    /// One of them from the image's number among all 70,000, the class and how sure the model is in
    /// percent; `None` where one of these is out of range.
    pub fn one([number, class, percent]: [usize; 3]) -> Option<(ImageId, Suspicion)> {
        let class = u8::try_from(class).ok().filter(|class| *class < 10)?;
        let percent = u8::try_from(percent)
            .ok()
            .filter(|percent| *percent <= 100)?;
        Some((ImageId::of_all(number)?, Suspicion { class, percent }))
    }

    /// What is suspected of an image.
    pub fn of(&self, id: ImageId) -> Option<Suspicion> {
        let place = self.0.binary_search_by_key(&id, |(id, _)| *id).ok()?;
        Some(self.0[place].1)
    }
}

/// Both lists.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    /// Near duplicates.
    pub twins: Twins,
    /// Label suspects.
    pub suspects: Suspects,
}

impl Faults {
    /// Whether an image has a fault.
    pub fn has(&self, fault: Fault, id: ImageId) -> bool {
        match fault {
            Fault::Near => self.twins.of(id).next().is_some(),
            Fault::Across => self.twins.of(id).any(|twin| twin.split() != id.split()),
            Fault::Suspect => self.suspects.of(id).is_some(),
        }
    }

    /// How many images of one part, or of both, have a fault.
    pub fn count(&self, fault: Fault, split: Option<Split>) -> usize {
        let parts = Split::BOTH.into_iter();
        let parts = parts.filter(|part| split.is_none_or(|wanted| wanted == *part));
        let images = parts.flat_map(ImageId::all_of);
        images.filter(|id| self.has(fault, *id)).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_found_and_counted() {
        for wrong in [[70_000, 1, 99], [8, 10, 99], [8, 9, 101]] {
            assert_eq!(Suspects::one(wrong), None);
        }
        let faults = Faults {
            twins: Twins::new([[5, 61_000], [5, 3]].into_iter().filter_map(Twins::pair)),
            suspects: Suspects::new(Suspects::one([7, 9, 98])),
        };
        let has = |fault, number| faults.has(fault, ImageId::of_all(number).unwrap());
        assert!(has(Fault::Near, 3) && !has(Fault::Across, 3) && has(Fault::Across, 61_000));
        let suspicion = Suspicion {
            class: 9,
            percent: 98,
        };
        let id = ImageId::of_all(7).unwrap();
        assert_eq!(faults.suspects.of(id), Some(suspicion));
        assert!(!has(Fault::Suspect, 8));
        assert_eq!(faults.count(Fault::Near, None), 3);
        assert_eq!(faults.count(Fault::Near, Some(Split::Test)), 1);
        assert_eq!(faults.count(Fault::Across, Some(Split::Train)), 1);
        assert_eq!(faults.count(Fault::Suspect, None), 1);
    }
}
