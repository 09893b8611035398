//! What the data are like: for each class how many, the mean image, and how bright its pixels are.

use super::{Collection, ImageId};
use model::class::CLASS_COUNT;
use model::image::{Image, PIXELS};
use model::published::Split;

/// How many equally wide stretches of brightness the histogram has.
pub const SHADES: usize = 16;

/// One class of one part of the data set.
#[derive(Clone, Debug, PartialEq)]
pub struct ClassPortrait {
    /// How many images it has.
    pub count: usize,
    /// Each pixel's mean.
    pub mean: Image,
    /// The share of pixels in each stretch of brightness, from dark to bright; they add up to 1.
    pub shades: [f64; SHADES],
    /// Mean brightness of all pixels, 0 to 255.
    pub brightness: f64,
}

/// All classes of a part; `None` until all of it has arrived.
pub fn portraits(collection: &Collection, split: Split) -> Option<[ClassPortrait; CLASS_COUNT]> {
    let mut sums = vec![Sums::default(); CLASS_COUNT];
    for id in ImageId::all_of(split) {
        let label = usize::from(collection.label(id)?);
        sums[label].add(collection.pixels(id)?);
    }
    let portraits: Vec<ClassPortrait> = sums.iter().map(Sums::portrait).collect();
    portraits.try_into().ok()
}

#[derive(Clone)]
struct Sums {
    count: usize,
    pixels: [u32; PIXELS],
    shades: [u32; SHADES],
}

impl Default for Sums {
    fn default() -> Self {
        Self {
            count: 0,
            pixels: [0; PIXELS],
            shades: [0; SHADES],
        }
    }
}

impl Sums {
    fn add(&mut self, image: &[u8; PIXELS]) {
        self.count += 1;
        for (sum, &pixel) in self.pixels.iter_mut().zip(image) {
            *sum += u32::from(pixel);
            self.shades[usize::from(pixel) * SHADES / 256] += 1;
        }
    }

    fn portrait(&self) -> ClassPortrait {
        let count = self.count.max(1);
        let all = (count * PIXELS) as f64;
        let whole: f64 = self.pixels.iter().map(|&sum| f64::from(sum)).sum();
        ClassPortrait {
            count: self.count,
            mean: Image(
                self.pixels
                    .map(|sum| (f64::from(sum) / count as f64).round() as u8),
            ),
            shades: self.shades.map(|count| f64::from(count) / all),
            brightness: whole / all,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::archive::Parcel;

    #[test]
    fn a_portrait_holds_count_mean_and_shades() {
        let mut collection = Collection::default();
        assert_eq!(portraits(&collection, Split::Test), None);
        let count = Split::Test.count();
        let labels = (0..count).map(|index| (index % 2) as u8).collect();
        collection.take(Split::Test, Parcel::Labels(labels));
        let pixels = (0..count)
            .flat_map(|index| [(index % 4 * 64) as u8; PIXELS])
            .collect();
        collection.take(Split::Test, Parcel::Images(pixels));
        let [even, odd, none, ..] = portraits(&collection, Split::Test).unwrap();
        assert_eq!((even.count, odd.count, none.count), (5_000, 5_000, 0));
        assert_eq!((even.mean.0[0], odd.brightness), (64, 128.0));
        assert_eq!(
            (even.shades[0], even.shades[8], even.shades[4]),
            (0.5, 0.5, 0.0)
        );
    }
}
