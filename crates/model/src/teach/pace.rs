//! When a training is stored: so often that little is lost when its page or browser ends.

/// Milliseconds of training that may be lost, unless a single step takes longer.
pub const MOST_LOST: f64 = 1_000.0;

/// The training that has not been stored yet.
#[derive(Clone, Copy, Debug, Default)]
pub struct Pace {
    unsaved: f64,
}

impl Pace {
    /// A step has taken so many milliseconds. Returns whether to store now: the next one would be too much.
    pub fn stepped(&mut self, milliseconds: f64) -> bool {
        self.unsaved += milliseconds;
        self.unsaved + milliseconds > MOST_LOST
    }

    /// Everything has been stored.
    pub fn stored(&mut self) {
        self.unsaved = 0.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The most that is lost when training ends at any moment, in milliseconds.
    fn loss(step: f64, steps: usize) -> f64 {
        let (mut pace, mut unsaved, mut most) = (Pace::default(), 0.0f64, 0.0f64);
        for _ in 0..steps {
            unsaved += step;
            most = most.max(unsaved);
            if pace.stepped(step) {
                pace.stored();
                unsaved = 0.0;
            }
        }
        most
    }

    #[test]
    fn no_more_than_a_second_or_a_step_is_lost_however_long_a_step_takes() {
        for step in [0.5, 7.0, 80.0, 400.0, 600.0, 999.0, 1_500.0, 9_000.0] {
            let lost = loss(step, 5_000);
            assert!(lost <= MOST_LOST.max(step), "{step}: {lost}");
        }
        assert!(loss(1.0, 5_000) > MOST_LOST / 2.0, "stored all the time");
    }
}
