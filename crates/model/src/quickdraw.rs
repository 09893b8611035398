//! Google's Quick, Draw! drawings in their simplified form: one JSON object a line, strokes as
//! `[[x…], [y…]]` in a square of 256 units, y down.

use serde::Deserialize;
use thiserror::Error;

use crate::drawing::{Point, Stroke};

/// Pen width that parsed strokes are given, in paper units; the format has none.
pub const PEN_WIDTH: f32 = 6.0;

const LARGEST_COORDINATE: f32 = 255.0;

/// Why a line is no Quick, Draw! drawing.
#[derive(Debug, Error)]
pub enum QuickDrawError {
    /// The line is not the JSON object it should be.
    #[error(
        "this line is no Quick, Draw! drawing ({0}): use the simplified .ndjson files, one drawing a line"
    )]
    NotADrawing(#[from] serde_json::Error),
    /// A stroke has more x than y coordinates, or the reverse.
    #[error(
        "stroke number {stroke} has {xs} x but {ys} y coordinates: the line is damaged, leave it out"
    )]
    UnevenStroke {
        /// Position of the stroke, from 0.
        stroke: usize,
        /// Number of x coordinates.
        xs: usize,
        /// Number of y coordinates.
        ys: usize,
    },
    /// A coordinate lies outside 0 to 255.
    #[error(
        "stroke number {stroke} has the coordinate {value} outside 0 to 255: use the simplified files, not the raw ones"
    )]
    OutsidePaper {
        /// Position of the stroke, from 0.
        stroke: usize,
        /// The coordinate.
        value: f32,
    },
    /// There is no point in it.
    #[error("the drawing is empty: leave this line out")]
    Empty,
}

/// One person's drawing of a word.
#[derive(Debug, Clone, PartialEq)]
pub struct QuickDrawing {
    /// What the person was asked to draw.
    pub word: String,
    /// The drawing's identity in the data set.
    pub key_id: String,
    /// Whether the game recognised it.
    pub recognized: bool,
    /// The strokes, in paper units; at least one, each with at least one point.
    pub strokes: Vec<Stroke>,
}

/// The class that a Quick, Draw! word stands for; `None` for words that are no garment of ours.
pub fn class_of_word(word: &str) -> Option<u8> {
    match word {
        "t-shirt" => Some(0),
        "pants" => Some(1),
        "sweater" => Some(2),
        "jacket" => Some(4),
        "flip flops" => Some(5),
        "shoe" => Some(7),
        "purse" | "backpack" | "suitcase" => Some(8),
        _ => None,
    }
}

#[derive(Deserialize)]
struct Line {
    word: String,
    key_id: String,
    recognized: bool,
    drawing: Vec<(Vec<f32>, Vec<f32>)>,
}

/// Reads one line of a simplified `.ndjson` file.
///
/// # Errors
/// When the line is no such drawing, or an empty one.
pub fn parse_line(line: &str) -> Result<QuickDrawing, QuickDrawError> {
    let Line {
        word,
        key_id,
        recognized,
        drawing,
    } = serde_json::from_str(line)?;
    let mut strokes = Vec::with_capacity(drawing.len());
    for (index, (xs, ys)) in drawing.iter().enumerate() {
        let stroke = stroke(index, xs, ys)?;
        if !stroke.points.is_empty() {
            strokes.push(stroke);
        }
    }
    if strokes.is_empty() {
        return Err(QuickDrawError::Empty);
    }
    Ok(QuickDrawing {
        word,
        key_id,
        recognized,
        strokes,
    })
}

fn stroke(stroke: usize, xs: &[f32], ys: &[f32]) -> Result<Stroke, QuickDrawError> {
    if xs.len() != ys.len() {
        return Err(QuickDrawError::UnevenStroke {
            stroke,
            xs: xs.len(),
            ys: ys.len(),
        });
    }
    let outside = |value: &&f32| !(0.0..=LARGEST_COORDINATE).contains(*value);
    if let Some(&value) = xs.iter().chain(ys).find(outside) {
        return Err(QuickDrawError::OutsidePaper { stroke, value });
    }
    let points = xs.iter().zip(ys).map(|(&x, &y)| Point::new(x, y)).collect();
    Ok(Stroke {
        points,
        width: PEN_WIDTH,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(drawing: &str) -> String {
        format!(r#"{{"word":"shoe","key_id":"7","recognized":true,"drawing":{drawing}}}"#)
    }

    #[test]
    fn reads_strokes_and_leaves_empty_ones_out() {
        let drawing = parse_line(&line("[[[0,255],[10,20]],[[],[]]]")).unwrap();
        assert_eq!(
            (
                drawing.word.as_str(),
                drawing.key_id.as_str(),
                drawing.recognized
            ),
            ("shoe", "7", true)
        );
        assert_eq!(drawing.strokes.len(), 1);
        assert_eq!(
            drawing.strokes[0].points,
            [Point::new(0.0, 10.0), Point::new(255.0, 20.0)]
        );
    }

    #[test]
    fn refuses_damaged_lines() {
        let check = |drawing: &str, expected: &str| {
            let message = parse_line(&line(drawing)).unwrap_err().to_string();
            assert!(message.contains(expected), "{message}");
        };
        check("[[[1,2],[3]]]", "2 x but 1 y");
        check("[[[1,256],[3,4]]]", "256 outside");
        check("[[[1,-1],[3,4]]]", "-1 outside");
        check("[[[1],[2],[3]]]", "no Quick, Draw! drawing");
        check("[]", "empty");
        check("7", "no Quick, Draw! drawing");
    }

    #[test]
    fn knows_its_words() {
        assert_eq!(class_of_word("flip flops"), Some(5));
        assert_eq!(class_of_word("anvil"), None);
    }
}
