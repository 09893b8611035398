//! A drawing gives the same bytes on every machine: these checksums hold natively and in wasm.

use model::drawing::{Mark, Paper, Point, Stroke, to_image};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Checksums of the paper and of the image after a few hundred random marks.
fn checksums() -> (u32, u32) {
    let mut random = ChaCha8Rng::seed_from_u64(7);
    let mut paper = Paper::new(300);
    for number in 0..300 {
        let mut point = || Point {
            x: random.random_range(20.0..200.0),
            y: random.random_range(60.0..240.0),
            pressure: random.random(),
        };
        let points = vec![point(), point(), point()];
        let fill = point();
        let stroke = Stroke {
            points,
            width: random.random_range(0.5..9.0),
        };
        paper.apply(&if number % 3 > 0 {
            Mark::Erase(stroke)
        } else {
            Mark::Stroke(stroke)
        });
        paper.apply(&Mark::Fill(fill));
    }
    let image = to_image(paper.ink()).map_or([0; 784], |image| image.0);
    (
        crc32fast::hash(paper.ink().pixels()),
        crc32fast::hash(&image),
    )
}

#[test]
fn drawings_have_the_same_bytes_everywhere() {
    assert_eq!(checksums(), (0xD78E_181A, 0xD5EE_7783));
}
