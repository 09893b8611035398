//! `trainer explain`: what in a picture made the net decide, as PNG files.
//!
//! A file shows the image as the net sees it, the pixels that speak for the class (red) or against
//! it (blue) by integrated gradients, and, for nets that have one, the class-activation map.

use std::path::PathBuf;

use anyhow::{Context, Result};
use burn::tensor::read_sync;
use image::{Rgb, RgbImage};
use model::class::CLASS_NAMES;
use model::evidence::{self, PLACES};
use model::image::{Image, PIXELS, SIDE};
use model::net::explain;
use model::prediction::Prediction;
use model::reading::Look;

use crate::cli::Shared;
use crate::files;
use crate::nets::{ClassName, Kind, WeightsFile};
use crate::output::print_line;
use crate::subjects::{Subject, Subjects};
use crate::usage::UsageError;

/// Steps on the way from a blank image; more change nothing that the eye could see.
const STEPS: usize = 64;

/// How many times an image is enlarged.
const SCALE: u32 = 8;

/// Pixels between the parts of a picture.
const GAP: u32 = 8;

/// Flags of `explain`.
#[derive(Debug, clap::Args)]
pub struct Explain {
    /// What to explain
    #[command(flatten)]
    pub subjects: Subjects,
    /// Which net to ask
    #[command(flatten)]
    pub weights: WeightsFile,
    /// Explain this class instead of the likeliest
    #[arg(long, value_name = "CLASS")]
    pub class: Option<ClassName>,
    /// Folder for the PNG files
    #[arg(long, value_name = "DIR", default_value = "explained")]
    pub output: PathBuf,
    /// Write over files that are there
    #[arg(long)]
    pub force: bool,
}

/// Writes a PNG file for each picture.
///
/// # Errors
/// If a picture or the net cannot be read, the device fails, or a file is there already.
pub fn run(flags: &Explain, shared: &Shared) -> Result<()> {
    let device = shared.device.start()?;
    let net = flags.weights.load_on(&device)?;
    // Gradients take the net as it learns.
    let (model, _) = flags.weights.load_to_teach(&device)?;
    let kind = flags.subjects.kind;
    let files = flags.subjects.files();
    let read = files.iter().map(|path| Subject::read(path, kind));
    let subjects = read.chain(flags.subjects.test_images(shared)?);
    files::create_folder(&flags.output)?;
    for (index, Subject { name, image, .. }) in subjects.enumerate() {
        let image = image.map_err(|error| UsageError::new(format!("{name}: {error:#}")))?;
        let Look { logits, evidence } = read_sync(net.net().look(&image))?;
        let class = match flags.class {
            Some(ClassName(class)) => class,
            None => Prediction::from_logits(&logits, 1.0).top().0,
        };
        let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
        let stem: String = name
            .rsplit('/')
            .next()
            .unwrap_or_default()
            .chars()
            .map(plain)
            .collect();
        let path = flags.output.join(format!("{}-{stem}.png", index + 1));
        files::check_absent(&path, flags.force)?;
        let inverted = kind == Kind::Drawing && !name.starts_with("test image");
        let shares = explain::integrated_gradients(&model, &image, class, STEPS, &device)
            .context("this device gives no gradient: use --device cpu")?;
        let map = evidence.map(|evidence| evidence.of(class));
        files::write_png(&path, &picture(&image, &shares, map, inverted))?;
        print_line!(
            "{name}: what speaks for {} is in {}",
            CLASS_NAMES[class],
            path.display()
        )?;
    }
    Ok(())
}

/// The image, its pixels' shares of the logit, and its class-activation map if there is one, side by
/// side.
fn picture(
    image: &Image,
    shares: &[f32; PIXELS],
    map: Option<[f32; PLACES]>,
    inverted: bool,
) -> RgbImage {
    let grey = |x: u32, y: u32| {
        let pixel = image.0[(y / SCALE) as usize * SIDE + (x / SCALE) as usize];
        if inverted { 255 - pixel } else { pixel }
    };
    let largest = shares
        .iter()
        .fold(f32::MIN_POSITIVE, |m, share| m.max(share.abs()));
    let parts: [Option<Part>; 3] = [
        Some(Box::new(|x, y| Rgb([grey(x, y); 3]))),
        Some(Box::new(|x, y| {
            diverging(shares[(y / SCALE) as usize * SIDE + (x / SCALE) as usize] / largest)
        })),
        map.map(|map| -> Part {
            let largest = map
                .iter()
                .fold(f32::MIN_POSITIVE, |m, value| m.max(value.abs()));
            Box::new(move |x, y| overlay(grey(x, y), at(&map, x, y) / largest))
        }),
    ];
    side_by_side(parts.into_iter().flatten().collect())
}

/// A part of a picture: the colour at (x, y).
type Part<'a> = Box<dyn Fn(u32, u32) -> Rgb<u8> + 'a>;

fn side_by_side(parts: Vec<Part<'_>>) -> RgbImage {
    let side = SIDE as u32 * SCALE;
    let width = parts.len() as u32 * (side + GAP) - GAP;
    let mut picture = RgbImage::from_pixel(width, side, Rgb([255; 3]));
    for (index, part) in parts.into_iter().enumerate() {
        for y in 0..side {
            for x in 0..side {
                picture.put_pixel(index as u32 * (side + GAP) + x, y, part(x, y));
            }
        }
    }
    picture
}

/// White at 0, red at 1, blue at −1.
fn diverging(value: f32) -> Rgb<u8> {
    let fade = (255.0 * (1.0 - value.abs().min(1.0))) as u8;
    if value >= 0.0 {
        Rgb([255, fade, fade])
    } else {
        Rgb([fade, fade, 255])
    }
}

/// The grey of the image under a veil of red or blue.
fn overlay(grey: u8, value: f32) -> Rgb<u8> {
    let Rgb(colour) = diverging(value);
    Rgb(colour.map(|channel| ((u16::from(grey) + 2 * u16::from(channel)) / 3) as u8))
}

/// The map at a pixel of the enlarged image.
fn at(map: &[f32; PLACES], x: u32, y: u32) -> f32 {
    let place = |pixel: u32| (pixel as f32 + 0.5) / (SCALE * 4) as f32;
    evidence::interpolated(map, place(x), place(y))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_tell_for_from_against() {
        assert_eq!(
            [diverging(0.0), diverging(1.0)],
            [Rgb([255; 3]), Rgb([255, 0, 0])]
        );
        assert_eq!(diverging(-2.0), Rgb([0, 0, 255]));
    }
}
