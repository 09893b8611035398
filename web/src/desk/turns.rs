//! Telling whether what has been waited for is still wanted.

use leptos::prelude::*;

/// Tasks of one kind, of which only the last one begun counts.
#[derive(Clone, Copy)]
pub(crate) struct Turns(StoredValue<u32>);

impl Turns {
    /// None has begun.
    pub(crate) fn new() -> Self {
        Self(StoredValue::new(0))
    }

    /// One begins. What is returned tells later whether it is still the last one.
    pub(crate) fn next(self) -> impl Fn() -> bool + Copy {
        let turn = self.0.try_update_value(|last| {
            *last += 1;
            *last
        });
        move || turn.is_some() && self.0.try_get_value() == turn
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_last_turn_counts() {
        Owner::new().with(|| {
            let turns = Turns::new();
            let first = turns.next();
            assert!(first());
            let second = turns.next();
            assert!(!first() && second());
        });
    }
}
