//! Running tests with each vector type that this processor has.

use super::{Lanes, Portable, Task, dispatch};
use std::any::type_name;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// The most lanes that [`dispatch`] may choose: only [`with_each_vector_type`] changes it.
static WIDEST: AtomicUsize = AtomicUsize::new(WIDTHS[WIDTHS.len() - 1]);

/// The limits that lead to each vector type; wasm has one, chosen when it is compiled.
const WIDTHS: &[usize] = if cfg!(all(target_arch = "x86_64", not(miri))) {
    &[4, 8, 16]
} else {
    &[4]
};

#[cfg(target_arch = "x86_64")]
pub(super) fn widest_allowed() -> usize {
    WIDEST.load(Ordering::Relaxed)
}

/// Yields the lanes and the name of the vector type that it is run with.
struct WhichType;

impl Task for WhichType {
    type Output = (usize, &'static str);

    #[inline(always)]
    fn run<V: Lanes>(self) -> Self::Output {
        (V::LANES, type_name::<V>())
    }
}

/// Calls `check` once for each vector type, while [`dispatch`] hands out that type and no other, and says
/// which types this processor lacks. Other tests that run meanwhile get these types too, which none of
/// them minds.
pub(crate) fn with_each_vector_type(check: impl Fn()) {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _guard = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let mut checked = Vec::new();
    for &lanes in WIDTHS {
        WIDEST.store(lanes, Ordering::Relaxed);
        let (found, name) = dispatch(WhichType);
        if found == lanes {
            check();
            checked.push(name);
        } else {
            eprintln!("not tested, as this processor lacks them: vectors of {lanes} lanes");
        }
    }
    eprintln!("tested with {checked:?}");
    assert!(
        cfg!(target_arch = "wasm32") || checked.contains(&type_name::<Portable>()),
        "{checked:?}"
    );
}
