//! Which of the 70,000 images.

use model::published::Split;

/// How many images there are in both parts.
pub const ALL_IMAGES: usize = Split::Train.count() + Split::Test.count();

/// One image, counted through both parts: the training images first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ImageId(u32);

impl ImageId {
    /// The image at this place of its part, if there is one.
    pub fn new(split: Split, index: usize) -> Option<Self> {
        (index < split.count()).then(|| Self((Self::offset(split) + index) as u32))
    }

    /// The image with this number of all, if there is one.
    pub fn of_all(number: usize) -> Option<Self> {
        (number < ALL_IMAGES).then_some(Self(number as u32))
    }

    /// All images of a part, in the published order.
    pub fn all_of(split: Split) -> impl ExactSizeIterator<Item = Self> {
        let first = Self::offset(split) as u32;
        (first..first + split.count() as u32).map(Self)
    }

    /// All images.
    pub fn all() -> impl ExactSizeIterator<Item = Self> {
        (0..ALL_IMAGES as u32).map(Self)
    }

    /// Its number among all images.
    pub fn number(self) -> usize {
        self.0 as usize
    }

    /// Its part.
    pub fn split(self) -> Split {
        if self.number() < Split::Train.count() {
            Split::Train
        } else {
            Split::Test
        }
    }

    /// Its place in its part, from 0.
    pub fn index(self) -> usize {
        self.number() - Self::offset(self.split())
    }

    /// As an address names it, such as `test-77`.
    pub fn key(self) -> String {
        format!("{}-{}", self.split().name(), self.index())
    }

    /// Reads what [`Self::key`] wrote.
    pub fn from_key(key: &str) -> Option<Self> {
        let (split, index) = key.split_once('-')?;
        let split = Split::BOTH.into_iter().find(|part| part.name() == split)?;
        Self::new(split, index.parse().ok()?)
    }

    const fn offset(split: Split) -> usize {
        match split {
            Split::Train => 0,
            Split::Test => Split::Train.count(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_are_counted_through_both_parts() {
        let first_test = ImageId::new(Split::Test, 0).unwrap();
        assert_eq!(first_test.number(), 60_000);
        assert_eq!(ImageId::of_all(60_000), Some(first_test));
        assert_eq!((first_test.split(), first_test.index()), (Split::Test, 0));
        assert_eq!(ImageId::new(Split::Test, 10_000), None);
        assert_eq!(ImageId::of_all(70_000), None);
        assert_eq!(
            ImageId::all_of(Split::Test).last().unwrap().number(),
            69_999
        );
    }

    #[test]
    fn keys_lead_back() {
        for number in [0, 59_999, 60_000, 69_999] {
            let id = ImageId::of_all(number).unwrap();
            assert_eq!(ImageId::from_key(&id.key()), Some(id));
        }
        for key in ["", "test", "test-", "test-10000", "nap-3", "test--1"] {
            assert_eq!(ImageId::from_key(key), None, "{key}");
        }
    }
}
