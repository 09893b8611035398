//! Whether all runtimes compute the same; only then is there something to compare.

use anyhow::{Result, ensure};

use super::answer::Row;

/// Largest difference of a logit that rounding explains.
pub(crate) const TOLERANCE: f64 = 1e-3;

/// The largest difference between our logits and a peer's.
///
/// # Errors
/// Where it is above [`TOLERANCE`].
pub(crate) fn check(peer: &str, ours: &[Row], theirs: &[Row]) -> Result<f64> {
    ensure!(
        ours.len() == theirs.len(),
        "{peer} gave logits of {} images, and ours are {}",
        theirs.len(),
        ours.len()
    );
    let pairs = ours.as_flattened().iter().zip(theirs.as_flattened());
    let differences = pairs.map(|(a, b)| (a - b).abs());
    // `max` would pass over a NaN.
    let largest = differences.fold(0.0, |most, d| if d <= most { most } else { d });
    ensure!(
        largest <= TOLERANCE,
        "{peer} computes something else, so there is nothing to compare: a logit is {largest:e} away \
         from ours"
    );
    Ok(largest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounding_passes_and_nothing_else() {
        let differs = |by: f64| check("peer", &[[0.0; 10]], &[[by; 10]]);
        assert_eq!(differs(1e-5).ok(), Some(1e-5));
        assert!(differs(1e-2).is_err());
        assert!(differs(f64::NAN).is_err());
        assert!(check("peer", &[[0.0; 10]], &[]).is_err());
    }
}
