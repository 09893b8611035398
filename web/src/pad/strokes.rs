//! When a stroke begins and ends: one pointer draws at a time, and two fingers never do.

use crate::pointers::{Change, GESTURE, Input, Pointers};

/// What a pointer's event means for the drawing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StrokeStep {
    /// A stroke begins where the pointer is.
    Begin,
    /// It goes on to where the pointer is.
    Extend,
    /// It ends.
    End,
    /// It was none: what it left is taken back.
    TakeBack,
}

/// The pointers on the paper, and which of them draws.
#[derive(Clone, Debug, Default)]
pub struct Strokes {
    pointers: Pointers,
    /// The pointer that draws, and since when.
    drawing: Option<(i32, f64)>,
}

impl Strokes {
    /// Whether a stroke is under way.
    pub fn is_drawing(&self) -> bool {
        self.drawing.is_some()
    }

    /// Takes a pointer's event in. Returns what follows from it, in order.
    pub fn update(&mut self, input: &Input) -> Vec<StrokeStep> {
        let changes = self.pointers.update(input);
        let steps = changes.into_iter();
        steps
            .filter_map(|change| self.step(change, input))
            .collect()
    }

    /// All pointers are gone, as when the window loses the focus.
    pub fn leave(&mut self) -> Option<StrokeStep> {
        self.pointers.leave();
        self.drawing.take().map(|_| StrokeStep::End)
    }

    fn step(&mut self, change: Change, input: &Input) -> Option<StrokeStep> {
        let drawing = self.drawing.map(|(id, _)| id);
        match change {
            Change::Began(id) => match self.drawing {
                None if input.primary => {
                    self.drawing = Some((id, input.time));
                    Some(StrokeStep::Begin)
                }
                // Later, it is a finger or a palm that touches the paper by accident.
                Some((_, since)) if input.time - since < GESTURE => self.stop(StrokeStep::TakeBack),
                _ => None,
            },
            Change::Moved(id) if drawing == Some(id) => Some(StrokeStep::Extend),
            Change::Ended(id) if drawing == Some(id) => self.stop(StrokeStep::End),
            Change::Withdrawn(id) if drawing == Some(id) => self.stop(StrokeStep::TakeBack),
            _ => None,
        }
    }

    fn stop(&mut self, step: StrokeStep) -> Option<StrokeStep> {
        self.drawing = None;
        Some(step)
    }
}

#[cfg(test)]
mod tests {
    use super::StrokeStep::{Begin, End, Extend, TakeBack};
    use super::*;
    use crate::pointers::tests::{input, second};
    use crate::pointers::{Kind, Phase};

    #[test]
    fn each_device_draws_one_stroke() {
        for kind in [Kind::Mouse, Kind::Touch, Kind::Pen] {
            let mut strokes = Strokes::default();
            let mut hear = |phase, time| strokes.update(&input(kind, 1, phase, time));
            assert_eq!(hear(Phase::Move, 0.0), []);
            assert_eq!(hear(Phase::Down, 1.0), [Begin]);
            assert_eq!(hear(Phase::Move, 2.0), [Extend]);
            assert_eq!(hear(Phase::Up, 3.0), [End]);
            assert_eq!(hear(Phase::Lost, 3.0), []);
            assert_eq!(hear(Phase::Move, 4.0), []);
        }
    }

    #[test]
    fn a_pen_takes_the_palm_s_mark_back_and_draws() {
        let mut strokes = Strokes::default();
        strokes.update(&input(Kind::Touch, 1, Phase::Down, 0.0));
        let pen = strokes.update(&input(Kind::Pen, 2, Phase::Down, 900.0));
        assert_eq!(pen, [TakeBack, Begin]);
        assert_eq!(strokes.update(&input(Kind::Touch, 1, Phase::Up, 950.0)), []);
        assert_eq!(
            strokes.update(&input(Kind::Pen, 2, Phase::Move, 960.0)),
            [Extend]
        );
    }

    #[test]
    fn a_second_finger_makes_a_gesture_of_a_young_stroke_alone() {
        let mut strokes = Strokes::default();
        let mut hear = |input: Input| strokes.update(&input);
        hear(input(Kind::Touch, 1, Phase::Down, 0.0));
        assert_eq!(hear(second(2, Phase::Down, 120.0)), [TakeBack]);
        assert_eq!(hear(input(Kind::Touch, 1, Phase::Move, 130.0)), []);
        assert_eq!(hear(second(2, Phase::Move, 140.0)), []);
        hear(input(Kind::Touch, 1, Phase::Up, 150.0));
        // As long as one of the two stays, no other draws.
        assert_eq!(hear(second(3, Phase::Down, 160.0)), []);
        hear(second(2, Phase::Up, 170.0));
        hear(second(3, Phase::Up, 180.0));
        assert_eq!(hear(input(Kind::Touch, 4, Phase::Down, 190.0)), [Begin]);
        assert_eq!(hear(second(5, Phase::Down, 500.0)), []);
        assert_eq!(hear(input(Kind::Touch, 4, Phase::Move, 510.0)), [Extend]);
    }

    #[test]
    fn a_stroke_ends_with_the_window_s_focus_and_without_its_button() {
        let mut strokes = Strokes::default();
        strokes.update(&input(Kind::Mouse, 1, Phase::Down, 0.0));
        assert_eq!(strokes.leave(), Some(End));
        assert_eq!(strokes.leave(), None);
        strokes.update(&input(Kind::Mouse, 1, Phase::Down, 10.0));
        let released = Input {
            buttons: 0,
            ..input(Kind::Mouse, 1, Phase::Move, 20.0)
        };
        assert_eq!(strokes.update(&released), [End]);
        assert!(!strokes.is_drawing());
    }
}
