//! Finding images that the net takes for alike: nearest neighbours by cosine among the features that
//! its head sees.
//!
//! Features are kept as bytes: each image's are scaled so that the largest becomes 127, which cosine
//! does not notice. 70,000 images with 128 features then fit into 9 MB, and one search is a scan.

/// The value that an image's largest feature is scaled to.
const LARGEST: f32 = 127.0;

/// An image's features as bytes: scaled, rounded; all 0 where they are all 0 or no numbers.
pub fn quantise(features: &[f32]) -> Vec<i8> {
    let largest = features.iter().fold(0.0f32, |most, x| most.max(x.abs()));
    let scale = if largest > 0.0 && largest.is_finite() {
        LARGEST / largest
    } else {
        0.0
    };
    features
        .iter()
        .map(|feature| (feature * scale).round() as i8)
        .collect()
}

/// The features of many images, each under its number.
#[derive(Debug, Default)]
pub struct Index {
    width: usize,
    features: Vec<i8>,
    /// One over the length of each image's features; 0 where there are none yet.
    inverse_lengths: Vec<f32>,
}

impl Index {
    /// An index without features, for images with numbers below `images`.
    pub fn new(images: usize) -> Self {
        Self {
            inverse_lengths: vec![0.0; images],
            ..Self::default()
        }
    }

    /// Notes an image's features, from [`quantise`]. The first image's set the width; others of
    /// another width, or with a number out of range, are ignored.
    pub fn insert(&mut self, image: usize, features: &[i8]) {
        if self.width == 0 {
            self.width = features.len();
            self.features = vec![0; self.width * self.inverse_lengths.len()];
        }
        if features.len() != self.width || image >= self.inverse_lengths.len() {
            return;
        }
        self.features[image * self.width..][..self.width].copy_from_slice(features);
        self.inverse_lengths[image] = inverse_length(features);
    }

    /// An image's features, if they are known.
    pub fn features(&self, image: usize) -> Option<&[i8]> {
        self.inverse_lengths
            .get(image)
            .filter(|inverse| **inverse > 0.0)
            .map(|_| &self.features[image * self.width..][..self.width])
    }

    /// How many images' features are known.
    pub fn len(&self) -> usize {
        let known = self.inverse_lengths.iter();
        known.filter(|inverse| **inverse > 0.0).count()
    }

    /// Whether no image's features are known.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The `count` images most like these features, with their cosine (-1 to 1), the most alike first.
    /// Only images for which `wanted` holds are looked at.
    pub fn nearest(
        &self,
        features: &[i8],
        count: usize,
        wanted: impl Fn(usize) -> bool,
    ) -> Vec<(usize, f32)> {
        if features.len() != self.width || count == 0 {
            return Vec::new();
        }
        let inverse = inverse_length(features);
        let mut found: Vec<(usize, f32)> = self
            .inverse_lengths
            .iter()
            .enumerate()
            .filter(|(image, length)| **length > 0.0 && wanted(*image))
            .map(|(image, length)| {
                let row = &self.features[image * self.width..][..self.width];
                (image, dot(row, features) as f32 * length * inverse)
            })
            .collect();
        let descending = |a: &(usize, f32), b: &(usize, f32)| b.1.total_cmp(&a.1);
        if found.len() > count {
            found.select_nth_unstable_by(count, descending);
            found.truncate(count);
        }
        found.sort_by(descending);
        found
    }
}

fn inverse_length(features: &[i8]) -> f32 {
    let square = dot(features, features);
    if square > 0 {
        1.0 / (square as f32).sqrt()
    } else {
        0.0
    }
}

/// A sum that vector instructions can do: products of bytes fit into 16 bits.
fn dot(a: &[i8], b: &[i8]) -> i32 {
    a.iter()
        .zip(b)
        .map(|(&a, &b)| i32::from(i16::from(a) * i16::from(b)))
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index(rows: &[[f32; 3]]) -> Index {
        let mut index = Index::new(rows.len());
        for (image, row) in rows.iter().enumerate() {
            index.insert(image, &quantise(row));
        }
        index
    }

    #[test]
    fn the_nearest_by_angle_come_first_whatever_their_length() {
        let index = index(&[
            [1.0, 0.0, 0.0],
            [0.0, 5.0, 0.1],
            [90.0, 90.0, 0.0],
            [0.0, 0.0, 1.0],
        ]);
        let near = index.nearest(&quantise(&[0.0, 0.01, 0.0]), 2, |_| true);
        let order: Vec<usize> = near.iter().map(|(image, _)| *image).collect();
        assert_eq!(order, [1, 2]);
        assert!((near[0].1 - 1.0).abs() < 1e-3, "{near:?}");
        assert!((near[1].1 - 0.5f32.sqrt()).abs() < 1e-2, "{near:?}");
    }

    #[test]
    fn unknown_and_unwanted_images_are_left_out() {
        let mut index = Index::new(5);
        assert!(index.nearest(&[1, 2], 3, |_| true).is_empty());
        index.insert(1, &[3, 4]);
        index.insert(4, &[4, 3]);
        index.insert(2, &[1, 1, 1]);
        index.insert(9, &[1, 1]);
        assert_eq!((index.len(), index.features(0)), (2, None));
        let near = index.nearest(&[3, 4], 9, |image| image != 1);
        assert_eq!(near.len(), 1);
        assert_eq!(near[0].0, 4);
    }

    #[test]
    fn what_is_no_number_becomes_nothing() {
        assert_eq!(quantise(&[f32::NAN, f32::INFINITY]), [0, 0]);
        assert_eq!(quantise(&[0.5, -1.0, 0.0]), [64, -127, 0]);
    }
}
