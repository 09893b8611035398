//! How fast a run trains, known after its first steps: what it takes in all cannot be known before.

use std::time::Duration;

/// Steps that are not counted: the first of a process also fill caches and wake threads.
const UNCOUNTED: usize = 2;

/// How long is counted, at the least.
const COUNTED: Duration = Duration::from_secs(3);

/// Counts steps until it knows.
#[derive(Debug, Default)]
pub struct Pace {
    steps: usize,
    begun: Duration,
    is_known: bool,
}

impl Pace {
    /// Counts a step that ended at `now`, on any clock. Gives the mean duration of a step, once: when enough
    /// have been counted.
    pub fn step(&mut self, now: Duration) -> Option<Duration> {
        self.steps += 1;
        if self.steps == UNCOUNTED {
            self.begun = now;
        }
        let counted = u32::try_from(self.steps.saturating_sub(UNCOUNTED)).ok()?;
        let took = now.saturating_sub(self.begun);
        if self.is_known || counted == 0 || took < COUNTED {
            return None;
        }
        self.is_known = true;
        Some(took / counted)
    }
}

/// A duration as a person says it, rounded up.
pub fn in_words(duration: Duration) -> String {
    let minutes = (duration.as_secs_f64() / 60.0).ceil();
    match minutes {
        ..=1.0 => "a minute".into(),
        ..100.0 => format!("{minutes} minutes"),
        ..6000.0 => format!("{:.1} hours", minutes / 60.0),
        _ => format!("{:.1} days", minutes / 1440.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pace_is_that_of_the_steps_behind_the_first_ones_and_told_once() {
        let mut pace = Pace::default();
        // The first step takes 9 s, each further one 0.5 s.
        let told: Vec<_> = (0..20)
            .map(|step| pace.step(Duration::from_millis(9_000 + 500 * step)))
            .collect();
        let place = told.iter().position(Option::is_some);
        assert_eq!(place, Some(UNCOUNTED - 1 + 6));
        let said: Vec<_> = told.into_iter().flatten().collect();
        assert_eq!(said, [Duration::from_millis(500)]);
    }

    #[test]
    fn slow_steps_are_told_after_the_first_that_counts() {
        let mut pace = Pace::default();
        let told: Vec<_> = (1..4)
            .map(|step| pace.step(Duration::from_secs(40 * step)))
            .collect();
        assert_eq!(told, [None, None, Some(Duration::from_secs(40))]);
    }

    #[test]
    fn durations_are_rounded_up() {
        let words = |seconds| in_words(Duration::from_secs(seconds));
        assert_eq!(words(5), "a minute");
        assert_eq!(words(61), "2 minutes");
        assert_eq!(words(9_000), "2.5 hours");
        assert_eq!(words(864_000), "10.0 days");
    }
}
