//! The features that are kept, and searching them.

use model::likeness::Index;
use model::published::Split;
use protocol::archive::{Of, Search};

const ALL_IMAGES: usize = Split::Train.count() + Split::Test.count();

/// The features of each net, under its number.
#[derive(Default)]
pub(crate) struct Shelves(Vec<(u32, Index)>);

impl Shelves {
    /// Keeps the features of some images.
    pub(crate) fn keep(&mut self, net: u32, images: &[u32], features: &[Vec<i8>]) {
        if self.index(net).is_none() {
            self.0.push((net, Index::new(ALL_IMAGES)));
        }
        let index = self.0.iter_mut().find(|(number, _)| *number == net);
        let Some((_, index)) = index else { return };
        for (image, features) in images.iter().zip(features) {
            index.insert(*image as usize, features);
        }
    }

    /// Forgets a net's features.
    pub(crate) fn forget(&mut self, net: u32) {
        self.0.retain(|(number, _)| *number != net);
    }

    /// The images that a search finds, each with its cosine, the most alike first. Nothing where the
    /// features are not kept.
    pub(crate) fn find(&self, search: &Search) -> Vec<(u32, f32)> {
        let Some(index) = self.index(search.net) else {
            return Vec::new();
        };
        let features = match &search.of {
            Of::Image(image) => index.features(*image as usize),
            Of::Features(features) => Some(features.as_slice()),
        };
        let wanted = |image: usize| {
            let byte = search.wanted.get(image / 8);
            byte.is_some_and(|byte| byte >> (image % 8) & 1 == 1)
        };
        let nearest =
            features.map(|features| index.nearest(features, search.count as usize, wanted));
        let nearest = nearest.unwrap_or_default().into_iter();
        nearest
            .map(|(image, cosine)| (image as u32, cosine))
            .collect()
    }

    fn index(&self, net: u32) -> Option<&Index> {
        let kept = self.0.iter().find(|(number, _)| *number == net);
        kept.map(|(_, index)| index)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(shelves: &Shelves, net: u32, of: Of, wanted: u8) -> Vec<u32> {
        let search = Search {
            net,
            of,
            count: 2,
            wanted: vec![wanted],
        };
        let found = shelves.find(&search).into_iter();
        found.map(|(image, _)| image).collect()
    }

    #[test]
    fn each_net_s_features_are_searched_apart_and_forgotten() {
        let mut shelves = Shelves::default();
        shelves.keep(7, &[0, 1, 2], &[vec![9, 0], vec![8, 1], vec![0, 9]]);
        shelves.keep(8, &[2], &[vec![1, 1]]);
        assert_eq!(found(&shelves, 7, Of::Image(0), 0xff), [0, 1]);
        assert_eq!(found(&shelves, 7, Of::Image(0), 0b110), [1, 2]);
        assert_eq!(found(&shelves, 7, Of::Features(vec![0, 3]), 0xff), [2, 1]);
        assert_eq!(found(&shelves, 8, Of::Image(2), 0xff), [2]);
        assert_eq!(found(&shelves, 8, Of::Image(0), 0xff), [0; 0]);
        shelves.forget(7);
        assert_eq!(found(&shelves, 7, Of::Image(0), 0xff), [0; 0]);
    }
}
