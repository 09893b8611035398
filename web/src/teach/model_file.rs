//! Taking in a model from the file that somebody chose.

use model::folded;
use model::weights::{Sidecar, WeightsError, decode, unbundle};

/// What to choose.
pub const ONE: &str = "Choose one network: the .weights file that \u{201c}Weights\u{201d} saves, or an older one together with the .json file beside it.";

/// The weights and the text of their sidecar, checked, from one file that holds both, or from an older one
/// with the file `beside` it.
///
/// # Errors
/// One sentence that says what is wrong.
pub fn taken(file: &[u8], beside: Option<&[u8]>) -> Result<(Vec<u8>, String), String> {
    let words = |error: WeightsError| format!("{error}.");
    let (weights, sidecar) = match (unbundle(file).map_err(words)?, beside) {
        (Some((weights, sidecar)), _) => (weights, sidecar.to_owned()),
        (None, Some(text)) => (file, String::from_utf8_lossy(text).into_owned()),
        (None, None) => {
            decode(file).map_err(words)?;
            return Err(
                "it holds weights alone. Choose it together with the .json file beside it.".into(),
            );
        }
    };
    let parsed = Sidecar::parse(&sidecar).map_err(words)?;
    folded::layers(weights, &parsed).map_err(words)?;
    Ok((weights.to_vec(), sidecar))
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::weights::bundle;

    const WEIGHTS: &[u8] = include_bytes!("../../../assets/compact.weights");
    const SIDECAR: &str = include_str!("../../../assets/compact.json");

    #[test]
    fn one_file_is_enough_and_older_pairs_are_taken_still() {
        let both = (WEIGHTS.to_vec(), SIDECAR.to_owned());
        assert_eq!(taken(&bundle(WEIGHTS, SIDECAR), None).as_ref(), Ok(&both));
        assert_eq!(taken(WEIGHTS, Some(SIDECAR.as_bytes())), Ok(both));
    }

    #[test]
    fn what_is_wrong_is_said() {
        let check = |file: &[u8], beside: Option<&[u8]>, words: &str| {
            let sentence = taken(file, beside).unwrap_err();
            assert!(
                sentence.contains(words) && sentence.ends_with('.'),
                "{sentence}"
            );
        };
        check(WEIGHTS, None, "together with the .json");
        check(b"a holiday picture", None, "no Wardrobe weights");
        let single = bundle(WEIGHTS, SIDECAR);
        check(&single[..single.len() / 2], None, "damaged");
        let huge = SIDECAR.replacen("[32, 64, 128]", "[4000000000, 64, 128]", 1);
        let huge = huge.replacen("32,\n      64,\n      128", "4000000000, 64, 128", 1);
        assert_ne!(huge, SIDECAR);
        check(&bundle(WEIGHTS, &huge), None, "4000000000 channels");
        check(WEIGHTS, Some(huge.as_bytes()), "4000000000 channels");
    }
}
