//! What has been drawn, and what can be taken back.

use serde::{Deserialize, Serialize};

use super::Mark;

/// Sheets that were cleared away are kept up to so many bytes: each mark that is put stores them anew,
/// and a browser's storage holds some five million.
const KEPT_BYTES: usize = 1 << 21;

/// The marks on the paper, with undo and redo.
///
/// ```
/// use model::drawing::{Drawing, Mark, Point, Stroke};
///
/// let mut drawing = Drawing::default();
/// drawing.push(Mark::Stroke(Stroke { points: vec![Point::new(9.0, 9.0)], width: 6.0 }));
/// drawing.clear();
/// assert!(drawing.is_blank());
/// drawing.undo();
/// assert_eq!(drawing.marks().len(), 1);
/// ```
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Drawing {
    marks: Vec<Mark>,
    /// The sheets that were cleared away, the first one first.
    cleared: Vec<Vec<Mark>>,
    /// What was taken back, the last one last.
    undone: Vec<Step>,
}

/// What can be taken back and done again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
enum Step {
    Put(Mark),
    Clear,
}

impl Drawing {
    /// An empty drawing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a mark. What had been undone cannot be redone any more.
    pub fn push(&mut self, mark: Mark) {
        self.undone.clear();
        self.marks.push(mark);
    }

    /// Starts a fresh sheet, unless there is no mark on this one. This can be undone, too.
    pub fn clear(&mut self) {
        if !self.marks.is_empty() {
            self.undone.clear();
            self.put_away();
        }
    }

    /// Keeps this sheet with those that were cleared away, and forgets the first of them where they have
    /// become too many. The last one is kept at any size: a clearing can be undone.
    fn put_away(&mut self) {
        self.cleared.push(std::mem::take(&mut self.marks));
        let mut bytes: usize = self.cleared.iter().flatten().map(Mark::bytes).sum();
        while bytes > KEPT_BYTES && self.cleared.len() > 1 {
            let forgotten = self.cleared.remove(0);
            bytes -= forgotten.iter().map(Mark::bytes).sum::<usize>();
        }
    }

    /// What is on the paper, without what can be taken back or done again beyond it.
    pub fn without_past(&self) -> Self {
        Self {
            marks: self.marks.clone(),
            ..Self::default()
        }
    }

    /// Takes the last mark or clearing back. Returns whether there was one.
    pub fn undo(&mut self) -> bool {
        let step = match (self.marks.pop(), &mut self.cleared) {
            (Some(mark), _) => Step::Put(mark),
            (None, cleared) => match cleared.pop() {
                Some(marks) => {
                    self.marks = marks;
                    Step::Clear
                }
                None => return false,
            },
        };
        self.undone.push(step);
        true
    }

    /// Does again what was undone last. Returns whether there was anything.
    pub fn redo(&mut self) -> bool {
        match self.undone.pop() {
            Some(Step::Put(mark)) => self.marks.push(mark),
            Some(Step::Clear) => self.put_away(),
            None => return false,
        }
        true
    }

    /// Whether [`Drawing::undo`] would do anything.
    pub fn can_undo(&self) -> bool {
        !self.marks.is_empty() || !self.cleared.is_empty()
    }

    /// Whether [`Drawing::redo`] would do anything.
    pub fn can_redo(&self) -> bool {
        !self.undone.is_empty()
    }

    /// The marks on the paper, in the order in which they were made.
    pub fn marks(&self) -> &[Mark] {
        &self.marks
    }

    /// Whether nothing can be on the paper: no stroke and no picture since it was cleared. A drawing
    /// that was rubbed out is not blank by this; see [`to_image`](super::to_image) for that.
    pub fn is_blank(&self) -> bool {
        let puts_ink = |mark: &Mark| matches!(mark, Mark::Stroke(_) | Mark::Picture(_));
        !self.marks.iter().any(puts_ink)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drawing::{Ink, Point, Stroke};

    fn mark(number: usize) -> Mark {
        Mark::Stroke(Stroke {
            points: vec![Point::new(number as f32, 0.0)],
            width: 1.0,
        })
    }

    /// Does what the letters say (a digit pushes that mark, c clears, u undoes, r redoes), and
    /// compares the digits of the marks that are then on the paper.
    fn check(script: &str, expected: &str) {
        let mut drawing = Drawing::new();
        for letter in script.chars() {
            match letter {
                'c' => drawing.clear(),
                'u' => assert_eq!(drawing.can_undo(), drawing.undo(), "{script}"),
                'r' => assert_eq!(drawing.can_redo(), drawing.redo(), "{script}"),
                digit => drawing.push(mark(digit.to_digit(10).unwrap() as usize)),
            }
        }
        let expected: Vec<Mark> = expected
            .chars()
            .map(|digit| mark(digit.to_digit(10).unwrap() as usize))
            .collect();
        assert_eq!(drawing.marks(), expected, "{script}");
        let stored = serde_json::to_string(&drawing).unwrap();
        assert_eq!(serde_json::from_str::<Drawing>(&stored).unwrap(), drawing);
    }

    #[test]
    fn undo_and_redo() {
        check("12", "12");
        check("12u", "1");
        check("12uur", "1");
        check("12uurrr", "12");
        check("12u3r", "13");
        check("uru", "");
    }

    #[test]
    fn clearing_can_be_undone_and_redone() {
        check("12c", "");
        check("12cu", "12");
        check("12cuu", "1");
        check("12cuurr", "");
        check("12c3c4uuu", "");
        check("12c3c4uuuu", "12");
        check("12c3uurr", "3");
        check("12ccu", "12");
        check("1uc", "");
        check("1ucr", "1");
        check("12uc3ur", "3");
    }

    #[test]
    fn sheets_long_cleared_away_are_forgotten_and_the_last_ones_are_not() {
        let picture = || Mark::Picture(Ink::new(1000, 1000, vec![9; 1_000_000]).unwrap());
        let mut drawing = Drawing::new();
        for number in 1..=9 {
            drawing.push(mark(number));
            drawing.push(picture());
            drawing.clear();
        }
        assert_eq!(drawing.cleared.len(), 2);
        drawing.undo();
        assert_eq!(drawing.marks(), [mark(9), picture()]);
        assert_eq!(drawing.without_past().marks(), drawing.marks());
        assert!(!drawing.without_past().can_redo());
    }

    #[test]
    fn erasing_and_filling_nothing_is_blank() {
        let mut drawing = Drawing::new();
        drawing.push(Mark::Fill(Point::new(1.0, 1.0)));
        drawing.push(Mark::Erase(Stroke {
            points: vec![],
            width: 1.0,
        }));
        assert!(drawing.is_blank());
        drawing.push(mark(1));
        assert!(!drawing.is_blank());
        drawing.clear();
        assert!(drawing.is_blank());
    }
}
