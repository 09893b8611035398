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
// A new step goes to the end: drawings are stored by the steps' numbers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
enum Step {
    Put(Mark),
    Clear,
    /// A picture took the place of a sheet.
    Replace(Mark),
}

impl Drawing {
    /// An empty drawing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a mark. A picture takes the place of all that is on the paper. What had been undone cannot
    /// be redone any more.
    pub fn push(&mut self, mark: Mark) {
        self.undone.clear();
        // Also where the sheet is empty: each picture has a sheet to come back when it is taken back.
        if matches!(mark, Mark::Picture(_)) {
            self.put_away();
        }
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

    /// Forgets the older half of the sheets that can be brought back, or else what can be done again.
    /// What is on the paper stays. Returns whether there was anything to forget.
    pub fn forget_oldest(&mut self) -> bool {
        if self.cleared.is_empty() {
            return !std::mem::take(&mut self.undone).is_empty();
        }
        self.cleared.drain(..self.cleared.len().div_ceil(2));
        true
    }

    /// Takes the last mark or clearing back. Returns whether there was one.
    pub fn undo(&mut self) -> bool {
        let step = match self.marks.pop() {
            Some(mark @ Mark::Picture(_)) if self.marks.is_empty() => {
                self.marks = self.cleared.pop().unwrap_or_default();
                Step::Replace(mark)
            }
            Some(mark) => Step::Put(mark),
            None => {
                let Some(marks) = self.cleared.pop() else {
                    return false;
                };
                self.marks = marks;
                Step::Clear
            }
        };
        self.undone.push(step);
        true
    }

    /// Does again what was undone last. Returns whether there was anything.
    pub fn redo(&mut self) -> bool {
        match self.undone.pop() {
            Some(Step::Put(mark)) => self.marks.push(mark),
            Some(Step::Clear) => self.put_away(),
            Some(Step::Replace(picture)) => {
                self.put_away();
                self.marks.push(picture);
            }
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
            drawing.push(picture());
            drawing.push(mark(number));
        }
        let bytes = |drawing: &Drawing| -> usize {
            drawing.cleared.iter().flatten().map(Mark::bytes).sum()
        };
        assert!((2_000_000..KEPT_BYTES).contains(&bytes(&drawing)));
        assert_eq!(drawing.marks(), [picture(), mark(9)]);
        drawing.undo();
        drawing.undo();
        assert_eq!(drawing.marks(), [picture(), mark(8)]);
        while drawing.forget_oldest() {}
        assert_eq!(drawing.marks(), [picture(), mark(8)]);
        assert!(drawing.cleared.is_empty() && !drawing.can_redo());
    }

    #[test]
    fn a_picture_takes_the_place_of_what_is_on_the_paper_and_one_undo_brings_that_back() {
        let picture = |shade| Mark::Picture(Ink::new(1, 1, vec![shade]).unwrap());
        let mut drawing = Drawing::new();
        drawing.push(mark(1));
        drawing.push(mark(2));
        drawing.push(picture(1));
        drawing.push(mark(3));
        drawing.push(picture(2));
        assert_eq!(drawing.marks(), [picture(2)]);
        assert!(drawing.undo());
        assert_eq!(drawing.marks(), [picture(1), mark(3)]);
        assert!(drawing.undo() && drawing.undo());
        assert_eq!(drawing.marks(), [mark(1), mark(2)]);
        assert!(drawing.redo());
        assert_eq!(drawing.marks(), [picture(1)]);
        assert!(drawing.redo() && drawing.redo() && !drawing.redo());
        assert_eq!(drawing.marks(), [picture(2)]);
        // On a sheet that was cleared, the blank sheet comes back.
        drawing.clear();
        drawing.push(picture(3));
        assert!(drawing.undo());
        assert_eq!(drawing.marks(), []);
        assert!(drawing.undo());
        assert_eq!(drawing.marks(), [picture(2)]);
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
