//! Ink and images as colours on a canvas.

use crate::desk::Desk;
use leptos::html::Canvas;
use leptos::prelude::*;
use model::drawing::{Ink, Rect};
use model::image::{Image, PIXELS, SIDE};
use wasm_bindgen::{Clamped, JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};

/// The paper's colour, the same by day and night: what is seen is what the net gets.
const PAPER_COLOUR: [u8; 3] = [253, 252, 249];

/// The colour of full ink.
const INK_COLOUR: [u8; 3] = [28, 32, 40];

/// Paints the part of the ink that has changed.
pub fn paint_ink(canvas: &HtmlCanvasElement, ink: &Ink, dirty: Rect) {
    if !dirty.is_empty() {
        put(
            canvas,
            &ink_colours(ink, dirty),
            dirty.width(),
            (dirty.left, dirty.top),
        );
    }
}

/// Paints a canvas whenever something changes that `paint` reads, and when the browser has lost what was on it.
pub(super) fn keep_painted(canvas: NodeRef<Canvas>, paint: impl Fn(&HtmlCanvasElement) + 'static) {
    let desk = expect_context::<Desk>();
    Effect::new(move || {
        desk.restored.track();
        if let Some(canvas) = canvas.get() {
            paint(&canvas);
        }
    });
}

/// Paints the image that the net sees, one canvas pixel a pixel; nothing while the paper is blank.
pub(super) fn paint_image(canvas: &HtmlCanvasElement, image: Option<&Image>) {
    let grey: Vec<u8> = match image {
        Some(image) => image
            .0
            .iter()
            .flat_map(|&pixel| [pixel, pixel, pixel, 255])
            .collect(),
        None => vec![0; 4 * SIDE * SIDE],
    };
    put(canvas, &grey, SIDE, (0, 0));
}

/// What speaks for a class.
const FOR_COLOUR: [f32; 3] = [255.0, 146.0, 28.0];

/// What speaks against it.
const AGAINST_COLOUR: [f32; 3] = [52.0, 128.0, 255.0];

/// Paints an image under a veil as strong as the heat, −1 to 1, at each pixel; nothing for nothing.
pub(super) fn paint_heat(canvas: &HtmlCanvasElement, seen: Option<(&Image, &[f32; PIXELS])>) {
    let colours: Vec<u8> = match seen {
        Some((image, heat)) => image
            .0
            .iter()
            .zip(heat)
            .flat_map(|(&pixel, &heat)| veiled(pixel, heat))
            .collect(),
        None => vec![0; 4 * PIXELS],
    };
    put(canvas, &colours, SIDE, (0, 0));
}

fn veiled(pixel: u8, heat: f32) -> [u8; 4] {
    let colour = if heat > 0.0 {
        FOR_COLOUR
    } else {
        AGAINST_COLOUR
    };
    let share = 0.75 * heat.abs().min(1.0);
    let [red, green, blue] =
        colour.map(|colour| (colour * share + f32::from(pixel) * (1.0 - share)) as u8);
    [red, green, blue, 255]
}

fn put(canvas: &HtmlCanvasElement, rgba: &[u8], width: usize, place: (usize, usize)) {
    // A browser that cannot do this cannot show a canvas at all.
    let _ = try_put(canvas, rgba, width, place);
}

fn try_put(
    canvas: &HtmlCanvasElement,
    rgba: &[u8],
    width: usize,
    (x, y): (usize, usize),
) -> Result<(), JsValue> {
    let context = canvas.get_context("2d")?.ok_or(JsValue::NULL)?;
    let context: CanvasRenderingContext2d = context.dyn_into()?;
    let data = ImageData::new_with_u8_clamped_array(Clamped(rgba), width as u32)?;
    context.put_image_data(&data, x as f64, y as f64)
}

/// Red, green, blue and opacity of each pixel in a part of the ink.
fn ink_colours(ink: &Ink, part: Rect) -> Vec<u8> {
    let palette: [[u8; 4]; 256] = std::array::from_fn(|ink| {
        let mix = |channel: usize| {
            let (paper, full) = (
                usize::from(PAPER_COLOUR[channel]),
                usize::from(INK_COLOUR[channel]),
            );
            ((paper * (255 - ink) + full * ink + 127) / 255) as u8
        };
        [mix(0), mix(1), mix(2), 255]
    });
    let rows = ink
        .pixels()
        .chunks_exact(ink.width())
        .take(part.bottom)
        .skip(part.top);
    rows.flat_map(|row| &row[part.left..part.right])
        .flat_map(|&ink| palette[usize::from(ink)])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_veil_is_orange_for_and_blue_against() {
        assert_eq!(veiled(90, 0.0), [90, 90, 90, 255]);
        let [red, _, blue, _] = veiled(0, 1.0);
        assert!(red > 150 && blue < 50);
        let [red, _, blue, _] = veiled(0, -2.0);
        assert!(red < 50 && blue > 150);
    }

    #[test]
    fn colours_a_part_of_the_ink() {
        let ink = Ink::new(3, 2, vec![9, 9, 9, 9, 0, 255]).unwrap();
        let colours = ink_colours(
            &ink,
            Rect {
                left: 1,
                top: 1,
                right: 3,
                bottom: 2,
            },
        );
        assert_eq!(colours, [253, 252, 249, 255, 28, 32, 40, 255]);
    }
}
