//! Designers' icons: SVG sources in a file of JSON lines, drawn as a person's drawing would be.

use std::path::Path;

use anyhow::{Context, Result, bail};
use model::class::CLASS_COUNT;
use model::drawing::{Ink, to_image};
use model::image::Image;
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg;
use serde::Deserialize;

use crate::files;
use crate::usage::UsageError;

/// Longest edge in pixels at which an icon is drawn.
const ICON_SIDE: u32 = 256;

/// How an icon is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Style {
    /// Outlines.
    Line,
    /// Filled, with inner detail.
    Solid,
    /// Filled, without any.
    Silhouette,
}

impl Style {
    /// The name, as in files and reports.
    pub fn name(self) -> &'static str {
        match self {
            Style::Line => "line",
            Style::Solid => "solid",
            Style::Silhouette => "silhouette",
        }
    }
}

/// A designer's icon of a garment.
#[derive(Debug, Clone)]
pub struct Icon {
    /// What the net sees of it.
    pub image: Image,
    /// The class, 0..10.
    pub label: u8,
    /// How it is drawn.
    pub style: Style,
    /// Its licence, where the file names it.
    pub licence: Option<String>,
}

/// What of a line is used; the rest names the source.
#[derive(Deserialize)]
struct Line {
    label: u8,
    style: Style,
    #[serde(alias = "license")]
    licence: Option<String>,
    svg: String,
}

/// Reads and draws the icons in the file at `path`.
///
/// # Errors
/// If it cannot be read, or a line in it is not an icon of a garment.
pub fn load(path: &Path) -> Result<Vec<Icon>> {
    let icon_on_line =
        |(index, line)| icon(line).map_err(|error| UsageError::in_line(path, index, &error).into());
    files::read_text(path)?
        .lines()
        .enumerate()
        .map(icon_on_line)
        .collect()
}

fn icon(line: &str) -> Result<Icon> {
    let line: Line = serde_json::from_str(line)?;
    if usize::from(line.label) >= CLASS_COUNT {
        bail!("label {} is not a class", line.label);
    }
    Ok(Icon {
        image: to_image(&draw(&line.svg)?).context("the icon is blank")?,
        label: line.label,
        style: line.style,
        licence: line.licence,
    })
}

/// The SVG as ink: dark on transparent paper, fitted into a square.
fn draw(svg: &str) -> Result<Ink> {
    let tree = usvg::Tree::from_str(svg, &usvg::Options::default())?;
    let size = tree.size();
    let scale = ICON_SIDE as f32 / size.width().max(size.height());
    let mut pixmap = Pixmap::new(ICON_SIDE, ICON_SIDE).context("no memory for the icon")?;
    resvg::render(
        &tree,
        Transform::from_scale(scale, scale),
        &mut pixmap.as_mut(),
    );
    let side = ICON_SIDE as usize;
    Ok(Ink::from_rgba(side, side, &pixmap.take_demultiplied())?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(svg: &str, label: u8) -> String {
        serde_json::json!({"label": label, "style": "solid", "svg": svg, "icon": "x"}).to_string()
    }

    #[test]
    fn a_tall_icon_fills_the_height_and_is_centred() -> Result<()> {
        let svg = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" color="#000"><path fill="currentColor" d="M3 2h8v28H3z"/></svg>"##;
        let icon = icon(&line(svg, 1))?;
        assert_eq!((icon.label, icon.style), (1, Style::Solid));
        let middle: Vec<u8> = icon.image.0.chunks(28).map(|row| row[14]).collect();
        assert_eq!(middle, [255; 28]);
        assert!(
            icon.image
                .0
                .chunks(28)
                .all(|row| row[9] == 0 && row[18] == 0)
        );
        Ok(())
    }

    #[test]
    fn what_is_not_an_icon_is_refused() {
        let blank = r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"/>"#;
        for wrong in [
            line(blank, 1),
            line("<svg", 1),
            line(blank, 10),
            "{}".to_owned(),
        ] {
            assert!(icon(&wrong).is_err(), "{wrong}");
        }
    }
}
