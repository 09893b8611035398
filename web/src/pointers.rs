//! Which pointers are down on a surface: what a browser says of mouse, fingers and pen, put right. Ends get
//! lost, palms land beside pens, buttons are released elsewhere; a surface learns only of pointers that count.

/// A second finger that comes within this many milliseconds of the first makes a gesture of the two.
pub const GESTURE: f64 = 150.0;

/// A pen that is down moves all the time. One that has said nothing for so many milliseconds is gone, and its
/// end was lost.
const PEN_SILENCE: f64 = 3_000.0;

/// The main button, a finger, or a pen's tip, among the buttons that are pressed.
const MAIN: u16 = 1;

/// A pen's eraser end, among the buttons that are pressed.
pub const ERASER: u16 = 32;

/// A pointing device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A mouse, or what behaves like one.
    Mouse,
    /// A finger, or the palm.
    Touch,
    /// A pen.
    Pen,
}

impl Kind {
    /// The device of an event with this `pointerType`.
    pub fn of(pointer_type: &str) -> Self {
        match pointer_type {
            "touch" => Self::Touch,
            "pen" => Self::Pen,
            _ => Self::Mouse,
        }
    }
}

/// What an event says of its pointer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// It is down.
    Down,
    /// It has moved, down or not.
    Move,
    /// It is up.
    Up,
    /// The browser uses it for something else, such as scrolling.
    Cancel,
    /// Its further events may go elsewhere.
    Lost,
}

/// One event of a pointer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Input {
    /// Which pointer, among all that there are.
    pub id: i32,
    /// Of which device.
    pub kind: Kind,
    /// What has happened.
    pub phase: Phase,
    /// Whether it is the first of its kind that is down.
    pub primary: bool,
    /// The buttons that are pressed now, a bit each.
    pub buttons: u16,
    /// When, in milliseconds.
    pub time: f64,
}

/// What a surface is told, with the pointer's id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// This pointer is down.
    Began(i32),
    /// It has moved.
    Moved(i32),
    /// It is up, or gone.
    Ended(i32),
    /// It should never have counted: what it did is taken back.
    Withdrawn(i32),
}

#[derive(Clone, Copy, Debug)]
struct Pointer {
    id: i32,
    kind: Kind,
    since: f64,
    /// When it was last heard of.
    last: f64,
}

/// The pointers that are down and count.
#[derive(Clone, Debug, Default)]
pub struct Pointers(Vec<Pointer>);

impl Pointers {
    /// Takes an event in. Returns what follows from it, in order.
    pub fn update(&mut self, input: &Input) -> Vec<Change> {
        match input.phase {
            Phase::Down => self.down(input),
            Phase::Move if pressed(input) => {
                let known = self.0.iter_mut().find(|pointer| pointer.id == input.id);
                let moved = known.map(|pointer| {
                    pointer.last = input.time;
                    Change::Moved(input.id)
                });
                moved.into_iter().collect()
            }
            // Its end was lost, as when a button is released outside of the window.
            Phase::Move | Phase::Up | Phase::Lost => {
                self.remove(|pointer| (pointer.id == input.id).then_some(Change::Ended(pointer.id)))
            }
            Phase::Cancel => self.remove(|pointer| {
                let young = input.time - pointer.since < GESTURE;
                (pointer.id == input.id).then_some(match young {
                    true => Change::Withdrawn(pointer.id),
                    false => Change::Ended(pointer.id),
                })
            }),
        }
    }

    /// All pointers are gone, as when the window loses the focus.
    pub fn leave(&mut self) -> Vec<Change> {
        self.remove(|pointer| Some(Change::Ended(pointer.id)))
    }

    fn down(&mut self, input: &Input) -> Vec<Change> {
        let pen_is_down = self
            .0
            .iter()
            .any(|pointer| pointer.kind == Kind::Pen && input.time - pointer.last < PEN_SILENCE);
        let is_palm = input.kind == Kind::Touch && pen_is_down;
        if is_palm || !pressed(input) {
            return Vec::new();
        }
        let mut changes = self.remove(|pointer| match (pointer.kind, input.kind) {
            (Kind::Touch, Kind::Pen) => Some(Change::Withdrawn(pointer.id)),
            // A first pointer of its kind has no others beside it: their ends were lost.
            (before, now) if before != now || input.primary || pointer.id == input.id => {
                Some(Change::Ended(pointer.id))
            }
            _ => None,
        });
        self.0.push(Pointer {
            id: input.id,
            kind: input.kind,
            since: input.time,
            last: input.time,
        });
        changes.push(Change::Began(input.id));
        changes
    }

    /// Removes the pointers of which there is a change to tell.
    fn remove(&mut self, change: impl Fn(&Pointer) -> Option<Change>) -> Vec<Change> {
        let changes = self.0.iter().filter_map(&change).collect();
        self.0.retain(|pointer| change(pointer).is_none());
        changes
    }
}

fn pressed(input: &Input) -> bool {
    input.buttons & (MAIN | ERASER) != 0
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// An event of the first pointer of its kind, its button pressed as the phase has it.
    pub(crate) fn input(kind: Kind, id: i32, phase: Phase, time: f64) -> Input {
        Input {
            id,
            kind,
            phase,
            primary: true,
            buttons: u16::from(matches!(phase, Phase::Down | Phase::Move)),
            time,
        }
    }

    /// The same of a finger beside another.
    pub(crate) fn second(id: i32, phase: Phase, time: f64) -> Input {
        Input {
            primary: false,
            ..input(Kind::Touch, id, phase, time)
        }
    }

    #[test]
    fn a_pen_wins_over_fingers_before_and_after_it() {
        let mut pointers = Pointers::default();
        let mut hear = |input: Input| pointers.update(&input);
        hear(input(Kind::Touch, 1, Phase::Down, 0.0));
        hear(second(2, Phase::Down, 20.0));
        let pen = hear(input(Kind::Pen, 3, Phase::Down, 2_000.0));
        let expected = [Change::Withdrawn(1), Change::Withdrawn(2), Change::Began(3)];
        assert_eq!(pen, expected);
        assert_eq!(hear(input(Kind::Touch, 1, Phase::Move, 2_010.0)), []);
        assert_eq!(hear(input(Kind::Touch, 4, Phase::Down, 2_020.0)), []);
        assert_eq!(hear(input(Kind::Touch, 4, Phase::Move, 2_030.0)), []);
        let moved = hear(input(Kind::Pen, 3, Phase::Move, 2_040.0));
        assert_eq!(moved, [Change::Moved(3)]);
        hear(input(Kind::Pen, 3, Phase::Up, 2_050.0));
        // The palm that stays has lost its turn; a finger that comes has one.
        assert_eq!(hear(input(Kind::Touch, 4, Phase::Move, 2_060.0)), []);
        let finger = hear(input(Kind::Touch, 5, Phase::Down, 2_070.0));
        assert_eq!(finger, [Change::Began(5)]);
    }

    #[test]
    fn an_end_that_was_lost_leaves_no_surface_deaf() {
        for kind in [Kind::Mouse, Kind::Touch, Kind::Pen] {
            let mut pointers = Pointers::default();
            pointers.update(&input(kind, 1, Phase::Down, 0.0));
            let next = pointers.update(&input(kind, 2, Phase::Down, 9_000.0));
            assert_eq!(next, [Change::Ended(1), Change::Began(2)], "{kind:?}");
            // By another device.
            let other = match kind {
                Kind::Mouse => Kind::Touch,
                _ => Kind::Mouse,
            };
            let next = pointers.update(&input(other, 3, Phase::Down, 9_500.0));
            assert_eq!(next, [Change::Ended(2), Change::Began(3)], "{kind:?}");
        }
        let mut pointers = Pointers::default();
        pointers.update(&input(Kind::Pen, 1, Phase::Down, 0.0));
        let finger = pointers.update(&input(Kind::Touch, 2, Phase::Down, 5_000.0));
        assert_eq!(finger, [Change::Ended(1), Change::Began(2)]);
    }

    #[test]
    fn a_pointer_without_its_button_has_ended() {
        let mut pointers = Pointers::default();
        pointers.update(&input(Kind::Mouse, 1, Phase::Down, 0.0));
        let released = Input {
            buttons: 0,
            ..input(Kind::Mouse, 1, Phase::Move, 10.0)
        };
        assert_eq!(pointers.update(&released), [Change::Ended(1)]);
        assert_eq!(
            pointers.update(&input(Kind::Mouse, 1, Phase::Move, 20.0)),
            []
        );
        // Another button than the main one.
        let right = Input {
            buttons: 2,
            ..input(Kind::Mouse, 1, Phase::Down, 30.0)
        };
        assert_eq!(pointers.update(&right), []);
    }

    #[test]
    fn what_is_lost_or_left_has_ended_and_what_is_cancelled_young_never_was() {
        for (phase, time, expected) in [
            (Phase::Lost, 10.0, Change::Ended(1)),
            (Phase::Cancel, 400.0, Change::Ended(1)),
            (Phase::Cancel, 100.0, Change::Withdrawn(1)),
        ] {
            let mut pointers = Pointers::default();
            pointers.update(&input(Kind::Touch, 1, Phase::Down, 0.0));
            let change = pointers.update(&input(Kind::Touch, 1, phase, time));
            assert_eq!(change, [expected]);
            assert_eq!(pointers.leave(), []);
        }
        let mut pointers = Pointers::default();
        pointers.update(&input(Kind::Mouse, 1, Phase::Down, 0.0));
        assert_eq!(pointers.leave(), [Change::Ended(1)]);
    }
}
