//! What `tune` searches: ranges of settings, and the settings drawn from them.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::files;
use crate::usage::UsageError;

/// Ranges by the names of settings.
pub type Space = BTreeMap<String, Range>;

/// What a setting may be.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Range {
    /// Between both, evenly by order of magnitude.
    Log(f64, f64),
    /// Between both, evenly.
    Uniform(f64, f64),
    /// One of these.
    Choice(Vec<Value>),
}

/// The space in this file.
///
/// # Errors
/// If it cannot be read, or a range is empty.
pub fn read(path: &Path) -> Result<Space> {
    let refuse = |reason: String| {
        UsageError::new(format!(
            "{} is no space to search ({reason}); see tune --help",
            path.display()
        ))
    };
    let text = files::read_text(path)?;
    let space: Space = serde_json::from_str(&text).map_err(|error| refuse(error.to_string()))?;
    for (name, range) in &space {
        // What is drawn from must be a range of its own: neighbouring numbers can have the same logarithm.
        let (is_sound, is_finite) = match range {
            Range::Log(low, high) => (*low > 0.0 && low.ln() < high.ln(), true),
            Range::Uniform(low, high) => (low < high, (high - low).is_finite()),
            Range::Choice(values) => (!values.is_empty(), true),
        };
        if !is_sound {
            return Err(refuse(format!("the range of {name} is empty")).into());
        }
        if !is_finite {
            let sentence = format!("the range of {name} is too wide: use \"log\", or narrow it");
            return Err(refuse(sentence).into());
        }
    }
    Ok(space)
}

/// The settings of a trial: a function of the seed and its number alone.
pub fn settings(space: &Space, seed: u64, trial: usize) -> Map<String, Value> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(trial as u64);
    let value = |range: &Range, rng: &mut ChaCha8Rng| match range {
        Range::Log(low, high) => {
            let drawn = rng.random_range(low.ln()..high.ln()).exp();
            drawn.clamp(*low, *high).into()
        }
        Range::Uniform(low, high) => rng.random_range(*low..*high).into(),
        Range::Choice(values) => values[rng.random_range(0..values.len())].clone(),
    };
    space
        .iter()
        .map(|(name, range)| (name.clone(), value(range, &mut rng)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn parsed(text: &str) -> Result<Space> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("space.json");
        fs::write(&path, text)?;
        read(&path)
    }

    #[test]
    fn settings_lie_in_their_ranges_and_depend_on_seed_and_number() -> Result<()> {
        let space = parsed(
            r#"{"a": {"log": [0.001, 0.1]}, "b": {"choice": [64, 128]}, "c": {"uniform": [0, 1]}}"#,
        )?;
        let drawn: Vec<_> = (0..50).map(|trial| settings(&space, 1, trial)).collect();
        for trial in &drawn {
            let a = trial["a"].as_f64().unwrap_or_default();
            assert!((0.001..0.1).contains(&a) && [64.into(), 128.into()].contains(&trial["b"]));
        }
        let small = drawn
            .iter()
            .filter(|trial| trial["a"].as_f64() < Some(0.01))
            .count();
        assert!(
            (15..35).contains(&small),
            "{small} of 50 below the middle of the magnitudes"
        );
        assert!(drawn[3] == settings(&space, 1, 3) && drawn[3] != settings(&space, 2, 3));
        Ok(())
    }

    #[test]
    fn a_range_as_wide_as_numbers_go_is_drawn_from_or_refused() -> Result<()> {
        let wide = parsed(r#"{"a": {"log": [5e-324, 1.7e308]}, "b": {"uniform": [0, 1.7e308]}}"#)?;
        for trial in 0..50 {
            let drawn = settings(&wide, 1, trial);
            assert!(
                drawn
                    .values()
                    .all(|v| v.as_f64().is_some_and(f64::is_finite)),
                "{drawn:?}"
            );
        }
        let refused = parsed(r#"{"a": {"uniform": [-1e308, 1e308]}}"#);
        let sentence = refused.expect_err("its width overflows").to_string();
        assert!(
            sentence.contains("the range of a is too wide"),
            "{sentence}"
        );
        Ok(())
    }

    #[test]
    fn an_empty_range_is_refused_by_name() {
        for wrong in [
            r#"{"a": {"log": [0, 1]}}"#,
            r#"{"a": {"log": [1e300, 1.0000000000000002e300]}}"#,
            r#"{"a": {"choice": []}}"#,
            r#"{"a": 3}"#,
        ] {
            let error = parsed(wrong)
                .err()
                .map(|error| error.to_string())
                .unwrap_or_default();
            assert!(error.contains("is no space to search"), "{wrong} {error}");
        }
    }
}
