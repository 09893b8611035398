//! What a person teaches: pictures with their classes, and the file they are exchanged in.
//!
//! The file has one JSON object a line, as Quick, Draw!'s simplified files have: `word`, `key_id`,
//! `recognized`, `drawing`. A field `image` more holds the 28×28 pixels in hexadecimal digits, so that
//! an example comes back to the bit; where it is missing, the strokes are drawn.

use crate::{
    class::{CLASS_NAMES, class_of_name},
    drawing::{Stroke, strokes_to_image},
    image::{Image, PIXELS},
    quickdraw::{self, QuickDrawError},
};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A picture and what it shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Example {
    /// What the net sees.
    pub image: Image,
    /// How it was drawn, in paper units; empty for pictures, and for drawings of more than strokes.
    pub strokes: Vec<Stroke>,
    /// Its class, 0..10.
    pub label: u8,
}

/// Why a file of examples cannot be read.
#[derive(Debug, Error)]
pub enum FileError {
    /// A line is no drawing.
    #[error("line {line}: {source}")]
    Line {
        /// Position of the line, from 1.
        line: usize,
        /// What is wrong with it.
        source: QuickDrawError,
    },
    /// A line's word is no garment's.
    #[error("line {line}: {word:?} is none of the ten garments; name one of them in \"word\"")]
    UnknownWord {
        /// Position of the line, from 1.
        line: usize,
        /// The word.
        word: String,
    },
    /// A line's pixels are not 28 × 28 hexadecimal bytes.
    #[error(
        "line {line}: \"image\" is not 28 × 28 pixels in hexadecimal digits: export the examples again"
    )]
    BadImage {
        /// Position of the line, from 1.
        line: usize,
    },
    /// A line's drawing leaves the paper blank.
    #[error("line {line}: nothing is drawn; leave this line out")]
    Blank {
        /// Position of the line, from 1.
        line: usize,
    },
    /// There is no line in it.
    #[error("there is no example in this file: choose one that this page or Quick, Draw! wrote")]
    Empty,
}

/// What stands in a line beside Quick, Draw!'s own fields.
#[derive(Deserialize)]
struct Head {
    #[serde(default)]
    word: String,
    #[serde(default)]
    image: Option<String>,
    #[serde(default)]
    drawing: Vec<serde::de::IgnoredAny>,
}

#[derive(Serialize)]
struct Line<'a> {
    word: &'a str,
    key_id: String,
    recognized: bool,
    drawing: Vec<[Vec<f32>; 2]>,
    image: String,
}

/// The examples as a file.
pub fn write_examples(examples: &[Example]) -> String {
    let mut text = String::new();
    for (index, example) in examples.iter().enumerate() {
        let line = Line {
            word: CLASS_NAMES[usize::from(example.label)],
            key_id: (index + 1).to_string(),
            recognized: true,
            drawing: example.strokes.iter().map(coordinates).collect(),
            image: example
                .image
                .0
                .iter()
                .map(|pixel| format!("{pixel:02x}"))
                .collect(),
        };
        // Strings and finite numbers can always be written.
        text.push_str(&serde_json::to_string(&line).unwrap_or_default());
        text.push('\n');
    }
    text
}

/// The stroke's x and y; what lies beyond the paper's edge is brought to it.
fn coordinates(stroke: &Stroke) -> [Vec<f32>; 2] {
    let round = |value: f32| value.clamp(0.0, 255.0).round();
    let points = stroke.points.iter();
    [
        points.clone().map(|p| round(p.x)).collect(),
        points.map(|p| round(p.y)).collect(),
    ]
}

/// Reads a file of examples: what [`write_examples`] wrote, or Quick, Draw!'s simplified drawings.
///
/// # Errors
/// At the first line that is no example; nothing of the file is taken then.
pub fn parse_examples(text: &str) -> Result<Vec<Example>, FileError> {
    let lines = text
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty());
    let examples: Vec<Example> = lines
        .map(|(index, line)| parse_line(index + 1, line))
        .collect::<Result<_, _>>()?;
    if examples.is_empty() {
        return Err(FileError::Empty);
    }
    Ok(examples)
}

fn parse_line(line: usize, text: &str) -> Result<Example, FileError> {
    let in_line = |source| FileError::Line { line, source };
    let head: Head = serde_json::from_str(text).map_err(|error| in_line(error.into()))?;
    let label = quickdraw::class_of_word(&head.word).or_else(|| class_of_name(&head.word));
    let label = label.ok_or(FileError::UnknownWord {
        line,
        word: head.word,
    })?;
    let strokes = match (&head.image, head.drawing.is_empty()) {
        (Some(_), true) => Vec::new(),
        _ => quickdraw::parse_line(text).map_err(in_line)?.strokes,
    };
    let image = match head.image {
        Some(digits) => pixels(&digits).ok_or(FileError::BadImage { line })?,
        None => strokes_to_image(&strokes).ok_or(FileError::Blank { line })?,
    };
    Ok(Example {
        image,
        strokes,
        label,
    })
}

fn pixels(digits: &str) -> Option<Image> {
    let (pairs, rest) = digits.as_bytes().as_chunks::<2>();
    if !rest.is_empty() || pairs.len() != PIXELS {
        return None;
    }
    let mut image = Image::blank();
    for (pixel, pair) in image.0.iter_mut().zip(pairs) {
        let [high, low] = pair.map(|digit| (digit as char).to_digit(16));
        *pixel = (high? * 16 + low?) as u8;
    }
    Some(image)
}

impl Example {
    /// An example of strokes; `None` if nothing is drawn.
    pub fn from_strokes(strokes: Vec<Stroke>, label: u8) -> Option<Self> {
        let image = strokes_to_image(&strokes)?;
        Some(Self {
            image,
            strokes,
            label,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drawing::Point;

    #[test]
    fn examples_come_back_to_the_bit() {
        let points = vec![Point::new(10.0, 20.0), Point::new(200.0, 90.0)];
        let strokes = vec![Stroke {
            points,
            width: quickdraw::PEN_WIDTH,
        }];
        let drawing = Example::from_strokes(strokes, 3).unwrap();
        let mut image = Image::blank();
        image.0[77] = 200;
        let picture = Example {
            image,
            strokes: Vec::new(),
            label: 9,
        };
        let text = write_examples(&[drawing.clone(), picture.clone()]);
        assert_eq!(parse_examples(&text).unwrap(), [drawing, picture]);
        assert!(quickdraw::parse_line(text.lines().next().unwrap()).is_ok());
    }

    #[test]
    fn quick_draw_s_own_lines_are_examples() {
        let line = r#"{"word":"pants","countrycode":"DE","key_id":"1","recognized":true,"drawing":[[[0,100],[0,255]]]}"#;
        let examples = parse_examples(line).unwrap();
        assert_eq!((examples.len(), examples[0].label), (1, 1));
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        let check = |text: &str, expected: &str| {
            let sentence = parse_examples(text).unwrap_err().to_string();
            assert!(sentence.contains(expected), "{sentence}");
        };
        let good = r#"{"word":"pants","key_id":"1","recognized":true,"drawing":[[[0,9],[0,9]]]}"#;
        check("", "no example");
        check(&format!("{good}\n{{"), "line 2");
        check(
            &good.replace("pants", "cat"),
            "\"cat\" is none of the ten garments",
        );
        check(
            &good.replace("\"drawing\"", "\"image\":\"0g\",\"drawing\""),
            "28 × 28",
        );
        check(&good.replace("[[[0,9],[0,9]]]", "[]"), "empty");
    }
}
