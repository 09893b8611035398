//! Whether both sides compute the same; only then is there something to compare.

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::pytorch::PyTorch;
use super::wardrobe::Wardrobe;

/// Largest difference of a logit that rounding explains.
const LOGIT_TOLERANCE: f64 = 1e-3;

/// The same for the loss. Adam divides gradients by their own size, so that the smallest of them,
/// which are all rounding, move weights as the largest do.
const LOSS_TOLERANCE: f64 = 1e-2;

/// Images that are compared.
const BATCH: usize = 128;

/// Steps whose losses are compared: those after the first show that gradients and optimiser agree.
const STEPS: usize = 3;

/// What is known about PyTorch's side.
pub(crate) struct Peer {
    /// PyTorch's version.
    pub(crate) version: String,
    /// The vector instructions that it uses.
    pub(crate) vectors: String,
    /// Largest difference of a logit from ours.
    pub(crate) difference: f64,
}

/// Compares logits and losses.
///
/// # Errors
/// Where the two sides differ by more than rounding.
pub(crate) fn check(ours: &mut Wardrobe, theirs: &mut PyTorch) -> Result<Peer> {
    let answer = theirs.check(BATCH, STEPS)?;
    let difference = check_logits(ours, &answer)?;
    check_losses(ours, &answer)?;
    let word = |name: &str| Some(answer[name].as_str()?.to_owned());
    Ok(Peer {
        version: word("version").context("no version")?,
        vectors: word("vectors").context("no vectors")?,
        difference,
    })
}

fn check_logits(ours: &Wardrobe, answer: &Value) -> Result<f64> {
    let trained = as_f64(ours.trained_logits(BATCH));
    let folded = as_f64(ours.folded_logits(BATCH));
    let mut most = 0.0_f64;
    for (net, logits) in [
        ("trained", &trained),
        ("folded", &folded),
        ("frozen", &folded),
    ] {
        let difference = largest_difference(logits, &numbers(&answer[net])?);
        ensure!(
            difference <= LOGIT_TOLERANCE,
            "the nets differ, so there is nothing to compare: a logit of PyTorch's {net} net is \
             {difference:e} away from ours"
        );
        most = most.max(difference);
    }
    Ok(most)
}

fn check_losses(ours: &mut Wardrobe, answer: &Value) -> Result<()> {
    let losses = ours.losses(BATCH, STEPS);
    let theirs = numbers(&answer["losses"])?;
    ensure!(
        largest_difference(&losses, &theirs) <= LOSS_TOLERANCE,
        "the training steps differ, so there is nothing to compare: losses {losses:?}, with PyTorch \
         {theirs:?}"
    );
    Ok(())
}

fn as_f64(values: Vec<f32>) -> Vec<f64> {
    values.into_iter().map(f64::from).collect()
}

fn numbers(list: &Value) -> Result<Vec<f64>> {
    Ok(serde_json::from_value(list.clone())?)
}

/// Infinite where the lengths differ, NaN where a number is none.
fn largest_difference(ours: &[f64], theirs: &[f64]) -> f64 {
    if ours.len() != theirs.len() {
        return f64::INFINITY;
    }
    let differences = ours.iter().zip(theirs).map(|(a, b)| (a - b).abs());
    // `max` would pass over a NaN.
    differences.fold(0.0, |most, d| if d > most || d.is_nan() { d } else { most })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_compared_differs() {
        assert_eq!(largest_difference(&[1.0, 2.0], &[1.0, 2.5]), 0.5);
        assert!(largest_difference(&[1.0], &[]) > LOGIT_TOLERANCE);
        assert!(largest_difference(&[f64::NAN, 1.0], &[1.0, 1.0]).is_nan());
    }
}
