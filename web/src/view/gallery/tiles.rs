//! Thumbnails on a canvas. The pixels of those in sight are put on a sheet of their own, one to one,
//! and the sheet is drawn onto the canvas as large as it is to be seen.

use crate::gallery::{Gallery, ImageId, Layout};
use leptos::prelude::{document, window};
use model::image::{PIXELS, SIDE};
use std::ops::Range;
use wasm_bindgen::{Clamped, JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};

/// A thumbnail's side on the sheet, with a gap of two pixels.
const CELL: usize = SIDE + 2;

/// What is painted: everything in CSS pixels.
pub(super) struct Scene<'a> {
    /// What is shown.
    pub(super) gallery: &'a Gallery,
    /// Where the tiles stand.
    pub(super) layout: Layout,
    /// How far it is scrolled.
    pub(super) top: f64,
    /// The window's width and height.
    pub(super) window: (f64, f64),
    /// The place of the chosen tile.
    pub(super) chosen: Option<usize>,
}

/// The canvas's painter, with the sheet that it keeps.
pub(super) struct Painter {
    sheet: HtmlCanvasElement,
    rgba: Vec<u32>,
}

impl Painter {
    /// A painter with an empty sheet.
    pub(super) fn new() -> Option<Self> {
        let sheet = document().create_element("canvas").ok()?.dyn_into().ok()?;
        Some(Self {
            sheet,
            rgba: Vec::new(),
        })
    }

    /// Paints what is in sight.
    ///
    /// # Errors
    /// When the browser cannot paint on a canvas.
    pub(super) fn paint(
        &mut self,
        canvas: &HtmlCanvasElement,
        scene: &Scene<'_>,
    ) -> Result<(), JsValue> {
        let ratio = window().device_pixel_ratio();
        let (width, height) = scene.window;
        resize(canvas, (width * ratio) as u32, (height * ratio) as u32);
        let context = context(canvas)?;
        context.set_transform(ratio, 0.0, 0.0, ratio, 0.0, 0.0)?;
        context.clear_rect(0.0, 0.0, width, height);
        let rows = scene.layout.rows_in_sight(scene.top, height);
        if rows.is_empty() {
            return Ok(());
        }
        self.fill(scene, &rows)?;
        let cell = CELL as f64;
        let scale = scene.layout.tile() / cell;
        // Enlarged, each pixel is to be seen; made smaller, they flow together.
        context.set_image_smoothing_enabled(scale * ratio < 1.5);
        let first = rows.start as f64 * scene.layout.tile() - scene.top;
        let size = (
            f64::from(self.sheet.width()) * scale,
            f64::from(self.sheet.height()) * scale,
        );
        context.draw_image_with_html_canvas_element_and_dw_and_dh(
            &self.sheet,
            0.0,
            first,
            size.0,
            size.1,
        )?;
        mark(canvas, &context, scene, &rows)
    }

    /// Puts the thumbnails of some rows on the sheet.
    fn fill(&mut self, scene: &Scene<'_>, rows: &Range<usize>) -> Result<(), JsValue> {
        let columns = scene.layout.columns();
        let (width, height) = (columns * CELL, rows.len() * CELL);
        self.rgba.clear();
        self.rgba.resize(width * height, 0);
        let shown = in_sight(scene, rows);
        for (place, id) in shown.iter().enumerate() {
            let corner = place / columns * CELL * width + place % columns * CELL;
            if let Some(pixels) = scene.gallery.collection().pixels(*id) {
                put(&mut self.rgba[corner..], width, pixels);
            }
        }
        resize(&self.sheet, width as u32, height as u32);
        let bytes = Clamped(bytemuck::cast_slice(&self.rgba));
        let data = ImageData::new_with_u8_clamped_array(bytes, width as u32)?;
        context(&self.sheet)?.put_image_data(&data, 0.0, 0.0)
    }
}

/// Puts one thumbnail where the slice begins, a pixel in from its cell's corner.
fn put(rgba: &mut [u32], width: usize, pixels: &[u8; PIXELS]) {
    for (row, line) in pixels.as_chunks::<SIDE>().0.iter().enumerate() {
        let start = (row + 1) * width + 1;
        for (place, &grey) in rgba[start..start + SIDE].iter_mut().zip(line) {
            *place = u32::from_le_bytes([grey, grey, grey, 255]);
        }
    }
}

/// The images of some rows.
fn in_sight<'a>(scene: &'a Scene<'_>, rows: &Range<usize>) -> &'a [ImageId] {
    let shown = scene.gallery.shown();
    let columns = scene.layout.columns();
    let end = (rows.end * columns).min(shown.len());
    &shown[(rows.start * columns).min(end)..end]
}

/// Marks wrong answers and the chosen tile.
fn mark(
    canvas: &HtmlCanvasElement,
    context: &CanvasRenderingContext2d,
    scene: &Scene<'_>,
    rows: &Range<usize>,
) -> Result<(), JsValue> {
    let tile = scene.layout.tile();
    let sources = scene.gallery.sources();
    let first = rows.start * scene.layout.columns();
    context.set_fill_style_str(&colour(canvas, "--wrong")?);
    for (place, id) in in_sight(scene, rows).iter().enumerate() {
        let label = scene.gallery.collection().label(*id);
        let finding = sources.finding(*id);
        if finding.is_some_and(|finding| Some(finding.predicted) != label) {
            let (x, y) = scene.layout.place(first + place);
            let thickness = (tile / 12.0).max(2.0);
            context.fill_rect(
                x + 1.0,
                y - scene.top + tile - thickness - 1.0,
                tile - 2.0,
                thickness,
            );
        }
    }
    if let Some(chosen) = scene.chosen {
        let (x, y) = scene.layout.place(chosen);
        context.set_stroke_style_str(&colour(canvas, "--accent")?);
        context.set_line_width(3.0);
        context.stroke_rect(x + 1.0, y - scene.top + 1.0, tile - 2.0, tile - 2.0);
    }
    Ok(())
}

/// A colour of the style sheet, which knows day and night.
pub(super) fn colour(canvas: &HtmlCanvasElement, name: &str) -> Result<String, JsValue> {
    let style = window().get_computed_style(canvas)?;
    style.map_or(Ok(String::new()), |style| style.get_property_value(name))
}

pub(super) fn context(canvas: &HtmlCanvasElement) -> Result<CanvasRenderingContext2d, JsValue> {
    let context = canvas.get_context("2d")?.ok_or("no canvas")?;
    Ok(context.dyn_into()?)
}

/// Setting a canvas's size clears it and takes time, even if it stays the same.
pub(super) fn resize(canvas: &HtmlCanvasElement, width: u32, height: u32) {
    if canvas.width() != width {
        canvas.set_width(width);
    }
    if canvas.height() != height {
        canvas.set_height(height);
    }
}
