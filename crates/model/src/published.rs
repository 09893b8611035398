//! The four published files of Fashion-MNIST: their names, and whether bytes are what they should be.
//!
//! Source: <https://github.com/zalandoresearch/fashion-mnist>.

use rand::{SeedableRng, seq::SliceRandom};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

/// The two published parts of the data set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Split {
    /// 60,000 images to train on.
    Train,
    /// 10,000 images to test on.
    Test,
}

impl Split {
    /// Both parts; where all 70,000 images are counted through, they come in this order.
    pub const BOTH: [Self; 2] = [Self::Train, Self::Test];

    /// How many images it has.
    pub const fn count(self) -> usize {
        match self {
            Self::Train => 60_000,
            Self::Test => 10_000,
        }
    }

    /// Its name in lower case.
    pub fn name(self) -> &'static str {
        match self {
            Self::Train => "train",
            Self::Test => "test",
        }
    }

    /// The file of its images.
    pub fn images(self) -> &'static File {
        match self {
            Self::Train => &TRAIN_IMAGES,
            Self::Test => &TEST_IMAGES,
        }
    }

    /// The file of its labels.
    pub fn labels(self) -> &'static File {
        match self {
            Self::Train => &TRAIN_LABELS,
            Self::Test => &TEST_LABELS,
        }
    }
}

/// How many training images are held out for validation unless the user says otherwise.
pub const DEFAULT_VALIDATION: usize = 5_000;

/// Seed that chooses them unless the user says otherwise, so that models can be compared on them.
pub const SPLIT_SEED: u64 = 0;

/// Of each of `count` images, whether it is among the `held_out` ones that this seed chooses.
pub fn held_out_indices(count: usize, held_out: usize, seed: u64) -> Vec<bool> {
    let mut order: Vec<usize> = (0..count).collect();
    order.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
    let mut held = vec![false; count];
    for &index in order.iter().take(held_out) {
        held[index] = true;
    }
    held
}

/// One of the four files, with its MD5 sums.
#[derive(Debug)]
pub struct File {
    /// Its name.
    pub name: &'static str,
    /// Its length in bytes, packed, as its authors publish it.
    pub packed_bytes: u64,
    /// The sum as its authors publish it.
    pub md5: &'static str,
    /// The sum of what is inside, which counts: the file may be packed again by another gzip, or be unpacked on
    /// the way by a web server.
    pub content_md5: &'static str,
}

/// The training images.
pub const TRAIN_IMAGES: File = File {
    name: "train-images-idx3-ubyte.gz",
    packed_bytes: 26_421_880,
    md5: "8d4fb7e6c68d591d4c3dfef9ec88bf0d",
    content_md5: "f4a8712d7a061bf5bd6d2ca38dc4d50a",
};

/// The training images' labels.
pub const TRAIN_LABELS: File = File {
    name: "train-labels-idx1-ubyte.gz",
    packed_bytes: 29_515,
    md5: "25c81989df183df01b3e8a0aad5dffbe",
    content_md5: "9018921c3c673c538a1fc5bad174d6f9",
};

/// The test images.
pub const TEST_IMAGES: File = File {
    name: "t10k-images-idx3-ubyte.gz",
    packed_bytes: 4_422_102,
    md5: "bef4ecab320f06d8554ea6380940ec79",
    content_md5: "8181f5470baa50b63fa0f6fddb340f0a",
};

/// The test images' labels.
pub const TEST_LABELS: File = File {
    name: "t10k-labels-idx1-ubyte.gz",
    packed_bytes: 5_148,
    md5: "bb300cfdad3c16e7a12a480ee83cd310",
    content_md5: "15d484375f8d13e6eb1aabb0c3f46965",
};

/// All four.
pub const FILES: [File; 4] = [TRAIN_IMAGES, TRAIN_LABELS, TEST_IMAGES, TEST_LABELS];

/// What a sidecar says about the data: the published MD5 sums of the four files, joined by '-'.
pub fn data_hash() -> String {
    FILES.map(|file| file.md5).join("-")
}

#[cfg(feature = "unpack")]
mod unpack {
    use super::File;
    use flate2::read::MultiGzDecoder;
    use md5::{Digest, Md5};
    use std::io::Read;
    use thiserror::Error;

    const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

    /// More than is inside any of the files: a packed file may unpack to far more than it seems.
    const MOST_BYTES: u64 = 64 << 20;

    /// Why bytes are not the published file.
    #[derive(Debug, Error)]
    pub enum UnpackError {
        /// Another file, or a damaged one.
        #[error("not the published file (MD5 of its content {found}, expected {expected})")]
        OtherFile {
            /// The sum of what is inside these bytes.
            found: String,
            /// The sum of what its authors publish.
            expected: &'static str,
        },
        /// It cannot be unpacked.
        #[error("the file cannot be unpacked: {0}")]
        Damaged(#[from] std::io::Error),
    }

    impl File {
        /// What is in the file with these bytes, packed by whatever gzip or already unpacked, once its MD5 sum
        /// is the known one.
        ///
        /// # Errors
        /// When the bytes are of another file, or damaged.
        pub fn unpack(&self, bytes: Vec<u8>) -> Result<Vec<u8>, UnpackError> {
            let content = if bytes.starts_with(&GZIP_MAGIC) {
                let mut content = Vec::new();
                let unpacked = MultiGzDecoder::new(bytes.as_slice());
                unpacked.take(MOST_BYTES).read_to_end(&mut content)?;
                content
            } else {
                bytes
            };
            let (found, expected) = (format!("{:x}", Md5::digest(&content)), self.content_md5);
            if found == expected {
                Ok(content)
            } else {
                Err(UnpackError::OtherFile { found, expected })
            }
        }
    }

    #[cfg(test)]
    mod tests {
        use crate::published::{File, TEST_LABELS};
        use flate2::{Compression, write::GzEncoder};
        use md5::{Digest, Md5};
        use std::io::Write;

        fn packed(content: &[u8], level: u32) -> Vec<u8> {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::new(level));
            encoder.write_all(content).expect("memory");
            encoder.finish().expect("memory")
        }

        #[test]
        fn the_content_counts_however_it_was_packed() {
            let content = b"the same content ".repeat(1000);
            let sum = format!("{:x}", Md5::digest(&content));
            let file = File {
                content_md5: sum.leak(),
                ..TEST_LABELS
            };
            let (first, second) = content.split_at(500);
            for bytes in [
                content.clone(),
                packed(&content, 0),
                packed(&content, 1),
                packed(&content, 9),
                // As parallel packers write it.
                [packed(first, 6), packed(second, 6)].concat(),
            ] {
                assert_eq!(file.unpack(bytes).expect("it is the file"), content);
            }
            let whole = packed(&content, 6);
            assert!(file.unpack(whole[..whole.len() / 2].to_vec()).is_err());
            assert!(file.unpack(packed(first, 6)).is_err());
        }

        #[test]
        fn what_unpacks_to_far_too_much_is_refused() {
            let zeros = vec![0; 100 << 20];
            assert!(TEST_LABELS.unpack(packed(&zeros, 9)).is_err());
        }

        #[test]
        fn another_file_is_refused_with_both_sums() {
            let refused = TEST_LABELS.unpack(b"something else".to_vec());
            let sentence = refused.err().map(|error| error.to_string());
            let sentence = sentence.unwrap_or_default();
            assert!(sentence.contains("not the published file"), "{sentence}");
            assert!(sentence.contains(TEST_LABELS.content_md5), "{sentence}");
        }
    }
}
#[cfg(feature = "unpack")]
pub use unpack::UnpackError;
