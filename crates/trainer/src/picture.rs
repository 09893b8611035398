//! Picture files as upright RGBA pixels.

use std::fs;
use std::io::Cursor;
use std::path::Path;

use anyhow::Result;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};
use model::drawing::MAX_EDGE;
use model::picture_file::{
    Format, Header, MAX_FILE_BYTES, MAX_PIXELS, PictureError, check_file_size, working_size,
};

use crate::files;

/// What the names of picture files in a folder end in. AVIF is among them for the person to be told that it
/// is not read.
pub const EXTENSIONS: [&str; 7] = ["png", "jpg", "jpeg", "webp", "gif", "bmp", "avif"];

/// What a PNG says beside its pixels, unpacked, may take so many bytes: some colour profiles unpack to a
/// thousand times their size.
const METADATA_BYTES: u64 = 16 << 20;

/// A decoded picture.
pub struct Picture {
    /// Width in pixels.
    pub width: usize,
    /// Height in pixels.
    pub height: usize,
    /// Four bytes a pixel, row by row, as RGBA.
    pub rgba: Vec<u8>,
}

/// Reads the picture file at `path`, whatever its name ends in: turned upright if a camera was held
/// sideways, and scaled down if it is large, as the page does both.
///
/// # Errors
/// If it cannot be read, is no picture that is read here, or is cut off, damaged or too large.
pub fn read(path: &Path) -> Result<Picture> {
    if let Ok(metadata) = fs::metadata(path) {
        check_file_size(usize::try_from(metadata.len()).unwrap_or(usize::MAX))?;
    }
    let bytes = files::read_up_to(path, MAX_FILE_BYTES as u64)?;
    let header = Header::read(&bytes)?;
    let decoded = decode(&bytes, &header)?;
    let (width, height) = working_size(header.width, header.height);
    let decoded = if (width, height) == (header.width, header.height) {
        decoded
    } else {
        decoded.thumbnail_exact(width as u32, height as u32)
    };
    let (width, height, rgba) =
        header
            .orientation
            .upright(width, height, decoded.into_rgba8().into_raw());
    Ok(Picture {
        width,
        height,
        rgba,
    })
}

fn decode(bytes: &[u8], header: &Header) -> Result<DynamicImage, PictureError> {
    let (format, memory) = match header.format {
        Format::Png => (ImageFormat::Png, METADATA_BYTES),
        Format::Jpeg => (ImageFormat::Jpeg, 4 * MAX_PIXELS as u64),
        Format::WebP => (ImageFormat::WebP, 4 * MAX_PIXELS as u64),
        Format::Gif => (ImageFormat::Gif, 4 * MAX_PIXELS as u64),
        Format::Bmp => (ImageFormat::Bmp, 4 * MAX_PIXELS as u64),
        Format::Avif => return Err(PictureError::UnreadFormat("an AVIF")),
        Format::Heic => return Err(PictureError::UnreadFormat("a HEIC")),
    };
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_EDGE as u32);
    limits.max_image_height = Some(MAX_EDGE as u32);
    limits.max_alloc = Some(memory);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    let damaged = |_| PictureError::Damaged(header.format);
    let decoder = reader.into_decoder().map_err(damaged)?;
    if decoder.dimensions() != (header.width as u32, header.height as u32) {
        return Err(PictureError::Damaged(header.format));
    }
    DynamicImage::from_decoder(decoder).map_err(damaged)
}
