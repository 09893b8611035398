//! Pictures from files: uploads, pasted and dropped ones.

use super::{optional, words};
use js_sys::Reflect;
use leptos::prelude::document;
use model::drawing::{Ink, InkError, MAX_EDGE};
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, ColorSpaceConversion, File, HtmlCanvasElement};
use web_sys::{ImageBitmap, ImageBitmapOptions, PremultiplyAlpha};

/// Longest edge in pixels that is decoded as it is, as the command line does; larger pictures are
/// scaled down by the browser, as a phone's memory is small.
const DECODED_EDGE: f64 = 2048.0;

/// The ink in a picture file.
///
/// # Errors
/// One sentence when the file is no picture, or too large a one.
pub async fn ink_from_file(file: &File) -> Result<Ink, String> {
    let name = file.name();
    let kind = file.type_();
    if !kind.is_empty() && !kind.starts_with("image/") {
        return Err(no_picture(&name));
    }
    if !optional::can_decode() {
        return Err(format!(
            "{name} cannot be opened: this browser decodes no pictures for pages. Draw instead."
        ));
    }
    let bitmap = decode(file).await.map_err(|_| no_picture(&name))?;
    let ink = ink_from_bitmap(&bitmap, &name);
    bitmap.close();
    ink
}

fn no_picture(name: &str) -> String {
    format!("{name} cannot be read as a picture. Use a PNG, JPEG, WebP or GIF file.")
}

async fn decode(file: &File) -> Result<ImageBitmap, wasm_bindgen::JsValue> {
    let options = ImageBitmapOptions::new();
    // The bytes as they are in the file, as the command line reads them.
    options.set_color_space_conversion(ColorSpaceConversion::None);
    options.set_premultiply_alpha(PremultiplyAlpha::None);
    optional::decode(file, &options).await
}

fn ink_from_bitmap(bitmap: &ImageBitmap, name: &str) -> Result<Ink, String> {
    let refused = |error: InkError| format!("{name} cannot be opened: {error}.");
    let (width, height) = (bitmap.width() as usize, bitmap.height() as usize);
    if width.max(height) > MAX_EDGE {
        return Err(refused(InkError::TooLarge { width, height }));
    }
    let (width, height) = decoded_size(width, height);
    let rgba = pixels(bitmap, width, height)
        .map_err(|error| format!("{name} cannot be opened ({}).", words(&error)))?;
    Ink::from_rgba(width, height, &rgba).map_err(refused)
}

/// The size in pixels at which a picture is taken over.
fn decoded_size(width: usize, height: usize) -> (usize, usize) {
    let scale = (DECODED_EDGE / width.max(height) as f64).min(1.0);
    let scaled = |edge: usize| (edge as f64 * scale).round().max(1.0) as usize;
    (scaled(width), scaled(height))
}

fn pixels(
    bitmap: &ImageBitmap,
    width: usize,
    height: usize,
) -> Result<Vec<u8>, wasm_bindgen::JsValue> {
    let canvas: HtmlCanvasElement = document().create_element("canvas")?.dyn_into()?;
    canvas.set_width(width as u32);
    canvas.set_height(height as u32);
    let context = canvas.get_context("2d")?.ok_or("no canvas")?;
    let context: CanvasRenderingContext2d = context.dyn_into()?;
    // By name, as web-sys does not have it. Where it is not known it has no effect.
    Reflect::set(&context, &"imageSmoothingQuality".into(), &"high".into())?;
    let (width, height) = (width as f64, height as f64);
    context.draw_image_with_image_bitmap_and_dw_and_dh(bitmap, 0.0, 0.0, width, height)?;
    Ok(context.get_image_data(0.0, 0.0, width, height)?.data().0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_pictures_are_scaled_down_and_others_taken_as_they_are() {
        assert_eq!(decoded_size(28, 28), (28, 28));
        assert_eq!(decoded_size(4096, 2048), (2048, 1024));
        assert_eq!(decoded_size(16_384, 1), (2048, 1));
    }
}
