//! Painting the map: points as pixels, and over them lines and names.

use super::super::tiles::{colour, context, resize};
use crate::gallery::{DIM, Lens, Region, Shade, UNKNOWN};
use leptos::prelude::window;
use model::class::CLASS_COUNT;
use model::map::Place;
use std::f64::consts::TAU;
use wasm_bindgen::{Clamped, JsValue};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};

/// Of the colour of a point that is left out, so much stays; the rest is the ground's.
const FAINT: f32 = 0.16;

/// Fewer points than this are painted larger.
const FEW: usize = 3_000;

/// The greatest side of a point, in CSS pixels.
const LARGEST_POINT: f64 = 7.0;

/// What is painted. Places are in the map's units.
pub(super) struct Scene<'a> {
    /// Where each image lies.
    pub(super) places: &'a [Place],
    /// Its colour.
    pub(super) shades: &'a [Shade],
    /// How many are not left out.
    pub(super) shown: usize,
    /// What part of the map is seen.
    pub(super) lens: Lens,
    /// Words with their places.
    pub(super) names: &'a [(&'static str, [f64; 2])],
    /// Lines: a chosen part of the map, a line being drawn, a rectangle.
    pub(super) lines: Vec<Vec<[f64; 2]>>,
    /// Where a crosshair stands.
    pub(super) cursor: Option<[f64; 2]>,
    /// Points that stand out: the one pointed at, and the chosen image.
    pub(super) rings: Vec<[f64; 2]>,
    /// Where the person's drawing lies.
    pub(super) drawing: Option<[f64; 2]>,
}

/// The canvas's painter, with the pixels that it keeps.
#[derive(Default)]
pub(super) struct Plane {
    rgba: Vec<u32>,
}

impl Plane {
    /// Paints the map.
    ///
    /// # Errors
    /// When the browser cannot paint on a canvas.
    pub(super) fn paint(
        &mut self,
        canvas: &HtmlCanvasElement,
        scene: &Scene<'_>,
    ) -> Result<(), JsValue> {
        let ratio = window().device_pixel_ratio();
        let [width, height] = scene.lens.window().map(|edge| (edge * ratio) as usize);
        if width == 0 || height == 0 {
            return Ok(());
        }
        resize(canvas, width as u32, height as u32);
        let palette = Palette::of(canvas)?;
        self.rgba.clear();
        self.rgba.resize(width * height, palette.ground);
        self.points(scene, &palette, width, ratio);
        let context = context(canvas)?;
        let bytes = Clamped(bytemuck::cast_slice(&self.rgba));
        let data = ImageData::new_with_u8_clamped_array(bytes, width as u32)?;
        context.put_image_data(&data, 0.0, 0.0)?;
        context.set_transform(ratio, 0.0, 0.0, ratio, 0.0, 0.0)?;
        over(&context, canvas, scene)
    }

    /// The points that are left out first, so that the others lie over them.
    fn points(&mut self, scene: &Scene<'_>, palette: &Palette, width: usize, ratio: f64) {
        let height = self.rgba.len() / width;
        let scale = scene.lens.scale() * ratio;
        let [left, top] = scene.lens.to_window([0.0, 0.0]).map(|edge| edge * ratio);
        let base = if scene.shown < FEW { 2.6 } else { 1.6 };
        let side = (base * scene.lens.zoom().sqrt()).min(LARGEST_POINT) * ratio;
        let sides = [(DIM, (side * 0.75).max(1.0)), (0, side.max(1.0))];
        for (pass, side) in sides.map(|(pass, side)| (pass, side.round() as usize)) {
            let points = scene.places.iter().zip(scene.shades);
            for ([x, y], shade) in points.filter(|(_, shade)| **shade & DIM == pass) {
                let x = f64::from(*x) * scale + left - side as f64 / 2.0;
                let y = f64::from(*y) * scale + top - side as f64 / 2.0;
                if x >= 0.0 && y >= 0.0 {
                    let (x, y) = (x as usize, y as usize);
                    if x + side <= width && y + side <= height {
                        self.point(
                            y * width + x,
                            width,
                            side,
                            palette.colours[usize::from(*shade)],
                        );
                    }
                }
            }
        }
    }

    /// A square whose corners are cut once it is large enough to have some.
    fn point(&mut self, corner: usize, width: usize, side: usize, colour: u32) {
        let cut = side / 4;
        for row in 0..side {
            let inset = cut.saturating_sub(row.min(side - 1 - row));
            let start = corner + row * width;
            self.rgba[start + inset..start + side - inset].fill(colour);
        }
    }
}

/// The style sheet's colours, which know day and night, as pixels.
struct Palette {
    ground: u32,
    /// By shade; twice, the second time faint.
    colours: [u32; 2 * DIM as usize],
}

impl Palette {
    fn of(canvas: &HtmlCanvasElement) -> Result<Self, JsValue> {
        let ground = pixel(&colour(canvas, "--card")?);
        let mut colours = [ground; 2 * DIM as usize];
        for (shade, one) in colours
            .iter_mut()
            .enumerate()
            .take(usize::from(UNKNOWN) + 1)
        {
            let name = match shade {
                CLASS_COUNT => "--bar".to_owned(),
                shade if shade == CLASS_COUNT + 1 => "--wrong".to_owned(),
                shade if shade > CLASS_COUNT => "--unknown".to_owned(),
                class => format!("--class-{class}"),
            };
            *one = pixel(&colour(canvas, &name)?);
        }
        for shade in 0..usize::from(DIM) {
            colours[shade + usize::from(DIM)] = mixed(colours[shade], ground);
        }
        // Nothing is known of most points at first; they are there, and no more.
        colours[usize::from(UNKNOWN + DIM)] = colours[usize::from(UNKNOWN)];
        Ok(Self { ground, colours })
    }
}

/// A colour like `#2b4c7e` as a pixel; black where it is none.
fn pixel(hex: &str) -> u32 {
    let digits = hex.trim().trim_start_matches('#');
    let rgb = u32::from_str_radix(digits, 16).unwrap_or(0);
    let [_, red, green, blue] = rgb.to_be_bytes();
    u32::from_le_bytes([red, green, blue, 255])
}

fn mixed(colour: u32, ground: u32) -> u32 {
    let (colour, ground) = (colour.to_le_bytes(), ground.to_le_bytes());
    let mix = |index: usize| {
        let (one, other) = (f32::from(colour[index]), f32::from(ground[index]));
        (one * FAINT + other * (1.0 - FAINT)).round() as u8
    };
    u32::from_le_bytes([mix(0), mix(1), mix(2), 255])
}

/// Lines, rings and names.
fn over(
    context: &CanvasRenderingContext2d,
    canvas: &HtmlCanvasElement,
    scene: &Scene<'_>,
) -> Result<(), JsValue> {
    let accent = colour(canvas, "--accent")?;
    context.set_stroke_style_str(&accent);
    context.set_line_width(2.0);
    for line in &scene.lines {
        context.begin_path();
        for point in line.iter().map(|place| scene.lens.to_window(*place)) {
            context.line_to(point[0], point[1]);
        }
        context.close_path();
        context.stroke();
    }
    for place in &scene.rings {
        ring(context, scene.lens.to_window(*place), 7.0)?;
    }
    if let Some([x, y]) = scene.cursor.map(|place| scene.lens.to_window(place)) {
        context.fill_rect(x - 10.0, y - 0.75, 20.0, 1.5);
        context.fill_rect(x - 0.75, y - 10.0, 1.5, 20.0);
    }
    context.set_font("600 13px system-ui, sans-serif");
    context.set_text_align("center");
    for (name, place) in scene.names {
        words(
            context,
            canvas,
            name,
            scene.lens.to_window(*place),
            "--text",
        )?;
    }
    if let Some(point) = scene.drawing.map(|place| scene.lens.to_window(place)) {
        ring(context, point, 9.0)?;
        ring(context, point, 4.0)?;
        words(
            context,
            canvas,
            "your drawing",
            [point[0], point[1] - 18.0],
            "--accent",
        )?;
    }
    Ok(())
}

fn ring(context: &CanvasRenderingContext2d, [x, y]: [f64; 2], radius: f64) -> Result<(), JsValue> {
    context.begin_path();
    context.arc(x, y, radius, 0.0, TAU)?;
    context.stroke();
    Ok(())
}

/// Words that can be read on any colour: with the ground around them.
fn words(
    context: &CanvasRenderingContext2d,
    canvas: &HtmlCanvasElement,
    words: &str,
    [x, y]: [f64; 2],
    ink: &str,
) -> Result<(), JsValue> {
    context.save();
    context.set_stroke_style_str(&colour(canvas, "--card")?);
    context.set_line_width(4.0);
    context.set_line_join("round");
    context.stroke_text(words, x, y)?;
    context.set_fill_style_str(&colour(canvas, ink)?);
    context.fill_text(words, x, y)?;
    context.restore();
    Ok(())
}

/// A region's corners as a line.
pub(super) fn outline(region: &Region) -> Vec<[f64; 2]> {
    let corners = region.corners().iter();
    corners.map(|corner| corner.map(f64::from)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_become_pixels() {
        assert_eq!(pixel(" #0102ff").to_le_bytes(), [1, 2, 255, 255]);
        assert_eq!(pixel("none").to_le_bytes(), [0, 0, 0, 255]);
        let grey = mixed(pixel("#000000"), pixel("#ffffff"));
        assert_eq!(grey.to_le_bytes(), [214, 214, 214, 255]);
    }
}
