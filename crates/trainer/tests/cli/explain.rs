//! `explain` on images of the real test set.

use std::fs;

use anyhow::Result;

use crate::support::{Playground, data_folder};

#[test]
fn each_picture_gets_a_file_that_shows_what_speaks_for_the_class() -> Result<()> {
    let playground = Playground::new()?;
    let data = data_folder()?;
    let data = data.to_string_lossy();
    let call = ["explain", "--weights", "net.weights", "--data", &data];
    let flags = ["--test-images", "0,1", "--class", "bag"];
    let answer = playground.trainer(&[&call[..], &flags].concat())?;
    assert_eq!((answer.status, answer.stderr.as_str()), (Some(0), ""));
    assert!(
        answer
            .stdout
            .contains("test image 1: what speaks for Bag is in"),
        "{}",
        answer.stdout
    );
    assert_eq!(fs::read_dir(playground.file("explained"))?.count(), 2);
    let picture = image::open(playground.file("explained/1-test-image-0.png"))?.into_rgb8();
    // An mlp has no class-activation map: the image and its saliency.
    assert_eq!(picture.dimensions(), (2 * 224 + 8, 224));
    let saliency = image::imageops::crop_imm(&picture, 232, 0, 224, 224).to_image();
    let full = |channel: usize| {
        saliency
            .pixels()
            .any(|p| p[channel] == 255 && p[2 - channel] < 9)
    };
    assert!(
        full(0) || full(2),
        "nothing speaks for or against the class"
    );
    let again = playground.trainer(&[&call[..], &flags].concat())?;
    again.is_usage_error("explained/1-test-image-0.png is there already");
    let other =
        playground.trainer(&[&call[..], &["--test-images", "0", "--class", "hat"]].concat())?;
    other.is_usage_error("there is no class");
    Ok(())
}
