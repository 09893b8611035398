//! What was measured, and how it is printed.

use std::fmt::Write as _;

use serde_json::{Value, json};

/// One number.
pub(crate) struct Figure {
    /// What ran.
    pub(crate) runtime: &'static str,
    /// Where it ran, empty where that does not matter.
    pub(crate) device: &'static str,
    /// What was measured.
    pub(crate) what: String,
    /// How much it was.
    pub(crate) value: f64,
    /// Of what.
    pub(crate) unit: &'static str,
}

/// The middle one of some numbers; NaN of none.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// A Markdown table, a line a figure.
pub(crate) fn table(figures: &[Figure]) -> String {
    let mut table =
        String::from("| runtime | device | figure | value | |\n|---|---|---|---:|---|\n");
    for Figure {
        runtime,
        device,
        what,
        value,
        unit,
    } in figures
    {
        // Writing to a string cannot fail.
        let _ = writeln!(
            table,
            "| {runtime} | {device} | {what} | {} | {unit} |",
            short(*value)
        );
    }
    table
}

/// The figures as a JSON list, in full precision.
pub(crate) fn json(figures: &[Figure]) -> Value {
    let object = |figure: &Figure| {
        json!({
            "runtime": figure.runtime,
            "device": figure.device,
            "what": figure.what,
            "value": figure.value,
            "unit": figure.unit,
        })
    };
    figures.iter().map(object).collect()
}

/// Whole numbers as they are and from 100 on, others with one or two places.
pub(crate) fn short(value: f64) -> String {
    match value {
        value if value.fract() == 0.0 || value >= 100.0 => format!("{value:.0}"),
        value if value >= 10.0 => format!("{value:.1}"),
        value => format!("{value:.2}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_does_not_follow_an_outlier() {
        assert_eq!(median(vec![3.0, 900.0, 2.0]), 3.0);
        assert!(median(vec![]).is_nan());
    }

    #[test]
    fn a_figure_is_a_line_of_the_table() {
        let figure = Figure {
            runtime: "R",
            device: "CPU",
            what: "one image".into(),
            value: 12.345,
            unit: "ms",
        };
        assert!(table(&[figure]).ends_with("| R | CPU | one image | 12.3 | ms |\n"));
    }
}
