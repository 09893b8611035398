//! Numbers as a person types them.

/// The largest whole number up to which floating point has every one.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// A finite number.
///
/// # Errors
/// One sentence that says what is wrong with the text.
pub fn decimal(text: &str) -> Result<f64, String> {
    let text = text.trim();
    if text.is_empty() {
        return Err("Enter a number.".into());
    }
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(number),
        _ if text.contains(',') => {
            Err("Use a point for decimals, and no commas: 0.002, 1000.".into())
        }
        _ => Err(format!("\u{201c}{text}\u{201d} is not a number.")),
    }
}

/// A whole number from 0 on.
///
/// # Errors
/// One sentence that says what is wrong with the text.
pub fn whole(text: &str) -> Result<u64, String> {
    if let Ok(number) = text.trim().parse() {
        return Ok(number);
    }
    let number = decimal(text)?;
    match number.fract() == 0.0 && (0.0..=EXACT).contains(&number) {
        true => Ok(number as u64),
        false => Err("It must be a whole number, 0 or more.".into()),
    }
}

/// A number within limits.
///
/// # Errors
/// One sentence that says what is wrong with the text.
pub fn decimal_between(text: &str, least: f64, most: f64) -> Result<f64, String> {
    let number = decimal(text)?;
    match (least..=most).contains(&number) {
        true => Ok(number),
        false => Err(format!("It must be between {least} and {most}.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_number_is_said() {
        assert_eq!(decimal(" 2e-3 "), Ok(0.002));
        assert_eq!(
            (whole("1e3"), whole("18446744073709551615")),
            (Ok(1_000), Ok(u64::MAX))
        );
        for (text, words) in [
            ("", "Enter"),
            ("1e-", "1e-"),
            ("0,002", "point"),
            ("inf", "inf"),
        ] {
            let sentence = decimal(text).unwrap_err();
            assert!(sentence.contains(words), "{sentence}");
        }
        assert!(whole("-1").is_err() && whole("0.5").is_err() && whole("1e300").is_err());
        assert!(decimal_between("101", 0.0, 100.0).is_err_and(|s| s.contains("0 and 100")));
    }
}
