//! Pictures from files: uploads, pasted and dropped ones.

use super::{optional, words};
use js_sys::{Array, Reflect, Uint8Array};
use leptos::prelude::document;
use model::drawing::Ink;
use model::picture_file::{Format, Header, PictureError, check_file_size, working_size};
use std::fmt::Display;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, CanvasRenderingContext2d, ColorSpaceConversion, File};
use web_sys::{HtmlCanvasElement, ImageBitmap, ImageBitmapOptions, PremultiplyAlpha};

/// Side in pixels of the pattern by which a canvas is tried.
const PATTERN_SIDE: usize = 16;

/// Canvases may give back values that are wrong by this much: some browsers blur their traces so, which
/// no picture suffers from.
const PATTERN_TOLERANCE: u8 = 8;

/// The ink in a picture file. Its bytes alone say what it is, as for the command line.
///
/// # Errors
/// One sentence when the file is no picture, cannot be decoded here, or is blank.
pub async fn ink_from_file(file: &File) -> Result<Ink, String> {
    let name = file.name();
    check_file_size(file.size() as usize).map_err(|error| refused(&name, &error))?;
    let buffer = JsFuture::from(file.array_buffer()).await;
    // The browser's own words for it say less.
    let buffer = buffer.map_err(|_| {
        format!("{name} cannot be opened: it is a folder, or is not there any more. Open one picture file.")
    })?;
    let mut bytes = Uint8Array::new(&buffer).to_vec();
    let header = Header::read(&bytes).map_err(|error| refused(&name, &error))?;
    if !optional::can_decode() {
        return Err(format!(
            "{name} cannot be opened: this browser decodes no pictures for pages. Draw instead."
        ));
    }
    if !canvases_are_true() {
        return Err(format!(
            "{name} cannot be opened: this browser's protection of privacy falsifies what a page reads from its canvases. Allow this page to read them, or draw."
        ));
    }
    // Browsers turn some formats and not others; here all are turned alike, below.
    header.erase_orientation(&mut bytes);
    let bitmap = decode(&bytes, &header).await;
    let bitmap = bitmap.map_err(|_| refused(&name, &undecoded(header.format)))?;
    let (width, height) = working_size(bitmap.width() as usize, bitmap.height() as usize);
    let rgba = pixels(&bitmap, width, height);
    bitmap.close();
    let rgba = rgba.map_err(|error| refused(&name, &words(&error)))?;
    let (width, height, rgba) = header.orientation.upright(width, height, rgba);
    Ink::from_rgba(width, height, &rgba).map_err(|error| refused(&name, &error))
}

fn refused(name: &str, reason: &impl Display) -> String {
    format!("{name} cannot be opened: {reason}.")
}

/// What to say where the browser cannot decode a file.
fn undecoded(format: Format) -> PictureError {
    match format {
        Format::Avif => PictureError::UnreadFormat("an AVIF"),
        Format::Heic => PictureError::UnreadFormat("a HEIC"),
        format => PictureError::Damaged(format),
    }
}

/// The picture as it is stored, not turned, and scaled down if it is large.
async fn decode(bytes: &[u8], header: &Header) -> Result<ImageBitmap, JsValue> {
    // Without a type, for the browser to look at the bytes as well.
    let parts = Array::of1(&Uint8Array::from(bytes));
    let blob = Blob::new_with_u8_array_sequence(&parts)?;
    let options = ImageBitmapOptions::new();
    // The bytes as they are in the file, as the command line reads them.
    options.set_color_space_conversion(ColorSpaceConversion::None);
    options.set_premultiply_alpha(PremultiplyAlpha::None);
    let (width, height) = working_size(header.width, header.height);
    if (width, height) != (header.width, header.height) {
        Reflect::set(&options, &"resizeQuality".into(), &"high".into())?;
        // Of a format that the browser turns itself either edge may be the longer; it finds the other.
        let turned_here = !matches!(header.format, Format::Avif | Format::Heic);
        if turned_here || width >= height {
            options.set_resize_width(width as u32);
        }
        if turned_here || width < height {
            options.set_resize_height(height as u32);
        }
    }
    optional::decode(&blob, &options).await
}

fn pixels(bitmap: &ImageBitmap, width: usize, height: usize) -> Result<Vec<u8>, JsValue> {
    let context = canvas(width, height)?;
    let (width, height) = (width as f64, height as f64);
    context.draw_image_with_image_bitmap_and_dw_and_dh(bitmap, 0.0, 0.0, width, height)?;
    Ok(context.get_image_data(0.0, 0.0, width, height)?.data().0)
}

fn canvas(width: usize, height: usize) -> Result<CanvasRenderingContext2d, JsValue> {
    let canvas: HtmlCanvasElement = document().create_element("canvas")?.dyn_into()?;
    canvas.set_width(width as u32);
    canvas.set_height(height as u32);
    let context = canvas.get_context("2d")?.ok_or("no canvas")?;
    // By name, as web-sys does not have it. Where it is not known it has no effect.
    Reflect::set(&context, &"imageSmoothingQuality".into(), &"high".into())?;
    Ok(context.dyn_into()?)
}

/// Whether a canvas gives back what was put on it.
fn canvases_are_true() -> bool {
    let pattern = pattern();
    read_back(&pattern).is_ok_and(|read| is_true(&pattern, &read))
}

fn read_back(pattern: &[u8]) -> Result<Vec<u8>, JsValue> {
    let context = canvas(PATTERN_SIDE, PATTERN_SIDE)?;
    let pattern = web_sys::ImageData::new_with_u8_clamped_array(
        wasm_bindgen::Clamped(pattern),
        PATTERN_SIDE as u32,
    )?;
    context.put_image_data(&pattern, 0.0, 0.0)?;
    let side = PATTERN_SIDE as f64;
    Ok(context.get_image_data(0.0, 0.0, side, side)?.data().0)
}

/// Opaque pixels in all shades.
fn pattern() -> Vec<u8> {
    let shades = (0..PATTERN_SIDE * PATTERN_SIDE).map(|index| index as u8);
    shades
        .flat_map(|shade| [shade, 255 - shade, shade.wrapping_mul(7), 255])
        .collect()
}

fn is_true(pattern: &[u8], read: &[u8]) -> bool {
    let near = |(put, read): (&u8, &u8)| put.abs_diff(*read) <= PATTERN_TOLERANCE;
    pattern.len() == read.len() && pattern.iter().zip(read).all(near)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn falsified_canvases_are_told_from_blurred_ones() {
        let pattern = pattern();
        let blurred: Vec<u8> = pattern.iter().map(|value| value ^ 1).collect();
        assert!(is_true(&pattern, &blurred));
        let noise: Vec<u8> = (0..pattern.len()).map(|index| (index * 37) as u8).collect();
        for falsified in [&vec![255; pattern.len()], &vec![0; pattern.len()], &noise] {
            assert!(!is_true(&pattern, falsified));
        }
        assert!(!is_true(&pattern, &[]));
    }
}
