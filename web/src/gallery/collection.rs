//! The images that have arrived.

use super::ImageId;
use model::image::{Image, PIXELS};
use model::published::Split;
use protocol::archive::Parcel;

/// How far one part of the data set is.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Stock {
    /// Nobody has asked for it.
    #[default]
    Absent,
    /// It is being fetched: this share of its bytes is here, 0 to 1.
    Fetching(f64),
    /// It is being unpacked: its labels are here, and the first of its images.
    Unpacking,
    /// All of it is here.
    Here,
    /// It cannot be had, for the reason in this sentence.
    Failed(String),
}

/// Labels and pixels of both parts.
#[derive(Debug, Default)]
pub struct Collection {
    parts: [Part; 2],
}

#[derive(Debug, Default)]
struct Part {
    stock: Stock,
    labels: Vec<u8>,
    /// 784 bytes an image, one image after the other: 70,000 boxes would be slower.
    pixels: Vec<u8>,
}

impl Collection {
    /// How far a part is.
    pub fn stock(&self, split: Split) -> &Stock {
        &self.part(split).stock
    }

    /// Whether anything of a part is to be seen.
    pub fn has_labels(&self, split: Split) -> bool {
        !self.part(split).labels.is_empty()
    }

    /// The class that the publishers gave an image; `None` until it has arrived.
    pub fn label(&self, id: ImageId) -> Option<u8> {
        self.part(id.split()).labels.get(id.index()).copied()
    }

    /// An image's pixels; `None` until they have arrived.
    pub fn pixels(&self, id: ImageId) -> Option<&[u8; PIXELS]> {
        let (images, _) = self.part(id.split()).pixels.as_chunks();
        images.get(id.index())
    }

    /// An image; `None` until it has arrived.
    pub fn image(&self, id: ImageId) -> Option<Image> {
        self.pixels(id).map(|pixels| Image(*pixels))
    }

    /// A part has been asked for.
    pub(super) fn ask(&mut self, split: Split) {
        *self.part_mut(split) = Part {
            stock: Stock::Fetching(0.0),
            ..Part::default()
        };
    }

    /// Takes in what the archive has sent.
    pub(super) fn take(&mut self, split: Split, parcel: Parcel) {
        let part = self.part_mut(split);
        match parcel {
            Parcel::Started | Parcel::Alike { .. } => {}
            Parcel::Progress { received, expected } => {
                let share = received as f64 / expected.max(1) as f64;
                part.stock = Stock::Fetching(share.min(1.0));
            }
            Parcel::Labels(labels) => {
                part.stock = Stock::Unpacking;
                part.labels = labels;
                // At once, as growing would copy 47 MB several times.
                part.pixels.reserve_exact(split.count() * PIXELS);
            }
            Parcel::Images(pixels) => {
                part.stock = Stock::Unpacking;
                part.pixels.extend_from_slice(&pixels);
            }
            Parcel::Complete => part.complete(split),
            Parcel::Failed { sentence } | Parcel::Died { sentence } => part.fail(sentence),
        }
    }

    fn part(&self, split: Split) -> &Part {
        &self.parts[split as usize]
    }

    fn part_mut(&mut self, split: Split) -> &mut Part {
        &mut self.parts[split as usize]
    }
}

impl Part {
    fn complete(&mut self, split: Split) {
        let counts = (self.labels.len(), self.pixels.len() / PIXELS);
        if counts == (split.count(), split.count()) {
            self.stock = Stock::Here;
        } else {
            let (labels, images) = counts;
            self.fail(format!(
                "The {} set arrived with {images} images and {labels} labels. Try again.",
                split.name()
            ));
        }
    }

    fn fail(&mut self, sentence: String) {
        *self = Self {
            stock: Stock::Failed(sentence),
            ..Self::default()
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_arrive_in_parcels_and_are_there_at_once() {
        let mut collection = Collection::default();
        let id = ImageId::new(Split::Test, 1).unwrap();
        collection.ask(Split::Test);
        collection.take(Split::Test, Parcel::Labels(vec![3, 4]));
        assert_eq!(
            (collection.label(id), collection.image(id)),
            (Some(4), None)
        );
        collection.take(Split::Test, Parcel::Images(vec![1; PIXELS]));
        collection.take(Split::Test, Parcel::Images(vec![2; PIXELS]));
        assert_eq!(collection.image(id), Some(Image([2; PIXELS])));
        let train = ImageId::new(Split::Train, 0).unwrap();
        assert_eq!(collection.label(train), None);
    }

    #[test]
    fn an_incomplete_part_is_no_part() {
        let mut collection = Collection::default();
        collection.take(Split::Test, Parcel::Labels(vec![3]));
        collection.take(Split::Test, Parcel::Complete);
        assert!(matches!(collection.stock(Split::Test), Stock::Failed(_)));
        assert!(!collection.has_labels(Split::Test));
    }

    #[test]
    fn progress_is_a_share_of_the_bytes() {
        let mut collection = Collection::default();
        let parcel = Parcel::Progress {
            received: 50,
            expected: 200,
        };
        collection.take(Split::Train, parcel);
        assert_eq!(*collection.stock(Split::Train), Stock::Fetching(0.25));
    }
}
