//! PNG and JPEG files as upright RGBA pixels.

use std::io::Cursor;
use std::path::Path;

use anyhow::{Context, Result, bail};
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader};
use model::drawing::MAX_EDGE;

use crate::files;

/// Decoded pictures may take this much memory; a photo of 300 megapixels does.
const MAX_BYTES: u64 = 1 << 30;

/// A decoded picture.
pub struct Picture {
    /// Width in pixels.
    pub width: usize,
    /// Height in pixels.
    pub height: usize,
    /// Four bytes a pixel, row by row, as RGBA.
    pub rgba: Vec<u8>,
}

/// Reads the PNG or JPEG file at `path`, whatever its name ends in: turned upright if a camera was
/// held sideways, and shrunk if an edge is longer than the model crate takes.
///
/// # Errors
/// If it cannot be read, is no such picture, or is damaged or too large to decode.
pub fn read(path: &Path) -> Result<Picture> {
    if path.is_dir() {
        bail!("this is a folder, not a picture");
    }
    let picture = decode(&files::read(path)?)?;
    let limit = MAX_EDGE as u32;
    let pixels = if picture.width().max(picture.height()) > limit {
        picture.thumbnail(limit, limit).into_rgba8()
    } else {
        picture.into_rgba8()
    };
    Ok(Picture {
        width: pixels.width() as usize,
        height: pixels.height() as usize,
        rgba: pixels.into_raw(),
    })
}

fn decode(bytes: &[u8]) -> Result<DynamicImage> {
    let reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format()?;
    if !matches!(reader.format(), Some(ImageFormat::Png | ImageFormat::Jpeg)) {
        bail!("this is not a PNG or JPEG picture");
    }
    let mut decoder = reader.into_decoder().context("the picture is damaged")?;
    if decoder.total_bytes() > MAX_BYTES {
        let (width, height) = decoder.dimensions();
        bail!("the picture is too large ({width} by {height} pixels): make it smaller first");
    }
    // A file without readable EXIF data is taken as it lies.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).context("the picture is damaged")?;
    picture.apply_orientation(orientation);
    Ok(picture)
}
