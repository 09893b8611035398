//! Picture files as cameras and programs write them, for the tests of the page and of the trainer.

use anyhow::Result;
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::codecs::webp::WebPEncoder;
use image::{ExtendedColorType, GrayImage, ImageEncoder, ImageFormat, imageops};

/// A picture that is not upright in its file, as a camera stores it, with Exif's number (1 to 8) that says
/// how it is to be turned. As JPEG, WebP, or else PNG; the last two lose nothing.
///
/// # Errors
/// When it cannot be encoded.
pub fn stored(upright: &GrayImage, orientation: u8, format: ImageFormat) -> Result<Vec<u8>> {
    let stored = match orientation {
        2 => imageops::flip_horizontal(upright),
        3 => imageops::rotate180(upright),
        4 => imageops::flip_vertical(upright),
        5 => imageops::flip_horizontal(&imageops::rotate90(upright)),
        6 => imageops::rotate270(upright),
        7 => imageops::flip_horizontal(&imageops::rotate270(upright)),
        8 => imageops::rotate90(upright),
        _ => upright.clone(),
    };
    let mut bytes = Vec::new();
    match format {
        ImageFormat::Jpeg => encode(
            JpegEncoder::new_with_quality(&mut bytes, 95),
            &stored,
            orientation,
        )?,
        ImageFormat::WebP => encode(WebPEncoder::new_lossless(&mut bytes), &stored, orientation)?,
        _ => encode(PngEncoder::new(&mut bytes), &stored, orientation)?,
    }
    Ok(bytes)
}

fn encode(mut encoder: impl ImageEncoder, picture: &GrayImage, orientation: u8) -> Result<()> {
    // A TIFF header and one entry: orientation (0x0112), one short.
    let mut exif = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\0\0\0\0\0\0\0".to_vec();
    exif[19] = orientation;
    encoder.set_exif_metadata(exif)?;
    encoder.write_image(
        picture,
        picture.width(),
        picture.height(),
        ExtendedColorType::L8,
    )?;
    Ok(())
}
