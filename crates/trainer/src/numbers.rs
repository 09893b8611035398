//! The numbers that flags and settings may have. Each range stands once, at its flag: settings in files are
//! read through the flags as well (see [`crate::settings`]).

use std::fmt::Debug;
use std::ops::{Bound, RangeBounds};
use std::str::FromStr;

/// The most epochs of a run: their steps can be counted, whatever the data.
pub const MOST_EPOCHS: usize = 1_000_000;

/// The largest number that single precision, in which nets are trained, can hold with room to spare; a
/// positive one is at least its reciprocal.
pub const LARGEST: f64 = 1e30;

/// A whole number in this range.
pub fn whole<T>(range: impl RangeBounds<T> + Clone) -> impl Fn(&str) -> Result<T, String> + Clone
where
    T: FromStr + PartialOrd + Debug,
{
    move |text| parse(text, "whole number", &range)
}

/// A number in this range; never one that is not finite.
pub fn real<T>(range: impl RangeBounds<T> + Clone) -> impl Fn(&str) -> Result<T, String> + Clone
where
    T: FromStr + PartialOrd + Debug,
{
    move |text| parse(text, "number", &range)
}

/// A share or a probability.
pub fn fraction() -> impl Fn(&str) -> Result<f64, String> + Clone {
    real(0.0..=1.0)
}

/// A share that leaves something.
pub fn below_one() -> impl Fn(&str) -> Result<f64, String> + Clone {
    real(0.0..1.0)
}

/// A number above 0 that single precision can compute with.
pub fn positive() -> impl Fn(&str) -> Result<f64, String> + Clone {
    real(LARGEST.recip()..=LARGEST)
}

fn parse<T>(text: &str, kind: &str, range: &impl RangeBounds<T>) -> Result<T, String>
where
    T: FromStr + PartialOrd + Debug,
{
    let number = text.parse().ok().filter(|number| range.contains(number));
    number.ok_or_else(|| format!("it must be a {kind}{}", bounds(range)))
}

/// The range in words.
fn bounds<T: Debug>(range: &impl RangeBounds<T>) -> String {
    let plain = |number: &T| {
        let text = format!("{number:?}");
        text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
    };
    let low = match range.start_bound() {
        Bound::Included(low) => format!(" of at least {}", plain(low)),
        Bound::Excluded(low) => format!(" above {}", plain(low)),
        Bound::Unbounded => String::new(),
    };
    let high = match range.end_bound() {
        Bound::Included(high) => format!(" and at most {}", plain(high)),
        Bound::Excluded(high) => format!(" and below {}", plain(high)),
        Bound::Unbounded => String::new(),
    };
    low + &high
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_number_of_the_range_is_refused_with_the_range() {
        assert_eq!(whole::<usize>(1..=9)("9"), Ok(9));
        for text in ["0", "10", "-1", "1.5", "18446744073709551616", "x", ""] {
            let sentence = "it must be a whole number of at least 1 and at most 9";
            assert_eq!(whole::<usize>(1..=9)(text), Err(sentence.into()), "{text}");
        }
        for text in ["NaN", "inf", "-inf", "1e308", "-1e308", "1"] {
            let sentence = "it must be a number of at least 0 and below 1";
            assert_eq!(below_one()(text), Err(sentence.into()), "{text}");
        }
        let above = real::<f64>((Bound::Excluded(0.0), Bound::Included(0.5)));
        assert_eq!(
            above("0"),
            Err("it must be a number above 0 and at most 0.5".into())
        );
        assert_eq!(
            whole::<u8>(3..)("2"),
            Err("it must be a whole number of at least 3".into())
        );
    }
}
